//! Something that is done again and again while a screen stands.

use leptos::prelude::*;
use std::time::Duration;

/// Acts at once and then every `period`, as long as `is_on` holds. Made within a component, whose end ends it.
pub fn act_every(period: Duration, is_on: impl Fn() -> bool + 'static, act: impl Fn() + Copy + 'static) {
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    Effect::new(move || {
        stop();
        if is_on() {
            untrack(act);
            timer.set_value(set_interval_with_handle(act, period).ok());
        }
    });
}
