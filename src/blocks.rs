//! A `tracestate` read 64 bytes at a time: a bit for each byte, the first as the lowest.

/// How many bytes are read at a time.
pub(crate) const BLOCK: usize = 64;

/// Which bytes of a block are in which class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    /// lcalpha / DIGIT, with which a key begins (W3C Trace Context Level 2, 3.3.2.2.1)
    pub(crate) alphanumeric: u64,
    pub(crate) equals: u64,
    pub(crate) comma: u64,
}

impl Classes {
    /// Adds the classes of bytes that stand `shift` further on.
    #[inline(always)]
    pub(crate) const fn add(&mut self, other: Self, shift: usize) {
        self.alphanumeric |= other.alphanumeric << shift;
        self.equals |= other.equals << shift;
        self.comma |= other.comma << shift;
    }

    /// The classes of the bytes from `first` on.
    #[inline(always)]
    pub(crate) const fn from(self, first: usize) -> Self {
        Self {
            alphanumeric: self.alphanumeric >> first,
            equals: self.equals >> first,
            comma: self.comma >> first,
        }
    }
}

/// What the blocks that were read mean for the next: a bit where a member may start, a value, and where a key goes on,
/// each the lowest or none.
#[derive(Default)]
pub(crate) struct Scan {
    member: u64,
    value: u64,
    key: u64,
    without_comma: u32,
}

impl Scan {
    /// The start of a list.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { member: 1, ..Self::default() }
    }

    /// Reads the next `length` bytes, at most a block; false if they may break a rule. Which are spaces, if any is, and
    /// which are signs, "_" / "-" / "*" / "/" / "@", is asked where it matters.
    #[inline(always)]
    pub(crate) fn takes(
        &mut self,
        length: usize,
        classes: &Classes,
        spaces: Option<impl FnOnce() -> u64>,
        signs: impl FnOnce() -> u64,
    ) -> bool {
        let Classes { alphanumeric, equals, comma } = *classes;
        let (mut members, mut values) = (comma << 1 | self.member, equals << 1 | self.value);
        (self.member, self.value) = (comma >> 63, equals >> 63);
        if let Some(spaces) = spaces {
            let spaces = spaces();
            (members, self.member) = after(spaces, members, self.member);
            (values, self.value) = after(spaces, values, self.value);
        }
        // A member without a byte is allowed; a key or a value without one is not.
        let ends = if length < BLOCK { comma | u64::MAX << length } else { comma };
        members &= !ends;
        // Borrows from each start of a key up to the equals sign after it, where the two take turns. Where they do not,
        // the difference has an equals sign or a comma in it, or reaches beyond the end.
        let (keys, beyond) = equals.overflowing_sub(members | self.key);
        self.key = u64::from(beyond);
        let (empty, others) = (values & ends | members & equals, keys & !alphanumeric);
        // A key may hold a sign but not begin with one.
        (empty | others == 0 || empty | others & members == 0 && others & !signs() == 0)
            && !self.is_far_from_comma(comma)
    }

    #[inline(always)]
    fn is_far_from_comma(&mut self, comma: u64) -> bool {
        if comma != 0 {
            self.without_comma = 0;
            return false;
        }
        self.add_without_comma()
    }

    #[cold]
    fn add_without_comma(&mut self) -> bool {
        self.without_comma += 1;
        self.without_comma > 2
    }

    /// Whether the list may end here.
    #[inline(always)]
    pub(crate) const fn ends(&self) -> bool {
        self.key | self.value == 0
    }
}

/// The first places that are no space, from these places on; and whether that reaches into the next block.
#[inline(always)]
fn after(space: u64, places: u64, beyond: u64) -> (u64, u64) {
    // Adding a run's first byte to it carries to the byte after it.
    let (next, carried) = (places & space).overflowing_add(space);
    ((places | next) & !space, beyond | u64::from(carried))
}

#[cfg(test)]
mod tests {
    use crate::tracestate::TraceState;
    use crate::tracestate_grammar::check;
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    fn is_in_order(list: &[u8]) -> bool {
        TraceState::parse_in_order(list).is_some()
    }

    /// Holds the blocks against the grammar: what they take is in order, and they take all that is, but for tabs.
    fn agrees(list: &[u8]) -> bool {
        let expected = check(list).is_ok() && !list.contains(&b'\t');
        assert_eq!(is_in_order(list), expected, "{}", list.escape_ascii());
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
                // Once within the vectors of a short list, once across the end of a block.
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
                let taken = is_in_order(list.as_bytes());
                assert!(!taken || check(list.as_bytes()) == Ok(()), "{list}");
                // Members of up to 128 bytes are for everyone to keep (3.3.3.1): none of them goes the slow way.
                let usual = list.split(',').all(|member| member.len() <= 128);
                assert!(taken || !usual || check(list.as_bytes()).is_err(), "{list}");
            }
        }
        for members in 20..40 {
            for separator in ["k=v,", "k=v,,", " kk=v ,", "kkk=v , "] {
                agrees(separator.repeat(members).as_bytes());
            }
        }
    }
}
