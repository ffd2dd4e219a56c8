//! Writes and changes `baggage` values.

use super::member::{BaggageMember, is_token};
use super::{Baggage, percent};
use crate::error::{BaggageError, BaggageRule as Rule};
use crate::slice_writer::{Full, SliceWriter};

/// Builds or changes a `baggage` value in a buffer ([C5]; W3C Baggage 3.3).
///
/// Values are percent-encoded where the grammar requires it, and nowhere else. A call that returns an error changes
/// nothing. [`from_baggage`](Self::from_baggage) starts with a received list, to apply several changes in one buffer.
///
/// ```
/// let mut buffer = [0; 64];
/// let mut builder = tracebaton::BaggageBuilder::new(&mut buffer);
/// builder.add("user", "Amélie")?.add_property("ttl", Some("30"))?.add("region", "eu")?;
/// assert_eq!(builder.finish().as_bytes(), b"user=Am%C3%A9lie;ttl=30,region=eu");
/// # Ok::<(), tracebaton::BaggageError>(())
/// ```
#[doc = include_str!("../guides/rules.md")]
#[derive(Debug)]
pub struct BaggageBuilder<'b> {
    pub(super) buffer: SliceWriter<'b>,
    /// Number of well-formed members.
    pub(super) members: usize,
    /// Whether a property can follow, which needs a member that was added last.
    pub(super) ends_with_added: bool,
}

impl<'b> BaggageBuilder<'b> {
    /// Starts with an empty list. A buffer of [`Baggage::MAX_LENGTH`] bytes is large enough for every list.
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer: SliceWriter::new(buffer), members: 0, ends_with_added: false }
    }

    /// Adds a member at the end. The key must be a token (RFC 9110 5.6.2); the value may be any text.
    pub fn add(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<&mut Self, BaggageError> {
        let (key, value) = (key.as_ref(), value.as_ref());
        check_token(key)?;
        self.check_count()?;
        self.push_member(|buffer| write_pair(key, value, buffer))
    }

    /// Adds a property to the member that was added last. The key must be a token; the value may be any text or
    /// absent.
    pub fn add_property(
        &mut self,
        key: impl AsRef<[u8]>,
        value: Option<&str>,
    ) -> Result<&mut Self, BaggageError> {
        self.add_property_bytes(key.as_ref(), value.map(str::as_bytes))
    }

    /// [`add_property`](Self::add_property) for a value that is not necessarily UTF-8.
    pub fn add_property_bytes(
        &mut self,
        key: &[u8],
        value: Option<&[u8]>,
    ) -> Result<&mut Self, BaggageError> {
        if !self.ends_with_added {
            return Err(BaggageError::new(Rule::NoMember, 0));
        }
        check_token(key)?;
        self.all_or_nothing(|buffer| {
            buffer.push(b";")?;
            buffer.push(key)?;
            let Some(value) = value else { return Ok(()) };
            buffer.push(b"=")?;
            percent::encode(value, buffer)
        })
    }

    /// Adds a member of another list at the end, byte for byte, with its properties.
    /// ```
    /// # let (baggage, mut buffer) = (tracebaton::Baggage::parse(b"user=Am%C3%A9lie;ttl=30, region=eu")?, [0; 64]);
    /// let mut builder = tracebaton::BaggageBuilder::new(&mut buffer);
    /// builder.copy(&baggage.get("user").unwrap())?.add_property_bytes(b"seen", Some(b"\xff"))?;
    /// assert_eq!(builder.finish().as_bytes(), b"user=Am%C3%A9lie;ttl=30;seen=%FF");
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub fn copy(&mut self, member: &BaggageMember<'_>) -> Result<&mut Self, BaggageError> {
        self.check_count()?;
        self.push_copy(member)
    }

    /// Returns the finished list.
    pub fn finish(self) -> Baggage<'b> {
        Baggage::from_validated(self.buffer.finish())
    }

    /// Refuses a 65th member.
    fn check_count(&self) -> Result<(), BaggageError> {
        if self.members < Baggage::MAX_MEMBERS {
            return Ok(());
        }
        Err(BaggageError::new(Rule::TooManyMembers, self.buffer.len()))
    }

    /// [`copy`](Self::copy), whatever the number of members.
    #[inline(never)]
    pub(super) fn push_copy(&mut self, member: &BaggageMember<'_>) -> Result<&mut Self, BaggageError> {
        self.push_member(|buffer| buffer.push(member.as_bytes()))
    }

    /// Adds a member at the end, whatever the number of members.
    pub(super) fn push_member(
        &mut self,
        write: impl FnOnce(&mut SliceWriter<'b>) -> Result<(), Full>,
    ) -> Result<&mut Self, BaggageError> {
        let comma: &[u8] = if self.buffer.len() == 0 { b"" } else { b"," };
        self.all_or_nothing(|buffer| {
            buffer.push(comma)?;
            write(buffer)
        })?;
        self.members = self.members.saturating_add(1);
        self.ends_with_added = true;
        Ok(self)
    }

    fn all_or_nothing(
        &mut self,
        write: impl FnOnce(&mut SliceWriter<'b>) -> Result<(), Full>,
    ) -> Result<&mut Self, BaggageError> {
        let before = self.buffer.len();
        let error = match write(&mut self.buffer) {
            Ok(()) if self.buffer.len() <= Baggage::MAX_LENGTH => return Ok(self),
            Ok(()) => BaggageError::new(Rule::TooLong, Baggage::MAX_LENGTH),
            Err(Full) if self.buffer.capacity() >= Baggage::MAX_LENGTH => {
                BaggageError::new(Rule::TooLong, Baggage::MAX_LENGTH)
            }
            Err(Full) => BaggageError::new(Rule::BufferTooSmall, self.buffer.capacity()),
        };
        self.buffer.truncate(before);
        Err(error)
    }
}

impl Baggage<'_> {
    /// Sets the value of a key in a copy of the list ([C5]).
    ///
    /// Every member with this key is removed, and the new member is added at the end. In a list with more than 64
    /// members it is added at place 64, so that readers find it. All other well-formed members are kept byte for
    /// byte. Malformed members are dropped. Returns an error if the key is new and the list already has 64 members.
    ///
    /// A buffer of `self.as_bytes().len() + key.len() + 3 * value.len() + 2` bytes is large enough; percent-encoding makes
    /// three bytes of one.
    ///
    /// ```
    /// # let mut buffer = [0; 64];
    /// let baggage = tracebaton::Baggage::parse(b"tenant=7;ttl=30, region=eu")?;
    /// assert_eq!(baggage.set("tenant", "8", &mut buffer)?.as_bytes(), b"region=eu,tenant=8");
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    #[doc = include_str!("../guides/rules.md")]
    pub fn set<'b>(
        &self,
        key: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
        buffer: &'b mut [u8],
    ) -> Result<Baggage<'b>, BaggageError> {
        self.set_bytes(key.as_ref(), value.as_ref(), buffer)
    }

    /// [`set`](Self::set) compiled once, and with the options of this crate.
    fn set_bytes<'b>(
        &self,
        key: &[u8],
        value: &[u8],
        buffer: &'b mut [u8],
    ) -> Result<Baggage<'b>, BaggageError> {
        check_token(key)?;
        self.check_room_for(key)?;
        let mut builder = BaggageBuilder::new(buffer);
        let mut others = self.members_without(key);
        for member in others.by_ref().take(Baggage::MAX_MEMBERS - 1) {
            builder.push_copy(&member)?;
        }
        builder.push_member(|buffer| write_pair_shared(key, value, buffer))?;
        for member in others {
            builder.push_copy(&member)?;
        }
        Ok(builder.finish())
    }

    /// Removes every member with this key in a copy of the list ([C5]).
    ///
    /// All other well-formed members are kept byte for byte, whatever their number. Malformed members are dropped. A buffer
    /// as long as the list is large enough.
    ///
    /// ```
    /// # let mut buffer = [0; 64];
    /// let baggage = tracebaton::Baggage::parse(b"tenant=7;ttl=30, region=eu")?;
    /// assert_eq!(baggage.remove("tenant", &mut buffer)?.as_bytes(), b"region=eu");
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    #[doc = include_str!("../guides/rules.md")]
    pub fn remove<'b>(
        &self,
        key: impl AsRef<[u8]>,
        buffer: &'b mut [u8],
    ) -> Result<Baggage<'b>, BaggageError> {
        self.remove_bytes(key.as_ref(), buffer)
    }

    fn remove_bytes<'b>(&self, key: &[u8], buffer: &'b mut [u8]) -> Result<Baggage<'b>, BaggageError> {
        check_token(key)?;
        let mut builder = BaggageBuilder::new(buffer);
        for member in self.members_without(key) {
            builder.push_copy(&member)?;
        }
        Ok(builder.finish())
    }

    fn members_without(&self, key: &[u8]) -> impl Iterator<Item = BaggageMember<'_>> {
        self.all_members().filter(move |member| member.key() != key)
    }

    /// Refuses a key that the list does not have if it would be a 65th member.
    fn check_room_for(&self, key: &[u8]) -> Result<(), BaggageError> {
        let (mut count, mut length) = (0, 0);
        for member in self.all_members() {
            if member.key() == key {
                return Ok(());
            }
            count += 1;
            length += member.as_bytes().len() + 1;
        }
        if count < Baggage::MAX_MEMBERS {
            return Ok(());
        }
        Err(BaggageError::new(Rule::TooManyMembers, length.saturating_sub(1)))
    }
}

#[inline(always)]
fn write_pair(key: &[u8], value: &[u8], buffer: &mut SliceWriter<'_>) -> Result<(), Full> {
    buffer.push(key)?;
    buffer.push(b"=")?;
    percent::encode(value, buffer)
}

/// [`write_pair`] in one copy, for changes of a list.
#[inline(never)]
pub(super) fn write_pair_shared(key: &[u8], value: &[u8], buffer: &mut SliceWriter<'_>) -> Result<(), Full> {
    write_pair(key, value, buffer)
}

#[inline(always)]
pub(super) fn check_token(key: &[u8]) -> Result<(), BaggageError> {
    if is_token(key) { Ok(()) } else { Err(token_error(key)) }
}

#[cold]
#[inline(never)]
fn token_error(key: &[u8]) -> BaggageError {
    BaggageError::new(Rule::Key, percent::count(percent::TOKEN, key))
}
