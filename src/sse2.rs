//! Sixteen bytes at a time, with the vectors that every x86-64 has.

use core::arch::x86_64::*;

#[path = "sse2_tracestate.rs"]
mod tracestate;

#[cfg(test)]
#[path = "portable.rs"]
#[allow(dead_code)]
mod portable;

/// The 24 bytes of 48 lower-case hexadecimal digits, 8 to a number in memory order; none if a byte is no such digit.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn decode(digits: [&[u8; 16]; 3]) -> Option<[u64; 3]> {
    // SAFETY: SSE2 is part of every x86-64.
    unsafe { decode_vectors(digits) }
}

/// The 48 lower-case hexadecimal digits of 24 bytes, which are 8 to a number in memory order.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn encode(bytes: [u64; 3]) -> [[u8; 16]; 3] {
    // SAFETY: SSE2 is part of every x86-64.
    unsafe { encode_vectors(bytes) }
}

/// The length from which on a list is long.
pub(crate) const LONG: usize = crate::blocks::BLOCK;

/// Whether a `tracestate` that is not long is surely in order; if not, it still may be.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn is_short_in_order(list: &[u8]) -> bool {
    // SAFETY: SSE2 is part of every x86-64.
    unsafe { tracestate::is_short(list) }
}

/// Whether a long `tracestate` is surely in order; if not, it still may be.
#[inline(never)]
#[allow(unsafe_code)]
pub(crate) fn is_long_in_order(list: &[u8]) -> bool {
    // SAFETY: SSE2 is part of every x86-64.
    list.last_chunk().is_some_and(|last| unsafe { tracestate::is_long(list, last) })
}

/// Whether no byte is surely a control byte; if not, one may be.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn has_no_control(value: &[u8]) -> bool {
    // SAFETY: SSE2 is part of every x86-64.
    unsafe { is_free_of_control(value) }
}

#[inline]
#[target_feature(enable = "sse2")]
fn is_free_of_control(value: &[u8]) -> bool {
    let Some(start) = value.len().checked_sub(16) else { return false };
    let Some(last) = value.get(start..).and_then(|last| last.first_chunk()) else { return false };
    let mut least = load(last);
    let mut delete = _mm_cmpeq_epi8(least, all(0x7f));
    for vector in value.as_chunks::<16>().0 {
        let vector = load(vector);
        least = _mm_min_epu8(least, vector);
        delete = _mm_or_si128(delete, _mm_cmpeq_epi8(vector, all(0x7f)));
    }
    let control = _mm_subs_epu8(all(0x20), least);
    _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(control, delete), all(0))) == 0xffff
}

#[inline]
#[target_feature(enable = "sse2")]
fn load(bytes: &[u8; 16]) -> __m128i {
    let half = |half: Option<&[u8; 8]>| half.map_or(0, |half| i64::from_le_bytes(*half));
    _mm_set_epi64x(half(bytes.last_chunk()), half(bytes.first_chunk()))
}

#[inline]
#[target_feature(enable = "sse2")]
fn all(byte: u8) -> __m128i {
    _mm_set1_epi8(byte as i8)
}

#[inline]
#[target_feature(enable = "sse2")]
fn decode_vectors(digits: [&[u8; 16]; 3]) -> Option<[u64; 3]> {
    let value = |digits: &[u8; 16]| {
        let digits = load(digits);
        let decimal = _mm_sub_epi8(_mm_subs_epu8(_mm_add_epi8(digits, all(0xff - b'9')), all(6)), all(0xf0));
        let letter = _mm_adds_epu8(_mm_sub_epi8(digits, all(b'a')), all(10));
        _mm_min_epu8(decimal, letter)
    };
    let pairs = |nibbles| _mm_srli_epi16(_mm_mullo_epi16(nibbles, _mm_set1_epi16(0x1001)), 8);
    let [first, second, third] = digits.map(value);
    let most = _mm_max_epu8(_mm_max_epu8(first, second), third);
    if _mm_movemask_epi8(_mm_cmpgt_epi8(most, all(15))) | _mm_movemask_epi8(most) != 0 {
        return None;
    }
    let trace_id = _mm_packus_epi16(pairs(first), pairs(second));
    let parent_id = _mm_packus_epi16(pairs(third), pairs(third));
    let low = |vector| _mm_cvtsi128_si64(vector) as u64;
    Some([low(trace_id), low(_mm_unpackhi_epi64(trace_id, trace_id)), low(parent_id)])
}

#[inline]
#[target_feature(enable = "sse2")]
fn encode_vectors(bytes: [u64; 3]) -> [[u8; 16]; 3] {
    let digits = |nibbles| {
        let letters = _mm_and_si128(_mm_cmpgt_epi8(nibbles, all(9)), all(b'a' - b'0' - 10));
        _mm_add_epi8(_mm_add_epi8(nibbles, all(b'0')), letters)
    };
    let stored = |vector| {
        let halves =
            [vector, _mm_unpackhi_epi64(vector, vector)].map(|half| _mm_cvtsi128_si64(half).to_le_bytes());
        let mut bytes = [0; 16];
        for (to, from) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(halves) {
            *to = from;
        }
        bytes
    };
    let [first, second, third] = bytes.map(|number| number as i64);
    let nibbles = |vector| {
        let high = _mm_and_si128(_mm_srli_epi16(vector, 4), all(0xf));
        (high, _mm_and_si128(vector, all(0xf)))
    };
    let (high, low) = nibbles(_mm_set_epi64x(second, first));
    let (span_high, span_low) = nibbles(_mm_cvtsi64_si128(third));
    [
        stored(digits(_mm_unpacklo_epi8(high, low))),
        stored(digits(_mm_unpackhi_epi8(high, low))),
        stored(digits(_mm_unpacklo_epi8(span_high, span_low))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_read_as_by_the_portable_code() {
        for place in 0..48 {
            for byte in 0..=u8::MAX {
                let mut digits = [[b'0'; 16], *b"0123456789abcdef", [b'f'; 16]];
                digits[place / 16][place % 16] = byte;
                assert_eq!(decode(digits.each_ref()), portable::decode(digits.each_ref()), "{byte:#x}");
            }
        }
    }

    #[test]
    fn every_byte_at_every_place_is_written_as_by_the_portable_code() {
        for place in 0..24 {
            for byte in 0..=u64::from(u8::MAX) {
                let mut words = [u64::MAX, 0x0123_4567_89ab_cdef, 0];
                words[place / 8] ^= byte << (8 * (place % 8));
                assert_eq!(encode(words), portable::encode(words), "{byte:#x}");
            }
        }
    }

    #[test]
    fn control_bytes_are_found_at_every_place() {
        for length in 16..50 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut value = [b'a'; 50];
                    value[place] = byte;
                    let value = &value[..length];
                    assert_eq!(has_no_control(value), portable::has_no_control(value), "{byte:#x}");
                }
            }
        }
    }
}
