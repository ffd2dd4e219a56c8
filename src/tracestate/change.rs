//! Changes a copy of a `tracestate` (C3, C4).

use super::{TraceState, grammar, split};
use crate::comma_list::Members;
use crate::error::{TraceStateError, TraceStateRule as Rule};
use crate::slice_writer::{Full, SliceWriter};

impl<'a> TraceState<'a> {
    /// Adds or updates a member in a copy of the list ([C3]; W3C Trace Context Level 2, 3.5).
    ///
    /// The member becomes the left-most, and every older member with its key is removed. The others keep their order
    /// and bytes. The right-most members are dropped if the list would have more than 32 members or 8192 bytes.
    /// Returns an error if the key or the value is invalid, with the offset in that key or value.
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub fn insert<'b>(
        &self,
        key: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        let (key, value) = (key.as_ref(), value.as_ref());
        grammar::check_key(key)?;
        grammar::check_value(value)?;
        let mut list = List::new(buffer);
        list.push(&[key, b"=", value])?;
        for member in self.raw_members_without(key) {
            if !list.has_room_for(member.len()) {
                break;
            }
            list.push(&[member])?;
        }
        Ok(list.finish())
    }

    /// Deletes every member of this key in a copy of the list ([C3]).
    ///
    /// ```
    /// # let mut buffer = [0; 512];
    /// let state = tracebaton::TraceState::parse(b"rojo=1, congo=2, rojo=3")?;
    /// assert_eq!(state.delete("rojo", &mut buffer)?.as_bytes(), b"congo=2");
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    #[doc = include_str!("../guides/rules.md")]
    pub fn delete<'b>(
        &self,
        key: impl AsRef<[u8]>,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        let key = key.as_ref();
        grammar::check_key(key)?;
        let mut list = List::new(buffer);
        for member in self.raw_members_without(key) {
            list.push(&[member])?;
        }
        Ok(list.finish())
    }

    /// Truncates a copy of the list to a limit of at least 512 bytes, by whole members ([C4]; 3.3.3.1).
    ///
    /// Members longer than 128 bytes are dropped first, from the right, until the list fits. Then the right-most
    /// members are dropped.
    ///
    /// ```
    /// # let (value, mut buffer) = ("x".repeat(256), [0; 512]);
    /// let list = format!("a=1,b={value},c=3,d={value},e=5"); // each value of 256 bytes
    /// let state = tracebaton::TraceState::parse(list.as_bytes())?.truncate(512, &mut buffer)?;
    /// assert_eq!((state.len(), state.get("d")), (4, None));
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    #[doc = include_str!("../guides/rules.md")]
    pub fn truncate<'b>(
        &self,
        limit: usize,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        let lengths = self.lengths_within(limit)?;
        let mut list = List::new(buffer);
        for (member, length) in Members::of(self.value).zip(lengths) {
            if length > 0 {
                list.push(&[member])?;
            }
        }
        Ok(list.finish())
    }

    /// The lengths of the members, with 0 for each member that must be dropped for the list to fit into the limit
    /// (C4).
    pub(super) fn lengths_within(
        &self,
        limit: usize,
    ) -> Result<[usize; grammar::MAX_MEMBERS], TraceStateError> {
        if limit < Self::MIN_PROPAGATED {
            return Err(TraceStateError::new(Rule::LimitTooSmall, limit));
        }
        let mut lengths = [0; Self::MAX_MEMBERS];
        for (length, member) in lengths.iter_mut().zip(Members::of(self.value)) {
            *length = member.len();
        }
        keep_within(limit, &mut lengths);
        Ok(lengths)
    }

    fn raw_members_without(&self, key: &[u8]) -> impl Iterator<Item = &'a [u8]> {
        Members::of(self.value).filter(move |member| split(member).key != key)
    }
}

/// Sets the lengths of the members to drop to 0 (C4).
#[inline(never)]
fn keep_within(limit: usize, lengths: &mut [usize]) {
    let count = lengths.iter().filter(|length| **length > 0).count();
    let mut total = lengths.iter().sum::<usize>() + count.saturating_sub(1);
    for longer_than in [TraceState::LONG_MEMBER, 0] {
        for length in lengths.iter_mut().rev() {
            if total > limit && *length > longer_than {
                total = total.saturating_sub(*length + 1);
                *length = 0;
            }
        }
    }
}

/// A list under construction, which grows to the right.
struct List<'b> {
    buffer: SliceWriter<'b>,
    members: usize,
}

impl<'b> List<'b> {
    fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer: SliceWriter::new(buffer), members: 0 }
    }

    fn has_room_for(&self, length: usize) -> bool {
        self.members < TraceState::MAX_MEMBERS && self.buffer.len() + 1 + length <= TraceState::MAX_LENGTH
    }

    fn push(&mut self, parts: &[&[u8]]) -> Result<(), TraceStateError> {
        let comma: &[u8] = if self.members == 0 { b"" } else { b"," };
        for part in [comma].iter().chain(parts) {
            self.buffer
                .push(part)
                .map_err(|Full| TraceStateError::new(Rule::BufferTooSmall, self.buffer.capacity()))?;
        }
        self.members += 1;
        Ok(())
    }

    fn finish(self) -> TraceState<'b> {
        TraceState { value: self.buffer.finish() }
    }
}
