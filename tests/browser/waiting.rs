use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

/// Waits until something holds, looking once a frame. Gives up after some thousand frames, which
/// fails the test and names what it waited for.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if holds() {
            return;
        }
        frame().await;
    }
    panic!("waited in vain until {what}");
}

/// The next animation frame.
pub async fn frame() {
    let frame = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
    });
    JsFuture::from(frame).await.unwrap();
}
