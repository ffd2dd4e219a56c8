//! Lower-case hexadecimal: two digits a byte, most significant first, nothing else.
//!
//! Each loop runs over an array of fixed size without a branch, so that the compiler makes vectors of it.

/// The bytes of `DIGITS` lower-case digits, or the position of the first byte that is none.
#[inline(always)]
pub(crate) fn decode<const DIGITS: usize, const BYTES: usize>(
    digits: &[u8; DIGITS],
) -> Result<[u8; BYTES], usize> {
    const { assert!(DIGITS == 2 * BYTES) };
    let mut nibbles = [0; DIGITS];
    let mut seen = 0;
    for (nibble, digit) in nibbles.iter_mut().zip(digits) {
        *nibble = value(*digit);
        seen |= *nibble;
    }
    if seen > 0xf {
        return Err(first_non_digit(digits));
    }
    let mut bytes = [0; BYTES];
    for (byte, pair) in bytes.iter_mut().zip(nibbles.as_chunks::<2>().0) {
        let pair = u16::from_le_bytes(*pair);
        *byte = (pair << 4 | pair >> 8) as u8;
    }
    Ok(bytes)
}

/// The two digits of each byte.
#[inline(always)]
pub(crate) fn encode<const BYTES: usize, const DIGITS: usize>(bytes: &[u8; BYTES]) -> [u8; DIGITS] {
    const { assert!(DIGITS == 2 * BYTES) };
    let mut digits = [0; DIGITS];
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 0xf)];
    }
    digits
}

/// The two upper-case digits of a byte, as percent-encoding wants them (RFC 3986 2.1).
pub(crate) fn encode_upper(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 0xf].map(|nibble| digit(nibble).to_ascii_uppercase())
}

/// The value of a digit of either case, as percent-decoding takes them (RFC 3986 2.1).
pub(crate) fn digit_value(digit: u8) -> Option<u8> {
    let value = value(digit.to_ascii_lowercase());
    (value <= 0xf).then_some(value)
}

#[inline(always)]
fn digit(nibble: u8) -> u8 {
    nibble + if nibble > 9 { b'a' - 10 } else { b'0' }
}

/// The value of a lower-case digit; more than 15 for every other byte.
#[inline(always)]
fn value(digit: u8) -> u8 {
    let decimal = digit.wrapping_add(0xff - b'9').saturating_sub(6).wrapping_sub(0xf0);
    let letter = digit.wrapping_sub(b'a').saturating_add(10);
    decimal.min(letter)
}

#[cold]
fn first_non_digit(digits: &[u8]) -> usize {
    digits.iter().take_while(|digit| value(**digit) <= 0xf).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn every_byte_has_the_value_of_its_digit_or_none() {
        for byte in 0..=u8::MAX {
            let expected = b"0123456789abcdef".iter().position(|digit| *digit == byte);
            assert_eq!(
                decode::<2, 1>(&[byte, b'0']).ok(),
                expected.map(|value| [(value << 4) as u8]),
                "{byte:#x}"
            );
            let either = char::from(byte).to_digit(16).map(|value| value as u8);
            assert_eq!(digit_value(byte), either, "{byte:#x}");
            assert_eq!(encode::<1, 2>(&[byte]), *format!("{byte:02x}").as_bytes());
            assert_eq!(encode_upper(byte), *format!("{byte:02X}").as_bytes());
        }
    }

    #[test]
    fn the_first_bad_digit_is_named() {
        for position in 0..32 {
            for bad in [b'g', b'A', b'/', b':', b'`', 0, 0xff] {
                let mut digits = [b'7'; 32];
                digits[position..].fill(bad);
                assert_eq!(decode::<32, 16>(&digits), Err(position));
            }
        }
    }
}
