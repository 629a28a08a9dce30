//! Portions of a question that is too long for one address, and their answers put together.

use std::cmp::Ordering;

/// What one portion brought: its first items in order, and whether more of them follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion<T> {
    pub items: Vec<T>,
    pub has_more: bool,
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
    fn equal_items_keep_the_order_of_their_portions() {
        let items = |name: char| Portion { items: vec![(1, name), (1, name)], has_more: false };
        let all = merged(vec![items('a'), items('b')], 3, |one, other| one.0.cmp(&other.0));
        assert_eq!(all.items, [(1, 'a'), (1, 'a'), (1, 'b')]);
        assert!(all.has_more);
    }
}
