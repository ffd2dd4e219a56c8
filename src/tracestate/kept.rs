//! Which members of a `tracestate` a change keeps (C3, C4).

use super::{TraceState, grammar};
use crate::comma_list;
use crate::error::{TraceStateError, TraceStateRule as Rule};
use crate::slice_writer::{Full, SliceWriter};
use core::ops::Range;

/// The parts of a list that a change keeps, from left to right.
///
/// A part is a member, or a run of members with one comma between neighbours, which are copied together. Offsets have 16
/// bits: what follows in a longer list, which is not valid, is not kept.
pub(super) struct Kept {
    parts: [(u16, u16); TraceState::MAX_MEMBERS],
    /// Length of the list that the parts form, in bytes, with one more comma.
    length: usize,
}

/// The room for other members: a count of members and a count of bytes, with a comma for each.
struct Room {
    members: usize,
    bytes: usize,
}

impl Kept {
    /// All members with another key.
    pub(super) fn others(list: &[u8], key: &[u8]) -> Self {
        Self::select(list, key, Room { members: usize::MAX, bytes: usize::MAX }, true)
    }

    /// The members with another key that fit behind a first member of this length. After the first that does not fit, no
    /// other does.
    pub(super) fn after(first: usize, list: &[u8], key: &[u8]) -> Self {
        let room = Room {
            members: TraceState::MAX_MEMBERS - 1,
            bytes: TraceState::MAX_LENGTH.saturating_sub(first),
        };
        Self::select(list, key, room, true)
    }

    /// [`after`](Self::after) for a small buffer: drops as many as it takes for the list to fit (C4).
    #[inline(never)]
    pub(super) fn after_within(first: usize, capacity: usize, list: &[u8], key: &[u8]) -> Self {
        let room = Room { members: TraceState::MAX_MEMBERS - 1, bytes: usize::MAX };
        let mut kept = Self::select(list, key, room, false);
        // A comma follows the new member.
        kept.truncate(capacity.min(TraceState::MAX_LENGTH).saturating_sub(first + 1));
        kept
    }

    /// The members that fit into a limit (C4).
    #[inline(never)]
    pub(super) fn within(limit: usize, list: &[u8]) -> Result<Self, TraceStateError> {
        if limit < TraceState::MIN_PROPAGATED {
            return Err(TraceStateError::new(Rule::LimitTooSmall, limit));
        }
        // No member has an empty key.
        let mut kept = Self::select(list, b"", Room { members: usize::MAX, bytes: usize::MAX }, false);
        kept.truncate(limit);
        Ok(kept)
    }

    /// The members with another key, as far as there is room: as runs, or each as a part of its own.
    #[inline(never)]
    fn select(list: &[u8], key: &[u8], mut room: Room, as_runs: bool) -> Self {
        let mut kept = Self { parts: [(0, 0); TraceState::MAX_MEMBERS], length: 0 };
        let mut places = kept.parts.iter_mut();
        let mut keep = |part: Range<usize>| {
            if let (false, Ok(start), Ok(end)) =
                (part.is_empty(), u16::try_from(part.start), u16::try_from(part.end))
                && let Some(place) = places.next()
            {
                *place = (start, end);
                kept.length += part.len() + 1;
            }
        };
        let (mut run, mut read) = (0..0, 0);
        while let Some((start, end)) = comma_list::member_at(list, read) {
            read = end;
            if list.get(start..end).is_some_and(|member| has_key(member, key)) {
                continue;
            }
            let (Some(members), Some(bytes)) =
                (room.members.checked_sub(1), room.bytes.checked_sub(end - start + 1))
            else {
                break;
            };
            room = Room { members, bytes };
            if !as_runs || start != run.end + 1 || run.is_empty() {
                keep(core::mem::replace(&mut run, start..end));
            }
            run.end = end;
        }
        keep(run);
        kept
    }

    /// Drops members for the list to fit into a limit: first those that are long, from the right, then the right-most.
    fn truncate(&mut self, limit: usize) {
        for longer_than in [TraceState::LONG_MEMBER, 0] {
            for part in self.parts.iter_mut().rev() {
                let length = usize::from(part.1.saturating_sub(part.0));
                if self.length.saturating_sub(1) > limit && length > longer_than {
                    self.length = self.length.saturating_sub(length + 1);
                    *part = (0, 0);
                }
            }
        }
    }

    /// The parts that are not empty.
    pub(super) fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        let parts = self.parts.iter().map(|(start, end)| usize::from(*start)..usize::from(*end));
        parts.filter(|part| !part.is_empty())
    }

    /// Length of the list that the parts form, in bytes.
    pub(super) const fn length(&self) -> usize {
        self.length.saturating_sub(1)
    }

    /// Writes the list of these parts to a buffer, after a member at the left if there is one.
    #[inline(never)]
    pub(super) fn copy<'b>(
        &self,
        list: &[u8],
        member: Option<(&[u8], &[u8])>,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        let mut copy = SliceWriter::new(buffer);
        match self.push_to(&mut copy, list, member) {
            Ok(()) => Ok(TraceState { value: copy.finish() }),
            Err(Full) => Err(TraceStateError::new(Rule::BufferTooSmall, copy.capacity())),
        }
    }

    #[inline(always)]
    fn push_to(
        &self,
        copy: &mut SliceWriter<'_>,
        list: &[u8],
        member: Option<(&[u8], &[u8])>,
    ) -> Result<(), Full> {
        if let Some((key, value)) = member {
            copy.push(key)?;
            copy.push(b"=")?;
            copy.push(value)?;
        }
        for run in self.runs() {
            if copy.len() > 0 {
                copy.push(b",")?;
            }
            copy.push(list.get(run).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// Whether a member of a valid list has this key. Of keys of one length, few end with the same byte.
#[inline(always)]
fn has_key(member: &[u8], key: &[u8]) -> bool {
    member.get(key.len()) == Some(&b'=')
        && key.last() == member.get(key.len().wrapping_sub(1))
        && member.starts_with(key)
}

/// Checks a member before it is written. Returns its length.
#[inline(never)]
pub(super) fn check_member(key: &[u8], value: &[u8]) -> Result<usize, TraceStateError> {
    grammar::check_key(key)?;
    grammar::check_value(value)?;
    Ok(key.len() + 1 + value.len())
}
