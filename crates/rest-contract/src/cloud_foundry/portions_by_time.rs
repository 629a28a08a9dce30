//! The portions of a long question put together by the time of creation.

use super::UsageEvent;
use crate::portions::{Portion, drop_doubles, merged};

/// The first `limit` events of all portions, each event once, and how many came more than once. An event whose time
/// cannot be read stays behind the one that it came behind. Nothing where a portion is not in this order.
pub fn by_time(
    portions: Vec<Portion<UsageEvent>>,
    limit: usize,
    is_descending: bool,
) -> Option<(Portion<UsageEvent>, usize)> {
    let mut portions: Vec<_> =
        portions.into_iter().map(|portion| with_times(portion, is_descending)).collect();
    let doubles =
        drop_doubles(&mut portions, |(_, event)| (!event.guid.is_empty()).then(|| event.guid.clone()));
    let compare = |one: &(i64, UsageEvent), other: &(i64, UsageEvent)| {
        let order = one.0.cmp(&other.0);
        if is_descending { order.reverse() } else { order }
    };
    let is_sorted = |portion: &Portion<(i64, UsageEvent)>| {
        portion.items.is_sorted_by(|one, next| compare(one, next).is_le())
    };
    if !portions.iter().all(is_sorted) {
        return None;
    }
    let all = merged(portions, limit, compare);
    let events = all.items.into_iter().map(|(_, event)| event).collect();
    Some((Portion { items: events, has_more: all.has_more }, doubles))
}

fn with_times(portion: Portion<UsageEvent>, is_descending: bool) -> Portion<(i64, UsageEvent)> {
    let mut last = if is_descending { i64::MAX } else { i64::MIN };
    let items = portion.items.into_iter().map(|event| {
        last = event.known_time().unwrap_or(last);
        (last, event)
    });
    Portion { items: items.collect(), has_more: portion.has_more }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events by guid and second; without a second the time cannot be read.
    fn portion(events: &[(&str, Option<u32>)], has_more: bool) -> Portion<UsageEvent> {
        let read = |(guid, second): &(&str, Option<u32>)| {
            let at = second.map_or("yesterday".to_owned(), |second| format!("2026-11-30T00:00:{second:02}Z"));
            UsageEvent::read(&format!(r#"{{"guid":"{guid}","created_at":"{at}"}}"#))
        };
        Portion { items: events.iter().map(read).collect(), has_more }
    }

    #[track_caller]
    fn check(portions: Vec<Portion<UsageEvent>>, is_descending: bool, guids: &[&str], doubles: usize) {
        let (all, dropped) = by_time(portions, 100, is_descending).expect("an order");
        let found: Vec<_> = all.items.iter().map(|event| event.guid.as_str()).collect();
        assert_eq!((found.as_slice(), dropped), (guids, doubles));
    }

    #[test]
    fn events_come_in_one_order() {
        let portions = |backwards: bool| {
            let mut each = [[("a", Some(1)), ("c", Some(3))], [("b", Some(2)), ("d", Some(4))]];
            if backwards {
                each.iter_mut().for_each(|events| events.reverse());
            }
            each.map(|events| portion(&events, false)).to_vec()
        };
        check(portions(false), false, &["a", "b", "c", "d"], 0);
        check(portions(true), true, &["d", "c", "b", "a"], 0);
    }

    #[test]
    fn a_time_that_cannot_be_read_moves_nothing_else() {
        let one = portion(&[("x", None), ("a", Some(1)), ("y", None), ("d", Some(4))], false);
        check(
            vec![one, portion(&[("b", Some(2)), ("c", Some(3))], false)],
            false,
            &["x", "a", "y", "b", "c", "d"],
            0,
        );
        let one = portion(&[("d", Some(4)), ("y", None), ("a", Some(1))], false);
        check(
            vec![one, portion(&[("c", Some(3)), ("b", Some(2))], false)],
            true,
            &["d", "y", "c", "b", "a"],
            0,
        );
    }

    #[test]
    fn an_event_that_comes_twice_is_there_once() {
        let one = portion(&[("a", Some(1)), ("b", Some(2)), ("b", Some(2))], false);
        check(vec![one, portion(&[("c", Some(3))], false)], false, &["a", "b", "c"], 1);
        let nameless = portion(&[("", Some(1)), ("", Some(2))], false);
        check(vec![nameless], false, &["", ""], 0);
    }

    #[test]
    fn portions_in_another_order_are_not_put_together() {
        let wrong = portion(&[("b", Some(2)), ("a", Some(1))], false);
        assert_eq!(by_time(vec![wrong, portion(&[("c", Some(3))], false)], 100, false), None);
    }
}
