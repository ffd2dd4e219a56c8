//! The `tracestate` header: one member for each vendor (W3C Trace Context Level 2, 3.3).

mod blocks;
mod builder;
mod grammar;
mod scan;

use crate::arch;
use crate::comma_list::{self, Members};
use crate::error::{TraceStateError, TraceStateRule as Rule};
use crate::slice_writer::{Full, SliceWriter};
use crate::text::{Quoted, ascii};
pub use builder::TraceStateBuilder;
use core::fmt;

/// The value of a `tracestate` header, valid and borrowed (W3C Trace Context Level 2, 3.3; [R7]).
///
/// ```
/// let state = tracebaton::TraceState::parse(b"rojo=00f067aa0ba902b7, congo=t61rcWkgMzE")?;
/// assert_eq!(state.get("congo"), Some(&b"t61rcWkgMzE"[..]));
///
/// let mut buffer = [0; tracebaton::TraceState::MAX_LENGTH];
/// let state = state.insert("congo", "ucfJifl5GOE", &mut buffer)?;
/// assert_eq!(state.as_bytes(), b"congo=ucfJifl5GOE,rojo=00f067aa0ba902b7");
/// # Ok::<(), tracebaton::TraceStateError>(())
/// ```
#[doc = include_str!("../guides/rules.md")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TraceState<'a> {
    value: &'a [u8],
}

/// One member of a `tracestate`: the key of a vendor and its value.
///
/// ```
/// let state = tracebaton::TraceState::parse(b"rojo=00f067aa0ba902b7")?;
/// let member = state.iter().next().unwrap();
/// assert_eq!((member.key_str(), member.value_str()), ("rojo", "00f067aa0ba902b7"));
/// # Ok::<(), tracebaton::TraceStateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TraceStateMember<'a> {
    /// The key: `a-z 0-9 _ - * / @`, 1 to 256 bytes (3.3.2.2.1).
    pub key: &'a [u8],
    /// The value: printable ASCII without `,` and `=`, 1 to 256 bytes, leading spaces included (3.3.2.2.2).
    pub value: &'a [u8],
}

impl<'a> TraceStateMember<'a> {
    /// The key as text.
    pub fn key_str(&self) -> &'a str {
        ascii(self.key)
    }

    /// The value as text.
    pub fn value_str(&self) -> &'a str {
        ascii(self.value)
    }
}

impl fmt::Debug for TraceStateMember<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceStateMember({}={})", self.key_str(), self.value_str())
    }
}

impl<'a> TraceState<'a> {
    /// The list without members.
    pub const EMPTY: TraceState<'static> = TraceState { value: &[] };
    /// The most members a list may have (3.3.2).
    pub const MAX_MEMBERS: usize = grammar::MAX_MEMBERS;
    /// The most bytes a value may have ([R7]); a buffer of this size takes the result of every change.
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub const MAX_LENGTH: usize = 8192;
    /// The bytes that W3C asks everyone to propagate (3.3.3.1), below which no list is truncated ([C4]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub const MIN_PROPAGATED: usize = 512;
    /// A member longer than this goes first when a list is truncated (3.3.3.1).
    const LONG_MEMBER: usize = 128;

    /// Reads a header value; one broken rule refuses the whole list ([R7]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    #[inline]
    pub fn parse(value: &'a [u8]) -> Result<Self, TraceStateError> {
        match Self::parse_fast(value) {
            Some(state) => Ok(state),
            None => Self::parse_slow(value),
        }
    }

    /// Fast path: `Some` is valid, `None` is undecided.
    #[inline(always)]
    pub(crate) fn parse_fast(value: &'a [u8]) -> Option<Self> {
        let is_valid = match value.len() {
            _ if !arch::HAS_VECTORS => Self::parse_slow(value).is_ok(),
            0..scan::BLOCK => blocks::accept_short(value),
            _ => value.len() <= Self::MAX_LENGTH && blocks::accept_long(value),
        };
        is_valid.then_some(Self { value })
    }

    fn parse_slow(value: &'a [u8]) -> Result<Self, TraceStateError> {
        if value.len() > Self::MAX_LENGTH {
            return Err(TraceStateError::new(Rule::TooLong, Self::MAX_LENGTH));
        }
        grammar::check(value).map(|()| Self { value })
    }

    /// The value as it came, white space and empty members included.
    ///
    /// ```
    /// let state = tracebaton::TraceState::parse(b" a=1 ,, b=2")?;
    /// assert_eq!((state.as_bytes(), state.len(), state.is_empty()), (&b" a=1 ,, b=2"[..], 2, false));
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// The value as it came, as text: it is ASCII.
    ///
    /// ```
    /// assert_eq!(tracebaton::TraceState::parse(b"a=1, b=2")?.as_str(), "a=1, b=2");
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    pub fn as_str(&self) -> &'a str {
        ascii(self.value)
    }

    /// How many members it has.
    pub fn len(&self) -> usize {
        Members::of(self.value).count()
    }

    /// Whether it has no member, in which case no header is written ([W2]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    #[inline]
    pub fn is_empty(&self) -> bool {
        comma_list::is_empty(self.value)
    }

    /// Its members from left, the newest, to right.
    ///
    /// ```
    /// let state = tracebaton::TraceState::parse(b"rojo=1, congo=2")?;
    /// assert!(state.members().map(|member| member.key).eq([&b"rojo"[..], b"congo"]));
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    pub fn members(&self) -> TraceStateMembers<'a> {
        TraceStateMembers(Members::of(self.value))
    }

    /// The same as [`members`](Self::members).
    pub fn iter(&self) -> TraceStateMembers<'a> {
        self.members()
    }

    /// The value of the first member with this key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&'a [u8]> {
        self.members().find(|member| member.key == key.as_ref()).map(|member| member.value)
    }

    /// Adds or updates a member in a copy of the list ([C3]; W3C Trace Context Level 2, 3.5).
    ///
    /// The member goes to the left and every older one of its key goes away; the others keep their order and bytes, and
    /// the right-most are dropped where the list would grow over 32 members or 8192 bytes. A key or value outside the
    /// grammar is an error that names its rule, with the offset in that key or value.
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

    /// Truncates a copy of the list to `limit` bytes, at least 512, by whole members ([C4]; 3.3.3.1).
    ///
    /// Members longer than 128 bytes go first, from the right, only as many as needed; then the right-most.
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

    /// The lengths of the members; zero for those that must go for the list to keep within the limit (C4).
    fn lengths_within(&self, limit: usize) -> Result<[usize; grammar::MAX_MEMBERS], TraceStateError> {
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

    /// The copy of a value that was valid.
    pub(crate) const fn from_validated(value: &'a [u8]) -> Self {
        Self { value }
    }
}

/// The value as it came.
impl fmt::Display for TraceState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for TraceState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TraceState").field(&Quoted(self.value)).finish()
    }
}

impl<'a> IntoIterator for TraceState<'a> {
    type Item = TraceStateMember<'a>;
    type IntoIter = TraceStateMembers<'a>;

    fn into_iter(self) -> TraceStateMembers<'a> {
        self.members()
    }
}

impl<'a> IntoIterator for &TraceState<'a> {
    type Item = TraceStateMember<'a>;
    type IntoIter = TraceStateMembers<'a>;

    fn into_iter(self) -> TraceStateMembers<'a> {
        self.members()
    }
}

/// The members of a [`TraceState`] from left to right.
#[derive(Clone, Debug)]
pub struct TraceStateMembers<'a>(Members<'a>);

impl<'a> Iterator for TraceStateMembers<'a> {
    type Item = TraceStateMember<'a>;

    fn next(&mut self) -> Option<TraceStateMember<'a>> {
        self.0.next().map(split)
    }
}

fn split(member: &[u8]) -> TraceStateMember<'_> {
    let (key, value) = comma_list::split_once(member, b'=');
    TraceStateMember { key, value: value.unwrap_or_default() }
}

/// Sets the lengths of the members that must go to zero (C4).
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

/// A list that grows to the right.
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
