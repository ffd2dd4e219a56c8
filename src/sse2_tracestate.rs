//! Which bytes of a `tracestate` are in which class, and whether it is surely in order.

use super::{LONG, all, load};
use crate::blocks::{BLOCK, Classes, Scan};
use core::arch::x86_64::*;

/// The least and the greatest byte, lane by lane.
#[derive(Clone, Copy)]
struct Range {
    least: __m128i,
    greatest: __m128i,
}

impl Range {
    #[target_feature(enable = "sse2")]
    fn new() -> Self {
        Self { least: all(0xff), greatest: all(0) }
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    fn add(&mut self, bytes: __m128i) {
        self.least = _mm_min_epu8(self.least, bytes);
        self.greatest = _mm_max_epu8(self.greatest, bytes);
    }

    /// Whether one of the least bytes is this one.
    #[inline]
    #[target_feature(enable = "sse2")]
    fn begins_with(&self, byte: u8) -> bool {
        _mm_movemask_epi8(_mm_cmpeq_epi8(self.least, all(byte))) != 0
    }

    /// Whether all bytes are from 0x20 to 0x7e.
    #[inline]
    #[target_feature(enable = "sse2")]
    fn is_printable(&self) -> bool {
        let outside =
            _mm_or_si128(_mm_subs_epu8(all(0x20), self.least), _mm_subs_epu8(self.greatest, all(0x7e)));
        _mm_movemask_epi8(_mm_cmpeq_epi8(outside, all(0))) == 0xffff
    }
}

#[target_feature(enable = "sse2")]
pub(super) fn is_short(list: &[u8]) -> bool {
    let Some(shift) = list.len().checked_sub(16) else { return is_tiny(list) };
    if list.len() >= LONG {
        return false;
    }
    let (Some(first), Some(last)) =
        (list.first_chunk(), list.get(shift..).and_then(|last| last.first_chunk()))
    else {
        return false;
    };
    let second = list.get(16..32).and_then(|bytes| bytes.first_chunk());
    let third = list.get(32..48).and_then(|bytes| bytes.first_chunk());
    let mut range = Range::new();
    let mut classes = Classes::default();
    let mut add = |bytes, shift| {
        let vector = load(bytes);
        range.add(vector);
        classes.add(classes_of(vector), shift);
    };
    // What the last bytes have in common with those before them says the same twice.
    add(last, shift);
    add(first, 0);
    if let Some(second) = second {
        add(second, 16);
        if let Some(third) = third {
            add(third, 32);
        }
    }
    let spaces = range.begins_with(b' ').then_some(|| {
        let of = |bytes: Option<_>| bytes.map_or(0, |bytes| spaces(bytes));
        of(Some(first)) | of(second) << 16 | of(third) << 32 | of(Some(last)) << shift
    });
    let signs = || {
        let of = |bytes: Option<_>| bytes.map_or(0, |bytes| signs(bytes));
        of(Some(first)) | of(second) << 16 | of(third) << 32 | of(Some(last)) << shift
    };
    let mut scan = Scan::new();
    // The list ends within the block, where a key without an equals sign and a value without a byte are refused.
    scan.takes(list.len(), &classes, spaces, signs) && range.is_printable()
}

#[inline(never)]
#[target_feature(enable = "sse2")]
fn is_tiny(list: &[u8]) -> bool {
    let mut bytes = [b'!'; 16];
    for (to, from) in bytes.iter_mut().zip(list) {
        *to = *from;
    }
    let vector = load(&bytes);
    let mut range = Range::new();
    range.add(vector);
    let spaces = range.begins_with(b' ').then_some(|| spaces(&bytes));
    let mut scan = Scan::new();
    scan.takes(list.len(), &classes_of(vector), spaces, || signs(&bytes)) && range.is_printable()
}

#[target_feature(enable = "sse2")]
pub(super) fn is_long(list: &[u8], last: &[u8; BLOCK]) -> bool {
    let (blocks, rest) = list.as_chunks::<BLOCK>();
    let mut scan = Scan::new();
    let mut range = Range::new();
    let mut equals = all(0);
    for block in blocks {
        let (classes, has_spaces) = classes_of_block(block, &mut range, &mut equals);
        let spaces = has_spaces.then_some(|| of_block(block, |bytes| spaces(bytes)));
        if !scan.takes(BLOCK, &classes, spaces, || of_block(block, |bytes| signs(bytes))) {
            return false;
        }
    }
    let mut members = sum(equals);
    if !rest.is_empty() {
        let first = BLOCK - rest.len();
        let (classes, has_spaces) = classes_of_block(last, &mut range, &mut equals);
        let classes = classes.from(first);
        members += u64::from(classes.equals.count_ones());
        let spaces = has_spaces.then_some(|| of_block(last, |bytes| spaces(bytes)) >> first);
        if !scan.takes(rest.len(), &classes, spaces, || of_block(last, |bytes| signs(bytes)) >> first) {
            return false;
        }
    }
    scan.ends() && members <= 32 && range.is_printable()
}

/// The sum of bytes.
#[inline]
#[target_feature(enable = "sse2")]
fn sum(bytes: __m128i) -> u64 {
    let halves = _mm_sad_epu8(bytes, all(0));
    (_mm_cvtsi128_si64(halves) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves))) as u64
}

/// The classes of a block, and whether there are spaces in it.
#[inline]
#[target_feature(enable = "sse2")]
fn classes_of_block(bytes: &[u8; BLOCK], range: &mut Range, equals: &mut __m128i) -> (Classes, bool) {
    let mut block = Range { least: all(0xff), greatest: range.greatest };
    let mut classes = Classes::default();
    for (index, vector) in bytes.as_chunks::<16>().0.iter().enumerate() {
        let vector = load(vector);
        block.add(vector);
        *equals = _mm_subs_epi8(*equals, _mm_cmpeq_epi8(vector, all(b'=')));
        classes.add(classes_of(vector), 16 * index);
    }
    *range = Range { least: _mm_min_epu8(range.least, block.least), greatest: block.greatest };
    (classes, block.begins_with(b' '))
}

/// A class of all bytes of a block.
#[inline(always)]
fn of_block(bytes: &[u8; BLOCK], class: impl Fn(&[u8; 16]) -> u64) -> u64 {
    bytes.as_chunks().0.iter().rev().fold(0, |bits, vector| bits << 16 | class(vector))
}

#[inline]
#[target_feature(enable = "sse2")]
fn classes_of(bytes: __m128i) -> Classes {
    // The range is moved to where signed numbers end.
    let from_to = |first: u8, last: u8| {
        let moved = _mm_add_epi8(bytes, all(0x7f - last));
        _mm_cmpgt_epi8(moved, all(first - 1 + (0x7f - last)))
    };
    Classes {
        alphanumeric: bits(_mm_or_si128(from_to(b'a', b'z'), from_to(b'0', b'9'))),
        equals: bits(_mm_cmpeq_epi8(bytes, all(b'='))),
        comma: bits(_mm_cmpeq_epi8(bytes, all(b','))),
    }
}

#[inline]
#[target_feature(enable = "sse2")]
fn spaces(bytes: &[u8; 16]) -> u64 {
    bits(_mm_cmpeq_epi8(load(bytes), all(b' ')))
}

/// "_" / "-" / "*" / "/" / "@"
#[inline]
#[target_feature(enable = "sse2")]
fn signs(bytes: &[u8; 16]) -> u64 {
    let bytes = load(bytes);
    let is = |byte| _mm_cmpeq_epi8(bytes, all(byte));
    // One bit tells a dash from a slash.
    let dash_or_slash = _mm_cmpeq_epi8(_mm_and_si128(bytes, all(!(b'-' ^ b'/'))), all(b'-'));
    bits(_mm_or_si128(_mm_or_si128(dash_or_slash, is(b'*')), _mm_or_si128(is(b'@'), is(b'_'))))
}

#[inline]
#[target_feature(enable = "sse2")]
fn bits(lanes: __m128i) -> u64 {
    u64::from(_mm_movemask_epi8(lanes) as u16)
}
