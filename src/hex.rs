//! Hexadecimal digits: two for each byte, most significant first.

use crate::arch::{self, Vector};

/// Decodes `DIGITS` lower-case digits, a multiple of 16. Returns `None` if a byte is not a lower-case digit.
#[inline(always)]
pub(crate) fn decode<const DIGITS: usize, const BYTES: usize>(digits: &[u8; DIGITS]) -> Option<[u8; BYTES]> {
    const { assert!(DIGITS == 2 * BYTES && DIGITS.is_multiple_of(16)) };
    let mut bytes = [0; BYTES];
    for (word, digits) in bytes.as_chunks_mut().0.iter_mut().zip(digits.as_chunks().0) {
        *word = arch::decode_word(digits)?.to_ne_bytes();
    }
    Some(bytes)
}

/// Decodes two lower-case digits. Returns `None` if a byte is not a lower-case digit.
#[inline(always)]
pub(crate) fn decode_byte(digits: &[u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(arch::digit_value);
    (high.max(low) <= 0xf).then_some(high << 4 | low)
}

/// Number of lower-case digits before the first byte that is not one.
pub(crate) fn count_digits(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    if arch::HAS_VECTORS {
        while let Some((block, after)) = rest.split_first_chunk() {
            let block = Vector::load(block);
            let digits = block.within(b'0', b'9').or(block.within(b'a', b'f')).movemask();
            if digits != 0xffff {
                return bytes.len() - rest.len() + digits.trailing_ones() as usize;
            }
            rest = after;
        }
    }
    bytes.len() - rest.len() + rest.iter().take_while(|byte| arch::digit_value(**byte) <= 0xf).count()
}

/// Encodes 8, 16 or 24 bytes, each as two lower-case digits.
#[inline(always)]
pub(crate) fn encode<const BYTES: usize, const DIGITS: usize>(bytes: &[u8; BYTES]) -> [u8; DIGITS] {
    const { assert!(DIGITS == 2 * BYTES && BYTES.is_multiple_of(8) && BYTES <= 24) };
    let (mut words, mut blocks, mut digits) = ([0; 3], [[0; 16]; 3], [0; DIGITS]);
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_ne_bytes(*bytes);
    }
    arch::encode(words, blocks.each_mut());
    for (to, from) in digits.as_chunks_mut().0.iter_mut().zip(blocks) {
        *to = from;
    }
    digits
}

/// Encodes a byte as two upper-case digits, for percent-encoding (RFC 3986 2.1).
pub(crate) fn encode_upper(byte: u8) -> [u8; 2] {
    let digits = arch::digits_of(u32::from(byte >> 4) | u32::from(byte & 0xf) << 8) as u16;
    digits.to_le_bytes().map(|digit| digit.to_ascii_uppercase())
}

/// Value of a digit in either letter case, for percent-decoding (RFC 3986 2.1).
pub(crate) fn digit_value(digit: u8) -> Option<u8> {
    let value = arch::digit_value(digit.to_ascii_lowercase());
    (value <= 0xf).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn every_byte_has_the_value_of_its_digit_or_none() {
        for byte in 0..=u8::MAX {
            let expected = b"0123456789abcdef".iter().position(|digit| *digit == byte);
            assert_eq!(decode_byte(&[byte, b'0']), expected.map(|value| (value << 4) as u8), "{byte:#x}");
            assert_eq!(decode_byte(&[b'0', byte]), expected.map(|value| value as u8), "{byte:#x}");
            assert_eq!(count_digits(&[b'7', byte, b'0']), if expected.is_some() { 3 } else { 1 });
            for place in 0..40 {
                let mut digits = [b'a'; 40];
                digits[place] = byte;
                assert_eq!(count_digits(&digits), if expected.is_some() { 40 } else { place });
            }
            let either = char::from(byte).to_digit(16).map(|value| value as u8);
            assert_eq!(digit_value(byte), either, "{byte:#x}");
        }
    }

    #[test]
    fn every_byte_has_its_two_digits() {
        for byte in 0..=u8::MAX {
            assert_eq!(encode::<8, 16>(&[byte; 8]), *format!("{byte:02x}").repeat(8).as_bytes());
            assert_eq!(encode_upper(byte), *format!("{byte:02X}").as_bytes());
            assert_eq!(decode::<32, 16>(&encode::<16, 32>(&[byte; 16])), Some([byte; 16]));
        }
    }
}
