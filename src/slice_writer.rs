//! Writes text into a slice that the caller owns.

use crate::comma_list;
use crate::text::Quoted;
use core::cell::Cell;
use core::fmt;

/// A slice that the caller owns, written from its start.
pub(crate) struct SliceWriter<'b> {
    bytes: &'b mut [u8],
    length: usize,
}

impl fmt::Debug for SliceWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quoted(self.bytes.get(..self.length).unwrap_or_default()).fmt(f)
    }
}

/// The buffer is too small; the piece that did not fit was not written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Full;

impl<'b> SliceWriter<'b> {
    pub(crate) const fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, length: 0 }
    }

    /// Continues after the first `length` bytes, or at the end of a shorter buffer.
    pub(crate) fn resume(bytes: &'b mut [u8], length: usize) -> Self {
        Self { length: length.min(bytes.len()), bytes }
    }

    /// The bytes written so far.
    pub(crate) fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Keeps the wanted members of the comma list, trimmed, with one comma between them.
    ///
    /// Members move to the left, over bytes that were already read. A kept member is never longer than its source,
    /// and its comma replaces one that was there.
    #[inline]
    pub(crate) fn keep(&mut self, mut wanted: impl FnMut(&[u8]) -> bool) {
        let (mut read, mut kept) = (0, 0);
        while let Some((start, end)) = comma_list::member_at(self.written(), read) {
            read = end;
            if !self.written().get(start..end).is_some_and(&mut wanted) {
                continue;
            }
            if kept > 0 {
                self.set(kept, b',');
                kept += 1;
            }
            if kept == start {
                kept = end;
                continue;
            }
            let bytes = Cell::from_mut(&mut *self.bytes).as_slice_of_cells();
            if let (Some(to), Some(from)) = (bytes.get(kept..), bytes.get(start..end)) {
                to.iter().zip(from).for_each(|(to, from)| to.set(from.get()));
                kept += from.len();
            }
        }
        self.length = kept;
    }

    /// [`keep`](Self::keep) in one copy, for changes that are rare.
    #[inline(never)]
    pub(crate) fn keep_shared(&mut self, wanted: &mut dyn FnMut(&[u8]) -> bool) {
        self.keep(wanted);
    }

    /// Moves the bytes from `middle` to the end in front of the bytes from `start` to `middle`.
    ///
    /// Not inlined, because the code of `reverse` is long. In a function of its own, `reverse` would check its indices at
    /// opt-level z.
    #[inline(never)]
    pub(crate) fn rotate(&mut self, start: usize, middle: usize) {
        for part in [start..middle, middle..self.length, start..self.length] {
            self.bytes.get_mut(part).unwrap_or_default().reverse();
        }
    }

    fn set(&mut self, place: usize, byte: u8) {
        if let Some(there) = self.bytes.get_mut(place) {
            *there = byte;
        }
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
        // Not `copy_from_slice`: at opt-level z the compiler keeps its check that both lengths are equal.
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        // Not above the length of the buffer. A checked addition would be left in programs that check for overflow.
        self.length = self.length.wrapping_add(bytes.len());
        Ok(())
    }

    /// Removes everything written after the first `length` bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Returns the written bytes.
    pub(crate) fn finish(self) -> &'b [u8] {
        let bytes: &'b [u8] = self.bytes;
        bytes.get(..self.length).unwrap_or_default()
    }
}
