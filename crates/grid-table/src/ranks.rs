//! Where each text of a dictionary stands in their order, so that an order by text is an order by
//! number. It is the order of bytes, which is the one of the server's database.

use std::cmp::Ordering;

use super::dictionary::Dictionary;
use super::merge_sort::MergeSort;

#[derive(Clone, Debug, Default)]
pub(super) struct Ranks {
    /// By code; shorter than the dictionary as long as new texts have not been given theirs.
    of_code: Vec<u32>,
}

/// The first bytes behind what all texts have in common, and the code.
type Item = (u64, u32);

/// Ranks in the making.
#[derive(Clone, Debug)]
pub(super) struct RankJob {
    common: usize,
    sort: MergeSort<Item>,
}

impl Ranks {
    pub(super) fn is_whole(&self, dictionary: &Dictionary) -> bool {
        self.of_code.len() == dictionary.len()
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        &self.of_code
    }

    pub(super) fn bytes(&self) -> usize {
        self.of_code.capacity() * 4
    }

    /// Sorts what is new; what was sorted before is only put together with it.
    pub(super) fn begin(&self, dictionary: &Dictionary) -> RankJob {
        let known = self.of_code.len();
        let first = dictionary.text(1.min(dictionary.len() as u32 - 1)).as_bytes();
        let common = (1..dictionary.len() as u32).fold(first.len(), |common, code| {
            let text = dictionary.text(code).as_bytes();
            if text.starts_with(&first[..common]) {
                return common;
            }
            first.iter().zip(text).take_while(|(one, other)| one == other).count()
        });
        let item = |code: u32| (prefix(dictionary.text(code).as_bytes(), common), code);
        let fresh = (known as u32..dictionary.len() as u32).map(item);
        let mut sorted = vec![0; known];
        self.of_code.iter().zip(0..).for_each(|(rank, code)| sorted[*rank as usize] = code);
        MergeSort::new(sorted.into_iter().map(item).chain(fresh).collect()).into_job(common)
    }

    /// Takes over what is sorted.
    pub(super) fn finish(&mut self, job: RankJob) {
        let sorted = job.sort.into_sorted();
        self.of_code.resize(sorted.len(), 0);
        for ((_, code), rank) in sorted.into_iter().zip(0..) {
            self.of_code[code as usize] = rank;
        }
    }

    /// Compares two texts by their codes.
    pub(super) fn compare(&self, one: u32, other: u32, dictionary: &Dictionary) -> Ordering {
        match (self.of_code.get(one as usize), self.of_code.get(other as usize)) {
            (Some(one), Some(other)) => one.cmp(other),
            _ => dictionary.text(one).cmp(dictionary.text(other)),
        }
    }
}

impl MergeSort<Item> {
    fn into_job(self, common: usize) -> RankJob {
        RankJob { common, sort: self }
    }
}

impl RankJob {
    /// Goes on until the budget is used up. Whether it is done.
    pub(super) fn step(&mut self, budget: &mut usize, dictionary: &Dictionary) -> bool {
        let common = self.common;
        // The blank has less than what is common to the others. One that is just that has no more left than
        // the blank, which came first and stays there.
        let rest = |code: u32| dictionary.text(code).as_bytes().get(common..).unwrap_or_default();
        self.sort.step(budget, |one, other| one.0.cmp(&other.0).then_with(|| rest(one.1).cmp(rest(other.1))))
    }
}

/// Eight bytes from a place on as a number that orders as they do; what is missing is nought.
fn prefix(text: &[u8], from: usize) -> u64 {
    let rest = text.get(from..).unwrap_or_default();
    match rest.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            u64::from_be_bytes(eight)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rounds: &[&[&str]]) {
        let (mut dictionary, mut ranks) = (Dictionary::default(), Ranks::default());
        for texts in rounds {
            texts.iter().for_each(|text| {
                dictionary.code_or_add(text, str::to_owned);
            });
            let codes = || 0..dictionary.len() as u32;
            let mut sorted: Vec<u32> = codes().collect();
            sorted.sort_by_key(|code| dictionary.text(*code));
            // Before they are whole, and after.
            for _ in 0..2 {
                for (one, other) in codes().flat_map(|one| codes().map(move |other| (one, other))) {
                    let expected = dictionary.text(one).cmp(dictionary.text(other));
                    assert_eq!(ranks.compare(one, other, &dictionary), expected);
                }
                let mut job = ranks.begin(&dictionary);
                while !job.step(&mut 3, &dictionary) {}
                ranks.finish(job);
                assert!(ranks.is_whole(&dictionary));
            }
            assert!(sorted.iter().zip(0..).all(|(code, rank)| ranks.as_slice()[*code as usize] == rank));
        }
    }

    #[test]
    fn ranks_order_as_the_bytes_do_and_take_new_texts_in() {
        check(&[&[]]);
        check(&[&["b", "a"], &["c", "ab", ""]]);
        check(&[&["EV-000000010", "EV-000000002", "EV-00000000"], &["EV-", "E", "EV-0\0", "EV-0\0\0"]]);
        check(&[&["same12345678z", "same12345678a", "same12345678"], &["same12345678aa"], &[]]);
        check(&[&["\0", "\0\0"], &["ü", "z", "€", "Z"]]);
    }
}
