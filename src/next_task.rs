//! Long work in steps, between which the browser paints and hears keys. A timer would do, but a browser makes
//! one that follows another wait four milliseconds, so that most of the time went by in waiting.

use js_sys::{Date, Function, Promise};
use leptos::prelude::window;
use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Milliseconds that a task may take: with painting it fits into a frame.
const TASK: f64 = 8.0; // exact-in-double: a time

type Work = Box<dyn FnOnce()>;

thread_local! {
    static WAITING: RefCell<VecDeque<Work>> = const { RefCell::new(VecDeque::new()) };
    static CHANNEL: OnceCell<Option<MessageChannel>> = const { OnceCell::new() };
}

/// Does this in a task of its own, after those that wait already.
pub fn in_next_task(work: impl FnOnce() + 'static) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::new(work)));
    let is_called = CHANNEL.with(|channel| {
        let channel = channel.get_or_init(|| open_channel().ok());
        channel.as_ref().is_some_and(|channel| channel.port2().post_message(&JsValue::NULL).is_ok())
    });
    if !is_called {
        leptos::prelude::set_timeout(do_first, Duration::ZERO);
    }
}

/// Goes on in a task of its own.
async fn next_task() {
    let promise = Promise::new(&mut |go_on, _| {
        in_next_task(move || {
            // A promise takes any value.
            let _ = go_on.call0(&JsValue::NULL);
        });
    });
    let _ = JsFuture::from(promise).await;
}

/// Goes on after so many milliseconds.
pub async fn after(milliseconds: i32) {
    let later = Promise::new(&mut |go_on, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&go_on, milliseconds);
    });
    // A timer brings nothing.
    let _ = JsFuture::from(later).await;
}

/// What comes of `work` within so many milliseconds. What takes longer is dropped where it waits.
pub async fn within<T>(milliseconds: i32, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut limit) = (pin!(work), pin!(after(milliseconds)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(given) => Poll::Ready(Some(given)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// The time of a task of ours.
pub struct TaskTime {
    end: f64, // exact-in-double: a time
}

impl TaskTime {
    pub fn begin() -> Self {
        Self { end: Date::now() + TASK }
    }

    /// Whether the browser should have its turn.
    pub fn is_over(&self) -> bool {
        Date::now() >= self.end
    }

    /// Where the time is over, goes on in the next task.
    pub async fn give_way(&mut self) {
        if self.is_over() {
            next_task().await;
            *self = Self::begin();
        }
    }
}

fn do_first() {
    if let Some(work) = WAITING.with_borrow_mut(VecDeque::pop_front) {
        work();
    }
}

fn open_channel() -> Result<MessageChannel, JsValue> {
    let channel = MessageChannel::new()?;
    let hear: Function = Closure::<dyn Fn()>::new(do_first).into_js_value().into();
    channel.port1().set_onmessage(Some(&hear));
    Ok(channel)
}
