use crate::Step;

/// A key as the browser reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress<'a> {
    /// `KeyboardEvent.key`.
    pub key: &'a str,
    pub shift: bool,
    /// Ctrl, or Command on a Mac.
    pub ctrl: bool,
    pub alt: bool,
    /// AltGr, which Windows reports as Ctrl+Alt although it types a character.
    pub alt_graph: bool,
}

/// Where the cursor stands when a key arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Header,
    Body,
}

/// What a key asks of the grid while no editor is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyCommand {
    Move(Step),
    /// Move and take the selection along.
    Extend(Step),
    /// Enter: edit the cell, or open the row where the cell cannot be edited.
    EditOrOpen,
    /// F2: edit with the text that is there.
    Edit,
    /// Typing: edit, and this replaces the text.
    EditWith(String),
    /// An input method starts: edit with an empty text, which the method then fills.
    EditComposed,
    ToggleRow,
    SelectAll,
    ClearSelection,
    Sort {
        additive: bool,
    },
    /// Makes the header's column wider (or narrower) by so many pixels.
    Widen(i32),
    /// Alt+Down on a header, or the menu key: the screen's menu for the column or the row.
    Menu,
}

/// How many pixels one key press makes a column wider.
const WIDTH_STEP: i32 = 16;

impl KeyCommand {
    /// What a key means; `None` leaves it to the browser (Tab leaves the grid, Ctrl+C copies).
    pub fn of(press: KeyPress<'_>, zone: Zone) -> Option<KeyCommand> {
        let KeyPress { key, shift, ctrl, alt, alt_graph } = press;
        if zone == Zone::Header {
            match key {
                "Enter" | " " if !ctrl && !alt => {
                    return Some(KeyCommand::Sort { additive: shift });
                }
                "ArrowLeft" if shift && !ctrl && !alt => {
                    return Some(KeyCommand::Widen(-WIDTH_STEP));
                }
                "ArrowRight" if shift && !ctrl && !alt => {
                    return Some(KeyCommand::Widen(WIDTH_STEP));
                }
                _ => (),
            }
        }
        if key == "ContextMenu" || (key == "F10" && shift) || (key == "ArrowDown" && alt) {
            return Some(KeyCommand::Menu);
        }
        if let Some(step) = step(key, ctrl).filter(|_| !alt) {
            let extend = shift && zone == Zone::Body;
            return Some(if extend { KeyCommand::Extend(step) } else { KeyCommand::Move(step) });
        }
        let typed = (!ctrl && !alt) || alt_graph;
        match key {
            "a" | "A" if ctrl && !alt => Some(KeyCommand::SelectAll),
            "Escape" => Some(KeyCommand::ClearSelection),
            _ if zone == Zone::Header => None,
            "Enter" if typed => Some(KeyCommand::EditOrOpen),
            "F2" if typed => Some(KeyCommand::Edit),
            " " if typed => Some(KeyCommand::ToggleRow),
            "Backspace" | "Delete" if typed => Some(KeyCommand::EditWith(String::new())),
            "Process" | "Dead" if typed => Some(KeyCommand::EditComposed),
            key if typed && key.chars().count() == 1 => Some(KeyCommand::EditWith(key.to_owned())),
            _ => None,
        }
    }
}

fn step(key: &str, ctrl: bool) -> Option<Step> {
    Some(match (key, ctrl) {
        ("ArrowUp", false) => Step::Up,
        ("ArrowDown", false) => Step::Down,
        ("ArrowLeft", false) => Step::Left,
        ("ArrowRight", false) => Step::Right,
        ("ArrowUp", true) => Step::FirstRow,
        ("ArrowDown", true) => Step::LastRow,
        ("ArrowLeft", true) | ("Home", false) => Step::FirstColumn,
        ("ArrowRight", true) | ("End", false) => Step::LastColumn,
        ("Home", true) => Step::Start,
        ("End", true) => Step::End,
        ("PageUp", false) => Step::PageUp,
        ("PageDown", false) => Step::PageDown,
        _ => return None,
    })
}

/// What a key asks of the open editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditKey {
    /// Accept what was typed, then step.
    Commit(Step),
    /// Leave, and what stood there stands again.
    Cancel,
}

impl EditKey {
    /// `None` is for the text field itself.
    pub fn of(press: KeyPress<'_>) -> Option<EditKey> {
        if press.ctrl || press.alt {
            return None;
        }
        match (press.key, press.shift) {
            ("Enter", false) => Some(EditKey::Commit(Step::Down)),
            ("Enter", true) => Some(EditKey::Commit(Step::Up)),
            ("Tab", false) => Some(EditKey::Commit(Step::Right)),
            ("Tab", true) => Some(EditKey::Commit(Step::Left)),
            ("Escape", _) => Some(EditKey::Cancel),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Presses are written as people write them: `Ctrl+Shift+End`.
    fn press(text: &str) -> KeyPress<'_> {
        let (mods, key) = match text.rfind('+').filter(|at| *at > 0) {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => ("", text),
        };
        KeyPress {
            key: if key == "Space" { " " } else { key },
            shift: mods.contains("Shift"),
            ctrl: mods.contains("Ctrl") || mods.contains("AltGr"),
            alt: mods.contains("Alt"),
            alt_graph: mods.contains("AltGr"),
        }
    }

    fn check(zone: Zone, cases: &[(&str, Option<KeyCommand>)]) {
        for (text, command) in cases {
            assert_eq!(KeyCommand::of(press(text), zone), *command, "{text}");
        }
    }

    #[test]
    fn keys_of_the_body() {
        check(
            Zone::Body,
            &[
                ("ArrowDown", Some(KeyCommand::Move(Step::Down))),
                ("Ctrl+ArrowDown", Some(KeyCommand::Move(Step::LastRow))),
                ("Shift+ArrowDown", Some(KeyCommand::Extend(Step::Down))),
                ("Ctrl+Shift+End", Some(KeyCommand::Extend(Step::End))),
                ("Home", Some(KeyCommand::Move(Step::FirstColumn))),
                ("Ctrl+Home", Some(KeyCommand::Move(Step::Start))),
                ("PageDown", Some(KeyCommand::Move(Step::PageDown))),
                ("Enter", Some(KeyCommand::EditOrOpen)),
                ("F2", Some(KeyCommand::Edit)),
                ("7", Some(KeyCommand::EditWith("7".into()))),
                ("é", Some(KeyCommand::EditWith("é".into()))),
                ("Shift+A", Some(KeyCommand::EditWith("A".into()))),
                ("AltGr+@", Some(KeyCommand::EditWith("@".into()))),
                ("Delete", Some(KeyCommand::EditWith(String::new()))),
                ("Dead", Some(KeyCommand::EditComposed)),
                ("Space", Some(KeyCommand::ToggleRow)),
                ("Ctrl+a", Some(KeyCommand::SelectAll)),
                ("Escape", Some(KeyCommand::ClearSelection)),
                ("Alt+ArrowDown", Some(KeyCommand::Menu)),
                ("Ctrl+c", None),
                ("Ctrl+k", None),
                ("Alt+ArrowLeft", None),
                ("Tab", None),
                ("F5", None),
            ],
        );
    }

    #[test]
    fn keys_of_the_header() {
        check(
            Zone::Header,
            &[
                ("Enter", Some(KeyCommand::Sort { additive: false })),
                ("Shift+Enter", Some(KeyCommand::Sort { additive: true })),
                ("Shift+ArrowRight", Some(KeyCommand::Widen(WIDTH_STEP))),
                ("Shift+ArrowLeft", Some(KeyCommand::Widen(-WIDTH_STEP))),
                ("ArrowRight", Some(KeyCommand::Move(Step::Right))),
                ("Shift+ArrowDown", Some(KeyCommand::Move(Step::Down))),
                ("x", None),
                ("F2", None),
            ],
        );
    }

    #[test]
    fn keys_of_the_editor() {
        let cases = [
            ("Enter", Some(EditKey::Commit(Step::Down))),
            ("Shift+Enter", Some(EditKey::Commit(Step::Up))),
            ("Tab", Some(EditKey::Commit(Step::Right))),
            ("Shift+Tab", Some(EditKey::Commit(Step::Left))),
            ("Escape", Some(EditKey::Cancel)),
            ("ArrowLeft", None),
            ("a", None),
        ];
        for (text, command) in cases {
            assert_eq!(EditKey::of(press(text)), command, "{text}");
        }
    }
}
