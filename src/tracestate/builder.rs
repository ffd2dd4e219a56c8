//! Applies several changes to a `tracestate` in one buffer.

use super::change::{Room, others_within};
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
        grammar::check_key(key)?;
        grammar::check_value(value)?;
        let first = key.len() + 1 + value.len();
        let length = Members::of(self.buffer.written())
            .scan(Room::after(first), |room, member| {
                Some(room.takes(member, key).then_some(member.len() + 1))
            })
            .flatten()
            .fold(first, usize::saturating_add);
        if length > self.buffer.capacity() {
            return Err(too_small(&self.buffer));
        }
        self.keep_others(Room::after(first), key);
        self.push_first(key, value)
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
        grammar::check_key(key)?;
        grammar::check_value(value)?;
        let first = key.len() + 1 + value.len();
        let room = self.buffer.capacity().min(TraceState::MAX_LENGTH);
        if first > room {
            return Err(too_small(&self.buffer));
        }
        // A comma follows the new member.
        let mut others = others_within(room.saturating_sub(first + 1), self.buffer.written(), key);
        self.buffer.keep_shared(&mut others);
        self.push_first(key, value)
    }

    /// Adds a member at the left of the others, which are kept.
    fn push_first(&mut self, key: &[u8], value: &[u8]) -> Result<&mut Self, TraceStateError> {
        let end = self.buffer.len();
        let comma: &[u8] = if end == 0 { b"" } else { b"," };
        for part in [key, b"=", value, comma] {
            self.buffer.push(part).map_err(|Full| too_small(&self.buffer))?;
        }
        self.buffer.rotate(0, end);
        Ok(self)
    }

    /// Deletes every member of a key, as [`TraceState::delete`] does.
    pub fn delete(&mut self, key: impl AsRef<[u8]>) -> Result<&mut Self, TraceStateError> {
        grammar::check_key(key.as_ref())?;
        self.keep_others(Room::UNLIMITED, key.as_ref());
        Ok(self)
    }

    /// Truncates the list to a limit of at least 512 bytes, as [`TraceState::truncate`] does.
    pub fn truncate(&mut self, limit: usize) -> Result<&mut Self, TraceStateError> {
        let mut lengths = TraceState { value: self.buffer.written() }.lengths_within(limit)?.into_iter();
        self.buffer.keep_shared(&mut |_| lengths.next().is_some_and(|length| length > 0));
        Ok(self)
    }

    /// Keeps the members with another key, as far as there is room.
    fn keep_others(&mut self, mut room: Room, key: &[u8]) {
        self.buffer.keep(|member| room.takes(member, key));
    }

    /// Returns the finished list.
    pub fn finish(self) -> TraceState<'b> {
        TraceState { value: self.buffer.finish() }
    }
}

fn too_small(buffer: &SliceWriter<'_>) -> TraceStateError {
    TraceStateError::new(Rule::BufferTooSmall, buffer.capacity())
}
