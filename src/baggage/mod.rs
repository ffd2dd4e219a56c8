//! The `baggage` header: values of the application (W3C Baggage).

mod change;
mod edit;
mod member;
mod percent;

use crate::arch;
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
    /// The list without members.
    pub const EMPTY: Baggage<'static> = Baggage { value: &[] };
    /// The most members that are read or written; everyone propagates as many (W3C Baggage 3.3.2).
    pub const MAX_MEMBERS: usize = 64;
    /// The most bytes a value may have; everyone propagates as many (W3C Baggage 3.3.2).
    pub const MAX_LENGTH: usize = 8192;

    /// Reads a header value: over 8192 bytes, or with a control byte in it, it is refused as a whole ([R8]).
    ///
    /// Any other value is accepted; [`members`](Self::members) skips malformed members.
    ///
    /// ```
    /// use tracebaton::{Baggage, BaggageRule};
    ///
    /// let refused = Baggage::parse(b"user=a\nb").unwrap_err();
    /// assert_eq!((refused.rule, refused.offset), (BaggageRule::ControlByte, 6));
    /// assert!(Baggage::parse(b" ,, ").unwrap().is_empty());
    /// ```
    #[doc = include_str!("../guides/rules.md")]
    #[inline]
    pub fn parse(value: &'a [u8]) -> Result<Self, BaggageError> {
        match Self::parse_fast(value) {
            Some(baggage) => Ok(baggage),
            None => Self::parse_slow(value),
        }
    }

    /// Slow path: decides, and names the rule that is broken.
    #[cold]
    pub(crate) fn parse_slow(value: &'a [u8]) -> Result<Self, BaggageError> {
        if value.len() > Self::MAX_LENGTH {
            return Err(BaggageError::new(Rule::TooLong, Self::MAX_LENGTH));
        }
        match value.iter().position(|byte| is_control(*byte)) {
            Some(offset) => Err(BaggageError::new(Rule::ControlByte, offset)),
            None => Ok(Self { value }),
        }
    }

    /// Fast path: `Some` is valid, `None` is undecided.
    #[inline(always)]
    pub(crate) fn parse_fast(value: &'a [u8]) -> Option<Self> {
        (value.len() <= Self::MAX_LENGTH && !has_control(value)).then_some(Self { value })
    }

    /// The value as it came.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// Whether it is only white space and commas, in which case no header is written ([W2]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    #[inline]
    pub fn is_empty(&self) -> bool {
        comma_list::is_empty(self.value)
    }

    /// Its well-formed members in order, the first 64.
    pub const fn members(&self) -> BaggageMembers<'a> {
        BaggageMembers { members: Members::of(self.value), read: 0, skipped: 0 }
    }

    /// The same as [`members`](Self::members).
    pub const fn iter(&self) -> BaggageMembers<'a> {
        self.members()
    }

    /// How many well-formed members it has, at most 64.
    ///
    /// A baggage of malformed members has none and [is not empty](Self::is_empty), since it is forwarded as it came.
    ///
    /// ```
    /// let baggage = tracebaton::Baggage::parse(b"tenant=7, no member, region=eu")?;
    /// assert_eq!((baggage.len(), baggage.iter().count()), (2, 2));
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub fn len(&self) -> usize {
        self.members().count()
    }

    /// Its well-formed members in order, all of them: those that a change keeps (C5).
    fn all_members(&self) -> impl Iterator<Item = BaggageMember<'a>> + Clone + use<'a> {
        Members::of(self.value).filter_map(BaggageMember::parse)
    }

    /// The member with this key; of several the last, since in OpenTelemetry a name has one value.
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

/// The value as it came, still percent-encoded; one U+FFFD for each part that is not UTF-8.
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

fn is_control(byte: u8) -> bool {
    byte < 0x20 && byte != b'\t' || byte == 0x7f
}

/// Whether there is a control byte.
#[inline(always)]
fn has_control(value: &[u8]) -> bool {
    !arch::has_no_control(value) && value.iter().any(|byte| is_control(*byte))
}

/// The well-formed members of a [`Baggage`] in order, at most 64; malformed ones are skipped and counted ([R8]).
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
    /// How many malformed members were met so far.
    pub const fn skipped(&self) -> usize {
        self.skipped
    }
}

impl<'a> Iterator for BaggageMembers<'a> {
    type Item = BaggageMember<'a>;

    fn next(&mut self) -> Option<BaggageMember<'a>> {
        while self.read < Baggage::MAX_MEMBERS {
            let member = self.members.next()?;
            match BaggageMember::parse(member) {
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
