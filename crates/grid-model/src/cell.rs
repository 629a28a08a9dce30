/// How sure the value in a cell is. Shown by a shape and a word, never by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CellMark {
    /// Confirmed by the server.
    #[default]
    Plain,
    /// Changed here and not sent yet.
    Waiting,
    /// Sent; the answer is awaited.
    Sending,
    /// Accepted a moment ago.
    Saved,
    /// Sent, and whether it took effect is not known.
    InDoubt,
    /// Changed here and, differently, by someone else.
    Conflict,
    /// The server said no; what was typed is kept.
    Refused,
}

impl CellMark {
    /// What a tooltip and a screen reader say; empty for a confirmed value.
    pub fn words(self) -> &'static str {
        match self {
            CellMark::Plain => "",
            CellMark::Waiting => "Changed, not sent yet",
            CellMark::Sending => "Saving",
            CellMark::Saved => "Saved",
            CellMark::InDoubt => "Sent, not confirmed; checking",
            CellMark::Conflict => "Someone else changed this too",
            CellMark::Refused => "Refused; what you typed is kept",
        }
    }

    /// The value of the cell's `data-mark` attribute, by which the style sheet draws the shape.
    pub fn name(self) -> &'static str {
        match self {
            CellMark::Plain => "",
            CellMark::Waiting => "waiting",
            CellMark::Sending => "sending",
            CellMark::Saved => "saved",
            CellMark::InDoubt => "in-doubt",
            CellMark::Conflict => "conflict",
            CellMark::Refused => "refused",
        }
    }
}

/// What kind of news a value is. The text carries the word; the tone adds a shape and a hue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    #[default]
    Plain,
    /// Less important than its neighbours, such as a currency code.
    Quiet,
    Info,
    Ok,
    Warn,
    Bad,
}

impl Tone {
    /// The value of the `data-tone` attribute; empty for plain.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Quiet => "quiet",
            Tone::Info => "info",
            Tone::Ok => "ok",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }
}

/// Everything about a cell that is seen but is not its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CellFace {
    pub mark: CellMark,
    pub tone: Tone,
    /// Whether an edit of this very cell may begin; the reason why not is asked for only when
    /// someone tries.
    pub editable: bool,
}
