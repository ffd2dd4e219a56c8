//! Lower-case hexadecimal: two digits a byte, most significant first, nothing else.
//!
//! The loops run over arrays of fixed size, without a branch and in lanes of one width, so that the compiler makes
//! vectors of them on every target that has any.

/// The bytes of `DIGITS` lower-case digits; none if one of them is no such digit.
#[inline(always)]
pub(crate) fn decode<const DIGITS: usize, const BYTES: usize>(digits: &[u8; DIGITS]) -> Option<[u8; BYTES]> {
    const { assert!(DIGITS == 2 * BYTES) };
    let mut nibbles = [0; DIGITS];
    let mut seen = 0;
    for (nibble, digit) in nibbles.iter_mut().zip(digits) {
        *nibble = value(*digit);
        seen |= *nibble;
    }
    if seen > 0xf {
        return None;
    }
    let mut bytes = [0; BYTES];
    for (byte, pair) in bytes.iter_mut().zip(nibbles.as_chunks().0) {
        let pair = u16::from_le_bytes(*pair);
        *byte = (pair << 4 | pair >> 8) as u8;
    }
    // Keeps the compiler from taking the vector apart again, byte by byte, for what is made of it.
    Some(core::hint::black_box(bytes))
}

/// How many lower-case digits come before the first byte that is none.
pub(crate) fn count_digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| value(**byte) <= 0xf).count()
}

/// The two digits of each byte.
#[inline(always)]
pub(crate) fn encode<const BYTES: usize, const DIGITS: usize>(bytes: &[u8; BYTES]) -> [u8; DIGITS] {
    const { assert!(DIGITS == 2 * BYTES) };
    let mut digits = [0; DIGITS];
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(bytes) {
        let byte = u16::from(*byte);
        let nibbles = byte >> 4 | (byte & 0xf) << 8;
        let letters = (nibbles + 0x0606) >> 4 & 0x0101;
        *pair = (nibbles + 0x3030 + letters * 0x27).to_le_bytes();
    }
    digits
}

/// The two upper-case digits of a byte, as percent-encoding writes them (RFC 3986 2.1).
pub(crate) fn encode_upper(byte: u8) -> [u8; 2] {
    encode::<1, 2>(&[byte]).map(|digit| digit.to_ascii_uppercase())
}

/// The value of a digit of either case, as percent-decoding reads them (RFC 3986 2.1).
pub(crate) fn digit_value(digit: u8) -> Option<u8> {
    let value = value(digit.to_ascii_lowercase());
    (value <= 0xf).then_some(value)
}

/// The value of a lower-case digit; more than 15 for every other byte.
#[inline(always)]
fn value(digit: u8) -> u8 {
    let decimal = digit.wrapping_add(0xff - b'9').saturating_sub(6).wrapping_sub(0xf0);
    let letter = digit.wrapping_sub(b'a').saturating_add(10);
    decimal.min(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn every_byte_has_the_value_of_its_digit_or_none() {
        for byte in 0..=u8::MAX {
            let expected = b"0123456789abcdef".iter().position(|digit| *digit == byte);
            let decoded = decode::<2, 1>(&[byte, b'0']);
            assert_eq!(decoded, expected.map(|value| [(value << 4) as u8]), "{byte:#x}");
            assert_eq!(decode::<2, 1>(&[b'0', byte]), expected.map(|value| [value as u8]), "{byte:#x}");
            assert_eq!(count_digits(&[b'7', byte, b'0']), if expected.is_some() { 3 } else { 1 });
            let either = char::from(byte).to_digit(16).map(|value| value as u8);
            assert_eq!(digit_value(byte), either, "{byte:#x}");
        }
    }

    #[test]
    fn every_byte_has_its_two_digits() {
        for byte in 0..=u8::MAX {
            assert_eq!(encode::<1, 2>(&[byte]), *format!("{byte:02x}").as_bytes());
            assert_eq!(encode_upper(byte), *format!("{byte:02X}").as_bytes());
            assert_eq!(decode::<32, 16>(&encode::<16, 32>(&[byte; 16])), Some([byte; 16]));
        }
    }
}
