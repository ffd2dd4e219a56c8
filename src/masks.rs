//! Where keys and values stop: a bit for each of 64 bytes, the first as the lowest.

/// Which bytes may not stand in a key of a `tracestate`, and which not in a value; no byte may after the end of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Masks {
    pub(crate) key_stops: u64,
    pub(crate) value_stops: u64,
}

impl Masks {
    /// How many bytes the masks stand for.
    pub(crate) const BYTES: usize = 64;

    const STOPPED: Self = Self { key_stops: u64::MAX, value_stops: u64::MAX };

    /// These masks before `shift`, others from there on.
    #[inline(always)]
    const fn then(self, shift: usize, next: Self) -> Self {
        let before = !(u64::MAX << shift);
        Self {
            key_stops: self.key_stops & before | next.key_stops << shift,
            value_stops: self.value_stops & before | next.value_stops << shift,
        }
    }

    /// The masks from `count` on; no byte may stand after them.
    #[inline(always)]
    const fn without(self, count: usize) -> Self {
        Self {
            key_stops: (self.key_stops as i64 >> count) as u64,
            value_stops: (self.value_stops as i64 >> count) as u64,
        }
    }
}

/// The masks of the bytes that start here.
#[inline]
pub(crate) fn at(list: &[u8], start: usize) -> Masks {
    let mut masks = Masks::STOPPED;
    for shift in [0, 16, 32, 48] {
        let rest = list.get(start + shift..).unwrap_or_default();
        match (rest.first_chunk(), list.last_chunk()) {
            (Some(bytes), _) => masks = masks.then(shift, of(bytes)),
            (None, Some(bytes)) if !rest.is_empty() => {
                return masks.then(shift, of(bytes).without(16 - rest.len()));
            }
            _ => return masks.then(shift, of_each(rest)),
        }
    }
    masks
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[allow(unsafe_code)]
fn of(bytes: &[u8; 16]) -> Masks {
    // SAFETY: SSE2 is part of every x86-64.
    unsafe { sse2::of(bytes) }
}

#[cfg(not(target_arch = "x86_64"))]
fn of(bytes: &[u8; 16]) -> Masks {
    of_each(bytes)
}

#[cfg(target_arch = "x86_64")]
mod sse2 {
    use super::Masks;
    use core::arch::x86_64::*;

    #[inline]
    #[target_feature(enable = "sse2")]
    pub(super) fn of(bytes: &[u8; 16]) -> Masks {
        let half = |half: Option<&[u8; 8]>| half.map_or(0, |half| i64::from_le_bytes(*half));
        let bytes = _mm_set_epi64x(half(bytes.last_chunk()), half(bytes.first_chunk()));
        let is = |byte: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8));
        let from_to = |first: u8, last: u8| {
            let offset = _mm_sub_epi8(bytes, _mm_set1_epi8(first as i8));
            _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8((last - first) as i8)), offset)
        };
        let signs = _mm_or_si128(_mm_or_si128(is(b'_'), is(b'-')), _mm_or_si128(is(b'*'), is(b'@')));
        let key = _mm_or_si128(_mm_or_si128(from_to(b'a', b'z'), from_to(b'/', b'9')), signs);
        let value = _mm_andnot_si128(_mm_or_si128(is(b','), is(b'=')), from_to(b' ', b'~'));
        let stops = |class| !(_mm_movemask_epi8(class) as u64);
        Masks { key_stops: stops(key), value_stops: stops(value) }
    }
}

/// The masks of at most 64 bytes, one after the other.
fn of_each(bytes: &[u8]) -> Masks {
    let mut masks = Masks::STOPPED;
    for (shift, byte) in bytes.iter().enumerate() {
        let classes = CLASSES[*byte as usize];
        masks.key_stops ^= (classes & KEY) << shift;
        masks.value_stops ^= (classes >> 1) << shift;
    }
    masks
}

const KEY: u64 = 1;
const VALUE: u64 = 2;

static CLASSES: [u64; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        if matches!(byte as u8, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@') {
            classes[byte] |= KEY;
        }
        if matches!(byte as u8, 0x20..=0x2b | 0x2d..=0x3c | 0x3e..=0x7e) {
            classes[byte] |= VALUE;
        }
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_has_its_classes() {
        for place in 0..16 {
            for byte in 0..=u8::MAX {
                let mut bytes = [b'='; 16];
                bytes[place] = byte;
                let key = byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-*/@".contains(&byte);
                let value = (b' '..=b'~').contains(&byte) && byte != b',' && byte != b'=';
                let stops = |class| !(u64::from(class) << place);
                let expected = Masks { key_stops: stops(key), value_stops: stops(value) };
                assert_eq!(of(&bytes), expected, "{byte:#x}");
                assert_eq!(of_each(&bytes), expected, "{byte:#x}");
            }
        }
    }

    #[test]
    fn bytes_after_the_end_have_no_class() {
        for length in 0..70 {
            for start in 0..length + 2 {
                let masks = at(&[b'a'; 70][..length], start);
                let bytes = length.saturating_sub(start).min(64) as u32;
                let stops = u64::MAX.checked_shl(bytes).unwrap_or(0);
                assert_eq!(masks, Masks { key_stops: stops, value_stops: stops }, "{length} from {start}");
            }
        }
    }
}
