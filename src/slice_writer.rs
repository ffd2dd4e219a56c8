//! Writes text into a slice that the caller owns.

use crate::comma_list;
use crate::text::Quoted;
use core::fmt;
use core::ops::Range;

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
    #[inline(never)]
    pub(crate) fn keep(&mut self, wanted: &mut dyn FnMut(&[u8]) -> bool) {
        let (mut read, mut kept) = (0, 0);
        while let Some((start, end)) = comma_list::member_at(self.written(), read) {
            read = end;
            if self.written().get(start..end).is_some_and(&mut *wanted) {
                kept = self.move_part(start..end, kept);
            }
        }
        self.length = kept;
    }

    /// Keeps these parts of the text, from left to right, with one comma between them.
    pub(crate) fn keep_parts(&mut self, parts: impl Iterator<Item = Range<usize>>) {
        self.length = parts.fold(0, |kept, part| self.move_part(part, kept));
    }

    /// Moves a part of a comma list to the left, behind the first `kept` bytes and a comma. Returns where it ends.
    ///
    /// It is moved over bytes that were already read: its comma replaces one that was there.
    #[inline(never)]
    fn move_part(&mut self, part: Range<usize>, mut kept: usize) -> usize {
        if kept > 0 {
            self.set(kept, b',');
            kept += 1;
        }
        if kept == part.start {
            return part.end;
        }
        let (length, distance) = (part.len(), part.start.saturating_sub(kept));
        shift_left(self.bytes.get_mut(kept..part.end).unwrap_or_default(), distance);
        kept + length
    }

    /// Moves what was written from `place` on `size` bytes to the right, as far as there is room, and returns the gap.
    #[inline(never)]
    pub(crate) fn open(&mut self, place: usize, size: usize) -> SliceWriter<'_> {
        let length = self.length.saturating_add(size).min(self.bytes.len());
        let moved = self.bytes.get_mut(place..length).unwrap_or_default();
        shift_right(moved, size);
        self.length = length;
        SliceWriter::new(moved.get_mut(..size).unwrap_or_default())
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

/// Moves all bytes but the first `distance` to the start, sixteen at a time. They may overlap where they are moved to,
/// since each block is read before it is written, and the blocks before it were already moved.
fn shift_left(bytes: &mut [u8], distance: usize) {
    let mut rest = bytes;
    while let Some(block) = rest.get(distance..).and_then(<[u8]>::first_chunk::<16>).copied()
        && let Some((to, after)) = core::mem::take(&mut rest).split_first_chunk_mut()
    {
        *to = block;
        rest = after;
    }
    while let Some(byte) = rest.get(distance).copied()
        && let Some((to, after)) = core::mem::take(&mut rest).split_first_mut()
    {
        *to = byte;
        rest = after;
    }
}

/// [`shift_left`] in the other direction: moves all bytes but the last `distance` to the end.
fn shift_right(bytes: &mut [u8], distance: usize) {
    let mut rest = bytes;
    while let Some(length) = rest.len().checked_sub(distance)
        && let Some(block) = rest.get(..length).and_then(<[u8]>::last_chunk::<16>).copied()
        && let Some((before, to)) = core::mem::take(&mut rest).split_last_chunk_mut()
    {
        *to = block;
        rest = before;
    }
    while let Some(place) = rest.len().checked_sub(distance.saturating_add(1))
        && let Some(byte) = rest.get(place).copied()
        && let Some((to, before)) = core::mem::take(&mut rest).split_last_mut()
    {
        *to = byte;
        rest = before;
    }
}
