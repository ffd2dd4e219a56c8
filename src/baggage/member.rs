//! One member of a baggage: its key, value and properties (W3C Baggage 3.3.1).

use super::percent::{self, DecodedChars};
use crate::comma_list;
use crate::slice_writer::SliceWriter;
use crate::text::{Quoted, ascii};
use core::fmt;

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
    /// Fast path for the first member of a list, if it has no properties, and no white space after its first byte. Returns
    /// the member, and the list after its comma; `None` is undecided.
    ///
    /// Neither a key nor a value has a comma or white space, so that the end of the value is the end of the member.
    #[inline]
    pub(super) fn parse_first(list: &'a [u8]) -> Option<(Self, Option<&'a [u8]>)> {
        let list = match list {
            [b' ', rest @ ..] => rest,
            _ => list,
        };
        let (key, after_key) = list.split_at_checked(percent::count(percent::TOKEN, list))?;
        let [b'=', after_equals @ ..] = after_key else { return None };
        let (value, after_value) =
            after_equals.split_at_checked(percent::count(percent::OCTET, after_equals))?;
        let rest = match after_value {
            [] => None,
            [b',', rest @ ..] => Some(rest),
            _ => return None,
        };
        let bytes = list.get(..list.len() - after_value.len())?;
        (!key.is_empty()).then_some((Self { bytes, key, value, properties: None }, rest))
    }

    /// key OWS "=" OWS value *( OWS ";" OWS [ property ] )
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (pair, properties) = comma_list::split_once(bytes, b';');
        let (key, value) = key_and_value(pair)?;
        let member = Self { bytes, key, value: value?, properties };
        member.raw_properties().all(|property| key_and_value(property).is_some()).then_some(member)
    }

    /// The received bytes of the member, without the white space around them.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The key: a token (RFC 9110 5.6.2), never decoded.
    pub const fn key(&self) -> &'a [u8] {
        self.key
    }

    /// The key as text.
    pub fn key_str(&self) -> &'a str {
        ascii(self.key)
    }

    /// The value, percent-encoded.
    pub const fn value(&self) -> BaggageValue<'a> {
        BaggageValue(self.value)
    }

    /// The properties, in their order. Empty ones are skipped, and keys may repeat.
    pub fn properties(&self) -> impl Iterator<Item = BaggageProperty<'a>> + Clone + use<'a> {
        self.raw_properties().filter_map(BaggageProperty::parse)
    }

    /// The received bytes of the properties, after the first `;`. OpenTelemetry calls them metadata.
    pub fn metadata(&self) -> &'a [u8] {
        self.properties.map_or(&[], comma_list::trim)
    }

    /// Splits at semicolons, trims the parts and skips the empty ones.
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

/// One property of a member. W3C defines no meaning for it (W3C Baggage 3.3.1.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaggageProperty<'a> {
    bytes: &'a [u8],
    key: &'a [u8],
    value: Option<&'a [u8]>,
}

impl<'a> BaggageProperty<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        key_and_value(bytes).map(|(key, value)| Self { bytes, key, value })
    }

    /// The received bytes of the property, without the white space around them.
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

    /// The key: a token, never decoded.
    pub const fn key(&self) -> &'a [u8] {
        self.key
    }

    /// The key as text.
    pub fn key_str(&self) -> &'a str {
        ascii(self.key)
    }

    /// The value, if the property has one.
    pub fn value(&self) -> Option<BaggageValue<'a>> {
        self.value.map(BaggageValue)
    }
}

impl fmt::Debug for BaggageProperty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaggageProperty").field(&Quoted(self.bytes)).finish()
    }
}

/// A percent-encoded value. `Display` writes it decoded (W3C Baggage 3.3.1.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaggageValue<'a>(&'a [u8]);

impl<'a> BaggageValue<'a> {
    /// The received bytes of the value, not decoded.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The received bytes as text: they are ASCII.
    pub fn as_str(&self) -> &'a str {
        ascii(self.0)
    }

    /// The decoded characters of the value.
    pub const fn chars(&self) -> DecodedChars<'a> {
        DecodedChars::of(self.0)
    }

    /// Decodes the value into a buffer. Returns `None` if the buffer is too small; the length of
    /// [`as_bytes`](Self::as_bytes) is always enough.
    ///
    /// ```
    /// # let baggage = tracebaton::Baggage::parse(b"user=Am%C3%A9lie")?;
    /// let (value, mut buffer) = (baggage.get("user").unwrap().value(), [0; 64]);
    /// assert_eq!((value.as_bytes(), value.decode_into(&mut buffer)), (&b"Am%C3%A9lie"[..], Some("Amélie")));
    /// # Ok::<(), tracebaton::BaggageError>(())
    /// ```
    pub fn decode_into<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        core::str::from_utf8(self.decode_bytes(buffer)?).ok()
    }

    /// [`decode_into`](Self::decode_into) as bytes, which are UTF-8.
    pub fn decode_bytes<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let plain = percent::count(percent::LITERAL, self.0);
        let (plain, encoded) = self.0.split_at_checked(plain)?;
        let mut decoded = SliceWriter::new(buffer);
        decoded.push(plain).ok()?;
        for character in DecodedChars::of(encoded) {
            decoded.push(character.encode_utf8(&mut [0; 4]).as_bytes()).ok()?;
        }
        Some(decoded.finish())
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
    let well_formed = is_token(key)
        && value.is_none_or(|value| value.iter().all(|byte| percent::is(percent::OCTET, *byte)));
    well_formed.then_some((key, value))
}

/// 1*tchar (RFC 9110 5.6.2)
pub(super) fn is_token(key: &[u8]) -> bool {
    !key.is_empty() && key.iter().all(|byte| percent::is(percent::TOKEN, *byte))
}
