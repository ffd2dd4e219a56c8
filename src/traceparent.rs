//! The `traceparent` header: trace id, parent id and flags (W3C Trace Context Level 2, 3.2).

use crate::arch;
use crate::error::{TraceParentError, TraceParentRule as Rule};
use crate::hex;
use crate::id::{SpanId, TraceFlags, TraceId};
use crate::text::ascii;
use core::fmt;
use core::str::FromStr;

/// The fields of a `traceparent` header (W3C Trace Context Level 2, 3.2.2).
///
/// ```text
/// 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
/// version  trace-id                    parent-id      trace-flags
/// ```
///
/// ```
/// let value = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let parent: tracebaton::TraceParent = value.parse()?;
/// assert_eq!(parent.to_string(), value);
/// # Ok::<(), tracebaton::TraceParentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceParent {
    /// Id of the trace that the producer's span belongs to.
    pub trace_id: TraceId,
    /// Id of the producer's span.
    pub parent_id: SpanId,
    /// Flags of the trace.
    pub trace_flags: TraceFlags,
    version: u8,
}

impl TraceParent {
    /// Length of a version 00 value in bytes.
    pub const LENGTH: usize = 55;

    /// Makes a `traceparent` of version 00.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let trace_id = TraceId::from_hex(b"0af7651916cd43dd8448eb211c80319c").unwrap();
    /// let span_id = SpanId::from_hex(b"b7ad6b7169203331").unwrap();
    /// let parent = TraceParent::new(trace_id, span_id, TraceFlags::SAMPLED);
    /// assert_eq!(parent.format(), *b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    /// ```
    #[inline]
    pub const fn new(trace_id: TraceId, parent_id: SpanId, trace_flags: TraceFlags) -> Self {
        Self { trace_id, parent_id, trace_flags, version: 0 }
    }

    /// The version that was read, 0 to 254. A version above 0 may have had fields that this crate does not know
    /// ([R5]).
    ///
    /// ```
    /// let value = b"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-next";
    /// assert_eq!(tracebaton::TraceParent::parse(value)?.version(), 0xcc);
    /// # Ok::<(), tracebaton::TraceParentError>(())
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// Parses a header value ([R5], [R6]).
    ///
    /// A version 00 value has exactly 55 bytes. The versions 01 to fe are read like 00, and may have more bytes after
    /// a dash (3.2.4). Upper-case hexadecimal digits, white space and ids of zeros are refused.
    ///
    /// ```
    /// use tracebaton::{TraceParent, TraceParentRule};
    ///
    /// let parent = TraceParent::parse(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")?;
    /// assert!(parent.trace_flags.is_sampled());
    ///
    /// let refused = TraceParent::parse(b"00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01").unwrap_err();
    /// assert_eq!((refused.rule, refused.offset), (TraceParentRule::TraceId, 4));
    /// # Ok::<(), tracebaton::TraceParentError>(())
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline(always)]
    pub fn parse(value: &[u8]) -> Result<Self, TraceParentError> {
        if !arch::HAS_VECTORS {
            return Self::parse_slow(value);
        }
        match Self::parse_fast(value) {
            Some(parent) => Ok(parent),
            None => Self::parse_slow(value),
        }
    }

    /// Fast path for version 00 with defined flags only: `Some` is valid, `None` is undecided.
    #[inline(always)]
    pub(crate) fn parse_fast(value: &[u8]) -> Option<Self> {
        let value: &[u8; Self::LENGTH] = value.try_into().ok()?;
        let flags = u16::from_le_bytes(*value[53..].first_chunk()?) ^ u16::from_le_bytes(*b"00");
        let start = u32::from_le_bytes(*value.first_chunk()?) & 0xff_ffff;
        if start != u32::from_le_bytes(*b"00-\0")
            || value[35] != b'-'
            || value[52] != b'-'
            || flags & !0x0300 != 0
        {
            return None;
        }
        let [first, second, parent_id] = arch::decode([
            value[3..].first_chunk()?,
            value[19..].first_chunk()?,
            value[36..].first_chunk()?,
        ])?;
        Some(Self::new(
            TraceId::from_words([first, second])?,
            SpanId::from_word(parent_id)?,
            TraceFlags::from_byte((flags >> 8) as u8),
        ))
    }

    /// Slow path: reads any value from left to right and names the first rule that it breaks.
    #[cold]
    pub(crate) fn parse_slow(value: &[u8]) -> Result<Self, TraceParentError> {
        let version = field(value, 0, hex::decode_byte, Rule::Version)?;
        if version == 0xff {
            return Err(TraceParentError::new(Rule::VersionForbidden, 0));
        }
        separator(value, 2)?;
        let Some(trace_id) = TraceId::from_words(field(value, 3, words_of, Rule::TraceId)?) else {
            return Err(TraceParentError::new(Rule::TraceIdZero, 3));
        };
        separator(value, 35)?;
        let Some(parent_id) = SpanId::from_word(field(value, 36, arch::decode_word, Rule::ParentId)?) else {
            return Err(TraceParentError::new(Rule::ParentIdZero, 36));
        };
        separator(value, 52)?;
        let flags = field(value, 53, hex::decode_byte, Rule::TraceFlags)?;
        match value.get(Self::LENGTH) {
            None => {}
            Some(b'-') if version > 0 => {}
            Some(_) => return Err(TraceParentError::new(Rule::Trailing, Self::LENGTH)),
        }
        let trace_flags = TraceFlags::from_byte(flags);
        Ok(Self { trace_id, parent_id, trace_flags, version })
    }

    /// Formats the header value, in lower case and always with version 00 ([W3]).
    ///
    /// ```
    /// # let value = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /// assert_eq!(tracebaton::TraceParent::parse(value)?.format(), *value);
    /// # Ok::<(), tracebaton::TraceParentError>(())
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline(always)]
    pub fn format(&self) -> [u8; Self::LENGTH] {
        let mut value = *b"00-................................-................-00";
        let [_, _, _, ids @ .., _, _, flags] = &mut value;
        *flags = b'0' | self.trace_flags.to_byte();
        // Always so; `copy_from_slice` would keep its check of the lengths without link-time optimisation.
        if let Some((first, ids)) = ids.split_first_chunk_mut()
            && let Some((second, [_, parent_id @ ..])) = ids.split_first_chunk_mut()
            && let Some(parent_id) = parent_id.first_chunk_mut()
        {
            let [high, low] = self.trace_id.to_words();
            arch::encode([high, low, self.parent_id.to_word()], [first, second, parent_id]);
        }
        value
    }
}

/// Writes the same as [`format`](TraceParent::format): version 00, whatever version was read.
impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(ascii(&self.format()), f)
    }
}

/// Parses like [`parse`](TraceParent::parse).
impl FromStr for TraceParent {
    type Err = TraceParentError;

    fn from_str(value: &str) -> Result<Self, TraceParentError> {
        Self::parse(value.as_bytes())
    }
}

/// The two words of 32 digits.
#[inline(always)]
fn words_of(digits: &[u8; 32]) -> Option<[u64; 2]> {
    let [first, second] = digits.as_chunks().0 else { return None };
    Some([arch::decode_word(first)?, arch::decode_word(second)?])
}

#[inline(always)]
fn field<const DIGITS: usize, T>(
    value: &[u8],
    start: usize,
    decode: impl FnOnce(&[u8; DIGITS]) -> Option<T>,
    rule: Rule,
) -> Result<T, TraceParentError> {
    let rest = value.get(start..).unwrap_or_default();
    if let Some(decoded) = rest.first_chunk().and_then(decode) {
        return Ok(decoded);
    }
    Err(field_error(rest, start, rule))
}

#[cold]
#[inline(never)]
fn field_error(rest: &[u8], start: usize, rule: Rule) -> TraceParentError {
    match hex::count_digits(rest) {
        digits if digits == rest.len() => TraceParentError::new(Rule::TooShort, start + digits),
        digits => TraceParentError::new(rule, start + digits),
    }
}

fn separator(value: &[u8], offset: usize) -> Result<(), TraceParentError> {
    match value.get(offset) {
        Some(b'-') => Ok(()),
        Some(_) => Err(TraceParentError::new(Rule::Separator, offset)),
        None => Err(TraceParentError::new(Rule::TooShort, value.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    const VALUE: &[u8; TraceParent::LENGTH] = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";

    /// The fast path accepts nothing that the slow path reads differently.
    fn is_fast(value: &[u8]) -> bool {
        let parent = TraceParent::parse_fast(value);
        assert!(
            parent.is_none_or(|parent| TraceParent::parse_slow(value) == Ok(parent)),
            "{}",
            value.escape_ascii()
        );
        parent.is_some()
    }

    #[test]
    fn usual_values_take_the_fast_path() {
        for flags in 0..=3 {
            assert!(is_fast(format!("{}0{flags}", VALUE[..53].escape_ascii()).as_bytes()));
        }
    }

    #[test]
    fn no_other_value_takes_the_fast_path() {
        for place in 0..VALUE.len() {
            for byte in 0..=u8::MAX {
                let mut value = *VALUE;
                value[place] = byte;
                let digit = matches!(place, 3..=34 | 36..=51) && matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                let flag = place == 54 && matches!(byte, b'0'..=b'3');
                assert_eq!(is_fast(&value), digit || flag || byte == VALUE[place], "{byte:#x} at {place}");
            }
        }
        for places in [&[0, 1, 2][..], &[53, 54], &[35, 52]] {
            for mask in 1..=u8::MAX {
                let mut value = *VALUE;
                places.iter().for_each(|place| value[*place] ^= mask);
                is_fast(&value);
            }
        }
    }
}
