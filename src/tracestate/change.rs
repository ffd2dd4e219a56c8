//! Changes a copy of a `tracestate` (C3, C4).

use super::kept::{Kept, check_member};
use super::{TraceState, grammar};
use crate::error::TraceStateError;

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
        let kept = Kept::after(check_member(key, value)?, self.value, key);
        kept.copy(self.value, Some((key, value)), buffer)
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
        let first = check_member(key, value)?;
        let kept = Kept::after_within(first, buffer.len(), self.value, key);
        kept.copy(self.value, Some((key, value)), buffer)
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
        Kept::others(self.value, key).copy(self.value, None, buffer)
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
        Kept::within(limit, self.value)?.copy(self.value, None, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TraceStateBuilder;
    use crate::error::TraceStateRule as Rule;
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

    /// Any bytes are safe. Of a list that is not valid, as many parts are kept as there is room for.
    #[test]
    fn a_list_that_is_longer_than_a_valid_one_loses_its_end() {
        let mut buffer = std::vec![0; 80_000];
        for (list, kept) in [("a=1 ,".repeat(40), 32), (format!("a=1 ,b={} ,c=3", "x".repeat(70_000)), 1)] {
            let state = TraceState::from_validated(list.as_bytes());
            assert_eq!(state.delete("key", &mut buffer).unwrap().len(), kept);
        }
    }
}
