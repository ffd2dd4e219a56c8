//! The `baggage` header: values of the application (W3C Baggage).

mod change;
mod edit;
mod percent;

use crate::arch;
use crate::comma_list::{self, Members};
use crate::error::{BaggageError, BaggageRule as Rule};
use crate::slice_writer::SliceWriter;
use crate::text::{Lossy, Quoted, ascii};
use core::fmt;

pub use change::BaggageBuilder;
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
    fn parse_slow(value: &'a [u8]) -> Result<Self, BaggageError> {
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

    /// A value that is known to be valid.
    pub(crate) const fn from_validated(value: &'a [u8]) -> Self {
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

/// One member of a `baggage`: a key, its value, and properties (W3C Baggage 3.3.1).
///
/// ```
/// let baggage = tracebaton::Baggage::parse(b"user = Am%C3%A9lie ; ttl=30;vip")?;
/// let user = baggage.get("user").unwrap();
/// assert_eq!((user.value().to_string(), user.metadata()), ("Amélie".into(), &b"ttl=30;vip"[..]));
/// assert_eq!(user.properties().last().unwrap().value(), None);
/// # Ok::<(), tracebaton::BaggageError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaggageMember<'a> {
    bytes: &'a [u8],
    key: &'a [u8],
    value: &'a [u8],
    properties: Option<&'a [u8]>,
}

impl<'a> BaggageMember<'a> {
    /// key OWS "=" OWS value *( OWS ";" OWS [ property ] )
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (pair, properties) = comma_list::split_once(bytes, b';');
        let (key, value) = key_and_value(pair)?;
        let member = Self { bytes, key, value: value?, properties };
        member.raw_properties().all(|property| key_and_value(property).is_some()).then_some(member)
    }

    /// The member as it came, without the white space around it.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its key, a token (RFC 9110 5.6.2), never decoded.
    pub const fn key(&self) -> &'a [u8] {
        self.key
    }

    /// Its key as text.
    pub fn key_str(&self) -> &'a str {
        ascii(self.key)
    }

    /// Its value.
    pub const fn value(&self) -> BaggageValue<'a> {
        BaggageValue(self.value)
    }

    /// Its properties in order, without the empty ones; names may repeat.
    pub fn properties(&self) -> impl Iterator<Item = BaggageProperty<'a>> + Clone + use<'a> {
        self.raw_properties().filter_map(BaggageProperty::parse)
    }

    /// Its properties as they came, from the byte after the first `;`: what OpenTelemetry calls metadata.
    pub fn metadata(&self) -> &'a [u8] {
        self.properties.map_or(&[], comma_list::trim)
    }

    /// What stands between semicolons, trimmed, without the empty ones.
    fn raw_properties(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let mut rest = self.properties;
        let properties = core::iter::from_fn(move || {
            let (property, after) = comma_list::split_once(rest?, b';');
            rest = after;
            Some(comma_list::trim(property))
        });
        properties.filter(|property| !property.is_empty())
    }
}

impl fmt::Debug for BaggageMember<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaggageMember").field(&Quoted(self.bytes)).finish()
    }
}

/// A property of a member, to which W3C gives no meaning (W3C Baggage 3.3.1.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaggageProperty<'a> {
    bytes: &'a [u8],
    key: &'a [u8],
    value: Option<&'a [u8]>,
}

impl<'a> BaggageProperty<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (key, value) = key_and_value(bytes)?;
        Some(Self { bytes, key, value })
    }

    /// The property as it came, without the white space around it.
    ///
    /// ```
    /// let baggage = tracebaton::Baggage::parse(b"user=1; ttl = 30 ;vip")?;
    /// let properties = baggage.get("user").unwrap().properties();
    /// assert!(properties.map(|property| property.as_bytes()).eq([&b"ttl = 30"[..], b"vip"]));
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its key, a token, never decoded.
    pub const fn key(&self) -> &'a [u8] {
        self.key
    }

    /// Its key as text.
    pub fn key_str(&self) -> &'a str {
        ascii(self.key)
    }

    /// Its value, if it has one.
    pub fn value(&self) -> Option<BaggageValue<'a>> {
        self.value.map(BaggageValue)
    }
}

impl fmt::Debug for BaggageProperty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaggageProperty").field(&Quoted(self.bytes)).finish()
    }
}

/// A value, percent-encoded as it came; displaying it decodes it (W3C Baggage 3.3.1.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaggageValue<'a>(&'a [u8]);

impl<'a> BaggageValue<'a> {
    /// The value as it came.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The value as it came, as text: it is ASCII.
    pub fn as_str(&self) -> &'a str {
        ascii(self.0)
    }

    /// Its characters, decoded.
    pub const fn chars(&self) -> DecodedChars<'a> {
        DecodedChars::of(self.0)
    }

    /// Decodes it into a buffer; none if it does not fit, which cannot be when the buffer is as long as
    /// [`as_bytes`](Self::as_bytes).
    ///
    /// ```
    /// # let baggage = tracebaton::Baggage::parse(b"user=Am%C3%A9lie")?;
    /// let (value, mut buffer) = (baggage.get("user").unwrap().value(), [0; 64]);
    /// assert_eq!((value.as_bytes(), value.decode_into(&mut buffer)), (&b"Am%C3%A9lie"[..], Some("Amélie")));
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub fn decode_into<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        let mut decoded = SliceWriter::new(buffer);
        for character in self.chars() {
            decoded.push(character.encode_utf8(&mut [0; 4]).as_bytes()).ok()?;
        }
        core::str::from_utf8(decoded.finish()).ok()
    }
}

impl fmt::Display for BaggageValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        self.chars().try_for_each(|character| f.write_char(character))
    }
}

impl fmt::Debug for BaggageValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaggageValue").field(&Quoted(self.0)).finish()
    }
}

/// key OWS "=" OWS value  /  key OWS
fn key_and_value(pair: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let (key, value) = comma_list::split_once(pair, b'=');
    let (key, value) = (comma_list::trim(key), value.map(comma_list::trim));
    let well_formed =
        is_token(key) && value.is_none_or(|value| value.iter().all(|byte| percent::is_octet(*byte)));
    well_formed.then_some((key, value))
}

/// 1*tchar (RFC 9110 5.6.2)
pub(crate) fn is_token(key: &[u8]) -> bool {
    !key.is_empty() && key.iter().all(|byte| is_token_character(*byte))
}

pub(crate) fn is_token_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
