//! Headers of a Kafka record, and the three header names that carry a context (R2).

use crate::text::{Quoted, ascii};
use core::fmt;

/// One header of a Kafka record. Name and value are bytes, and a null value differs from an empty one.
///
/// ```
/// use tracebaton::Header;
///
/// let (null, empty) = (Header { name: b"note", value: None }, Header::new("note", ""));
/// assert_ne!(null, empty);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header<'a> {
    /// The name: any bytes, not necessarily UTF-8.
    pub name: &'a [u8],
    /// The value; `None` is Kafka's null value.
    pub value: Option<&'a [u8]>,
}

impl<'a> Header<'a> {
    /// A header with a value.
    pub fn new(name: &'a (impl AsRef<[u8]> + ?Sized), value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { name: name.as_ref(), value: Some(value.as_ref()) }
    }
}

impl fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = f.debug_struct("Header");
        parts.field("name", &Quoted(self.name)).field("value", &self.value.map(Quoted)).finish()
    }
}

/// The names of the three headers that carry a context, in the order in which they are written ([W1]).
///
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeaderName {
    /// `traceparent`
    TraceParent,
    /// `tracestate`
    TraceState,
    /// `baggage`
    Baggage,
}

impl HeaderName {
    /// Recognises one of the three names, in any letter case ([R2]). Returns `None` for every other name.
    ///
    /// ```
    /// use tracebaton::HeaderName;
    /// assert_eq!(HeaderName::of(b"TraceParent"), Some(HeaderName::TraceParent));
    /// assert_eq!(HeaderName::of(b"traceparent\0"), None);
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub fn of(name: &[u8]) -> Option<Self> {
        Self::select(name, [Self::TraceParent, Self::TraceState, Self::Baggage])
    }

    /// Whether a name of this length may be one of the three: `false` is certain.
    ///
    /// One test rejects most names: bit `length % 64` is set for 7, 10 and 11, so only those lengths pass, and those 64,
    /// 128, ... bytes longer, which [`select`](Self::select) rejects.
    #[inline(always)]
    pub(crate) const fn is_length(length: usize) -> bool {
        // A shift of 64 bits is a call on smaller processors.
        match usize::BITS {
            64 => (1_u64 << 11 | 1 << 10 | 1 << 7) >> (length % 64) & 1 != 0,
            _ => matches!(length, 7 | 10 | 11),
        }
    }

    /// Whether a name that begins so may be one of the three: `false` is certain. As in [`is_length`](Self::is_length),
    /// bit `letter % 64` is set for `T`, `t`, `B` and `b`.
    #[inline(always)]
    pub(crate) fn is_start(name: &[u8]) -> bool {
        const LETTERS: u64 = 1 << (b'T' % 64) | 1 << (b't' % 64) | 1 << (b'B' % 64) | 1 << (b'b' % 64);
        name.first().is_some_and(|letter| match usize::BITS {
            64 => LETTERS >> (letter % 64) & 1 != 0,
            _ => matches!(letter | 0x20, b't' | b'b'),
        })
    }

    /// The one of three that belongs to this name, in the order `traceparent`, `tracestate`, `baggage`; `None` for another name.
    #[inline(always)]
    pub(crate) fn select<T>(name: &[u8], [traceparent, tracestate, baggage]: [T; 3]) -> Option<T> {
        if !Self::is_length(name.len()) {
            return None;
        }
        Self::select_candidate(name, [traceparent, tracestate, baggage])
    }

    /// [`select`](Self::select) without the quick test that rejects most names.
    #[inline(always)]
    pub(crate) fn select_candidate<T>(name: &[u8], [traceparent, tracestate, baggage]: [T; 3]) -> Option<T> {
        match name.len() {
            11 if is_name(name, b"tracepar", b"ceparent") => Some(traceparent),
            10 if is_name(name, b"tracesta", b"acestate") => Some(tracestate),
            7 if is_name(name, b"bagg", b"gage") => Some(baggage),
            _ => None,
        }
    }

    /// The name in lower case, as it is written (W3C Trace Context Level 2, 3.2.1).
    ///
    /// ```
    /// assert_eq!(tracebaton::HeaderName::Baggage.as_bytes(), b"baggage");
    /// ```
    #[inline]
    pub const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::TraceParent => b"traceparent",
            Self::TraceState => b"tracestate",
            Self::Baggage => b"baggage",
        }
    }

    /// The name in lower case, as text.
    pub fn as_str(self) -> &'static str {
        ascii(self.as_bytes())
    }
}

/// Writes the name in lower case.
impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

/// Whether `name` begins with `first` and ends with `last`, in any letter case, and has no byte outside the two.
///
/// The two may overlap: `tracestate` is `tracesta` and `acestate`, two loads of eight bytes instead of ten
/// comparisons.
#[inline(always)]
fn is_name<const LETTERS: usize>(name: &[u8], first: &[u8; LETTERS], last: &[u8; LETTERS]) -> bool {
    // Setting bit 0x20 maps exactly two bytes to a lower-case letter: its upper and its lower case.
    let lower = |letters: &[u8; LETTERS]| letters.map(|letter| letter | 0x20);
    name.first_chunk().map(lower) == Some(*first) && name.last_chunk().map(lower) == Some(*last)
}
