//! The fast path of `tracestate`: the grammar of a list, checked on 64 bytes at once by arithmetic on bit masks.
//!
//! # What an answer promises
//!
//! `true` is certain: the bytes keep every rule of the grammar, given what the caller checks itself (all bytes printable,
//! at most 32 members, at most 8192 bytes). `false` is undecided: a rule is broken, or the list is unusual (a tab, or three
//! whole blocks in a row without a comma, since a key or value has at most 256 bytes). The slow path,
//! [`grammar`](super::grammar), then reads the list from the left and decides. So the fast path may give up at any time,
//! but must never accept what the grammar refuses. It is used only where `arch::HAS_VECTORS`; elsewhere the grammar reads
//! every list.
//!
//! # Masks
//!
//! A mask has one bit for each byte of a block, the first byte as the lowest bit. Drawn from left to right like the text,
//! the masks of `ab=1,c=2` are
//!
//! ```text
//! list          a b = 1 , c = 2
//! alphanumeric  1 1 . 1 . 1 . 1
//! equals        . . 1 . . . 1 .
//! comma         . . . . 1 . . .
//! members       1 . . . . 1 . .     where a member starts: the first byte, and the byte after each comma
//! values        . . . 1 . . . 1     where a value starts: the byte after each equals sign
//! ```
//!
//! # Subtraction finds the keys
//!
//! `equals - members` as numbers: each subtraction borrows from the member's start up to its equals sign, which leaves a
//! one in every place from the start to the byte before the equals sign. That is the key, without a loop:
//!
//! ```text
//! equals        . . 1 . . . 1 .
//! members       1 . . . . 1 . .
//! keys          1 1 . . . 1 . .     the bytes of "ab" and of "c"
//! ```
//!
//! It works where starts and equals signs take turns. Where they do not, the difference has a one at a place that cannot be
//! part of a key, and the list is not accepted. For `a,b=1`, whose first member has no equals sign:
//!
//! ```text
//! list          a , b = 1
//! equals        . . . 1 .
//! members       1 . 1 . .
//! keys          1 1 . . .           a comma in a key (8 - 5 = 3)
//! ```
//!
//! In `a=b=c` the second equals sign has no start to cancel it, stays in the difference, and is not a key character.
//!
//! Two kinds of starts are treated apart. An empty member is valid, so a start on a comma or behind the end is removed
//! before the subtraction: `a=1,,b=2` has starts at 0 and 5. A start on an equals sign, `=2`, would cancel it without a
//! trace; it is found by itself, as is a value that ends where it starts (`empty` in the code).
//!
//! So of any accepted list each member that is not empty has exactly one equals sign, and counting these counts the members.
//!
//! # Addition skips spaces
//!
//! A member or value may begin with spaces. `spaces + (starts & spaces)` carries from each start through its run of spaces
//! to the first byte behind it. Runs that no start touches stay in the sum and are masked off:
//!
//! ```text
//! list          a = x ␣ y , ␣ ␣ b = 2
//! spaces        . . . 1 . . 1 1 . . .
//! starts        1 . . . . . 1 . . . .
//! sum           . . . 1 . . . . 1 . .   the carry stops behind the run
//! new starts    1 . . . . . . . 1 . .   (starts | sum) & !spaces
//! ```
//!
//! # Edges of blocks
//!
//! Between two blocks there are three flags, of which at most one is set: the next byte starts a member, or starts a value,
//! or continues a key. A shift, carry or borrow that leaves a mask at the top sets the flag, which enters the next block at
//! the bottom. Inside a value nothing is carried. For `ab=1` with `a` at place 63, the first block borrows beyond its top:
//!
//! ```text
//! place         62 63 | 0  1  2
//! list           ,  a | b  =  1
//! keys           .  1 | .  .  .         0 - 2^63 leaves place 63, and a borrow: the key continues
//! next block          | 1  .  .         equals (2) - continued key (1) = 1: `b`
//! ```
//!
//! A list must not end inside a key, nor where a value would start. In the last block the places from `length` on end a
//! member, as a comma does. A fourth part of the state counts whole blocks without a comma.

/// Number of bytes in a block.
pub(super) const BLOCK: usize = 64;

/// The masks of a block that every block needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes {
    /// `a-z` and `0-9`, with which a key begins (W3C Trace Context Level 2, 3.3.2.2.1).
    pub(super) alphanumeric: u64,
    pub(super) equals: u64,
    pub(super) comma: u64,
}

impl Classes {
    /// Adds the masks of bytes that stand `shift` places further on.
    #[inline(always)]
    pub(super) const fn add(&mut self, other: Self, shift: usize) {
        self.alphanumeric |= other.alphanumeric << shift;
        self.equals |= other.equals << shift;
        self.comma |= other.comma << shift;
    }

    /// The masks of the bytes from `first` on.
    #[inline(always)]
    pub(super) const fn skip_first(self, first: usize) -> Self {
        Self {
            alphanumeric: self.alphanumeric >> first,
            equals: self.equals >> first,
            comma: self.comma >> first,
        }
    }
}

/// The state between two blocks. The first three are one bit, the lowest.
#[derive(Default)]
pub(super) struct Scan {
    member_starts: u64,
    value_starts: u64,
    key_continues: u64,
    blocks_without_comma: u32,
}

impl Scan {
    /// The state at the start of a list.
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { member_starts: 1, ..Self::default() }
    }

    /// Reads the next block, of which `length` bytes belong to the list: `true` is valid, `false` is undecided.
    ///
    /// `spaces` is `None` if the block has no space. `key_punctuation` gives the places of `_ - * / @`, which a key may
    /// hold but not begin with; it is asked only for a block whose keys are not all alphanumeric.
    #[inline(always)]
    pub(super) fn accept_block(
        &mut self,
        length: usize,
        classes: &Classes,
        spaces: Option<impl FnOnce() -> u64>,
        key_punctuation: impl FnOnce() -> u64,
    ) -> bool {
        let Classes { alphanumeric, equals, comma } = *classes;
        let mut members = comma << 1 | self.member_starts;
        let mut values = equals << 1 | self.value_starts;
        (self.member_starts, self.value_starts) = (comma >> 63, equals >> 63);
        if let Some(spaces) = spaces {
            let spaces = spaces();
            (members, self.member_starts) = skip_spaces(spaces, members, self.member_starts);
            (values, self.value_starts) = skip_spaces(spaces, values, self.value_starts);
        }
        let ends = if length < BLOCK { comma | u64::MAX << length } else { comma };
        // A member may be empty: it ends where it starts.
        members &= !ends;
        let (keys, borrowed) = equals.overflowing_sub(members | self.key_continues);
        self.key_continues = u64::from(borrowed);
        // A value that ends where it starts, or a key that does.
        let empty = values & ends | members & equals;
        let not_alphanumeric = keys & !alphanumeric;
        let keys_are_valid = not_alphanumeric == 0
            || not_alphanumeric & members == 0 && not_alphanumeric & !key_punctuation() == 0;
        empty == 0 && keys_are_valid && !self.exceeds_part_limit(comma)
    }

    /// Whether a key or value may have more than 256 bytes: a third block without a comma.
    ///
    /// With at most two such blocks in a row, two commas are at most 63 + 128 + 63 bytes apart.
    #[inline(always)]
    fn exceeds_part_limit(&mut self, comma: u64) -> bool {
        if comma != 0 {
            self.blocks_without_comma = 0;
            return false;
        }
        self.count_block_without_comma()
    }

    #[cold]
    fn count_block_without_comma(&mut self) -> bool {
        self.blocks_without_comma += 1;
        self.blocks_without_comma > 2
    }

    /// Whether the list may end after the last block.
    #[inline(always)]
    pub(super) const fn is_complete(&self) -> bool {
        self.key_continues | self.value_starts == 0
    }
}

/// Moves each start behind the run of spaces that it is in; the second result is whether one moved into the next block.
#[inline(always)]
fn skip_spaces(spaces: u64, starts: u64, starts_next: u64) -> (u64, u64) {
    let (behind, carried) = (starts & spaces).overflowing_add(spaces);
    ((starts | behind) & !spaces, starts_next | u64::from(carried))
}
