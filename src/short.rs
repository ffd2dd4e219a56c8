//! A short `tracestate`, read all at once.

use crate::classes::{self, Classes};

/// How many members a list of less than 64 bytes has, if it is in order and without empty members and white space around
/// members; none for all else.
#[inline]
pub(crate) fn members(list: &[u8]) -> Option<usize> {
    if !classes::AT_ONCE || list.is_empty() || list.len() > 63 {
        return None;
    }
    let Classes { key_start, key, value, equals, comma, space } = classes(list);
    let end = 1 << list.len();
    let starts = comma << 1 | 1;
    // Borrows from each start up to the equals sign after it, where signs and commas take turns. Where they do not, the
    // difference has one of them within, or reaches beyond the end: neither may stand in a key.
    let keys = equals.wrapping_sub(starts);
    let values = (end - 1) & !(keys | equals | comma);
    let last_bytes = (comma | end) >> 1;
    let broken = keys & !key | starts & !key_start | values & !value | last_bytes & (equals | space);
    (broken == 0).then_some(starts.count_ones() as usize)
}

#[inline(always)]
fn classes(list: &[u8]) -> Classes {
    let Some(last) = list.last_chunk() else {
        return classes::of_each(list);
    };
    // What the last bytes have in common with the blocks before them says the same twice.
    let mut all = Classes::default();
    all.add(classes::of(last), list.len() - last.len());
    for (index, block) in list.as_chunks().0.iter().enumerate() {
        all.add(classes::of(block), 16 * index);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    /// Member by member, as the grammar has it.
    fn plainly(list: &[u8]) -> Option<usize> {
        let class = |byte: &u8, signs: &str| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || signs.as_bytes().contains(byte)
        };
        let members: Vec<_> = list.split(|byte| *byte == b',').collect();
        let in_order = members.iter().all(|member| {
            let Some(equals) = member.iter().position(|byte| *byte == b'=') else { return false };
            let (key, value) = (&member[..equals], &member[equals + 1..]);
            key.first().is_some_and(|byte| class(byte, ""))
                && key.iter().all(|byte| class(byte, "_-*/@"))
                && value.last().is_some_and(|byte| *byte != b' ')
                && value.iter().all(|byte| (b' '..=b'~').contains(byte) && *byte != b'=')
        });
        (in_order && list.len() < 64).then_some(members.len())
    }

    #[test]
    fn every_list_of_few_kinds_of_bytes() {
        const KINDS: &[u8] = b"a_A=, \t\0";
        let mut accepted = 0;
        for length in 1..=7 {
            for number in 0..KINDS.len().pow(length) {
                let list: Vec<u8> =
                    (0..length).map(|place| KINDS[number / KINDS.len().pow(place) % KINDS.len()]).collect();
                assert_eq!(
                    members(&list),
                    plainly(&list).filter(|_| classes::AT_ONCE),
                    "{}",
                    list.escape_ascii()
                );
                accepted += usize::from(members(&list).is_some());
            }
        }
        assert_eq!(accepted > 1000, classes::AT_ONCE);
    }

    #[test]
    fn every_length_with_every_byte_at_every_place() {
        for length in 1..70 {
            let list: String = "k-1=a b,c@d/e*=~!,".chars().cycle().take(length).collect();
            for place in 0..length {
                for byte in [b'a', b'@', b'A', b'=', b',', b' ', b'\t', 0, 0x7f, 0xff] {
                    let mut list = list.clone().into_bytes();
                    list[place] = byte;
                    assert_eq!(
                        members(&list),
                        plainly(&list).filter(|_| classes::AT_ONCE),
                        "{}",
                        list.escape_ascii()
                    );
                }
            }
        }
    }
}
