//! Code that depends on the processor: sixteen bytes at a time where vectors are supported, a word where they are not.
//!
//! [`Word`] is the same on every processor. Each of the other implementations has the same items, with the same
//! signatures and results, and imports nothing from the rest of the crate. Two items may differ: `HAS_VECTORS`, and
//! `has_no_control`, which may be undecided for more values.
//! `--cfg tracebaton_portable` selects the portable implementation on every target.

#[cfg(all(target_arch = "x86_64", not(tracebaton_portable)))]
#[path = "x86_64.rs"]
mod native;
#[cfg(all(
    target_arch = "aarch64",
    target_endian = "little",
    target_feature = "neon",
    not(tracebaton_portable)
))]
#[path = "aarch64.rs"]
mod native;
#[cfg(any(
    tracebaton_portable,
    not(any(
        target_arch = "x86_64",
        all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
    ))
))]
#[path = "portable.rs"]
mod native;
#[cfg(test)]
mod portable;
mod word;

pub(crate) use native::*;
pub(crate) use word::{LOADS_WORDS, Word};

/// The value of a lower-case hexadecimal digit; for every other byte a number above 15.
#[inline(always)]
pub(crate) const fn digit_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => u8::MAX,
    }
}

/// The digits of four values of 0 to 15. Values up to 0x8f give bytes that do not carry into the next.
///
/// Adding 6 to a value carries into bit 4 if the value is 10 or more. Such a byte gains 0x27, the distance from
/// '9' + 1 to 'a'.
#[inline(always)]
pub(crate) const fn digits_of(values: u32) -> u32 {
    let letters = (values + 0x0606_0606) >> 4 & 0x0101_0101;
    values + 0x3030_3030 + letters * 0x27
}

#[cfg(test)]
mod tests {
    use super::{native, portable};

    /// All inputs; Miri, which takes about 10,000 times as long as the processor, tries one of `step`.
    fn sampled<T>(step: usize, inputs: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        inputs.step_by(if cfg!(miri) { step } else { 1 })
    }

    #[test]
    fn every_byte_at_every_place_is_decoded_alike() {
        for place in sampled(5, 0..48) {
            for byte in sampled(41, 0..=u8::MAX) {
                let mut digits = [[b'0'; 16], *b"0123456789abcdef", [b'f'; 16]];
                digits[place / 16][place % 16] = byte;
                let expected = portable::decode(digits.each_ref());
                assert_eq!(native::decode(digits.each_ref()), expected, "{byte:#x} at {place}");
                let expected = portable::decode_word(&digits[place / 16]);
                assert_eq!(native::decode_word(&digits[place / 16]), expected, "{byte:#x} at {place}");
                assert_eq!(portable::decode_by_words(&digits[place / 16]), expected, "{byte:#x} at {place}");
                assert_eq!(portable::decode_by_bytes(&digits[place / 16]), expected, "{byte:#x} at {place}");
            }
        }
    }

    #[test]
    fn every_byte_at_every_place_is_encoded_alike() {
        for place in sampled(5, 0..24) {
            for byte in sampled(41, 0..=u64::from(u8::MAX)) {
                let mut words = [u64::MAX, 0x0123_4567_89ab_cdef, 0];
                words[place / 8] ^= byte << (8 * (place % 8));
                let (mut digits, mut expected) = ([[0; 16]; 3], [[0; 16]; 3]);
                native::encode(words, digits.each_mut());
                portable::encode(words, expected.each_mut());
                assert_eq!(digits, expected, "{byte:#x} at {place}");
                for (word, expected) in words.into_iter().zip(expected) {
                    for encode in [portable::encode_by_words, portable::encode_by_bytes] {
                        let mut digits = [0; 16];
                        encode(word, &mut digits);
                        assert_eq!(digits, expected, "{byte:#x} at {place}");
                    }
                }
            }
        }
    }

    #[test]
    fn control_bytes_are_found_at_every_place() {
        for length in sampled(11, 16..50) {
            for place in sampled(5, 0..length) {
                for byte in sampled(41, 0..=u8::MAX) {
                    let mut value = [b'a'; 50];
                    value[place] = byte;
                    let value = &value[..length];
                    let expected = portable::has_no_control(value);
                    assert_eq!(native::has_no_control(value), expected, "{byte:#x} at {place}");
                }
            }
        }
    }

    #[test]
    fn the_vectors_of_the_processor_are_used() {
        let has_vectors =
            cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) && !cfg!(tracebaton_portable);
        assert_eq!([native::HAS_VECTORS, portable::HAS_VECTORS], [has_vectors, false]);
    }

    /// Whether two vectors are equal: compares each of them with every byte value, since no operation returns the
    /// lanes.
    fn is_same(left: native::Vector, right: portable::Vector) -> bool {
        sampled(41, 0..=u8::MAX).all(|byte| {
            let (left_splat, right_splat) = (native::Vector::splat(byte), portable::Vector::splat(byte));
            left.equal(left_splat).movemask() == right.equal(right_splat).movemask()
        })
    }

    #[test]
    fn every_operation_gives_the_same_for_every_two_bytes() {
        for left in sampled(41, 0..=u8::MAX) {
            for step in sampled(5, 0..16) {
                let rights: [u8; 16] = core::array::from_fn(|lane| (step * 16 + lane) as u8);
                let (x, y) = (native::Vector::splat(left), native::Vector::load(&rights));
                let (p, q) = (portable::Vector::splat(left), portable::Vector::load(&rights));
                assert!(is_same(x.or(y), p.or(q)) && is_same(x.and(y), p.and(q)));
                assert!(is_same(x.min(y), p.min(q)) && is_same(x.max(y), p.max(q)));
                assert!(is_same(x.saturating_sub(y), p.saturating_sub(q)));
                assert!(is_same(x.equal(y), p.equal(q)));
                let (counted, expected) = (x.count_lanes(x.equal(y)), p.count_lanes(p.equal(q)));
                // Counts saturate at 127, the greatest signed byte.
                assert!(left > 0x7f || is_same(counted, expected) && counted.sum() == expected.sum());
                assert_eq!(y.sum(), q.sum());
            }
        }
        for first in sampled(41, 1..=0x7f_u8) {
            for last in sampled(41, first..=0x7f) {
                let bytes: [u8; 16] = core::array::from_fn(|lane| match lane {
                    0..8 => first.wrapping_sub(4).wrapping_add(lane as u8),
                    _ => last.wrapping_sub(12).wrapping_add(lane as u8),
                });
                let expected = portable::Vector::load(&bytes).within(first, last).movemask();
                assert_eq!(native::Vector::load(&bytes).within(first, last).movemask(), expected);
            }
        }
    }
}
