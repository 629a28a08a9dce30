//! Which keys ask what of the page: the usual ones, or those that a person has put in their place.

use crate::{KeyPress, PAGE_KEYS, PageKey};
use std::fmt;

/// Used in lists, in fields or by the browser, which keep them: copied, found, printed, closed with.
const TAKEN: [&str; 28] = [
    "Ctrl+A",
    "Ctrl+C",
    "Ctrl+D",
    "Ctrl+F",
    "Ctrl+L",
    "Ctrl+N",
    "Ctrl+P",
    "Ctrl+R",
    "Ctrl+T",
    "Ctrl+V",
    "Ctrl+W",
    "Ctrl+X",
    "Ctrl+Shift+C",
    "Ctrl+Shift+I",
    "Ctrl+Shift+J",
    "Ctrl+Shift+N",
    "Ctrl+Shift+R",
    "Ctrl+Shift+T",
    "Ctrl+Shift+W",
    "F1",
    "F2",
    "F3",
    "Shift+F3",
    "F5",
    "F10",
    "Shift+F10",
    "F11",
    "F12",
];
/// Used in the head of a column, and in the days of the overview.
const TAKEN_LETTERS: [&str; 2] = ["F", "T"];

/// Behind the line that says so, single keys do nothing.
const OFF: &str = "off";

/// What a key, or one behind another, is written like for people: `Ctrl+K`, `F6`, `/`, `G O`.
///
/// Nothing for a key that cannot be one of the page's: those that move, leave or accept, and any with Alt.
pub(crate) fn written(press: KeyPress<'_>) -> Option<String> {
    if press.is_composing || press.alt {
        return None;
    }
    let shift = if press.shift { "Shift+" } else { "" };
    if is_function_key(press.key) {
        return (!press.ctrl).then(|| format!("{shift}{}", press.key));
    }
    if let Some(letter) = press.shortcut_letter() {
        let letter = letter.to_ascii_uppercase();
        return match (press.ctrl, press.shift) {
            (true, _) => Some(format!("Ctrl+{shift}{letter}")),
            (false, false) => Some(letter.to_string()),
            // A capital letter is typed.
            (false, true) => None,
        };
    }
    // A sign may lie behind Shift on one keyboard and not on another.
    let mut signs = press.key.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else { return None };
    let is_sign = !press.ctrl && !sign.is_whitespace() && !sign.is_alphabetic() && sign != '=';
    is_sign.then(|| sign.to_string())
}

fn is_function_key(key: &str) -> bool {
    key.strip_prefix('F').is_some_and(|number| matches!(number.parse(), Ok(1..=12)))
}

/// Whether keys type something: what is without Ctrl and no function key.
fn is_typed(keys: &str) -> bool {
    let last = keys.rsplit('+').next().unwrap_or_default();
    !keys.starts_with("Ctrl+") && !is_function_key(last)
}

/// Whether these could be somebody's keys at all.
fn is_written(keys: &str) -> bool {
    let is_one = |key: &str| {
        let mut signs = key.chars();
        let is_sign = matches!((signs.next(), signs.next()), (Some(sign), None)
            if sign.is_ascii_uppercase() || !(sign.is_alphabetic() || sign.is_whitespace() || sign == '='));
        let letter = key.strip_prefix("Ctrl+").map(|rest| rest.strip_prefix("Shift+").unwrap_or(rest));
        is_sign
            || letter.is_some_and(|letter| {
                letter.len() == 1 && letter.bytes().all(|letter| letter.is_ascii_uppercase())
            })
            || is_function_key(key.strip_prefix("Shift+").unwrap_or(key))
    };
    match keys.split_once(' ') {
        // The first of two is held in mind, so both type.
        Some((first, second)) => [first, second].iter().all(|key| is_one(key) && is_typed(key)),
        None => is_one(keys),
    }
}

/// Why keys cannot be given to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyProblem {
    NoKeys,
    /// They have a use in lists, in fields or in the browser.
    Taken,
    /// They ask this already, or begin or end what asks it.
    Clash(PageKey),
    /// Keys that type are switched off.
    SingleKeysOff,
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NoKeys => "Press a letter, a sign, two of these, a function key, or Ctrl with a letter.",
            Self::Taken => "Lists, fields or the browser use this key.",
            Self::Clash(_) => "Another command has this key.",
            Self::SingleKeysOff => {
                "Single keys are switched off. Press a function key, or Ctrl with a letter."
            }
        })
    }
}

/// By the places of [`PAGE_KEYS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMap {
    keys: [String; PAGE_KEYS.len()],
    has_single_keys: bool,
}

impl Default for KeyMap {
    fn default() -> Self {
        Self { keys: PAGE_KEYS.map(|(keys, _)| keys.to_owned()), has_single_keys: true }
    }
}

impl KeyMap {
    /// What [`KeyMap::text`] wrote. Of anything odd nothing is taken.
    pub fn read(text: &str) -> Self {
        let mut map = Self::default();
        for line in text.lines() {
            if line == OFF {
                map.has_single_keys = false;
                continue;
            }
            let row = line.split_once('=').and_then(|(usual, keys)| {
                let place = PAGE_KEYS.iter().position(|(known, _)| *known == usual)?;
                Some((map.keys.get_mut(place)?, keys))
            });
            let Some((row, keys)) = row else { return Self::default() };
            keys.clone_into(row);
        }
        let is_sound =
            (0..PAGE_KEYS.len()).all(|row| map.is_usual(row) || map.fits(row, &map.keys[row]).is_ok());
        if is_sound { map } else { Self::default() }
    }

    /// What differs from the usual map, a line each.
    pub fn text(&self) -> String {
        let off = (!self.has_single_keys).then(|| OFF.to_owned());
        let changed = PAGE_KEYS.iter().zip(&self.keys).filter(|((usual, _), keys)| usual != keys);
        let changed = changed.map(|((usual, _), keys)| format!("{usual}={keys}"));
        off.into_iter().chain(changed).collect::<Vec<_>>().join("\n")
    }

    /// Each command with its keys, in order: nothing where it has none because they would type.
    pub fn rows(&self) -> impl Iterator<Item = (Option<&str>, PageKey)> {
        PAGE_KEYS
            .iter()
            .zip(&self.keys)
            .map(|((_, key), keys)| (Some(keys.as_str()).filter(|keys| self.is_on(keys)), *key))
    }

    /// The first keys that ask this.
    pub fn keys_of(&self, wanted: PageKey) -> Option<&str> {
        self.rows().find(|(keys, key)| *key == wanted && keys.is_some())?.0
    }

    pub fn is_usual(&self, row: usize) -> bool {
        PAGE_KEYS.get(row).map(|(usual, _)| *usual) == self.keys.get(row).map(String::as_str)
    }

    pub fn has_single_keys(&self) -> bool {
        self.has_single_keys
    }

    /// Whether keys that type something do anything where nothing is typed (WCAG 2.1.4).
    pub fn switch_single_keys(&mut self, on: bool) {
        self.has_single_keys = on;
    }

    /// Gives the command of a row other keys.
    ///
    /// # Errors
    /// Why it keeps those that it has.
    pub fn change(&mut self, row: usize, keys: &str) -> Result<(), KeyProblem> {
        if is_typed(keys) && !self.has_single_keys && is_written(keys) {
            return Err(KeyProblem::SingleKeysOff);
        }
        self.fits(row, keys)?;
        if let Some(known) = self.keys.get_mut(row) {
            keys.clone_into(known);
        }
        Ok(())
    }

    /// Gives the command of a row its usual keys.
    ///
    /// # Errors
    /// Another command has them now.
    pub fn reset(&mut self, row: usize) -> Result<(), KeyProblem> {
        let Some((usual, _)) = PAGE_KEYS.get(row) else { return Ok(()) };
        self.clash(row, usual)?;
        if let Some(known) = self.keys.get_mut(row) {
            (*usual).clone_into(known);
        }
        Ok(())
    }

    fn fits(&self, row: usize, keys: &str) -> Result<(), KeyProblem> {
        if !is_written(keys) {
            return Err(KeyProblem::NoKeys);
        }
        let begins = keys.split(' ').next().unwrap_or_default();
        if TAKEN.contains(&keys) || TAKEN_LETTERS.contains(&begins) {
            return Err(KeyProblem::Taken);
        }
        self.clash(row, keys)
    }

    /// One key alone cannot be the first of two as well.
    fn clash(&self, row: usize, keys: &str) -> Result<(), KeyProblem> {
        let begins =
            |longer: &str, first: &str| longer.split_once(' ').is_some_and(|(begin, _)| begin == first);
        let others = PAGE_KEYS.iter().zip(&self.keys).enumerate().filter(|(place, _)| *place != row);
        let mut clashes = others
            .filter(|(_, (_, other))| *other == keys || begins(other, keys) || begins(keys, other))
            .map(|(_, ((_, key), _))| *key);
        clashes.next().map_or(Ok(()), |key| Err(KeyProblem::Clash(key)))
    }

    fn is_on(&self, keys: &str) -> bool {
        self.has_single_keys || !is_typed(keys)
    }

    /// What keys ask, and whether they type something.
    pub(crate) fn find(&self, keys: &str) -> Option<(PageKey, bool)> {
        let row = self.rows().find(|(known, _)| *known == Some(keys))?;
        Some((row.1, is_typed(keys)))
    }

    /// Whether a key is the first of two.
    pub(crate) fn begins(&self, key: &str) -> bool {
        self.rows().filter_map(|(keys, _)| keys?.split_once(' ')).any(|(first, _)| first == key)
    }

    /// Whether a key that types something may be one of the page's where nothing can be typed.
    pub fn may_take(&self, press: KeyPress<'_>) -> bool {
        let Some(key) = written(press).filter(|key| is_typed(key)) else { return false };
        self.rows()
            .filter_map(|(keys, _)| keys)
            .any(|keys| is_typed(keys) && keys.split(' ').any(|one| one == key))
    }
}

/// What a person presses to give a command its keys: one key, or two behind one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PressedKeys(String);

impl PressedKeys {
    /// Whether the key is taken; what moves, accepts or leaves is not.
    pub fn press(&mut self, press: KeyPress<'_>) -> bool {
        let Some(key) = written(press) else { return false };
        let goes_on = !self.0.is_empty() && !self.0.contains(' ') && is_typed(&self.0) && is_typed(&key);
        self.0 = if goes_on { format!("{} {key}", self.0) } else { key };
        true
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_key::press_of as press;
    use crate::{KeyPlace, PageKeys, Screen};

    fn row(key: PageKey) -> usize {
        PAGE_KEYS.iter().position(|(_, known)| *known == key).expect("a command")
    }

    fn pressed(keys: &[&str]) -> PressedKeys {
        let mut taken = PressedKeys::default();
        for key in keys {
            taken.press(press(key, ""));
        }
        taken
    }

    #[test]
    fn the_usual_keys_clash_with_none_of_their_own() {
        let map = KeyMap::default();
        for (row, (keys, _)) in PAGE_KEYS.iter().enumerate() {
            assert_eq!(map.fits(row, keys), Ok(()), "{keys}");
        }
        assert_eq!(map.text(), "");
        assert_eq!(KeyMap::read(""), map);
    }

    #[test]
    fn a_command_takes_other_keys_and_its_own_back() {
        let mut map = KeyMap::default();
        let mut keys = PageKeys::default();
        let search = row(PageKey::Search);
        for (pressed_keys, text) in [
            (vec!["Ctrl+m"], "Ctrl+M"),
            (vec!["F8"], "F8"),
            (vec!["s", "s"], "S S"),
            (vec!["\u{a7}"], "\u{a7}"),
        ] {
            let taken = pressed(&pressed_keys);
            assert_eq!(taken.text(), text);
            assert_eq!(map.change(search, taken.text()), Ok(()));
            assert_eq!(map.keys_of(PageKey::Search), Some(text));
            let answers: Vec<_> =
                pressed_keys.iter().map(|key| keys.press(&map, press(key, ""), KeyPlace::Page, 0)).collect();
            assert_eq!(answers.last(), Some(&Some(PageKey::Search)), "{text}");
            assert_eq!(keys.press(&map, press("/", ""), KeyPlace::Page, 0), None);
            assert_eq!(KeyMap::read(&map.text()), map, "as it is kept");
        }
        assert_eq!(map.reset(search), Ok(()));
        assert_eq!(map, KeyMap::default());
    }

    #[test]
    fn what_clashes_or_has_another_use_is_refused() {
        let mut map = KeyMap::default();
        let search = row(PageKey::Search);
        for (keys, problem) in [
            ("J", KeyProblem::Clash(PageKey::NextRecord)),
            ("Ctrl+K", KeyProblem::Clash(PageKey::Commands)),
            ("G", KeyProblem::Clash(PageKey::GoTo(Screen::Overview))),
            ("G O", KeyProblem::Clash(PageKey::GoTo(Screen::Overview))),
            ("J X", KeyProblem::Clash(PageKey::NextRecord)),
            ("Ctrl+C", KeyProblem::Taken),
            ("F5", KeyProblem::Taken),
            ("F", KeyProblem::Taken),
            ("", KeyProblem::NoKeys),
            ("Enter", KeyProblem::NoKeys),
            ("Ctrl+M Ctrl+N", KeyProblem::NoKeys),
            ("Ctrl+1", KeyProblem::NoKeys),
            ("j", KeyProblem::NoKeys),
            ("A B C", KeyProblem::NoKeys),
            ("F13", KeyProblem::NoKeys),
        ] {
            assert_eq!(map.change(search, keys), Err(problem), "{keys}");
            assert_eq!(map, KeyMap::default());
        }
        // A key that another command has meanwhile does not come back by itself.
        assert_eq!(map.change(search, "Ctrl+M"), Ok(()));
        assert_eq!(map.change(row(PageKey::Map), "/"), Ok(()));
        assert_eq!(map.reset(search), Err(KeyProblem::Clash(PageKey::Map)));
    }

    #[test]
    fn single_keys_are_switched_off_and_on() {
        let mut map = KeyMap::default();
        let mut keys = PageKeys::default();
        map.switch_single_keys(false);
        for (text, _) in PAGE_KEYS {
            let answers: Vec<_> =
                text.split(' ').map(|key| keys.press(&map, press(key, ""), KeyPlace::Page, 0)).collect();
            assert_eq!(answers.iter().any(Option::is_some), !is_typed(text), "{text}");
            assert!(!map.may_take(press(text, "")), "{text} is the grid's");
        }
        assert_eq!(map.keys_of(PageKey::Search), None);
        assert_eq!(map.change(row(PageKey::Search), "S"), Err(KeyProblem::SingleKeysOff));
        assert_eq!(map.change(row(PageKey::Search), "F8"), Ok(()));
        assert_eq!(map.text(), "off\n/=F8");
        assert_eq!(KeyMap::read(&map.text()), map);
        map.switch_single_keys(true);
        assert_eq!(map.keys_of(PageKey::NextRecord), Some("J"));
    }

    #[test]
    fn of_a_map_that_is_odd_nothing_is_taken() {
        for text in
            ["/", "/=", "/=J", "/=Enter", "x=F8", "/=F8\nx", "/=F8\n?=F8", "\0", "/=Ctrl+C", "off\noff\n=="]
        {
            assert_eq!(KeyMap::read(text), KeyMap::default(), "{text:?}");
        }
    }
}
