//! What J and K do on a page that has a way of its own from record to record. On any other they press the
//! buttons of the open drawer.

use leptos::prelude::*;

/// A handle.
#[derive(Clone, Copy, Default)]
pub struct StepKeys {
    served: StoredValue<Option<(u64, Callback<isize>)>>,
    times: StoredValue<u64>,
}

impl StepKeys {
    /// `step` is called with 1 for J and -1 for K. Made within a component, whose end ends it.
    pub fn serve(self, step: Callback<isize>) {
        self.times.update_value(|times| *times += 1);
        let number = self.times.get_value();
        self.served.set_value(Some((number, step)));
        on_cleanup(move || {
            // The page that comes next may have begun before this one ended.
            self.served.try_update_value(|served| served.take_if(|(served, _)| *served == number));
        });
    }

    /// Whether somebody took the step.
    pub fn step(self, by: isize) -> bool {
        let served = self.served.get_value();
        if let Some((_, step)) = &served {
            step.run(by);
        }
        served.is_some()
    }
}
