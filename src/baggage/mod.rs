//! The `baggage` header: key-value pairs of the application (W3C Baggage).

mod change;
mod edit;
mod member;
mod percent;

use crate::arch::{self, Word};
use crate::comma_list::{self, Members};
use crate::error::{BaggageError, BaggageRule as Rule};
use crate::text::{Lossy, Quoted};
use core::fmt;

pub use change::BaggageBuilder;
pub use member::{BaggageMember, BaggageProperty, BaggageValue};
pub use percent::DecodedChars;

/// The value of a `baggage` header, borrowed (W3C Baggage 3; [R8]).
///
/// ```
/// let baggage = tracebaton::Baggage::parse(b"user=Am%C3%A9lie;ttl=30, region=eu")?;
/// let user = baggage.get("user").unwrap();
/// assert_eq!(user.value().to_string(), "Amélie");
/// assert_eq!(user.properties().next().unwrap().key(), b"ttl");
/// # Ok::<(), tracebaton::BaggageError>(())
/// ```
#[doc = include_str!("../guides/rules.md")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Baggage<'a> {
    value: &'a [u8],
}

impl<'a> Baggage<'a> {
    /// The empty list.
    pub const EMPTY: Baggage<'static> = Baggage { value: &[] };
    /// Maximum count of members that are read or written. W3C requires everyone to propagate this many (W3C Baggage
    /// 3.3.2).
    pub const MAX_MEMBERS: usize = 64;
    /// Maximum length of a value in bytes. W3C requires everyone to propagate this many (W3C Baggage 3.3.2).
    pub const MAX_LENGTH: usize = 8192;

    /// Parses a header value ([R8]). Refuses a value that has more than 8192 bytes or contains a control byte.
    ///
    /// Any other value is accepted. [`members`](Self::members) skips malformed members.
    ///
    /// ```
    /// use tracebaton::{Baggage, BaggageRule};
    ///
    /// let refused = Baggage::parse(b"user=a\nb").unwrap_err();
    /// assert_eq!((refused.rule, refused.offset), (BaggageRule::ControlByte, 6));
    /// assert!(Baggage::parse(b" ,, ").unwrap().is_empty());
    /// ```
    #[doc = include_str!("../guides/rules.md")]
    #[inline(never)]
    pub fn parse(value: &'a [u8]) -> Result<Self, BaggageError> {
        if !arch::HAS_VECTORS {
            return Self::parse_slow(value);
        }
        match Self::parse_fast(value) {
            Some(baggage) => Ok(baggage),
            None => Self::parse_slow(value),
        }
    }

    /// Slow path: decides, and names the broken rule.
    #[cold]
    pub(crate) fn parse_slow(value: &'a [u8]) -> Result<Self, BaggageError> {
        if value.len() > Self::MAX_LENGTH {
            return Err(BaggageError::new(Rule::TooLong, Self::MAX_LENGTH));
        }
        match first_control(value) {
            Some(offset) => Err(BaggageError::new(Rule::ControlByte, offset)),
            None => Ok(Self { value }),
        }
    }

    /// Fast path: `Some` is valid, `None` is undecided.
    #[inline(always)]
    pub(crate) fn parse_fast(value: &'a [u8]) -> Option<Self> {
        (value.len() <= Self::MAX_LENGTH && !has_control(value)).then_some(Self { value })
    }

    /// The received value, byte for byte.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// Whether the value is only white space and commas. Such a value is not written ([W2]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    #[inline]
    pub fn is_empty(&self) -> bool {
        comma_list::is_empty(self.value)
    }

    /// The first 64 well-formed members, in their order.
    pub const fn members(&self) -> BaggageMembers<'a> {
        BaggageMembers { members: Members::of(self.value), read: 0, skipped: 0 }
    }

    /// The same as [`members`](Self::members).
    pub const fn iter(&self) -> BaggageMembers<'a> {
        self.members()
    }

    /// Number of well-formed members, at most 64.
    ///
    /// Baggage with malformed members only has none, but [is not empty](Self::is_empty): it is forwarded byte for
    /// byte.
    ///
    /// ```
    /// let baggage = tracebaton::Baggage::parse(b"tenant=7, no member, region=eu")?;
    /// assert_eq!((baggage.len(), baggage.iter().count()), (2, 2));
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub fn len(&self) -> usize {
        self.members().count()
    }

    /// All well-formed members, in their order: those that a change keeps (C5).
    fn all_members(&self) -> impl Iterator<Item = BaggageMember<'a>> + Clone + use<'a> {
        let mut members = Members::of(self.value);
        core::iter::from_fn(move || next_member(&mut members)).flatten()
    }

    /// The member with this key. If there are several it is the last one, since a name has one value in
    /// OpenTelemetry.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<BaggageMember<'a>> {
        self.members().filter(|member| member.key() == key.as_ref()).last()
    }

    /// The value of a list that was read before: trusted, and not read again.
    ///
    /// For bindings that keep the value in a struct of their own. Any bytes are safe; those of an invalid list are written
    /// as they are.
    ///
    /// ```
    /// # use tracebaton::Baggage;
    /// let baggage = Baggage::parse(b"tenant=7")?;
    /// assert_eq!(Baggage::from_validated(baggage.as_bytes()), baggage);
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub const fn from_validated(value: &'a [u8]) -> Self {
        Self { value }
    }
}

/// Writes the received value, still percent-encoded, with one U+FFFD for each part that is not UTF-8.
impl fmt::Display for Baggage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Lossy(self.value).fmt(f)
    }
}

impl fmt::Debug for Baggage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Baggage").field(&Quoted(self.value)).finish()
    }
}

impl<'a> IntoIterator for Baggage<'a> {
    type Item = BaggageMember<'a>;
    type IntoIter = BaggageMembers<'a>;

    fn into_iter(self) -> BaggageMembers<'a> {
        self.members()
    }
}

impl<'a> IntoIterator for &Baggage<'a> {
    type Item = BaggageMember<'a>;
    type IntoIter = BaggageMembers<'a>;

    fn into_iter(self) -> BaggageMembers<'a> {
        self.members()
    }
}

/// The next member, if there is one, and if it is well-formed.
#[inline(never)]
fn next_member<'a>(members: &mut Members<'a>) -> Option<Option<BaggageMember<'a>>> {
    if let Some((member, rest)) = BaggageMember::parse_first(members.rest?) {
        members.rest = rest;
        return Some(Some(member));
    }
    members.next().map(BaggageMember::parse)
}

fn is_control(byte: u8) -> bool {
    (byte < 0x20 || byte == 0x7f) && byte != b'\t'
}

/// The offset of the first control byte. Not inlined, so that smaller processors have registers enough for the loops.
#[inline(never)]
fn first_control(value: &[u8]) -> Option<usize> {
    let has_none = |block: &[u8; Word::SIZE]| match arch::LOADS_WORDS {
        true => Word::load(block).is_no_control().first_not().is_none(),
        false => block.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f),
    };
    let mut rest = value;
    while let Some((block, after)) = rest.split_first_chunk()
        && has_none(block)
    {
        rest = after;
    }
    let place = rest.iter().position(|byte| is_control(*byte))?;
    Some((value.len() - rest.len()).wrapping_add(place))
}

/// Whether there is a control byte.
#[inline(always)]
fn has_control(value: &[u8]) -> bool {
    !arch::has_no_control(value) && value.iter().any(|byte| is_control(*byte))
}

/// Iterator over the first 64 well-formed members of a [`Baggage`]. It skips and counts malformed members ([R8]).
///
/// ```
/// let baggage = tracebaton::Baggage::parse(b"tenant=7, no member, region=eu")?;
/// let mut members = baggage.members();
/// assert!(members.by_ref().map(|member| member.key()).eq([&b"tenant"[..], b"region"]));
/// assert_eq!(members.skipped(), 1);
/// # Ok::<(), tracebaton::BaggageError>(())
/// ```
#[doc = include_str!("../guides/rules.md")]
#[derive(Clone, Debug)]
pub struct BaggageMembers<'a> {
    members: Members<'a>,
    read: usize,
    skipped: usize,
}

impl BaggageMembers<'_> {
    /// Number of malformed members that the iterator has skipped so far.
    pub const fn skipped(&self) -> usize {
        self.skipped
    }
}

impl<'a> Iterator for BaggageMembers<'a> {
    type Item = BaggageMember<'a>;

    fn next(&mut self) -> Option<BaggageMember<'a>> {
        while self.read < Baggage::MAX_MEMBERS {
            match next_member(&mut self.members)? {
                Some(member) => {
                    self.read += 1;
                    return Some(member);
                }
                None => self.skipped += 1,
            }
        }
        None
    }
}
