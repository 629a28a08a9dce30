use crate::Step;

/// A key as the browser reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress<'a> {
    /// `KeyboardEvent.key`: what the key stands for in the person's layout.
    pub key: &'a str,
    /// `KeyboardEvent.code`: where the key lies, by the letter that it has on an English keyboard.
    pub code: &'a str,
    pub shift: bool,
    /// Ctrl, or Command on a Mac.
    pub ctrl: bool,
    pub alt: bool,
    /// AltGr, which Windows reports as Ctrl+Alt although it types a character.
    pub alt_graph: bool,
    /// Option, which a Mac reports as Alt, types characters. Elsewhere Alt with a key is a shortcut of the
    /// browser's.
    pub is_on_mac: bool,
    /// The key is used by an input method, which is putting a text together.
    pub is_composing: bool,
}

impl KeyPress<'_> {
    /// The letter of a shortcut, small: the layout's own where it is a Latin one, else the one that the
    /// key has by its place. `Ctrl+A` is the same key on a Russian, Greek or Hebrew keyboard.
    pub fn shortcut_letter(&self) -> Option<char> {
        let mut letters = self.key.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
        if letter.is_ascii_alphabetic() {
            return Some(letter.to_ascii_lowercase());
        }
        let by_place = self.code.strip_prefix("Key")?.chars().next()?;
        (letter.is_alphabetic() && !is_latin(letter)).then(|| by_place.to_ascii_lowercase())
    }

    /// The text that the key types, if it types any.
    fn typed(&self) -> Option<&str> {
        let mut letters = self.key.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
        let types = match (self.ctrl, self.alt) {
            (false, false) => true,
            _ if self.alt_graph => true,
            // Option with the space bar is a blank that nobody sees.
            (false, true) => self.is_on_mac && !letter.is_whitespace(),
            (true, _) => false,
        };
        types.then_some(self.key)
    }
}

fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphabetic()
        || matches!(letter, '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
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
    /// Ctrl+D, as in spreadsheets: the first row of the range, for the rows below.
    FillDown,
    ClearSelection,
    /// Ctrl+F, and F3 with or without Shift: find a text in the list, or go to the next cell that holds it.
    Find(FindStep),
    Sort {
        additive: bool,
    },
    /// Makes the header's column wider (or narrower) by so many pixels.
    Widen(i32),
    /// Makes the header's column as wide as what stands in it.
    Fit,
    /// Alt+Down on a header, or the menu key: the screen's menu for the column or the row.
    Menu,
}

/// What is asked of a search within the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindStep {
    /// To its field, whatever was found.
    Begin,
    Next,
    Previous,
}

/// How many pixels one key press makes a column wider.
const WIDTH_STEP: i32 = 16;

impl KeyCommand {
    /// What a key means; `None` leaves it to the browser (Tab leaves the grid, Ctrl+C copies).
    pub fn of(press: KeyPress<'_>, zone: Zone) -> Option<KeyCommand> {
        let KeyPress { key, shift, ctrl, alt, alt_graph, is_composing, .. } = press;
        // What an input method makes of its keys comes as text.
        if is_composing {
            return None;
        }
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
                "f" | "F" if !ctrl && !alt => return Some(KeyCommand::Fit),
                _ => (),
            }
        }
        if key == "ContextMenu" || (key == "F10" && shift) || (key == "ArrowDown" && alt) {
            return Some(KeyCommand::Menu);
        }
        if key == "F3" && !ctrl && !alt {
            return Some(KeyCommand::Find(if shift { FindStep::Previous } else { FindStep::Next }));
        }
        if let Some(step) = step(key, ctrl).filter(|_| !alt) {
            let extend = shift && zone == Zone::Body;
            return Some(if extend { KeyCommand::Extend(step) } else { KeyCommand::Move(step) });
        }
        if ctrl && !alt {
            match press.shortcut_letter() {
                Some('a') => return Some(KeyCommand::SelectAll),
                Some('f') if !shift => return Some(KeyCommand::Find(FindStep::Begin)),
                Some('d') if zone == Zone::Body && !shift => return Some(KeyCommand::FillDown),
                _ => (),
            }
        }
        let is_plain = (!ctrl && !alt) || alt_graph;
        match key {
            "Escape" => Some(KeyCommand::ClearSelection),
            _ if zone == Zone::Header => None,
            "Enter" if is_plain => Some(KeyCommand::EditOrOpen),
            "F2" if is_plain => Some(KeyCommand::Edit),
            " " if is_plain => Some(KeyCommand::ToggleRow),
            "Backspace" | "Delete" if is_plain => Some(KeyCommand::EditWith(String::new())),
            // A dead key begins a character, on a Mac with Option as well.
            "Dead" if !ctrl || alt_graph => Some(KeyCommand::EditComposed),
            "Process" if is_plain => Some(KeyCommand::EditComposed),
            _ => press.typed().map(|text| KeyCommand::EditWith(text.to_owned())),
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
    /// Cancel and restore the old value.
    Cancel,
}

impl EditKey {
    /// `None` is for the text field itself.
    pub fn of(press: KeyPress<'_>) -> Option<EditKey> {
        if press.is_composing || press.ctrl || press.alt {
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

    /// Presses are written as people write them: `Ctrl+Shift+End`; where the place of the key matters, it
    /// follows: `Ctrl+ф KeyA`. Option is Alt on a Mac.
    fn press(text: &str) -> KeyPress<'_> {
        let (text, code) = text.split_once(' ').unwrap_or((text, ""));
        let (mods, key) = match text.rfind('+').filter(|at| *at > 0) {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => ("", text),
        };
        KeyPress {
            key: if key == "Space" { " " } else { key },
            code,
            is_composing: mods.contains("Composing"),
            shift: mods.contains("Shift"),
            ctrl: mods.contains("Ctrl") || mods.contains("AltGr"),
            alt: mods.contains("Alt") || mods.contains("Option"),
            alt_graph: mods.contains("AltGr"),
            is_on_mac: mods.contains("Option"),
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
                ("PageUp", Some(KeyCommand::Move(Step::PageUp))),
                ("ArrowUp", Some(KeyCommand::Move(Step::Up))),
                ("ArrowLeft", Some(KeyCommand::Move(Step::Left))),
                ("ArrowRight", Some(KeyCommand::Move(Step::Right))),
                ("End", Some(KeyCommand::Move(Step::LastColumn))),
                ("Ctrl+ArrowUp", Some(KeyCommand::Move(Step::FirstRow))),
                ("Ctrl+ArrowLeft", Some(KeyCommand::Move(Step::FirstColumn))),
                ("Ctrl+ArrowRight", Some(KeyCommand::Move(Step::LastColumn))),
                ("Ctrl+PageDown", None),
                ("Enter", Some(KeyCommand::EditOrOpen)),
                ("F2", Some(KeyCommand::Edit)),
                ("7", Some(KeyCommand::EditWith("7".into()))),
                ("é", Some(KeyCommand::EditWith("é".into()))),
                ("Shift+A", Some(KeyCommand::EditWith("A".into()))),
                ("AltGr+@", Some(KeyCommand::EditWith("@".into()))),
                ("Delete", Some(KeyCommand::EditWith(String::new()))),
                ("Backspace", Some(KeyCommand::EditWith(String::new()))),
                ("Process", Some(KeyCommand::EditComposed)),
                ("a KeyA", Some(KeyCommand::EditWith("a".into()))),
                ("AltGr+Enter", Some(KeyCommand::EditOrOpen)),
                ("AltGr+Dead KeyE", Some(KeyCommand::EditComposed)),
                ("Dead", Some(KeyCommand::EditComposed)),
                ("Space", Some(KeyCommand::ToggleRow)),
                ("Ctrl+a", Some(KeyCommand::SelectAll)),
                ("Ctrl+d", Some(KeyCommand::FillDown)),
                ("Ctrl+Shift+D", None),
                ("Ctrl+f", Some(KeyCommand::Find(FindStep::Begin))),
                ("Ctrl+а KeyF", Some(KeyCommand::Find(FindStep::Begin))),
                ("Ctrl+Shift+F", None),
                ("F3", Some(KeyCommand::Find(FindStep::Next))),
                ("Shift+F3", Some(KeyCommand::Find(FindStep::Previous))),
                ("Ctrl+F3", None),
                ("Ctrl+в KeyD", Some(KeyCommand::FillDown)),
                ("Escape", Some(KeyCommand::ClearSelection)),
                ("Alt+ArrowDown", Some(KeyCommand::Menu)),
                ("ContextMenu", Some(KeyCommand::Menu)),
                ("Shift+F10", Some(KeyCommand::Menu)),
                ("F10", None),
                ("Shift+F2", Some(KeyCommand::Edit)),
                ("Alt+ArrowUp", None),
                // Chords belong to the browser and to the system.
                ("Ctrl+Enter", None),
                ("Alt+Enter", None),
                ("Ctrl+F2", None),
                ("Alt+F2", None),
                ("Ctrl+Space", None),
                ("Alt+Space Space", None),
                ("Ctrl+Delete", None),
                ("Alt+Backspace", None),
                ("Ctrl+Process", None),
                ("Ctrl+Alt+a KeyA", None),
                ("Ctrl+c", None),
                ("Ctrl+k", None),
                // Where the layout has no Latin letters, the place of the key decides.
                ("Ctrl+ф KeyA", Some(KeyCommand::SelectAll)),
                ("Ctrl+α KeyA", Some(KeyCommand::SelectAll)),
                ("Ctrl+ش KeyA", Some(KeyCommand::SelectAll)),
                ("Ctrl+ㅁ KeyA", Some(KeyCommand::SelectAll)),
                // Where it has them, the letter does: A lies on the key of Q in France.
                ("Ctrl+a KeyQ", Some(KeyCommand::SelectAll)),
                ("Ctrl+q KeyA", None),
                ("Ctrl+é Digit2", None),
                ("Ctrl+Å KeyA", None),
                ("Ctrl+1 KeyA", None),
                ("Ctrl+A KeyA", Some(KeyCommand::SelectAll)),
                ("ф KeyA", Some(KeyCommand::EditWith("ф".into()))),
                // Option types on a Mac, whatever the layout and the place of the key.
                ("Option+@ KeyL", Some(KeyCommand::EditWith("@".into()))),
                ("Option+å KeyA", Some(KeyCommand::EditWith("å".into()))),
                ("Option+[ Digit5", Some(KeyCommand::EditWith("[".into()))),
                ("Option+Shift+\\ Digit7", Some(KeyCommand::EditWith("\\".into()))),
                ("Option+Shift+€ Digit2", Some(KeyCommand::EditWith("€".into()))),
                ("Option+Shift+° Digit8", Some(KeyCommand::EditWith("°".into()))),
                ("Option+≥ Period", Some(KeyCommand::EditWith("≥".into()))),
                ("Option+Shift+— Minus", Some(KeyCommand::EditWith("—".into()))),
                ("Option+Dead KeyE", Some(KeyCommand::EditComposed)),
                ("Option+\u{a0} Space", None),
                ("Option+Space", None),
                ("Option+Ctrl+ß KeyS", None),
                ("Option+ArrowDown", Some(KeyCommand::Menu)),
                ("Option+ArrowLeft", None),
                // Alt does not elsewhere.
                ("Alt+l KeyL", None),
                ("Alt+д KeyL", None),
                ("Alt+5 Digit5", None),
                ("Alt+Shift+% Digit5", None),
                ("Alt+. Period", None),
                ("AltGr+q KeyQ", Some(KeyCommand::EditWith("q".into()))),
                ("Ctrl+Dead KeyE", None),
                // Keys of an input method are its own.
                ("Composing+Enter", None),
                ("Composing+Escape", None),
                ("Composing+Process", None),
                ("Composing+ArrowDown", None),
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
                ("Space", Some(KeyCommand::Sort { additive: false })),
                ("f", Some(KeyCommand::Fit)),
                ("Shift+F", Some(KeyCommand::Fit)),
                ("Ctrl+f", Some(KeyCommand::Find(FindStep::Begin))),
                ("ArrowRight", Some(KeyCommand::Move(Step::Right))),
                ("ArrowLeft", Some(KeyCommand::Move(Step::Left))),
                ("Ctrl+Shift+ArrowRight", Some(KeyCommand::Move(Step::LastColumn))),
                ("Ctrl+Shift+ArrowLeft", Some(KeyCommand::Move(Step::FirstColumn))),
                ("Alt+Shift+ArrowRight", None),
                ("Alt+Shift+ArrowLeft", None),
                ("Shift+ArrowDown", Some(KeyCommand::Move(Step::Down))),
                ("Escape", Some(KeyCommand::ClearSelection)),
                ("Ctrl+Enter", None),
                ("Alt+Enter", None),
                ("Ctrl+Space", None),
                ("Alt+Space", None),
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
            ("Composing+Enter", None),
            ("Composing+Escape", None),
            ("Composing+Tab", None),
            ("Ctrl+Enter", None),
            ("Alt+Enter", None),
            ("Ctrl+Tab", None),
            ("Alt+Tab", None),
        ];
        for (text, command) in cases {
            assert_eq!(EditKey::of(press(text)), command, "{text}");
        }
    }
}
