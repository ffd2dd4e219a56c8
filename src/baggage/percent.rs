//! Percent-encoding (W3C Baggage 3.3.1.3, RFC 3986 2.1).

use crate::hex;
use crate::slice_writer::{Full, SliceWriter};
use crate::text::Quoted;
use core::fmt;

/// A character of a value, a baggage-octet: printable ASCII without space, `"`, `,`, `;` and `\` (W3C Baggage 3.3.1).
pub(crate) const OCTET: u8 = 1;
/// One that is written as it is: a baggage-octet other than `%` and `+`.
pub(crate) const PLAIN: u8 = 2;
/// One of a token (RFC 9110 5.6.2).
pub(crate) const TOKEN: u8 = 4;
/// One that stands for itself in a value: a baggage-octet other than `%`.
pub(crate) const LITERAL: u8 = 8;

/// What each byte may be.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let is_octet = matches!(byte as u8, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
        let is_token = matches!(byte as u8, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'!' | b'#'..=b'\'' | b'*'
            | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
        let is_literal = is_octet && byte as u8 != b'%';
        let is_plain = is_literal && byte as u8 != b'+';
        classes[byte] = (is_octet as u8 * OCTET)
            | (is_plain as u8 * PLAIN)
            | (is_token as u8 * TOKEN)
            | (is_literal as u8 * LITERAL);
        byte += 1;
    }
    classes
};

/// Number of bytes of this class before the first that is not.
#[inline]
pub(crate) fn count(class: u8, bytes: &[u8]) -> usize {
    let mut rest = bytes;
    // Blocks of four are of known length, so that the compiler unrolls them.
    while let Some((block, after)) = rest.split_first_chunk::<4>() {
        for (place, byte) in block.iter().enumerate() {
            if !is(class, *byte) {
                return (bytes.len() - rest.len()).wrapping_add(place);
            }
        }
        rest = after;
    }
    let end = rest.iter().position(|byte| !is(class, *byte)).unwrap_or(rest.len());
    (bytes.len() - rest.len()).wrapping_add(end)
}

/// Whether a byte is in this class.
#[inline(always)]
pub(crate) fn is(class: u8, byte: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// Writes `value` and encodes what must be encoded, every byte that is not a baggage-octet and `%` itself. Encodes `+`
/// as well, since some readers decode it as a space.
#[inline]
pub(crate) fn encode(mut value: &[u8], buffer: &mut SliceWriter<'_>) -> Result<(), Full> {
    loop {
        let plain = value.iter().take_while(|byte| is(PLAIN, **byte)).count();
        let (run, rest) = value.split_at_checked(plain).unwrap_or_default();
        buffer.push(run)?;
        let Some((byte, rest)) = rest.split_first() else { return Ok(()) };
        let [high, low] = hex::encode_upper(*byte);
        buffer.push(&[b'%', high, low])?;
        value = rest;
    }
}

/// Number of bytes that [`encode`] writes for this value.
pub(crate) fn encoded_length(value: &[u8]) -> usize {
    value.iter().map(|byte| if is(PLAIN, *byte) { 1 } else { 3 }).fold(0, usize::saturating_add)
}

/// Iterator over the characters of a percent-encoded value. A `%` that is not followed by two digits stays as it is.
/// Bytes that are not UTF-8 give one U+FFFD for each maximal subpart (Unicode 3.9).
///
/// ```
/// let baggage = tracebaton::Baggage::parse(b"note=100%25%20or%FFso")?;
/// assert_eq!(baggage.get("note").unwrap().value().chars().collect::<String>(), "100% or\u{fffd}so");
/// # Ok::<(), tracebaton::BaggageError>(())
/// ```
#[derive(Clone)]
pub struct DecodedChars<'a> {
    rest: &'a [u8],
}

impl<'a> DecodedChars<'a> {
    pub(crate) const fn of(encoded: &'a [u8]) -> Self {
        Self { rest: encoded }
    }
}

impl fmt::Debug for DecodedChars<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DecodedChars").field(&Quoted(self.rest)).finish()
    }
}

impl Iterator for DecodedChars<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        if let Some((first, rest)) = self.rest.split_first()
            && first.is_ascii()
            && *first != b'%'
        {
            self.rest = rest;
            return Some(char::from(*first));
        }
        self.next_encoded()
    }
}

impl DecodedChars<'_> {
    /// The next character, whatever it is.
    #[inline(never)]
    fn next_encoded(&mut self) -> Option<char> {
        let (lead, mut rest) = next_byte(self.rest)?;
        let (bits, following, mut range) = lead_byte(lead);
        let mut scalar = Some(bits);
        for _ in 0..following {
            match next_byte(rest) {
                Some((byte, after)) if range.contains(&byte) => {
                    scalar = scalar.map(|bits| bits << 6 | u32::from(byte & 0x3f));
                    rest = after;
                    range = 0x80..=0xbf;
                }
                _ => {
                    scalar = None;
                    break;
                }
            }
        }
        self.rest = rest;
        Some(scalar.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

/// Decodes the first byte. Returns it and the encoded bytes after it.
fn next_byte(encoded: &[u8]) -> Option<(u8, &[u8])> {
    if let [b'%', high, low, rest @ ..] = encoded
        && let (Some(high), Some(low)) = (hex::digit_value(*high), hex::digit_value(*low))
    {
        return Some((high << 4 | low, rest));
    }
    encoded.split_first().map(|(byte, rest)| (*byte, rest))
}

/// Reads the first byte of a UTF-8 sequence: its bits, the number of bytes that follow, the range of the second
/// (Unicode table 3-7).
fn lead_byte(byte: u8) -> (u32, usize, core::ops::RangeInclusive<u8>) {
    let bits = u32::from(byte);
    match byte {
        0x00..=0x7f => (bits, 0, 0..=0),
        0xc2..=0xdf => (bits & 0x1f, 1, 0x80..=0xbf),
        0xe0 => (0, 2, 0xa0..=0xbf),
        0xed => (0xd, 2, 0x80..=0x9f),
        0xe1..=0xef => (bits & 0xf, 2, 0x80..=0xbf),
        0xf0 => (0, 3, 0x90..=0xbf),
        0xf1..=0xf3 => (bits & 0x7, 3, 0x80..=0xbf),
        0xf4 => (4, 3, 0x80..=0x8f),
        _ => (u32::MAX, 0, 0..=0),
    }
}
