//! Words and plain loops, for targets without an implementation of their own.

use super::digits_of;
use super::word::LOADS_WORDS;

/// Whether [`Vector`] is a register of the processor. If not, the readers made of it are slower than plain loops.
pub(crate) const HAS_VECTORS: bool = false;

/// Decodes 48 lower-case hexadecimal digits into words in memory order. Returns `None` if a byte is not such a digit.
#[inline(always)]
pub(crate) fn decode([first, second, third]: [&[u8; 16]; 3]) -> Option<[u64; 3]> {
    Some([decode_word(first)?, decode_word(second)?, decode_word(third)?])
}

/// Decodes 16 lower-case hexadecimal digits into a word in memory order. Returns `None` if a byte is not such a
/// digit.
#[inline]
pub(crate) fn decode_word(digits: &[u8; 16]) -> Option<u64> {
    if LOADS_WORDS { decode_by_words(digits) } else { decode_by_bytes(digits) }
}

/// Decodes each digit by itself, in registers of the processor's own width. Not inlined: three copies take more stack and
/// code, and save hardly an instruction.
#[inline(never)]
pub(crate) fn decode_by_bytes(digits: &[u8; 16]) -> Option<u64> {
    let value_of = |digit: u8| {
        let digit = u32::from(digit);
        match digit.wrapping_sub(b'0'.into()) {
            value @ 0..10 => Some(value),
            _ => Some(digit.wrapping_sub(b'a'.into())).filter(|value| *value < 6).map(|value| value + 10),
        }
    };
    let mut bytes = [0; 8];
    for (byte, [high, low]) in bytes.iter_mut().zip(digits.as_chunks().0) {
        *byte = (value_of(*high)? << 4 | value_of(*low)?) as u8;
    }
    Some(u64::from_ne_bytes(bytes))
}

/// Four digits are decoded as one number. A letter has bit 0x40, which adds 9 to its lowest four bits: 'c' is 0x63 and
/// gives 3 + 9. A byte is a digit if its value is at most 15 and is encoded as the same byte.
#[inline(always)]
pub(crate) fn decode_by_words(digits: &[u8; 16]) -> Option<u64> {
    let (mut word, mut wrong) = (0, 0);
    for digits in digits.as_chunks().0.iter().rev() {
        let digits = u32::from_le_bytes(*digits);
        let values = (digits & 0x0f0f_0f0f) + (digits >> 6 & 0x0101_0101) * 9;
        wrong |= values & 0xf0f0_f0f0 | digits_of(values) ^ digits;
        let joined = values << 4 | values >> 8;
        word = word << 16 | u64::from(joined & 0xff | joined >> 8 & 0xff00);
    }
    (wrong == 0).then_some(u64::from_le(word))
}

/// Encodes words in memory order as 48 lower-case hexadecimal digits.
#[inline(always)]
pub(crate) fn encode(words: [u64; 3], digits: [&mut [u8; 16]; 3]) {
    for (word, digits) in words.into_iter().zip(digits) {
        encode_word(word, digits);
    }
}

#[inline(never)]
fn encode_word(word: u64, digits: &mut [u8; 16]) {
    if LOADS_WORDS { encode_by_words(word, digits) } else { encode_by_bytes(word, digits) }
}

/// Looks up each digit.
#[inline(always)]
pub(crate) fn encode_by_bytes(word: u64, digits: &mut [u8; 16]) {
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(&word.to_ne_bytes()) {
        let digit = |value: u8| b"0123456789abcdef".get(usize::from(value)).copied().unwrap_or_default();
        *pair = [digit(byte >> 4), digit(byte & 0xf)];
    }
}

/// Makes four digits of two bytes.
#[inline(always)]
pub(crate) fn encode_by_words(word: u64, digits: &mut [u8; 16]) {
    let mut word = u64::from_le(word);
    for digits in digits.as_chunks_mut().0 {
        let bytes = word as u32 & 0xff | (word as u32 & 0xff00) << 8;
        *digits = digits_of(bytes >> 4 & 0x000f_000f | (bytes & 0x000f_000f) << 8).to_le_bytes();
        word >>= 16;
    }
}

/// Whether there is certainly no control byte. `false` is undecided: a tab, for example, gives `false`.
#[inline(always)]
pub(crate) fn has_no_control(value: &[u8]) -> bool {
    value.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f)
}

/// Sixteen bytes, called lanes.
#[derive(Clone, Copy)]
pub(crate) struct Vector([u8; 16]);

impl Vector {
    pub(crate) fn load(bytes: &[u8; 16]) -> Self {
        Self(*bytes)
    }

    pub(crate) fn splat(byte: u8) -> Self {
        Self([byte; 16])
    }

    fn zip(self, other: Self, operation: impl Fn(u8, u8) -> u8) -> Self {
        let mut lanes = self.0;
        lanes.iter_mut().zip(other.0).for_each(|(lane, other)| *lane = operation(*lane, other));
        Self(lanes)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.zip(other, |left, right| left | right)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        self.zip(other, |left, right| left & right)
    }

    pub(crate) fn min(self, other: Self) -> Self {
        self.zip(other, u8::min)
    }

    pub(crate) fn max(self, other: Self) -> Self {
        self.zip(other, u8::max)
    }

    pub(crate) fn saturating_sub(self, other: Self) -> Self {
        self.zip(other, u8::saturating_sub)
    }

    /// 0xff in each lane that is equal in both, 0 in the others.
    pub(crate) fn equal(self, other: Self) -> Self {
        self.zip(other, |left, right| if left == right { u8::MAX } else { 0 })
    }

    /// 0xff in each lane that is at least `first` and at most `last`, 0 in the others. Requires `first >= 1` and
    /// `last <= 0x7f`.
    pub(crate) fn within(self, first: u8, last: u8) -> Self {
        Self(self.0.map(|byte| if (first..=last).contains(&byte) { u8::MAX } else { 0 }))
    }

    /// Adds 1 to the count of each lane that is 0xff in `lanes`. Counts are at most 127.
    pub(crate) fn count_lanes(self, lanes: Self) -> Self {
        self.zip(lanes, |count, lane| count.saturating_add(lane & 1).min(127))
    }

    /// The sum of all lanes.
    pub(crate) fn sum(self) -> u64 {
        self.0.into_iter().map(u64::from).sum()
    }

    /// Bit `i` is the highest bit of lane `i`.
    pub(crate) fn movemask(self) -> u64 {
        self.0.iter().rev().fold(0, |bits, lane| bits << 1 | u64::from(*lane >> 7))
    }
}
