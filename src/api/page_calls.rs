//! The calls for the pages of a list that are under way: one that nobody looks at any more is cancelled,
//! so that the page in sight does not wait behind it.

use crate::api::RestClient;
use grid_model::PageRequest;
use std::cell::RefCell;
use web_sys::AbortController;

#[derive(Default)]
pub struct PageCalls {
    under_way: RefCell<Vec<PageCall>>,
}

struct PageCall {
    asked: PageRequest,
    controller: AbortController,
    is_cancelled: bool,
}

impl PageCalls {
    /// The client by which this page is to be read.
    pub fn begin(&self, client: RestClient, asked: PageRequest) -> RestClient {
        // A browser that cannot cancel reads on; the answer is used.
        let Ok(controller) = AbortController::new() else { return client };
        let client = client.until_aborted(&controller);
        self.under_way.borrow_mut().push(PageCall { asked, controller, is_cancelled: false });
        client
    }

    /// The page has come, or will not. False where the call was cancelled: then it says nothing.
    pub fn end(&self, client: RestClient, asked: PageRequest) -> bool {
        client.forget_abort();
        let mut under_way = self.under_way.borrow_mut();
        match under_way.iter().position(|call| call.asked == asked) {
            Some(place) => !under_way.swap_remove(place).is_cancelled,
            None => true,
        }
    }

    pub fn cancel(&self, abandoned: &[PageRequest]) {
        self.cancel_where(|asked| abandoned.contains(asked));
    }

    /// Another query: nothing that was asked is of use.
    pub fn cancel_all(&self) {
        self.cancel_where(|_| true);
    }

    fn cancel_where(&self, which: impl Fn(&PageRequest) -> bool) {
        for call in self.under_way.borrow_mut().iter_mut().filter(|call| which(&call.asked)) {
            call.is_cancelled = true;
            call.controller.abort();
        }
    }
}
