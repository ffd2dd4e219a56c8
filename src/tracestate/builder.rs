//! Applies several changes to a `tracestate` in one buffer.

use super::kept::{Kept, check_member};
use super::{TraceState, grammar};
use crate::comma_list::Members;
use crate::error::{TraceStateError, TraceStateRule as Rule};
use crate::slice_writer::{Full, SliceWriter};

/// Changes a `tracestate` value in a buffer, any number of times (C3, C4; W3C Trace Context Level 2, 3.5).
///
/// A call that returns an error changes nothing.
///
/// ```
/// use tracebaton::{TraceState, TraceStateBuilder};
///
/// let received = TraceState::parse(b"rojo=1, congo=2")?;
/// let mut buffer = [0; TraceState::MAX_LENGTH];
/// let mut builder = TraceStateBuilder::from_trace_state(&received, &mut buffer)?;
/// builder.delete("rojo")?.insert("congo", "3")?.insert("azul", "4")?;
/// assert_eq!(builder.finish().as_bytes(), b"azul=4,congo=3");
/// # Ok::<(), tracebaton::TraceStateError>(())
/// ```
#[derive(Debug)]
pub struct TraceStateBuilder<'b> {
    buffer: SliceWriter<'b>,
}

impl<'b> TraceStateBuilder<'b> {
    /// Starts with the members of a list.
    pub fn from_trace_state(state: &TraceState<'_>, buffer: &'b mut [u8]) -> Result<Self, TraceStateError> {
        let mut buffer = SliceWriter::new(buffer);
        for member in Members::of(state.value) {
            let comma: &[u8] = if buffer.len() == 0 { b"" } else { b"," };
            let pushed = buffer.push(comma).and_then(|()| buffer.push(member));
            pushed.map_err(|Full| too_small(&buffer))?;
        }
        Ok(Self { buffer })
    }

    /// Starts with the list in the first `length` bytes of the buffer, to change it in place.
    ///
    /// ```
    /// let mut buffer = *b"rojo=1,congo=2.......";
    /// let mut builder = tracebaton::TraceStateBuilder::in_place(&mut buffer, 14)?;
    /// builder.insert("congo", "3")?;
    /// assert_eq!(builder.finish().as_bytes(), b"congo=3,rojo=1");
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    #[inline(never)]
    pub fn in_place(buffer: &'b mut [u8], length: usize) -> Result<Self, TraceStateError> {
        if length > buffer.len() {
            return Err(TraceStateError::new(Rule::BufferTooSmall, buffer.len()));
        }
        let buffer = SliceWriter::resume(buffer, length);
        TraceState::parse(buffer.written())?;
        Ok(Self { buffer })
    }

    /// Adds or updates a member at the left, as [`TraceState::insert`] does.
    pub fn insert(
        &mut self,
        key: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<&mut Self, TraceStateError> {
        let (key, value) = (key.as_ref(), value.as_ref());
        let kept = Kept::after(check_member(key, value)?, self.buffer.written(), key);
        self.apply(&kept, Some((key, value)))
    }

    /// Adds or updates a member at the left and drops others for the list to fit, as [`TraceState::insert_within`] does.
    ///
    /// ```
    /// let mut buffer = *b"rojo=1,congo=2";
    /// let mut builder = tracebaton::TraceStateBuilder::in_place(&mut buffer, 14)?;
    /// builder.insert_within("azul", "3")?;
    /// assert_eq!(builder.finish().as_bytes(), b"azul=3,rojo=1");
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    pub fn insert_within(
        &mut self,
        key: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<&mut Self, TraceStateError> {
        let (key, value) = (key.as_ref(), value.as_ref());
        let first = check_member(key, value)?;
        let kept = Kept::after_within(first, self.buffer.capacity(), self.buffer.written(), key);
        self.apply(&kept, Some((key, value)))
    }

    /// Deletes every member of a key, as [`TraceState::delete`] does.
    pub fn delete(&mut self, key: impl AsRef<[u8]>) -> Result<&mut Self, TraceStateError> {
        grammar::check_key(key.as_ref())?;
        self.apply(&Kept::others(self.buffer.written(), key.as_ref()), None)
    }

    /// Truncates the list to a limit of at least 512 bytes, as [`TraceState::truncate`] does.
    pub fn truncate(&mut self, limit: usize) -> Result<&mut Self, TraceStateError> {
        self.apply(&Kept::within(limit, self.buffer.written())?, None)
    }

    /// Keeps these members, and adds one at their left.
    #[inline(never)]
    fn apply(&mut self, kept: &Kept, member: Option<(&[u8], &[u8])>) -> Result<&mut Self, TraceStateError> {
        let length = kept.length();
        let (key, value) = member.unwrap_or_default();
        let comma = usize::from(length > 0);
        let first = if member.is_some() { key.len() + 1 + value.len() + comma } else { 0 };
        if first + length > self.buffer.capacity() {
            return Err(too_small(&self.buffer));
        }
        self.buffer.keep_parts(kept.runs());
        if member.is_some() {
            let mut gap = self.buffer.open(0, first);
            for part in [key, b"=", value, b",".get(..comma).unwrap_or_default()] {
                gap.push(part).map_err(|Full| too_small(&gap))?;
            }
        }
        Ok(self)
    }

    /// Returns the finished list.
    pub fn finish(self) -> TraceState<'b> {
        TraceState { value: self.buffer.finish() }
    }
}

fn too_small(buffer: &SliceWriter<'_>) -> TraceStateError {
    TraceStateError::new(Rule::BufferTooSmall, buffer.capacity())
}
