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
    /// The text is short for more, which is shown to whoever points at it.
    pub says_more: bool,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_mark_has_a_shape_and_words_of_its_own() {
        let marks = [
            CellMark::Waiting,
            CellMark::Sending,
            CellMark::Saved,
            CellMark::InDoubt,
            CellMark::Conflict,
            CellMark::Refused,
        ];
        for of_mark in [CellMark::words, CellMark::name] {
            let told: BTreeSet<&str> = marks.into_iter().map(of_mark).collect();
            assert!(told.len() == marks.len() && !told.contains(""), "{told:?}");
            assert_eq!(of_mark(CellMark::Plain), "");
        }
    }

    #[test]
    fn every_tone_has_a_name_of_its_own() {
        let tones = [Tone::Quiet, Tone::Info, Tone::Ok, Tone::Warn, Tone::Bad];
        let named: BTreeSet<&str> = tones.into_iter().map(Tone::name).collect();
        assert!(named.len() == tones.len() && !named.contains(""), "{named:?}");
        assert_eq!(Tone::Plain.name(), "");
    }
}
