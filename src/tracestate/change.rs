//! Changes a copy of a `tracestate` (C3, C4).

use super::{TraceState, grammar};
use crate::comma_list::{self, Members};
use crate::error::{TraceStateError, TraceStateRule as Rule};
use crate::slice_writer::{Full, SliceWriter};
use core::ops::Range;

impl<'a> TraceState<'a> {
    /// Adds or updates a member in a copy of the list ([C3]; W3C Trace Context Level 2, 3.5).
    ///
    /// The member becomes the left-most, and every older member with its key is removed. The others keep their order
    /// and bytes. The right-most members are dropped if the list would have more than 32 members or 8192 bytes.
    /// Returns an error if the key or the value is invalid, with the offset in that key or value.
    ///
    /// A buffer of `self.as_bytes().len() + key.len() + value.len() + 2` bytes is large enough.
    /// [`insert_within`](Self::insert_within) fits the list into a smaller one.
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
        let room = Room::after(list.buffer.len());
        list.push_others(self.value, room, key)
    }

    /// [`insert`](Self::insert) for a small buffer: drops as many other members as it takes for the list to fit.
    ///
    /// Members longer than 128 bytes are dropped first, from the right, and then the right-most members, as
    /// [`truncate`](Self::truncate) does ([C4]). Returns an error only if the key or the value is invalid, or if the new
    /// member alone does not fit. W3C asks for 512 bytes or more to be propagated (3.3.3.1).
    ///
    /// ```
    /// # let mut buffer = [0; 16];
    /// let state = tracebaton::TraceState::parse(b"rojo=1,congo=2,azul=3")?;
    /// assert_eq!(state.insert_within("verde", "4", &mut buffer)?.as_bytes(), b"verde=4,rojo=1");
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    #[doc = include_str!("../guides/rules.md")]
    pub fn insert_within<'b>(
        &self,
        key: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        let (key, value) = (key.as_ref(), value.as_ref());
        grammar::check_key(key)?;
        grammar::check_value(value)?;
        let room = buffer.len().min(Self::MAX_LENGTH);
        let mut list = List::new(buffer);
        list.push(&[key, b"=", value])?;
        // A comma follows the new member.
        let others = others_within(room.saturating_sub(list.buffer.len() + 1), self.value, key);
        list.push_wanted(self.value, others)?;
        Ok(list.finish())
    }

    /// Deletes every member of this key in a copy of the list ([C3]). A buffer as long as the list is large enough.
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
        List::new(buffer).push_others(self.value, Room::UNLIMITED, key)
    }

    /// Truncates a copy of the list to a limit of at least 512 bytes, by whole members ([C4]; 3.3.3.1).
    ///
    /// Members longer than 128 bytes are dropped first, from the right, until the list fits. Then the right-most
    /// members are dropped. A buffer of `limit` bytes is large enough.
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
        let mut lengths = self.lengths_within(limit)?.into_iter();
        let mut list = List::new(buffer);
        list.push_wanted(self.value, |_| lengths.next().is_some_and(|length| length > 0))?;
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
}

/// Whether a member of a valid list has this key. Of keys of one length, few end with the same byte.
#[inline]
fn has_key(member: &[u8], key: &[u8]) -> bool {
    member.get(key.len()) == Some(&b'=')
        && key.last() == member.get(key.len().wrapping_sub(1))
        && member.starts_with(key)
}

/// The room that is left after the first member: a count of members and a count of bytes.
pub(super) struct Room {
    members: usize,
    bytes: usize,
}

impl Room {
    /// Room for every list.
    pub(super) const UNLIMITED: Self = Self { members: usize::MAX, bytes: usize::MAX };

    pub(super) fn after(first: usize) -> Self {
        Self { members: TraceState::MAX_MEMBERS - 1, bytes: TraceState::MAX_LENGTH.saturating_sub(first) }
    }

    /// Whether a member with another key still fits. After the first member that does not fit, no other member does.
    #[inline]
    pub(super) fn takes(&mut self, member: &[u8], key: &[u8]) -> bool {
        if has_key(member, key) {
            return false;
        }
        match (self.members.checked_sub(1), self.bytes.checked_sub(member.len() + 1)) {
            (Some(members), Some(bytes)) => {
                *self = Self { members, bytes };
                true
            }
            _ => {
                *self = Self { members: 0, bytes: 0 };
                false
            }
        }
    }
}

/// Which members of a list to keep so that those with other keys fit into a limit (C4). Called once for each, from the left.
pub(super) fn others_within<'k>(
    limit: usize,
    list: &[u8],
    key: &'k [u8],
) -> impl FnMut(&[u8]) -> bool + use<'k> {
    let mut lengths = [0; TraceState::MAX_MEMBERS - 1];
    let others = Members::of(list).filter(|member| !has_key(member, key));
    for (length, member) in lengths.iter_mut().zip(others) {
        *length = member.len();
    }
    keep_within(limit, &mut lengths);
    let mut lengths = lengths.into_iter();
    move |member| !has_key(member, key) && lengths.next().is_some_and(|length| length > 0)
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
}

impl<'b> List<'b> {
    fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer: SliceWriter::new(buffer) }
    }

    /// Adds the wanted members of a list. Neighbours that one comma separates are copied together.
    fn push_wanted(
        &mut self,
        list: &[u8],
        mut is_wanted: impl FnMut(&[u8]) -> bool,
    ) -> Result<(), TraceStateError> {
        let (mut run, mut read) = (0..0, 0);
        while let Some((start, end)) = comma_list::member_at(list, read) {
            read = end;
            if !list.get(start..end).is_some_and(&mut is_wanted) {
                continue;
            }
            if start != run.end + 1 || run.is_empty() {
                self.push_run(list, run)?;
                run = start..end;
            }
            run.end = end;
        }
        self.push_run(list, run)
    }

    /// Adds the members with another key, as far as there is room, and returns the list.
    #[inline(always)]
    fn push_others(
        mut self,
        list: &[u8],
        mut room: Room,
        key: &[u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        self.push_wanted(list, |member| room.takes(member, key))?;
        Ok(self.finish())
    }

    fn push_run(&mut self, list: &[u8], run: Range<usize>) -> Result<(), TraceStateError> {
        match list.get(run) {
            Some(members) if !members.is_empty() => self.push(&[members]),
            _ => Ok(()),
        }
    }

    fn push(&mut self, parts: &[&[u8]]) -> Result<(), TraceStateError> {
        let comma: &[u8] = if self.buffer.len() == 0 { b"" } else { b"," };
        for part in [comma].iter().chain(parts) {
            self.buffer
                .push(part)
                .map_err(|Full| TraceStateError::new(Rule::BufferTooSmall, self.buffer.capacity()))?;
        }
        Ok(())
    }

    fn finish(self) -> TraceState<'b> {
        TraceState { value: self.buffer.finish() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TraceStateBuilder;
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    /// For each size of the buffer: what fits, in C4's sequence, with the new member always first.
    #[test]
    fn an_insertion_fits_into_any_buffer_that_has_room_for_the_member() {
        let long = "x".repeat(130);
        let list = format!("a=1,b={long},new=old,c=3,d={long},e=5");
        let state = TraceState::parse(list.as_bytes()).unwrap();
        for (size, members) in [
            (list.len() + 7, "a b c d e"),
            (list.len() - 2, "a b c d e"),
            (list.len() - 3, "a b c e"),
            (150, "a b c e"),
            (149, "a c e"),
            (21, "a c e"),
            (20, "a c e"),
            (17, "a c e"),
            (16, "a c"),
            (9, "a"),
            (8, ""),
            (5, ""),
        ] {
            let mut buffer = std::vec![0; size];
            let inserted = state.insert_within("new", "v", &mut buffer).unwrap();
            let keys = Vec::from_iter(inserted.members().map(|member| String::from_utf8_lossy(member.key)));
            assert_eq!(keys.join(" "), format!("new {members}").trim(), "{size}");
        }
        let error = state.insert_within("new", "v", &mut [0; 4]).unwrap_err();
        assert_eq!((error.rule, error.offset), (Rule::BufferTooSmall, 4));
        let mut buffer = *b"a=1,";
        let mut builder = TraceStateBuilder::in_place(&mut buffer, 3).unwrap();
        let error = builder.insert_within("new", "v").unwrap_err();
        assert_eq!((error.rule, error.offset), (Rule::BufferTooSmall, 4));
        assert_eq!(builder.finish().as_bytes(), b"a=1");
    }

    #[test]
    fn the_stated_size_of_a_buffer_is_enough_and_no_more_than_needed() {
        let full = Vec::from_iter((0..32).map(|place| format!("k{place}=v"))).join(",");
        for list in ["", "a=1", "a=1,b=2", &full] {
            let state = TraceState::parse(list.as_bytes()).unwrap();
            let mut buffer = std::vec![0; list.len() + "new".len() + "v".len() + 2];
            assert!(state.insert("new", "v", &mut buffer).is_ok(), "{list}");
            if list.len() == 3 {
                buffer.pop();
                assert!(state.insert("new", "v", &mut buffer).is_err());
            }
        }
    }
}
