//! Code that a browser loads when it is first needed. `ui::part` makes parts of the page of it, `api` a
//! part of its calls.
//!
//! Only the build for use is in parts (feature `parts`, `cargo xtask dist`). In every other build all of it
//! is here from the beginning.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;

/// A part could not be fetched, or is not of this build.
pub struct NotLoaded;

thread_local! {
    static WHEN_NOT_LOADED: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Has each failure told to `hear`, of whichever part it is and whoever asked for it.
pub fn when_not_loaded(hear: impl Fn() + 'static) {
    WHEN_NOT_LOADED.set(Some(Box::new(hear)));
}

/// Every failure comes by here.
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        WHEN_NOT_LOADED.with_borrow(|hear| hear.iter().for_each(|hear| hear()));
        Self
    }
}

pub type Loading = Pin<Box<dyn Future<Output = Result<(), NotLoaded>>>>;

/// Puts what a function does into a part: `made` does it, once the part is here; `loading` fetches the
/// part, and again after a failure. Functions of one chunk come together.
macro_rules! apart {
    ($chunk:ident: ($($given:ident: $kind:ty),* $(,)?) -> $made:ty { $does:expr }) => {
        #[cfg(feature = "parts")]
        pub fn loading() -> $crate::apart::Loading {
            Box::pin(async { Ok(load().await?) })
        }

        #[cfg(feature = "parts")]
        #[leptos::wasm_split::wasm_split(
            $chunk,
            wasm_split_path = ::leptos::wasm_split,
            preload(load),
            fallible
        )]
        pub fn made($($given: $kind),*) -> Result<$made, $crate::apart::NotLoaded> {
            Ok($does)
        }

        #[cfg(not(feature = "parts"))]
        pub fn loading() -> $crate::apart::Loading {
            Box::pin(std::future::ready(Ok(())))
        }

        #[cfg(not(feature = "parts"))]
        pub async fn made($($given: $kind),*) -> Result<$made, $crate::apart::NotLoaded> {
            Ok($does)
        }
    };
}
pub(crate) use apart;
