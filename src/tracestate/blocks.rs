//! The fast path of `tracestate`: turns bytes into masks, sixteen at a time, for [`Scan`].
//!
//! Typical lists have one or two members, 20 to 60 bytes. [`accept_short`] reads such a list with at most four
//! vectors, since a list below 64 bytes has no whole block to load. It is inlined. [`accept_below_16`] and the caller of
//! [`accept_long`] are `inline(never)`: the C library then has one copy of each, which saves 1.6 kB of code and costs no
//! instruction.

use super::grammar::MAX_MEMBERS;
use super::scan::{BLOCK, Classes, Scan};
use crate::arch::Vector;

/// Whether a list below 64 bytes is valid: `true` is certain, `false` is undecided.
#[inline(always)]
pub(super) fn accept_short(list: &[u8]) -> bool {
    let Some(shift) = list.len().checked_sub(16) else { return accept_below_16(list) };
    if list.len() >= BLOCK {
        return false;
    }
    let (Some(first), Some(last)) = (list.first_chunk(), list.last_chunk()) else { return false };
    let second = list.get(16..32).and_then(|bytes| bytes.first_chunk());
    let third = list.get(32..48).and_then(|bytes| bytes.first_chunk());
    let mut bounds = ByteBounds::none();
    let mut classes = Classes::default();
    let mut add = |bytes, shift| {
        let vector = Vector::load(bytes);
        bounds.add(vector);
        classes.add(classes_of(vector), shift);
    };
    // The loads may overlap; combining the masks with OR is idempotent.
    add(last, shift);
    add(first, 0);
    if let Some(second) = second {
        add(second, 16);
        if let Some(third) = third {
            add(third, 32);
        }
    }
    let mask = |class: fn(&[u8; 16]) -> u64| {
        let of = |bytes: Option<_>| bytes.map_or(0, class);
        of(Some(first)) | of(second) << 16 | of(third) << 32 | of(Some(last)) << shift
    };
    let spaces = bounds.min_is(b' ').then_some(|| mask(spaces));
    // The list ends inside the block, which refuses a key or value that is still open. `is_complete` would check the
    // same. At most 15 members of a list below 64 bytes are not empty, so only a list with empty ones is counted.
    let mut scan = Scan::new();
    scan.accept_block(list.len(), &classes, spaces, || mask(key_punctuation))
        && (!scan.has_empty_members() || (classes.comma.count_ones() as usize) < MAX_MEMBERS)
        && bounds.is_printable()
}

/// [`accept_short`] for a list shorter than a vector: the list is copied and padded with a printable byte.
#[inline(never)]
fn accept_below_16(list: &[u8]) -> bool {
    let mut bytes = [b'!'; 16];
    for (to, from) in bytes.iter_mut().zip(list) {
        *to = *from;
    }
    let vector = Vector::load(&bytes);
    let mut bounds = ByteBounds::none();
    bounds.add(vector);
    let spaces = bounds.min_is(b' ').then_some(|| spaces(&bytes));
    Scan::new().accept_block(list.len(), &classes_of(vector), spaces, || key_punctuation(&bytes))
        && bounds.is_printable()
}

/// What the fast path knows about a list of 64 bytes or more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Long {
    Valid,
    /// The list breaks no other rule.
    TooManyMembers,
    Undecided,
}

/// Reads a list of 64 bytes or more.
#[inline(always)]
pub(super) fn accept_long(list: &[u8]) -> Long {
    let Some(last) = list.last_chunk() else { return Long::Undecided };
    let (blocks, rest) = list.as_chunks::<BLOCK>();
    let mut scan = Scan::new();
    let mut bounds = ByteBounds::none();
    let mut commas = Vector::splat(0);
    for block in blocks {
        let (classes, has_spaces) = classes_of_block(block, &mut bounds, &mut commas);
        let spaces = has_spaces.then_some(|| mask_of_block(block, spaces));
        if !scan.accept_block(BLOCK, &classes, spaces, || mask_of_block(block, key_punctuation)) {
            return Long::Undecided;
        }
    }
    let mut count = commas.sum();
    if !rest.is_empty() {
        // The last 64 bytes. They overlap the block before them.
        let first = BLOCK - rest.len();
        let (classes, has_spaces) = classes_of_block(last, &mut bounds, &mut commas);
        let classes = classes.skip_first(first);
        count += u64::from(classes.comma.count_ones());
        let spaces = has_spaces.then_some(|| mask_of_block(last, spaces) >> first);
        let key_punctuation = || mask_of_block(last, key_punctuation) >> first;
        if !scan.accept_block(rest.len(), &classes, spaces, key_punctuation) {
            return Long::Undecided;
        }
    }
    match scan.is_complete() && bounds.is_printable() {
        true if count < MAX_MEMBERS as u64 => Long::Valid,
        true => Long::TooManyMembers,
        false => Long::Undecided,
    }
}

/// The least and the greatest byte seen, in each lane.
#[derive(Clone, Copy)]
struct ByteBounds {
    min: Vector,
    max: Vector,
}

impl ByteBounds {
    #[inline(always)]
    fn none() -> Self {
        Self { min: Vector::splat(0xff), max: Vector::splat(0) }
    }

    #[inline(always)]
    fn add(&mut self, bytes: Vector) {
        self.min = self.min.min(bytes);
        self.max = self.max.max(bytes);
    }

    /// Whether `byte` is the least byte of some lane. In a list of printable bytes this finds spaces, since no
    /// printable byte is less than a space.
    #[inline(always)]
    fn min_is(&self, byte: u8) -> bool {
        self.min.equal(Vector::splat(byte)).movemask() != 0
    }

    /// Whether every byte is between 0x20 and 0x7e.
    #[inline(always)]
    fn is_printable(&self) -> bool {
        let below = Vector::splat(0x20).saturating_sub(self.min);
        let above = self.max.saturating_sub(Vector::splat(0x7e));
        below.or(above).equal(Vector::splat(0)).movemask() == 0xffff
    }
}

/// The masks of a block, and whether it has spaces. Counts the commas of the block.
#[inline(always)]
fn classes_of_block(bytes: &[u8; BLOCK], bounds: &mut ByteBounds, commas: &mut Vector) -> (Classes, bool) {
    let mut block = ByteBounds { min: Vector::splat(0xff), max: bounds.max };
    let mut classes = Classes::default();
    for (index, vector) in bytes.as_chunks().0.iter().enumerate() {
        let vector = Vector::load(vector);
        block.add(vector);
        *commas = commas.count_lanes(vector.equal(Vector::splat(b',')));
        classes.add(classes_of(vector), 16 * index);
    }
    *bounds = ByteBounds { min: bounds.min.min(block.min), max: block.max };
    (classes, block.min_is(b' '))
}

#[inline(always)]
fn classes_of(bytes: Vector) -> Classes {
    Classes {
        alphanumeric: bytes.within(b'a', b'z').or(bytes.within(b'0', b'9')).movemask(),
        equals: bytes.equal(Vector::splat(b'=')).movemask(),
        comma: bytes.equal(Vector::splat(b',')).movemask(),
    }
}

/// The mask of one byte class in a block.
#[inline(always)]
fn mask_of_block(bytes: &[u8; BLOCK], class: impl Fn(&[u8; 16]) -> u64) -> u64 {
    bytes.as_chunks().0.iter().rev().fold(0, |mask, vector| mask << 16 | class(vector))
}

#[inline(always)]
fn spaces(bytes: &[u8; 16]) -> u64 {
    Vector::load(bytes).equal(Vector::splat(b' ')).movemask()
}

/// `_ - * / @`
#[inline(always)]
fn key_punctuation(bytes: &[u8; 16]) -> u64 {
    let bytes = Vector::load(bytes);
    let is = |byte| bytes.equal(Vector::splat(byte));
    // '-' is 0x2d and '/' is 0x2f: they differ in bit 1 only.
    let dash_or_slash = bytes.and(Vector::splat(!(b'-' ^ b'/'))).equal(Vector::splat(b'-'));
    dash_or_slash.or(is(b'*')).or(is(b'@').or(is(b'_'))).movemask()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracestate::grammar::check;
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    fn is_accepted(list: &[u8]) -> bool {
        if list.len() < BLOCK { accept_short(list) } else { accept_long(list) == Long::Valid }
    }

    /// Compares the fast path with the grammar: it accepts every valid list that has no tab, and no invalid list.
    fn agrees(list: &[u8]) -> bool {
        let expected = check(list).is_ok() && !list.contains(&b'\t');
        assert_eq!(is_accepted(list), expected, "{}", list.escape_ascii());
        expected
    }

    #[test]
    fn every_list_of_few_kinds_of_bytes_wherever_it_begins() {
        const KINDS: &[u8] = b"a_A=, \t\0";
        let before: String = ["k=v,"; 16].concat();
        let mut accepted = 0;
        for length in 0..=6 {
            for number in 0..KINDS.len().pow(length) {
                let list = (0..length).map(|place| KINDS[number / KINDS.len().pow(place) % KINDS.len()]);
                let list: Vec<u8> = list.collect();
                accepted += usize::from(agrees(&list));
                // Covers members that cross vectors of a short list, and members that cross a block boundary.
                for start in [16, 62] {
                    let all = [&before.as_bytes()[64 - start..], &list].concat();
                    agrees(&all);
                }
            }
        }
        assert!(accepted > 1000);
    }

    #[test]
    fn edges_of_classes_at_every_place_of_every_length() {
        const EDGES: &[u8] = b"\0\t\x1f !)*+,-./09:<=>@AZ[_`az{~\x7f\x80\xff";
        let list: String = "k-1=a b,c@d/e*=~!, f= g ,".chars().cycle().take(200).collect();
        for length in (0..70).chain(124..132).chain(190..200) {
            for place in 0..length {
                for byte in EDGES {
                    let mut list = list.as_bytes()[..length].to_vec();
                    list[place] = *byte;
                    agrees(&list);
                }
            }
        }
    }

    #[test]
    fn long_parts_and_many_members() {
        for length in 0..300 {
            let long = "x".repeat(length);
            for list in
                [format!("a=b,{long}k=v,c=d"), format!("a=b,k=v{long},c=d"), format!("{long}=v{long}")]
            {
                let accepted = is_accepted(list.as_bytes());
                assert!(!accepted || check(list.as_bytes()) == Ok(()), "{list}");
                // W3C requires everyone to keep members of up to 128 bytes (3.3.3.1), so the fast path must decide
                // all of them.
                let usual = list.split(',').all(|member| member.len() <= 128);
                assert!(accepted || !usual || check(list.as_bytes()).is_err(), "{list}");
            }
        }
        for members in 10..40 {
            for separator in [",", ", ", "k=v,", "k=v,,", " kk=v ,", "kkk=v , "] {
                let list = separator.repeat(members);
                for after in ["", "k", "k=v", ",k=v"] {
                    agrees(format!("{list}{after}").as_bytes());
                }
            }
        }
    }
}
