//! Portions of a question that is too long for one address, and their answers put together.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What one portion brought: its first items in order, and whether more of them follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion<T> {
    pub items: Vec<T>,
    pub has_more: bool,
}

/// A page that says that more follow, and gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NothingCame;

impl<T> Portion<T> {
    /// Nothing of it has been read.
    pub fn unread() -> Self {
        Self { items: Vec::new(), has_more: true }
    }

    /// Whether another page is needed for its first `last` items: a server may give fewer than it is asked for.
    pub fn is_short_of(&self, last: usize) -> bool {
        self.has_more && self.items.len() < last
    }

    /// Takes its next page.
    ///
    /// # Errors
    /// If the page leads nowhere.
    pub fn take(&mut self, page: Self) -> Result<(), NothingCame> {
        if page.has_more && page.items.is_empty() {
            return Err(NothingCame);
        }
        self.items.extend(page.items);
        self.has_more = page.has_more;
        Ok(())
    }
}

/// Drops what comes twice, as it was changed between two readings; what was read later stays. Items without a key are
/// all different. Says how many were dropped.
pub fn drop_doubles<T, K: Ord>(portions: &mut [Portion<T>], key: impl Fn(&T) -> Option<K>) -> usize {
    let mut known = BTreeSet::new();
    let mut dropped = 0;
    for portion in portions.iter_mut().rev() {
        let mut items: Vec<T> = std::mem::take(&mut portion.items).into_iter().rev().collect();
        let before = items.len();
        items.retain(|item| key(item).is_none_or(|key| known.insert(key)));
        dropped += before - items.len();
        items.reverse();
        portion.items = items;
    }
    dropped
}

/// A query's `fields=` with `name` among them: what items are put in order by has to come with them. A query without
/// `fields=` brings all.
pub fn with_field(shape: &str, name: &str) -> String {
    let parts = shape.split('&').map(|part| match part.strip_prefix("fields=") {
        Some(fields) if !own_fields(fields).any(|field| field == name) => format!("fields={name},{fields}"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("&")
}

/// The first `limit` items of all portions together, each portion being in the order of `compare`; of equal ones those
/// of the earlier portion come first. It ends early where a portion that has more gave no further item, for that one
/// could be the next.
pub fn merged<T>(
    portions: Vec<Portion<T>>,
    limit: usize,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Portion<T> {
    let mut portions: Vec<_> = portions
        .into_iter()
        .map(|portion| (portion.items.into_iter().peekable(), portion.has_more))
        .collect();
    let mut items = Vec::new();
    while items.len() < limit {
        let is_cut = |(items, has_more): &mut (std::iter::Peekable<std::vec::IntoIter<T>>, bool)| {
            *has_more && items.peek().is_none()
        };
        if portions.iter_mut().any(is_cut) {
            break;
        }
        let mut next: Option<(usize, &T)> = None;
        for (place, (rest, _)) in portions.iter_mut().enumerate() {
            if let Some(item) = rest.peek()
                && next.is_none_or(|(_, first)| compare(item, first) == Ordering::Less)
            {
                next = Some((place, item));
            }
        }
        let Some((place, _)) = next else { break };
        items.extend(portions[place].0.next());
    }
    let has_more = portions.iter_mut().any(|(rest, has_more)| *has_more || rest.peek().is_some());
    Portion { items, has_more }
}

/// Without those of children, which stand behind a semicolon.
fn own_fields(fields: &str) -> impl Iterator<Item = &str> {
    fields.split(';').next().unwrap_or_default().split(',')
}

/// A question in as many portions as it takes for each to fit, by halves. Nothing where it cannot be divided so far.
pub(crate) fn divided(
    question: String,
    fits: &dyn Fn(&str) -> bool,
    halves: &dyn Fn(&str) -> Option<(String, String)>,
) -> Option<Vec<String>> {
    let mut portions = Vec::new();
    let mut left = vec![question];
    while let Some(part) = left.pop() {
        if fits(&part) {
            portions.push(part);
        } else {
            let (first, second) = halves(&part)?;
            left.extend([second, first]);
        }
        if portions.len() + left.len() > MOST_PORTIONS {
            return None;
        }
    }
    Some(portions)
}

/// More requests for one answer than a server should be asked at once.
const MOST_PORTIONS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn portion(items: &[i64], has_more: bool) -> Portion<i64> {
        Portion { items: items.to_vec(), has_more }
    }

    #[track_caller]
    fn check(portions: &[Portion<i64>], limit: usize, items: &[i64], has_more: bool) {
        assert_eq!(merged(portions.to_vec(), limit, i64::cmp), portion(items, has_more));
    }

    #[test]
    fn portions_come_in_one_order() {
        check(&[portion(&[1, 4, 9], false), portion(&[2, 3, 10], false)], 10, &[1, 2, 3, 4, 9, 10], false);
        check(&[portion(&[1, 4, 9], false), portion(&[2, 3, 10], false)], 4, &[1, 2, 3, 4], true);
        check(&[portion(&[], false), portion(&[7], false)], 1, &[7], false);
        check(&[], 5, &[], false);
        let down = merged(vec![portion(&[9, 2], false), portion(&[8, 7], true)], 3, |a, b| b.cmp(a));
        assert_eq!(down, portion(&[9, 8, 7], true));
    }

    #[test]
    fn no_item_is_passed_over_that_a_portion_still_holds_back() {
        // The first portion gave two of more: what comes after 4 may be its.
        check(&[portion(&[1, 4], true), portion(&[2, 3, 5], false)], 10, &[1, 2, 3, 4], true);
        check(&[portion(&[], true), portion(&[2], false)], 10, &[], true);
    }

    #[test]
    fn a_portion_is_read_until_it_has_enough_or_ends() {
        let pages = [portion(&[1, 2], true), portion(&[3], true), portion(&[4, 5], false)];
        for (last, came) in [(1, 2), (2, 2), (3, 3), (4, 5), (9, 5)] {
            let mut whole = Portion::unread();
            let mut next = pages.iter().cloned();
            while whole.is_short_of(last) {
                whole.take(next.next().expect("no page after the last one")).expect("it brings items");
            }
            assert_eq!(whole.items.len(), came, "{last}");
            assert_eq!(whole.has_more, came < 5, "{last}");
        }
        assert_eq!(Portion::unread().take(portion(&[], true)), Err(NothingCame));
        assert_eq!(Portion::unread().take(portion(&[], false)), Ok(()));
    }

    #[test]
    fn what_comes_twice_is_kept_as_it_was_read_last() {
        let of = |items: &[(i64, char)]| Portion { items: items.to_vec(), has_more: false };
        let mut portions = [of(&[(1, 'a'), (2, 'a'), (2, 'b'), (5, 'a')]), of(&[(1, 'c'), (4, 'c')])];
        assert_eq!(drop_doubles(&mut portions, |item| Some(item.0)), 2);
        assert_eq!(portions, [of(&[(2, 'b'), (5, 'a')]), of(&[(1, 'c'), (4, 'c')])]);
        let mut without_keys = [of(&[(0, 'a'), (0, 'b')])];
        assert_eq!(drop_doubles(&mut without_keys, |_| None::<i64>), 0);
        assert_eq!(without_keys, [of(&[(0, 'a'), (0, 'b')])]);
    }

    #[test]
    fn the_field_that_orders_is_always_asked_for() {
        for (shape, with) in [
            ("fields=EventNumber&onlyData=true&", "fields=EventId,EventNumber&onlyData=true&"),
            ("onlyData=true&fields=A;charges:EventId", "onlyData=true&fields=EventId,A;charges:EventId"),
            ("fields=A,EventId&", "fields=A,EventId&"),
            ("fields=EventId;usageCharges:A", "fields=EventId;usageCharges:A"),
            ("expand=usageCharges&", "expand=usageCharges&"),
            ("", ""),
        ] {
            assert_eq!(with_field(shape, "EventId"), with);
        }
    }

    #[test]
    fn equal_items_keep_the_order_of_their_portions() {
        let items = |name: char| Portion { items: vec![(1, name), (1, name)], has_more: false };
        let all = merged(vec![items('a'), items('b')], 3, |one, other| one.0.cmp(&other.0));
        assert_eq!(all.items, [(1, 'a'), (1, 'a'), (1, 'b')]);
        assert!(all.has_more);
    }
}
