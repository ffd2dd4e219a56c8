//! Which bytes may stand where in a `tracestate`: a bit a byte, the first as the lowest.

/// The classes of 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    /// lcalpha / DIGIT (W3C Trace Context Level 2, 3.3.2.2.1)
    pub(crate) key_start: u64,
    /// lcalpha / DIGIT / "_" / "-" / "*" / "/" / "@"
    pub(crate) key: u64,
    /// %x20-2B / %x2D-3C / %x3E-7E (3.3.2.2.2)
    pub(crate) value: u64,
    pub(crate) equals: u64,
    pub(crate) comma: u64,
    pub(crate) space: u64,
}

impl Classes {
    /// Adds the classes of bytes that stand `shift` further on.
    #[inline(always)]
    pub(crate) const fn add(&mut self, other: Self, shift: usize) {
        self.key_start |= other.key_start << shift;
        self.key |= other.key << shift;
        self.value |= other.value << shift;
        self.equals |= other.equals << shift;
        self.comma |= other.comma << shift;
        self.space |= other.space << shift;
    }
}

/// Whether the classes of 16 bytes cost no more than those of a few.
pub(crate) const AT_ONCE: bool = cfg!(target_arch = "x86_64");

#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn of(bytes: &[u8; 16]) -> Classes {
    // SAFETY: SSE2 is part of every x86-64.
    unsafe { sse2::of(bytes) }
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn of(bytes: &[u8; 16]) -> Classes {
    of_each(bytes)
}

#[cfg(target_arch = "x86_64")]
mod sse2 {
    use super::Classes;
    use core::arch::x86_64::*;

    #[inline]
    #[target_feature(enable = "sse2")]
    pub(super) fn of(bytes: &[u8; 16]) -> Classes {
        let half = |half: Option<&[u8; 8]>| half.map_or(0, |half| i64::from_le_bytes(*half));
        let bytes = _mm_set_epi64x(half(bytes.last_chunk()), half(bytes.first_chunk()));
        let is = |byte: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8));
        let from_to = |first: u8, last: u8| {
            let offset = _mm_sub_epi8(bytes, _mm_set1_epi8(first as i8));
            _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8((last - first) as i8)), offset)
        };
        let either = |one, other| _mm_or_si128(one, other);
        let key_start = either(from_to(b'a', b'z'), from_to(b'0', b'9'));
        let signs = either(either(is(b'_'), is(b'-')), either(is(b'*'), either(is(b'/'), is(b'@'))));
        let (equals, comma) = (is(b'='), is(b','));
        let bits = |class| u64::from(_mm_movemask_epi8(class) as u16);
        Classes {
            key_start: bits(key_start),
            key: bits(either(key_start, signs)),
            value: bits(_mm_andnot_si128(either(equals, comma), from_to(b' ', b'~'))),
            equals: bits(equals),
            comma: bits(comma),
            space: bits(is(b' ')),
        }
    }
}

/// The classes of at most 64 bytes, one after the other.
pub(crate) fn of_each(bytes: &[u8]) -> Classes {
    let mut classes = Classes::default();
    for (shift, byte) in bytes.iter().enumerate() {
        let class = |member: bool| u64::from(member) << shift;
        let key_start = matches!(byte, b'a'..=b'z' | b'0'..=b'9');
        classes.key_start |= class(key_start);
        classes.key |= class(key_start || matches!(byte, b'_' | b'-' | b'*' | b'/' | b'@'));
        classes.value |= class(matches!(byte, 0x20..=0x2b | 0x2d..=0x3c | 0x3e..=0x7e));
        classes.equals |= class(*byte == b'=');
        classes.comma |= class(*byte == b',');
        classes.space |= class(*byte == b' ');
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_has_its_classes() {
        for place in 0..16 {
            for byte in 0..=u8::MAX {
                let mut bytes = [0; 16];
                bytes[place] = byte;
                let class = |members: &str| u64::from(members.as_bytes().contains(&byte)) << place;
                let (start, signs) = ("abcdefghijklmnopqrstuvwxyz0123456789", "_-*/@");
                let value = u64::from((b' '..=b'~').contains(&byte)) << place;
                let expected = Classes {
                    key_start: class(start),
                    key: class(start) | class(signs),
                    value: value & !class(",="),
                    equals: class("="),
                    comma: class(","),
                    space: class(" "),
                };
                assert_eq!(of(&bytes), expected, "{byte:#x}");
                assert_eq!(of_each(&bytes), expected, "{byte:#x}");
            }
        }
    }
}
