//! The fast path of `tracestate`: checks the grammar on 64 bytes at a time, with arithmetic on bit masks.
//!
//! # What the result means
//!
//! `true` is certain: the bytes obey every rule of the grammar. The caller checks the rest: all bytes are printable,
//! at most 32 members, at most 8192 bytes. `false` is undecided: a rule is broken, or the list is unusual. A list
//! with a tab is unusual, and so is one with three whole blocks in a row without a comma, since a key or value has at
//! most 256 bytes. The slow path, [`grammar`](super::grammar), then reads the list from the left and decides. So the
//! fast path may always return `false`, but must never accept a list that the grammar refuses. It is used only if
//! `arch::HAS_VECTORS`; otherwise the grammar reads every list.
//!
//! # Masks
//!
//! A mask has one bit for each byte of a block; the first byte is the lowest bit. The masks of `ab=1,c=2`, drawn from
//! left to right like the text, are
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
//! In `equals - members`, taken as numbers, each subtraction borrows from the member's start up to its equals sign.
//! This leaves a one in every place from the start to the byte before the equals sign, which is the key. No loop is
//! needed:
//!
//! ```text
//! equals        . . 1 . . . 1 .
//! members       1 . . . . 1 . .
//! keys          1 1 . . . 1 . .     the bytes of "ab" and of "c"
//! ```
//!
//! This is correct if starts and equals signs alternate. If they do not, the difference has a one at a place that
//! cannot be part of a key, and the list is not accepted. For `a,b=1`, whose first member has no equals sign:
//!
//! ```text
//! list          a , b = 1
//! equals        . . . 1 .
//! members       1 . 1 . .
//! keys          1 1 . . .           a comma in a key (8 - 5 = 3)
//! ```
//!
//! In `a=b=c` no start cancels the second equals sign. It stays in the difference, and it is not a key character.
//!
//! Two kinds of starts need special care. An empty member is valid, so a start on a comma or after the end is removed
//! before the subtraction: `a=1,,b=2` has starts at 0 and 5. A start on an equals sign, as in `=2`, would cancel that
//! sign and leave no trace. It is checked separately, together with a value that ends where it starts (`empty` in the
//! code).
//!
//! # Addition skips spaces
//!
//! A member or value may begin with spaces. `spaces + (starts & spaces)` carries from each start through its run of
//! spaces to the first byte after it. Runs without a start stay in the sum and are masked out:
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
//! Between two blocks the state is three flags, at most one of them set: the next byte starts a member, starts a
//! value, or continues a key. A shift, carry or borrow out of the top of a mask sets the flag, and the flag enters
//! the next block at the bottom. Inside a value no flag is set. For `ab=1` with `a` at place 63, the first block
//! borrows beyond its top:
//! ```text
//! place         62 63 | 0  1  2
//! list           ,  a | b  =  1
//! keys           .  1 | .  .  .         0 - 2^63 leaves place 63, and a borrow: the key continues
//! next block          | 1  .  .         equals (2) - continued key (1) = 1: `b`
//! ```
//!
//! A list must not end inside a key, nor where a value would start. In the last block, every place from `length` on
//! ends a member, as a comma does. The fourth part of the state counts the whole blocks without a comma.

/// Number of bytes in a block.
pub(super) const BLOCK: usize = 64;

/// Masks that are needed for every block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes {
    /// `a-z` and `0-9`, with which a key begins (W3C Trace Context Level 2, 3.3.2.2.1).
    pub(super) alphanumeric: u64,
    pub(super) equals: u64,
    pub(super) comma: u64,
}

impl Classes {
    /// Adds the masks of another piece of the block, which begins at place `shift`.
    #[inline(always)]
    pub(super) const fn add(&mut self, other: Self, shift: usize) {
        self.alphanumeric |= other.alphanumeric << shift;
        self.equals |= other.equals << shift;
        self.comma |= other.comma << shift;
    }

    /// The masks without the first `first` bytes.
    #[inline(always)]
    pub(super) const fn skip_first(self, first: usize) -> Self {
        Self {
            alphanumeric: self.alphanumeric >> first,
            equals: self.equals >> first,
            comma: self.comma >> first,
        }
    }
}

/// The state between two blocks. Of the first three fields only the lowest bit is used.
#[derive(Default)]
pub(super) struct Scan {
    member_starts: u64,
    value_starts: u64,
    key_continues: u64,
    blocks_without_comma: u32,
    /// Where the last block has empty members: the comma, or the place after the list, that ends them.
    empty_members: u64,
}

impl Scan {
    /// The state at the start of a list.
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { member_starts: 1, ..Self::default() }
    }

    /// Checks the next block, of which `length` bytes belong to the list: `true` is valid, `false` is undecided.
    ///
    /// `spaces` is `None` if the block has no space. `key_punctuation` gives the places of `_ - * / @`, which a key
    /// may contain but not begin with. It is called only for a block whose keys are not all alphanumeric.
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
        // A member may be empty: then it ends where it starts.
        self.empty_members = members & ends;
        members &= !ends;
        let (keys, borrowed) = equals.overflowing_sub(members | self.key_continues);
        self.key_continues = u64::from(borrowed);
        // A value or a key that ends where it starts.
        let empty = values & ends | members & equals;
        let not_alphanumeric = keys & !alphanumeric;
        let keys_are_valid = not_alphanumeric == 0
            || not_alphanumeric & members == 0 && not_alphanumeric & !key_punctuation() == 0;
        empty == 0 && keys_are_valid && !self.exceeds_part_limit(comma)
    }

    /// Whether a key or value may have more than 256 bytes: the block is the third in a row without a comma.
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

    /// Whether the last block has an empty member.
    #[inline(always)]
    pub(super) const fn has_empty_members(&self) -> bool {
        self.empty_members != 0
    }

    /// Whether the list may end after the last block.
    #[inline(always)]
    pub(super) const fn is_complete(&self) -> bool {
        self.key_continues | self.value_starts == 0
    }
}

/// Moves each start to the end of the run of spaces that it is in. The second result is whether one moved into the
/// next block.
#[inline(always)]
fn skip_spaces(spaces: u64, starts: u64, starts_next: u64) -> (u64, u64) {
    let (behind, carried) = (starts & spaces).overflowing_add(spaces);
    ((starts | behind) & !spaces, starts_next | u64::from(carried))
}
