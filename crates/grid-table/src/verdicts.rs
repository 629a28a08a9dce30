//! A test of a column of text, answered once for each different text instead of once for each row.

use super::bits::Bits;
use super::dictionary::Dictionary;
use super::filter::Test;
use super::text_search::Needle;
use super::value::{OwnedValue, Value};

#[derive(Clone, Debug, Default)]
pub(super) struct Verdicts {
    /// By code, for the texts that are judged already: the first ones.
    passes: Bits,
    /// Passed a test that this one makes narrower.
    candidates: Option<Bits>,
}

impl Verdicts {
    /// For a test that nothing passes that did not pass the one of these.
    pub(super) fn narrowing(wider: &Verdicts) -> Self {
        Self { passes: Bits::default(), candidates: Some(wider.passes.clone()) }
    }

    pub(super) fn get(&self, code: u32) -> bool {
        self.passes.get(code as usize)
    }

    pub(super) fn passes_none(&self) -> bool {
        self.passes.ones().next().is_none()
    }

    /// Judges further texts by a prepared test until the budget is used up. Whether all are judged.
    pub(super) fn step(&mut self, test: &Test, dictionary: &Dictionary, budget: &mut usize) -> bool {
        let begin = self.passes.len();
        let end = dictionary.len().min(begin.saturating_add(*budget));
        if begin == end {
            return end == dictionary.len();
        }
        *budget -= end - begin;
        let codes = begin as u32..end as u32;
        self.passes.grow(end, matches!(test, Test::NoneOf(_) | Test::NotBlank));
        match test {
            Test::Contains(sought) => self.search(sought, dictionary, codes),
            Test::OneOf(values) => self.mark(values, true, dictionary, codes),
            Test::NoneOf(values) => self.mark(values, false, dictionary, codes),
            Test::Between { .. } => {
                for code in codes.filter(|code| *code > 0) {
                    self.passes.set(code as usize, test.passes(Value::Text(dictionary.text(code))));
                }
            }
            Test::Blank if begin == 0 => self.passes.set(0, true),
            Test::NotBlank if begin == 0 => self.passes.set(0, false),
            Test::Blank | Test::NotBlank => {}
        }
        end == dictionary.len()
    }

    fn mark(
        &mut self,
        values: &[OwnedValue],
        passes: bool,
        dictionary: &Dictionary,
        codes: std::ops::Range<u32>,
    ) {
        for value in values {
            let code = match value.borrowed() {
                Value::Text(text) => dictionary.code(text),
                Value::Blank => Some(0),
                Value::Flag(_) | Value::Instant(_) | Value::Decimal(_) | Value::Amounts(_) => None,
            };
            if let Some(code) = code.filter(|code| codes.contains(code)) {
                self.passes.set(code as usize, passes);
            }
        }
    }

    fn search(&mut self, sought: &str, dictionary: &Dictionary, codes: std::ops::Range<u32>) {
        if let Some(needle) = Needle::new(sought) {
            match self.few_candidates(&codes) {
                Some(candidates) => {
                    for code in candidates {
                        let is_in = needle.is_in(dictionary.text(code).as_bytes());
                        self.passes.set(code as usize, is_in);
                    }
                }
                None => self.search_all(&needle, dictionary, codes.clone()),
            }
        }
        for (code, folded) in dictionary.folded_from(codes.start) {
            if *code >= codes.end {
                break;
            }
            self.passes.set(*code as usize, folded.contains(sought));
        }
    }

    /// What is left of the wider test, if that is little enough to go through text by text.
    fn few_candidates(&self, codes: &std::ops::Range<u32>) -> Option<Vec<u32>> {
        let candidates = self.candidates.as_ref().filter(|wider| wider.len() >= codes.end as usize)?;
        (candidates.count() < candidates.len() / 4).then(|| {
            let begin = (codes.start / 64) as usize;
            (begin..(codes.end as usize).div_ceil(64))
                .flat_map(|word| {
                    super::bits::ones_of(candidates.word(word)).map(move |bit| (word * 64 + bit) as u32)
                })
                .filter(|code| codes.contains(code))
                .collect()
        })
    }

    fn search_all(&mut self, needle: &Needle, dictionary: &Dictionary, codes: std::ops::Range<u32>) {
        let bytes = &dictionary.joined()[..dictionary.start(codes.end)];
        let (mut from, mut code) = (dictionary.start(codes.start), codes.start);
        while let Some(place) = needle.find(bytes, from) {
            code = dictionary.code_at(place, code);
            let end = dictionary.start(code + 1);
            // What runs over from one text into the next is in neither.
            let is_within = place + needle.len() <= end;
            if is_within {
                self.passes.set(code as usize, true);
            }
            from = if is_within { end } else { place + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sought: &str, expected: &[&str]) {
        let texts = ["Zürich", "zurich", "a_b", "axb", "50%", "a*b", "", "ab", "ba", "ı", "I", "i"];
        let mut dictionary = Dictionary::default();
        let test = Test::Contains(sought.to_owned()).prepared(str::to_owned);
        let mut verdicts = Verdicts::default();
        for text in texts {
            dictionary.code_or_add(text, str::to_owned);
            while !verdicts.step(&test, &dictionary, &mut 1) {}
        }
        let passed = |verdicts: &Verdicts| -> Vec<&str> {
            let codes = (0..dictionary.len() as u32).filter(|code| verdicts.get(*code));
            codes.map(|code| dictionary.text(code)).collect()
        };
        assert_eq!(passed(&verdicts), expected);
        let mut at_once = Verdicts::default();
        assert!(at_once.step(&test, &dictionary, &mut 99));
        assert_eq!(passed(&at_once), expected);
    }

    #[test]
    fn a_text_is_found_within_texts_and_never_across() {
        check("ÜR", &["Zürich"]);
        check("zU", &["zurich"]);
        check("a_b", &["a_b"]);
        check("%", &["50%"]);
        check("*", &["a*b"]);
        check("BB", &[]);
        check("b", &["a_b", "axb", "a*b", "ab", "ba"]);
        check("i", &["Zürich", "zurich", "I", "i"]);
        check("ı", &["Zürich", "zurich", "I", "i"]);
    }

    #[test]
    fn a_longer_text_is_looked_for_where_its_beginning_was_found() {
        let mut dictionary = Dictionary::default();
        (0..1_000).for_each(|number| {
            dictionary.code_or_add(&format!("EV-{number:04}"), str::to_owned);
        });
        let judge = |sought: &str, wider: Option<&Verdicts>| {
            let test = Test::Contains(sought.to_owned());
            let mut verdicts = wider.map_or_else(Verdicts::default, Verdicts::narrowing);
            while !verdicts.step(&test, &dictionary, &mut 130) {}
            verdicts
        };
        let (narrow, wide) = (judge("07", None), judge("V", None));
        for wider in [&narrow, &wide] {
            assert_eq!(judge("077", Some(wider)).passes, judge("077", None).passes);
        }
        assert_eq!(judge("077", None).passes.count(), 11);
    }

    #[test]
    fn only_what_is_left_is_looked_through_where_that_is_little() {
        let mut dictionary = Dictionary::default();
        (0..1_000).for_each(|number| {
            dictionary.code_or_add(&format!("EV-{number:04}"), str::to_owned);
        });
        let judge = |sought: &str| {
            let mut verdicts = Verdicts::default();
            let mut budget = 5_000;
            assert!(verdicts.step(&Test::Contains(sought.to_owned()), &dictionary, &mut budget));
            assert_eq!(budget, 5_000 - dictionary.len());
            verdicts
        };
        let (few, all, none) = (judge("07"), judge("V"), judge("X"));
        assert!(none.passes_none() && !few.passes_none() && !all.passes_none());
        let passing =
            |codes: std::ops::Range<u32>| -> Vec<u32> { codes.filter(|code| few.get(*code)).collect() };
        let narrowed = Verdicts::narrowing(&few);
        let end = dictionary.len() as u32;
        for codes in [0..end, 200..900, 704..720, 0..64, 130..131] {
            assert_eq!(narrowed.few_candidates(&codes), Some(passing(codes.clone())), "{codes:?}");
        }
        // There are texts that the wider test has not judged, or it leaves too many.
        assert_eq!(narrowed.few_candidates(&(0..end + 1)), None);
        assert_eq!(Verdicts::narrowing(&all).few_candidates(&(0..end)), None);
        assert_eq!(Verdicts::default().few_candidates(&(0..end)), None);
        let mut quarter = Verdicts::narrowing(&none);
        let len = dictionary.len();
        let mut flags = Bits::of(len, false);
        (0..len / 4).for_each(|code| flags.set(code, true));
        quarter.candidates = Some(flags.clone());
        assert_eq!(quarter.few_candidates(&(0..end)), None);
        flags.set(0, false);
        quarter.candidates = Some(flags);
        assert!(quarter.few_candidates(&(0..end)).is_some());
    }
}
