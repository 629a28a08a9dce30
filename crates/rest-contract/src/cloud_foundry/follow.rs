//! Following new events (V3 API, "after_guid"). The order of the list is that in which events began
//! to be written; one that is committed late appears behind a younger one. So nothing younger than a
//! safety age is taken, and the cursor stays before it.

use super::usage_event::UsageEvent;

/// How many of the events, in the order of the list, are old enough to be taken.
pub fn settled(events: &[UsageEvent], now: i64, safety_age: i64) -> usize {
    events.iter().position(|event| event.created_at > now - safety_age).unwrap_or(events.len())
}

#[cfg(test)]
mod tests {
    use super::super::usage_event::tests::event;
    use super::*;

    #[test]
    fn nothing_behind_an_event_that_is_too_young_is_taken_even_if_it_is_older_itself() {
        let events = [event("a CREATED i p 1"), event("b CREATED j p 9"), event("c CREATED k p 2")];
        let hour = 3600;
        assert_eq!(settled(&events, 9 * hour, hour), 1);
        assert_eq!(settled(&events, 10 * hour, hour), 3);
        assert_eq!(settled(&events, hour, hour), 0);
        assert_eq!(settled(&[], hour, hour), 0);
    }
}
