//! The `tracestate` header: one member for each vendor (W3C Trace Context Level 2, 3.3).

mod blocks;
mod builder;
mod change;
mod grammar;
mod kept;
mod scan;

use crate::arch;
use crate::comma_list::{self, Members};
use crate::error::{TraceStateError, TraceStateRule as Rule};
use crate::text::{Quoted, ascii};
pub use builder::TraceStateBuilder;
use core::fmt;

/// The value of a `tracestate` header: valid and borrowed (W3C Trace Context Level 2, 3.3; [R7]).
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

/// One member of a `tracestate`: the key of a vendor and the vendor's value.
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
    /// The key: 1 to 256 bytes of `a-z 0-9 _ - * / @` (3.3.2.2.1).
    pub key: &'a [u8],
    /// The value: 1 to 256 bytes of printable ASCII without `,` and `=`, including leading spaces (3.3.2.2.2).
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
    /// The empty list.
    pub const EMPTY: TraceState<'static> = TraceState { value: &[] };
    /// Maximum count of members (3.3.2).
    pub const MAX_MEMBERS: usize = grammar::MAX_MEMBERS;
    /// Maximum length of a value in bytes ([R7]). A buffer of this size is large enough for the result of every
    /// change; each change has a smaller bound of its own.
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub const MAX_LENGTH: usize = 8192;
    /// Smallest limit for [`truncate`](Self::truncate), in bytes. W3C requires everyone to propagate this many
    /// (3.3.3.1; [C4]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub const MIN_PROPAGATED: usize = 512;
    /// Members longer than this number of bytes are dropped first when a list is truncated (3.3.3.1).
    const LONG_MEMBER: usize = 128;

    /// Parses a header value. One broken rule refuses the whole list ([R7]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    #[inline]
    pub fn parse(value: &'a [u8]) -> Result<Self, TraceStateError> {
        Self::check(value)?;
        Ok(Self { value })
    }

    /// Checks a value, with the fast path for a short one in one copy. Without the value, so that the result fits into
    /// registers.
    #[inline(always)]
    pub(crate) fn check(value: &[u8]) -> Result<(), TraceStateError> {
        if arch::HAS_VECTORS && value.len() < scan::BLOCK {
            return Self::check_short(value);
        }
        Self::check_long_or_unusual(value)
    }

    #[inline(never)]
    fn check_short(value: &[u8]) -> Result<(), TraceStateError> {
        Self::check_inlined(value)
    }

    /// [`check`](Self::check) with the fast path for a short value inlined.
    #[inline(always)]
    pub(crate) fn check_inlined(value: &[u8]) -> Result<(), TraceStateError> {
        if arch::HAS_VECTORS && value.len() < scan::BLOCK && blocks::accept_short(value) {
            return Ok(());
        }
        Self::check_long_or_unusual(value)
    }

    /// Decides about a value that is long, or that the fast path for short ones did not accept, and names the broken
    /// rule.
    #[inline(never)]
    fn check_long_or_unusual(value: &[u8]) -> Result<(), TraceStateError> {
        if value.len() > Self::MAX_LENGTH {
            return Err(TraceStateError::new(Rule::TooLong, Self::MAX_LENGTH));
        }
        if arch::HAS_VECTORS && value.len() >= scan::BLOCK {
            match blocks::accept_long(value) {
                blocks::Long::Valid => return Ok(()),
                blocks::Long::TooManyMembers => return Err(grammar::too_many_members(value)),
                blocks::Long::Undecided => {}
            }
        }
        grammar::check(value)
    }

    /// The received value, byte for byte, with its white space and empty members.
    ///
    /// ```
    /// let state = tracebaton::TraceState::parse(b" a=1 ,, b=2")?;
    /// assert_eq!((state.as_bytes(), state.len(), state.is_empty()), (&b" a=1 ,, b=2"[..], 2, false));
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// The received value as text: it is ASCII.
    ///
    /// ```
    /// assert_eq!(tracebaton::TraceState::parse(b"a=1, b=2")?.as_str(), "a=1, b=2");
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    pub fn as_str(&self) -> &'a str {
        ascii(self.value)
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        Members::of(self.value).count()
    }

    /// Whether the list has no member. Such a list is not written ([W2]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    #[inline]
    pub fn is_empty(&self) -> bool {
        comma_list::is_empty(self.value)
    }

    /// The members from left to right. The left-most is the newest.
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

    /// The value of a list that was read before: trusted, and not read again.
    ///
    /// For bindings that keep the value in a struct of their own. Any bytes are safe; those of an invalid list give members
    /// that no grammar allows, and are written as they are.
    ///
    /// ```
    /// # use tracebaton::TraceState;
    /// let state = TraceState::parse(b"rojo=1")?;
    /// assert_eq!(TraceState::from_validated(state.as_bytes()), state);
    /// # Ok::<(), tracebaton::TraceStateError>(())
    /// ```
    pub const fn from_validated(value: &'a [u8]) -> Self {
        Self { value }
    }
}

/// Writes the received value.
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

/// Iterator over the members of a [`TraceState`] from left to right.
#[derive(Clone, Debug)]
pub struct TraceStateMembers<'a>(Members<'a>);

impl<'a> Iterator for TraceStateMembers<'a> {
    type Item = TraceStateMember<'a>;

    fn next(&mut self) -> Option<TraceStateMember<'a>> {
        self.0.next().map(split)
    }
}

#[inline(never)]
fn split(member: &[u8]) -> TraceStateMember<'_> {
    let (key, value) = comma_list::split_once(member, b'=');
    TraceStateMember { key, value: value.unwrap_or_default() }
}
