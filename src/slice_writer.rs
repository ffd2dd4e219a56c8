//! Writing text into a slice of the caller.

use crate::text::Quoted;
use core::fmt;

/// A slice of the caller, written from its start.
pub(crate) struct SliceWriter<'b> {
    bytes: &'b mut [u8],
    length: usize,
}

impl fmt::Debug for SliceWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quoted(self.bytes.get(..self.length).unwrap_or_default()).fmt(f)
    }
}

/// The buffer is too small; what did not fit was not written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Full;

impl<'b> SliceWriter<'b> {
    pub(crate) const fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, length: 0 }
    }

    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    pub(crate) const fn capacity(&self) -> usize {
        self.bytes.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), Full> {
        let rest = self.bytes.get_mut(self.length..);
        let room = rest.and_then(|rest| rest.get_mut(..bytes.len())).ok_or(Full)?;
        // Not `copy_from_slice`: at opt-level z its check that the lengths are the same would be left.
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.length += bytes.len();
        Ok(())
    }

    /// Takes back all that was written after `length` bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// What was written.
    pub(crate) fn finish(self) -> &'b [u8] {
        let bytes: &'b [u8] = self.bytes;
        bytes.get(..self.length).unwrap_or_default()
    }
}
