//! Where keys and values stop: a bit for each of 64 bytes, the first as the lowest.

use crate::classes::{self, Classes};

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

    #[inline(always)]
    const fn of(classes: Classes) -> Self {
        Self { key_stops: !classes.key, value_stops: !classes.value }
    }

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
            (Some(bytes), _) => masks = masks.then(shift, Masks::of(classes::of(bytes))),
            (None, Some(bytes)) if classes::AT_ONCE && !rest.is_empty() => {
                return masks.then(shift, Masks::of(classes::of(bytes)).without(16 - rest.len()));
            }
            _ => return masks.then(shift, Masks::of(classes::of_each(rest))),
        }
    }
    masks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_after_the_end_may_not_stand() {
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
