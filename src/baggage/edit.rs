//! Applies several changes to a `baggage` in one buffer.

use super::change::{check_token, write_pair_shared};
use super::{Baggage, BaggageBuilder, BaggageMember, percent};
use crate::comma_list;
use crate::error::{BaggageError, BaggageRule as Rule};
use crate::slice_writer::SliceWriter;

impl<'b> BaggageBuilder<'b> {
    /// Starts with all well-formed members of a list, byte for byte, whatever their number (C5).
    ///
    /// ```
    /// # let (baggage, mut buffer) = (tracebaton::Baggage::parse(b"tenant=7;ttl=30, region=eu")?, [0; 64]);
    /// let mut builder = tracebaton::BaggageBuilder::from_baggage(&baggage, &mut buffer)?;
    /// builder.set("tenant", "8")?.remove("region")?.add("user", "am\u{e9}lie")?;
    /// assert_eq!(builder.finish().as_bytes(), b"tenant=8,user=am%C3%A9lie");
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub fn from_baggage(baggage: &Baggage<'_>, buffer: &'b mut [u8]) -> Result<Self, BaggageError> {
        let mut builder = Self::new(buffer);
        for member in baggage.all_members() {
            builder.push_copy(&member)?;
        }
        builder.ends_with_added = false;
        Ok(builder)
    }

    /// Starts with the list in the first `length` bytes of the buffer, to change it in place.
    ///
    /// Malformed members stay until the first [`set`](Self::set) or [`remove`](Self::remove).
    ///
    /// ```
    /// let mut buffer = *b"tenant=7,region=eu......";
    /// let mut builder = tracebaton::BaggageBuilder::in_place(&mut buffer, 18)?;
    /// builder.set("tenant", "8")?;
    /// assert_eq!(builder.finish().as_bytes(), b"region=eu,tenant=8");
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    #[inline(never)]
    pub fn in_place(buffer: &'b mut [u8], length: usize) -> Result<Self, BaggageError> {
        if length > buffer.len() {
            return Err(BaggageError::new(Rule::BufferTooSmall, buffer.len()));
        }
        let buffer = SliceWriter::resume(buffer, length);
        let members = Baggage::parse(buffer.written())?.all_members().count();
        Ok(Self { buffer, members, ends_with_added: false })
    }

    /// Sets the value of a key, as [`Baggage::set`] does.
    ///
    /// Every member with this key is removed, and the new member is added at the end. In a list with more than 64
    /// members it is added at place 64.
    pub fn set(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<&mut Self, BaggageError> {
        let (key, value) = (key.as_ref(), value.as_ref());
        check_token(key)?;
        let (count, length) = self.others(key);
        if count == self.members && count >= Baggage::MAX_MEMBERS {
            return Err(BaggageError::new(Rule::TooManyMembers, length));
        }
        let added = percent::encoded_length(value).saturating_add(key.len() + 1 + usize::from(count > 0));
        let (after, capacity) = (length.saturating_add(added), self.buffer.capacity());
        if after > capacity.min(Baggage::MAX_LENGTH) {
            return Err(match capacity {
                Baggage::MAX_LENGTH.. => BaggageError::new(Rule::TooLong, Baggage::MAX_LENGTH),
                _ => BaggageError::new(Rule::BufferTooSmall, capacity),
            });
        }
        self.keep_others(key);
        let end = match count {
            Baggage::MAX_MEMBERS.. => self.end_of_member(Baggage::MAX_MEMBERS - 1),
            _ => self.buffer.len(),
        };
        let comma = b",".get(..usize::from(count > 0)).unwrap_or_default();
        self.ends_with_added = end == self.buffer.len();
        self.members = self.members.saturating_add(1);
        let mut gap = self.buffer.open(end, added);
        // There is room for all of it.
        let _ = gap.push(comma).and_then(|()| write_pair_shared(key, value, &mut gap));
        Ok(self)
    }

    /// Removes every member with this key, as [`Baggage::remove`] does.
    pub fn remove(&mut self, key: impl AsRef<[u8]>) -> Result<&mut Self, BaggageError> {
        check_token(key.as_ref())?;
        self.keep_others(key.as_ref());
        Ok(self)
    }

    /// Number of well-formed members with another key, and the length of the list that they form.
    fn others(&self, key: &[u8]) -> (usize, usize) {
        let list = Baggage::from_validated(self.buffer.written());
        let others = list.all_members().filter(|member| member.key() != key);
        let (count, length) =
            others.fold((0, 0), |(count, length), member| (count + 1, length + member.as_bytes().len() + 1));
        (count, length.saturating_sub(1))
    }

    fn keep_others(&mut self, key: &[u8]) {
        let mut members = 0;
        self.buffer.keep(&mut |member| {
            let is_other = BaggageMember::parse(member).is_some_and(|member| member.key() != key);
            members += usize::from(is_other);
            is_other
        });
        self.members = members;
        self.ends_with_added = false;
    }

    /// The offset at which the first `count` members end.
    fn end_of_member(&self, count: usize) -> usize {
        let list = self.buffer.written();
        (0..count).fold(0, |end, _| comma_list::member_at(list, end).map_or(end, |(_, end)| end))
    }
}
