//! Numbers in the values of formats.

use super::context::{FormatError, FormatRule as Rule};
use crate::hex;
use crate::id::{SpanId, TraceId};

/// The bytes of a field that begins at `start` and has exactly this many lower-case digits.
pub(super) fn lower_hex<const DIGITS: usize, const BYTES: usize>(
    value: &[u8],
    start: usize,
    rule: Rule,
) -> Result<[u8; BYTES], FormatError> {
    let rest = value.get(start..).unwrap_or_default();
    if let Some(bytes) = rest.first_chunk().and_then(hex::decode::<DIGITS, BYTES>) {
        return Ok(bytes);
    }
    match start + hex::count_digits(rest) {
        end if end == value.len() => Err(FormatError::new(Rule::TooShort, end)),
        bad => Err(FormatError::new(rule, bad)),
    }
}

/// The number written by hexadecimal digits of either letter case, at most 32, that begin at offset `start` of the
/// value.
pub(super) fn any_hex(digits: &[u8], start: usize, rule: Rule) -> Result<u128, FormatError> {
    let mut number = 0;
    for (index, digit) in digits.iter().enumerate() {
        let digit = hex::digit_value(*digit).ok_or(FormatError::new(rule, start + index))?;
        number = number << 4 | u128::from(digit);
    }
    Ok(number)
}

/// The number in a field that begins with this many hexadecimal digits of either letter case.
pub(super) fn exact_hex(field: &[u8], count: usize, rule: Rule) -> Result<u128, FormatError> {
    let number = any_hex(field.get(..count).unwrap_or(field), 0, rule)?;
    if field.len() < count { Err(FormatError::new(Rule::TooShort, field.len())) } else { Ok(number) }
}

/// Checks that a field ends at this offset.
pub(super) fn nothing_after(field: &[u8], end: usize) -> Result<(), FormatError> {
    if field.len() > end { Err(FormatError::new(Rule::Trailing, end)) } else { Ok(()) }
}

/// Moves an error of a field to the value in which the field begins at `start`.
pub(super) fn at<T>(start: usize, field: Result<T, FormatError>) -> Result<T, FormatError> {
    field.map_err(|error| FormatError::new(error.rule, start + error.offset))
}

/// Maximum count of digits in a decimal number, including zeros on the left.
const MOST_DIGITS: usize = 20;

/// The number written by the decimal digits from `start` to the end of a value; `most` is the largest valid number.
pub(super) fn decimal(value: &[u8], start: usize, most: u64, rule: Rule) -> Result<u64, FormatError> {
    let digits = value.get(start..).unwrap_or_default();
    if digits.is_empty() {
        return Err(FormatError::new(Rule::TooShort, value.len()));
    }
    let mut number = 0_u64;
    for (index, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        let next = number.checked_mul(10).and_then(|number| number.checked_add(digit.into()));
        number = match next {
            Some(next) if index < MOST_DIGITS && digit <= 9 && next <= most => next,
            _ => return Err(FormatError::new(rule, start + index)),
        };
    }
    Ok(number)
}

/// The trace id with this number; `offset` is that of its field.
pub(super) fn trace_id(bytes: [u8; TraceId::SIZE], offset: usize) -> Result<TraceId, FormatError> {
    TraceId::from_bytes(bytes).ok_or(FormatError::new(Rule::TraceIdZero, offset))
}

/// The span id with these bytes; `offset` is that of its field.
pub(super) fn span_id(bytes: [u8; SpanId::SIZE], offset: usize) -> Result<SpanId, FormatError> {
    SpanId::from_bytes(bytes).ok_or(FormatError::new(Rule::SpanIdZero, offset))
}

/// The bytes of a trace id of 64 bits, with zeros on the left.
pub(super) fn padded(low: [u8; 8]) -> [u8; TraceId::SIZE] {
    u128::from(u64::from_be_bytes(low)).to_be_bytes()
}
