use crate::key_map::written;
use crate::{KeyMap, KeyPress};

/// What a key asks of the page, wherever it is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKey {
    Undo,
    Redo,
    /// To the search of the list.
    Search,
    GoTo(Screen),
    NextRegion,
    PreviousRegion,
    /// To the next record of the list that one wants to see: where some are in error, to the next of these.
    NextRecord,
    PreviousRecord,
    /// The list of all keys.
    Map,
    /// The list of all commands, and the way to a record by its number.
    Commands,
}

/// The screens, as the rail has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Overview,
    Batches,
    Events,
    BaseBuckets,
    ServiceUsage,
    Changes,
}

/// Every key of the page as it usually is ([`KeyMap`]), written for people; of two keys behind one another the first one is held
/// in mind for [`PATIENCE`].
pub const PAGE_KEYS: [(&str, PageKey); 16] = [
    ("Ctrl+K", PageKey::Commands),
    ("Ctrl+Z", PageKey::Undo),
    ("Ctrl+Y", PageKey::Redo),
    ("Ctrl+Shift+Z", PageKey::Redo),
    ("/", PageKey::Search),
    ("G O", PageKey::GoTo(Screen::Overview)),
    ("G B", PageKey::GoTo(Screen::Batches)),
    ("G E", PageKey::GoTo(Screen::Events)),
    ("G K", PageKey::GoTo(Screen::BaseBuckets)),
    ("G U", PageKey::GoTo(Screen::ServiceUsage)),
    ("G C", PageKey::GoTo(Screen::Changes)),
    ("F6", PageKey::NextRegion),
    ("Shift+F6", PageKey::PreviousRegion),
    ("J", PageKey::NextRecord),
    ("K", PageKey::PreviousRecord),
    ("?", PageKey::Map),
];

/// Milliseconds within which the second of two keys follows the first one.
const PATIENCE: u64 = 1_500;

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// Nothing is typed there.
    Page,
    /// A field, which has an undo of its own. Only keys that type nothing act.
    Field,
    /// The field over a cell of a grid, which is left by its own keys.
    CellField,
    /// A dialog over the page, of which nothing is to change beneath.
    Dialog,
}

/// What the keys ask, of which two may make one wish.
#[derive(Debug, Default)]
pub struct PageKeys {
    /// The first of two keys, and when it was pressed, in milliseconds.
    begun: Option<(String, u64)>,
}

impl PageKeys {
    /// `None` leaves the key to the browser. `at` is the time in milliseconds.
    pub fn press(&mut self, map: &KeyMap, press: KeyPress<'_>, place: KeyPlace, at: u64) -> Option<PageKey> {
        let begun = self.begun.take().filter(|(_, begun)| at.saturating_sub(*begun) <= PATIENCE);
        let key = written(press)?;
        let (keys, is_second) = match begun {
            Some((first, _)) => (format!("{first} {key}"), true),
            None => (key, false),
        };
        if let Some((wanted, is_typed)) = map.find(&keys) {
            return place.takes(wanted, is_typed).then_some(wanted);
        }
        if !is_second && place == KeyPlace::Page && map.begins(&keys) {
            self.begun = Some((keys, at));
        }
        None
    }

    /// Forgets the first of two keys: another one has been taken meanwhile.
    pub fn forget(&mut self) {
        self.begun = None;
    }
}

impl KeyPlace {
    /// Whether what keys ask is done where they are pressed.
    fn takes(self, key: PageKey, is_typed: bool) -> bool {
        match self {
            Self::Page => true,
            _ if is_typed => false,
            // An undo is the field's own there, and nothing leads away from what is typed.
            Self::Field => matches!(key, PageKey::Commands | PageKey::NextRegion | PageKey::PreviousRegion),
            Self::Dialog => matches!(key, PageKey::Undo | PageKey::Redo),
            Self::CellField => false,
        }
    }
}

/// A part of the page that F6 goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    Head,
    Filters,
    Grid,
    Drawer,
    /// The panel that leads through the console, while it is there.
    Tour,
}

impl Region {
    /// In the order in which they stand on the page.
    pub const ALL: [Region; 5] = [Region::Head, Region::Filters, Region::Grid, Region::Drawer, Region::Tour];

    /// The region to go to. F6 leads to the grid from anywhere and from the grid to each of the others in
    /// turn; with Shift it leads round backwards, and so it does forwards where there is no grid.
    ///
    /// - `there`: the regions that the page has, in their order.
    /// - `at`: where the focus is, if in one of them.
    /// - `left`: the one from which the grid was last come to.
    pub fn after(
        there: &[Region],
        at: Option<Region>,
        left: Option<Region>,
        backwards: bool,
    ) -> Option<Region> {
        let has_grid = there.contains(&Region::Grid);
        if backwards || !has_grid {
            let at = at.and_then(|at| there.iter().position(|region| *region == at));
            let last = there.len().checked_sub(1)?;
            let next = match (at, backwards) {
                (None, false) => 0,
                (None, true) => last,
                (Some(at), true) => at.checked_sub(1).unwrap_or(last),
                (Some(at), false) => (at + 1) % there.len(),
            };
            return there.get(next).copied();
        }
        if at != Some(Region::Grid) {
            return Some(Region::Grid);
        }
        // Behind the grid first: what stands beside it is what was opened from it.
        let from = left.unwrap_or(Region::Grid);
        let place = |region: Region| Region::ALL.iter().position(|each| *each == region).unwrap_or(0);
        let others = || there.iter().copied().filter(|region| *region != Region::Grid);
        others().find(|region| place(*region) > place(from)).or_else(|| others().next())
    }
}

/// A press as it is written in [`PAGE_KEYS`], with the letter's place on the keyboard.
#[cfg(test)]
pub(crate) fn press_of<'a>(text: &'a str, code: &'a str) -> KeyPress<'a> {
    let (mods, key) = match text.rfind('+').filter(|at| *at > 0) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => ("", text),
    };
    KeyPress {
        key,
        code,
        shift: mods.contains("Shift"),
        ctrl: mods.contains("Ctrl"),
        alt: mods.contains("Alt"),
        alt_graph: false,
        is_on_mac: false,
        is_composing: mods.contains("Composing"),
    }
}

#[cfg(test)]
mod tests {
    use super::press_of as press;
    use super::*;

    fn pressed(keys: &mut PageKeys, text: &str, place: KeyPlace, at: u64) -> Option<PageKey> {
        let (text, code) = text.split_once('@').unwrap_or((text, ""));
        keys.press(&KeyMap::default(), press(text, code), place, at)
    }

    #[test]
    fn every_key_that_is_listed_does_what_it_says() {
        for (text, wanted) in PAGE_KEYS {
            let mut keys = PageKeys::default();
            let answers: Vec<_> =
                text.split(' ').map(|text| pressed(&mut keys, text, KeyPlace::Page, 0)).collect();
            let (last, before) = answers.split_last().expect("a key");
            assert_eq!((*last, before.iter().all(Option::is_none)), (Some(wanted), true), "{text}");
        }
    }

    #[test]
    fn what_types_does_nothing_where_something_is_typed() {
        for (text, _) in PAGE_KEYS {
            for place in [KeyPlace::Field, KeyPlace::CellField, KeyPlace::Dialog] {
                let mut keys = PageKeys::default();
                let acted =
                    text.split(' ').filter_map(|text| pressed(&mut keys, text, place, 0)).next().is_some();
                let may = match place {
                    KeyPlace::Field => text.ends_with("F6") || text == "Ctrl+K",
                    KeyPlace::Dialog => text.starts_with("Ctrl") && text != "Ctrl+K",
                    KeyPlace::CellField | KeyPlace::Page => false,
                };
                assert_eq!(acted, may, "{text} in {place:?}");
            }
        }
    }

    #[test]
    fn keys_of_the_page() {
        let cases = [
            ("Ctrl+z@KeyZ", Some(PageKey::Undo)),
            ("Ctrl+Shift+Z@KeyZ", Some(PageKey::Redo)),
            ("Ctrl+y@KeyY", Some(PageKey::Redo)),
            // Z and Y change places in Germany: the letter decides.
            ("Ctrl+z@KeyY", Some(PageKey::Undo)),
            ("Ctrl+y@KeyZ", Some(PageKey::Redo)),
            ("Ctrl+я@KeyZ", Some(PageKey::Undo)),
            ("Ctrl+н@KeyY", Some(PageKey::Redo)),
            ("Ctrl+ז@KeyZ", Some(PageKey::Undo)),
            ("Ctrl+Alt+z@KeyZ", None),
            ("z@KeyZ", None),
            ("Composing+Ctrl+z@KeyZ", None),
            ("Ctrl+x@KeyX", None),
            ("Ctrl+Shift+Y@KeyY", None),
            // A slash and a question mark lie elsewhere on other keyboards.
            ("Shift+/@Digit7", Some(PageKey::Search)),
            ("Shift+?@Minus", Some(PageKey::Map)),
            ("Ctrl+/@Slash", None),
            ("j@KeyJ", Some(PageKey::NextRecord)),
            ("о@KeyJ", Some(PageKey::NextRecord)),
            ("Shift+J@KeyJ", None),
            ("Ctrl+k@KeyK", Some(PageKey::Commands)),
            ("Ctrl+л@KeyK", Some(PageKey::Commands)),
            ("Ctrl+Shift+K@KeyK", None),
            ("Composing+Ctrl+k@KeyK", None),
            ("Alt+j@KeyJ", None),
            ("Composing+j@KeyJ", None),
            ("b@KeyB", None),
            ("Ctrl+F6", None),
            ("Alt+F6", None),
        ];
        for (text, wanted) in cases {
            let mut keys = PageKeys::default();
            assert_eq!(pressed(&mut keys, text, KeyPlace::Page, 0), wanted, "{text}");
        }
    }

    #[test]
    fn the_second_key_follows_the_first_one_at_once() {
        let answers = |presses: &[(&str, u64)]| -> Vec<Option<PageKey>> {
            let mut keys = PageKeys::default();
            presses.iter().map(|(text, at)| pressed(&mut keys, text, KeyPlace::Page, *at)).collect()
        };
        let batches = Some(PageKey::GoTo(Screen::Batches));
        assert_eq!(answers(&[("g", 0), ("b", 1_500)]), [None, batches]);
        assert_eq!(answers(&[("g", 0), ("b", 1_501)]), [None, None], "it was forgotten");
        assert_eq!(answers(&[("g", 0), ("x", 1), ("b", 2)]), [None, None, None]);
        assert_eq!(answers(&[("g", 0), ("k", 1)]), [None, Some(PageKey::GoTo(Screen::BaseBuckets))]);
        assert_eq!(answers(&[("п@KeyG", 0), ("и@KeyB", 1)]), [None, batches]);
        let mut keys = PageKeys::default();
        assert_eq!(pressed(&mut keys, "g", KeyPlace::Page, 0), None);
        keys.forget();
        assert_eq!(pressed(&mut keys, "b", KeyPlace::Page, 1), None);
    }

    #[test]
    fn a_grid_gives_up_no_other_letters_than_the_page_takes() {
        let given: Vec<char> =
            ('a'..='z').filter(|letter| KeyMap::default().may_take(press(&letter.to_string(), ""))).collect();
        assert_eq!(given, ['b', 'c', 'e', 'g', 'j', 'k', 'o', 'u']);
        assert!(
            KeyMap::default().may_take(press("/", "")) && KeyMap::default().may_take(press("Shift+?", ""))
        );
        for text in ["Shift+G", "Ctrl+b", "Alt+b", "Composing+b", "7", "é"] {
            assert!(!KeyMap::default().may_take(press(text, "")), "{text}");
        }
    }

    #[test]
    fn the_grid_is_one_press_away_and_every_region_is_reached() {
        use Region::{Drawer, Filters, Grid, Head};
        for there in [vec![Head, Filters, Grid, Drawer], vec![Head, Filters, Grid], vec![Head, Grid]] {
            for at in there.iter().filter(|at| **at != Grid).map(|at| Some(*at)).chain([None]) {
                assert_eq!(Region::after(&there, at, None, false), Some(Grid), "{at:?} of {there:?}");
            }
            let (mut at, mut left, mut seen) = (Some(Grid), None, vec![]);
            for _ in 0..2 * there.len() {
                let next = Region::after(&there, at, left, false);
                if next == Some(Grid) {
                    left = at;
                }
                seen.extend(next);
                at = next;
            }
            assert!(there.iter().all(|region| seen.contains(region)), "{seen:?} of {there:?}");
        }
        assert_eq!(Region::after(&[Head, Filters, Grid, Drawer], Some(Grid), None, false), Some(Drawer));
        let backwards = |at| Region::after(&[Head, Filters, Grid, Drawer], at, None, true);
        assert_eq!(
            [Some(Head), Some(Filters), Some(Grid), Some(Drawer), None].map(backwards),
            [Some(Drawer), Some(Head), Some(Filters), Some(Grid), Some(Drawer)]
        );
        assert_eq!(Region::after(&[Head, Filters], Some(Filters), None, false), Some(Head));
        assert_eq!(Region::after(&[Head, Filters], None, None, false), Some(Head));
        let without_grid = |at| Region::after(&[Head, Filters, Drawer], Some(at), None, false);
        assert_eq!([Head, Filters, Drawer].map(without_grid), [Some(Filters), Some(Drawer), Some(Head)]);
        assert_eq!(Region::after(&[], None, None, false), None);
    }
}
