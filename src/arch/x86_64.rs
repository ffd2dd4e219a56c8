//! Implementation with SSE2, which every x86-64 processor has.
#![allow(unsafe_code, reason = "the vector instructions of the processor")]

use core::arch::x86_64::*;

/// Whether [`Vector`] is a register of the processor. If not, the readers made of it are slower than plain loops.
pub(crate) const HAS_VECTORS: bool = true;

/// Decodes 48 lower-case hexadecimal digits into words in memory order. Returns `None` if a byte is not such a digit.
#[inline(always)]
pub(crate) fn decode(digits: [&[u8; 16]; 3]) -> Option<[u64; 3]> {
    // SAFETY: every x86-64 has SSE2.
    unsafe { decode_vectors(digits) }
}

/// Decodes 16 lower-case hexadecimal digits into a word in memory order. Returns `None` if a byte is not such a
/// digit.
#[inline(always)]
pub(crate) fn decode_word(digits: &[u8; 16]) -> Option<u64> {
    decode([digits; 3]).map(|[word, _, _]| word)
}

/// Encodes words in memory order as 48 lower-case hexadecimal digits.
#[inline(always)]
pub(crate) fn encode(words: [u64; 3], [first, second, third]: [&mut [u8; 16]; 3]) {
    // SAFETY: every x86-64 has SSE2.
    [*first, *second, *third] = unsafe { encode_vectors(words) };
}

/// Whether there is certainly no control byte. `false` is undecided: a tab or a value of fewer than 16 bytes gives
/// `false`.
#[inline(always)]
pub(crate) fn has_no_control(value: &[u8]) -> bool {
    let Some(last) = value.last_chunk() else { return false };
    // The last vector may overlap the one before it: minimum and OR are idempotent.
    let mut least = Vector::load(last);
    let mut delete = least.equal(Vector::splat(0x7f));
    for bytes in value.as_chunks().0 {
        let vector = Vector::load(bytes);
        least = least.min(vector);
        delete = delete.or(vector.equal(Vector::splat(0x7f)));
    }
    let below_space = Vector::splat(0x20).saturating_sub(least);
    below_space.or(delete).equal(Vector::splat(0)).movemask() == 0xffff
}

/// Sixteen bytes, called lanes.
#[derive(Clone, Copy)]
pub(crate) struct Vector(__m128i);

impl Vector {
    #[inline(always)]
    pub(crate) fn load(bytes: &[u8; 16]) -> Self {
        // SAFETY: every x86-64 has SSE2; the array has sixteen bytes, and the load needs no alignment.
        Self(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(crate) fn splat(byte: u8) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_set1_epi8(byte as i8) })
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_or_si128(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_and_si128(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_min_epu8(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_max_epu8(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn saturating_sub(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_subs_epu8(self.0, other.0) })
    }

    /// 0xff in each lane that is equal in both, 0 in the others.
    #[inline(always)]
    pub(crate) fn equal(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_cmpeq_epi8(self.0, other.0) })
    }

    /// 0xff in each lane that is at least `first` and at most `last`, 0 in the others. Requires `first >= 1` and
    /// `last <= 0x7f`.
    ///
    /// SSE2 compares signed bytes only. Adding `0x7f - last` moves the range to the top of the signed numbers, so one
    /// comparison with the byte before `first` is enough: `'0'..='9'` becomes 0x76..=0x7f, and ':' overflows to -128.
    #[inline(always)]
    pub(crate) fn within(self, first: u8, last: u8) -> Self {
        let up = 0x7f - last;
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe {
            _mm_cmpgt_epi8(
                _mm_add_epi8(self.0, _mm_set1_epi8(up as i8)),
                _mm_set1_epi8((first - 1 + up) as i8),
            )
        })
    }

    /// Adds 1 to the count of each lane that is 0xff in `lanes`. Counts are at most 127.
    #[inline(always)]
    pub(crate) fn count_lanes(self, lanes: Self) -> Self {
        // SAFETY: every x86-64 has SSE2. 0xff is -1 as a signed byte, and subtracting -1 adds 1.
        Self(unsafe { _mm_subs_epi8(self.0, lanes.0) })
    }

    /// The sum of all lanes.
    #[inline(always)]
    pub(crate) fn sum(self) -> u64 {
        // SAFETY: every x86-64 has SSE2.
        unsafe {
            let halves = _mm_sad_epu8(self.0, _mm_setzero_si128());
            (_mm_cvtsi128_si64(halves) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves))) as u64
        }
    }

    /// Bit `i` is the highest bit of lane `i`.
    #[inline(always)]
    pub(crate) fn movemask(self) -> u64 {
        // SAFETY: every x86-64 has SSE2.
        u64::from(unsafe { _mm_movemask_epi8(self.0) } as u16)
    }
}

#[inline(always)]
fn splat(byte: u8) -> __m128i {
    Vector::splat(byte).0
}

/// The value of a digit, computed without a branch. Each lane is computed both as a decimal digit and as a letter. A
/// byte of another kind gives more than 15 in each, so the lesser of the two is the result.
///
/// As a decimal digit: `'0'..='9'` is moved to 0xf6..=0xff, and subtracting 6 with saturation gives 0xf0..=0xf9.
/// Every other byte ends outside that range, so subtracting 0xf0 leaves 0 to 9 for decimal digits alone. As a letter:
/// `'a'..='f'` becomes 0 to 5, and 10 is added with saturation.
#[inline]
#[target_feature(enable = "sse2")]
fn decode_vectors(digits: [&[u8; 16]; 3]) -> Option<[u64; 3]> {
    let value = |digits: &[u8; 16]| {
        let digits = Vector::load(digits).0;
        let decimal =
            _mm_sub_epi8(_mm_subs_epu8(_mm_add_epi8(digits, splat(0xff - b'9')), splat(6)), splat(0xf0));
        let letter = _mm_adds_epu8(_mm_sub_epi8(digits, splat(b'a')), splat(10));
        _mm_min_epu8(decimal, letter)
    };
    let pairs = |nibbles| _mm_srli_epi16(_mm_mullo_epi16(nibbles, _mm_set1_epi16(0x1001)), 8);
    let [first, second, third] = digits.map(value);
    let most = _mm_max_epu8(_mm_max_epu8(first, second), third);
    if _mm_movemask_epi8(_mm_cmpgt_epi8(most, splat(15))) | _mm_movemask_epi8(most) != 0 {
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
        let letters = _mm_and_si128(_mm_cmpgt_epi8(nibbles, splat(9)), splat(b'a' - b'0' - 10));
        _mm_add_epi8(_mm_add_epi8(nibbles, splat(b'0')), letters)
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
        let high = _mm_and_si128(_mm_srli_epi16(vector, 4), splat(0xf));
        (high, _mm_and_si128(vector, splat(0xf)))
    };
    let (high, low) = nibbles(_mm_set_epi64x(second, first));
    let (span_high, span_low) = nibbles(_mm_cvtsi64_si128(third));
    [
        stored(digits(_mm_unpacklo_epi8(high, low))),
        stored(digits(_mm_unpackhi_epi8(high, low))),
        stored(digits(_mm_unpacklo_epi8(span_high, span_low))),
    ]
}
