/// A value as it was last written to the DOM.
#[derive(Debug)]
pub(super) struct Written<T>(Option<T>);

impl<T> Default for Written<T> {
    fn default() -> Written<T> {
        Written(None)
    }
}

impl<T: Copy + PartialEq> Written<T> {
    /// The value if it has to be written, that is, if it is not what stands there.
    pub(super) fn changed(&mut self, value: T) -> Option<T> {
        (self.0.replace(value) != Some(value)).then_some(value)
    }

    pub(super) fn value(&self) -> Option<T> {
        self.0
    }

    pub(super) fn is(&self, value: T) -> bool {
        self.0 == Some(value)
    }
}
