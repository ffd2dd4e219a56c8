//! How far the keys and values of a `tracestate` reach.

use crate::masks::{self, Masks};

/// A list that is read from left to right.
pub(crate) struct Scan<'a> {
    list: &'a [u8],
    /// Where the bytes start that the masks stand for.
    start: usize,
    masks: Masks,
}

impl<'a> Scan<'a> {
    #[inline(always)]
    pub(crate) fn new(list: &'a [u8]) -> Self {
        Self { list, start: 0, masks: masks::at(list, 0) }
    }

    /// The end of the key that starts here: `a-z 0-9 _ - * / @` (W3C Trace Context Level 2, 3.3.2.2.1).
    #[inline(always)]
    pub(crate) fn key_end(&mut self, start: usize) -> usize {
        self.end(start, |masks| masks.key_stops)
    }

    /// The end of the value that starts here: printable ASCII and spaces without `,` and `=` (3.3.2.2.2).
    #[inline(always)]
    pub(crate) fn value_end(&mut self, start: usize) -> usize {
        self.end(start, |masks| masks.value_stops)
    }

    #[inline(always)]
    fn end(&mut self, mut at: usize, stops: impl Fn(&Masks) -> u64) -> usize {
        loop {
            let offset = at.wrapping_sub(self.start);
            if offset >= Masks::BYTES {
                (self.start, self.masks) = (at, masks::at(self.list, at));
                continue;
            }
            let stops = stops(&self.masks) >> offset;
            if stops != 0 {
                return at + stops.trailing_zeros() as usize;
            }
            at = self.start + Masks::BYTES;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_at_the_first_byte_of_another_class() {
        for length in (0..40).chain(60..70).chain(124..132) {
            for place in 0..=length {
                let mut list = [b'a'; 140];
                list[place] = b'=';
                let list = &list[..length];
                for start in 0..=length {
                    let end = if start > place { length } else { place };
                    assert_eq!(Scan::new(list).key_end(start), end, "{place} of {length} from {start}");
                    assert_eq!(Scan::new(list).value_end(start), end, "{place} of {length} from {start}");
                }
            }
        }
    }
}
