//! What `sse2.rs` does, for the targets that have no vectors of their own here.

use crate::hex;
use crate::tracestate_grammar as grammar;

/// The 24 bytes of 48 lower-case hexadecimal digits, 8 to a number in memory order; none if a byte is no such digit.
#[inline(always)]
pub(crate) fn decode([first, second, third]: [&[u8; 16]; 3]) -> Option<[u64; 3]> {
    let mut digits = [0; 48];
    for (to, from) in digits.as_chunks_mut().0.iter_mut().zip([first, second, third]) {
        *to = *from;
    }
    let bytes = hex::decode::<48, 24>(&digits)?;
    let mut words = [0; 3];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_ne_bytes(*bytes);
    }
    Some(words)
}

/// The 48 lower-case hexadecimal digits of 24 bytes, which are 8 to a number in memory order.
#[inline(always)]
pub(crate) fn encode(words: [u64; 3]) -> [[u8; 16]; 3] {
    let mut bytes = [0; 24];
    for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *to = word.to_ne_bytes();
    }
    let digits = hex::encode::<24, 48>(&bytes);
    let mut thirds = [[0; 16]; 3];
    for (to, from) in thirds.iter_mut().zip(digits.as_chunks().0) {
        *to = *from;
    }
    thirds
}

/// The length from which on a list is long: here they are read alike.
pub(crate) const LONG: usize = 64;

/// Whether a `tracestate` is in order.
#[inline(never)]
pub(crate) fn is_short_in_order(list: &[u8]) -> bool {
    grammar::check(list).is_ok()
}

/// Whether a `tracestate` is in order.
#[inline(always)]
pub(crate) fn is_long_in_order(list: &[u8]) -> bool {
    is_short_in_order(list)
}

/// Whether no byte is surely a control byte; if not, one may be.
#[inline(always)]
pub(crate) fn has_no_control(value: &[u8]) -> bool {
    value.iter().fold(true, |none, byte| none & (*byte >= 0x20) & (*byte != 0x7f))
}
