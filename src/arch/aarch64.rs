//! NEON, which every aarch64 with floating point has.
#![allow(unsafe_code, reason = "the vector instructions of the processor")]

use core::arch::aarch64::*;

/// Whether [`Vector`] is a register of the processor, so that the readers made of it are worth using.
pub(crate) const HAS_VECTORS: bool = true;

/// The 24 bytes of 48 lower-case hexadecimal digits, as words in memory order; `None` if a byte is not such a digit.
///
/// A digit's value without a branch: `byte - '0'` is less than 10 for decimal digits alone, and `byte - 'a' + 10` is 10 to
/// 15 for letters alone, since the addition saturates. The lesser of the two counts, and is more than 15 for any other
/// byte if `byte - '0'` is made so for 10 and more.
#[inline(always)]
pub(crate) fn decode(digits: [&[u8; 16]; 3]) -> Option<[u64; 3]> {
    let [first, second, third] = digits.map(|digits| values_of(Vector::load(digits)));
    if first.max(second).max(third).greatest() > 0xf {
        return None;
    }
    Some([first, second, third].map(joined))
}

/// The 8 bytes of 16 lower-case hexadecimal digits, as a word in memory order; `None` if a byte is not such a digit.
#[inline(always)]
pub(crate) fn decode_word(digits: &[u8; 16]) -> Option<u64> {
    let values = values_of(Vector::load(digits));
    (values.greatest() <= 0xf).then(|| joined(values))
}

/// Encodes words in memory order as 48 lower-case hexadecimal digits.
#[inline(always)]
pub(crate) fn encode(words: [u64; 3], digits: [&mut [u8; 16]; 3]) {
    for (word, digits) in words.into_iter().zip(digits) {
        // SAFETY: NEON is enabled for this target.
        let bytes = unsafe { vcreate_u8(word) };
        // SAFETY: NEON is enabled for this target.
        let (high, low) = unsafe { (vshr_n_u8::<4>(bytes), vand_u8(bytes, vdup_n_u8(0xf))) };
        // SAFETY: NEON is enabled for this target.
        let nibbles = Vector(unsafe { vcombine_u8(vzip1_u8(high, low), vzip2_u8(high, low)) });
        // A table of sixteen bytes, indexed by each lane.
        let table = Vector::load(b"0123456789abcdef");
        // SAFETY: NEON is enabled for this target.
        *digits = Vector(unsafe { vqtbl1q_u8(table.0, nibbles.0) }).store();
    }
}

/// Whether there is certainly no control byte. `false` is undecided, as for a tab or a value of fewer than 16 bytes.
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
    Vector::splat(0x20).saturating_sub(least).or(delete).greatest() == 0
}

/// Sixteen bytes, called lanes.
#[derive(Clone, Copy)]
pub(crate) struct Vector(uint8x16_t);

impl Vector {
    #[inline(always)]
    pub(crate) fn load(bytes: &[u8; 16]) -> Self {
        // SAFETY: NEON is enabled for this target; sixteen bytes are there, and any alignment will do.
        Self(unsafe { vld1q_u8(bytes.as_ptr()) })
    }

    #[inline(always)]
    fn store(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // SAFETY: NEON is enabled for this target; there is room for sixteen bytes, and any alignment will do.
        unsafe { vst1q_u8(bytes.as_mut_ptr(), self.0) };
        bytes
    }

    #[inline(always)]
    pub(crate) fn splat(byte: u8) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vdupq_n_u8(byte) })
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vorrq_u8(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vandq_u8(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vminq_u8(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vmaxq_u8(self.0, other.0) })
    }

    #[inline(always)]
    pub(crate) fn saturating_sub(self, other: Self) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vqsubq_u8(self.0, other.0) })
    }

    /// 0xff in the lanes that are the same in both, 0 in the others.
    #[inline(always)]
    pub(crate) fn equal(self, other: Self) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vceqq_u8(self.0, other.0) })
    }

    /// 0xff in the lanes from `first`, at least 1, to `last`, at most 0x7f; 0 in the others.
    ///
    /// Without `first`, bytes below it wrap to more than any byte of the range.
    #[inline(always)]
    pub(crate) fn within(self, first: u8, last: u8) -> Self {
        // SAFETY: NEON is enabled for this target.
        Self(unsafe { vcleq_u8(vsubq_u8(self.0, vdupq_n_u8(first)), vdupq_n_u8(last - first)) })
    }

    /// These counts, at most 127 each, and 1 more for each lane of `lanes` that is 0xff.
    #[inline(always)]
    pub(crate) fn count_lanes(self, lanes: Self) -> Self {
        // SAFETY: NEON is enabled for this target. 0xff is -1 as a signed byte, and subtracting -1 adds 1.
        Self(unsafe {
            vreinterpretq_u8_s8(vqsubq_s8(vreinterpretq_s8_u8(self.0), vreinterpretq_s8_u8(lanes.0)))
        })
    }

    /// The sum of all lanes.
    #[inline(always)]
    pub(crate) fn sum(self) -> u64 {
        // SAFETY: NEON is enabled for this target.
        u64::from(unsafe { vaddlvq_u8(self.0) })
    }

    /// The greatest lane.
    #[inline(always)]
    fn greatest(self) -> u8 {
        // SAFETY: NEON is enabled for this target.
        unsafe { vmaxvq_u8(self.0) }
    }

    /// The highest bit of each lane; the first lane is the lowest bit.
    ///
    /// NEON has no such instruction. Each lane keeps the bit of its place in its half, 1 to 0x80, if its highest bit is set,
    /// and pairs of neighbours are added three times. Then the first byte is the mask of lanes 0 to 7, and the second that of
    /// lanes 8 to 15.
    #[inline(always)]
    pub(crate) fn movemask(self) -> u64 {
        let places = Self::load(&[1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
        // SAFETY: NEON is enabled for this target. A byte whose highest bit is set is negative as a signed one.
        unsafe {
            let set = vcltzq_s8(vreinterpretq_s8_u8(self.0));
            let bits = vandq_u8(set, places.0);
            let pairs = vpaddq_u8(bits, bits);
            let fours = vpaddq_u8(pairs, pairs);
            let eights = vpaddq_u8(fours, fours);
            u64::from(vgetq_lane_u16::<0>(vreinterpretq_u16_u8(eights)))
        }
    }
}

/// The value of each digit; more than 15 for every byte that is none. See [`decode`].
#[inline(always)]
fn values_of(digits: Vector) -> Vector {
    // SAFETY: NEON is enabled for this target.
    unsafe {
        let decimal = vsubq_u8(digits.0, vdupq_n_u8(b'0'));
        // 0xff where `decimal` is 10 or more.
        let beyond = vcgtq_u8(decimal, vdupq_n_u8(9));
        let letter = vqaddq_u8(vsubq_u8(digits.0, vdupq_n_u8(b'a')), vdupq_n_u8(10));
        Vector(vminq_u8(vorrq_u8(decimal, beyond), letter))
    }
}

/// The word of sixteen digits' values: of two neighbours the first is the high half of a byte.
#[inline(always)]
fn joined(values: Vector) -> u64 {
    // SAFETY: NEON is enabled for this target.
    unsafe {
        let halves = vreinterpretq_u16_u8(values.0);
        // In each 16-bit lane the first digit is the low byte: shifted by 12, its value is the high half of the high byte,
        // to which the second digit's value is added.
        let pairs = vorrq_u16(vshlq_n_u16::<12>(halves), halves);
        vget_lane_u64::<0>(vreinterpret_u64_u8(vshrn_n_u16::<8>(pairs)))
    }
}
