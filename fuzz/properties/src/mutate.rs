//! Mutators for the limits of the grammars, which random changes of bytes rarely reach: lists of about 8192 bytes, keys
//! and values of about 256, about 32 or 64 members, names in two letter cases.
//!
//! A mutator is a pure function of an input and a number, so that a campaign is repeatable.

use crate::Hop;
use oracle::Header;
use tracebaton_oracle as oracle;

/// Changes an input in a way that the number selects.
pub type Mutator = fn(&[u8], u32) -> Vec<u8>;

/// Applies a mutator to the first `size` bytes of the fuzzer's buffer. Returns the new size, or `None` if the fuzzer
/// should mutate the bytes itself: for every second number, and for a result that does not fit.
pub fn mutate(mutator: Mutator, data: &mut [u8], size: usize, max_size: usize, number: u32) -> Option<usize> {
    if number.is_multiple_of(2) {
        return None;
    }
    let changed = mutator(data.get(..size)?, number / 2);
    if changed.len() > max_size {
        return None;
    }
    data.get_mut(..changed.len())?.copy_from_slice(&changed);
    Some(changed.len())
}

/// Mutates two records in the fuzzer's buffer as [`mutate`] does, with the fuzzer's own mutator for the other numbers.
///
/// A mutated input runs one part of its target: that of the input before, or another one for every eighth number.
pub fn mutate_part(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    number: u32,
    bytes: fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    let size =
        mutate(mutate_hop, data, size, max_size, number).unwrap_or_else(|| bytes(data, size, max_size));
    let mut dice = Dice::new(number);
    let is_new = dice.below(8) == 0;
    if size > 0
        && let Some(part) = data.first_mut()
        && (*part == 0 || is_new)
    {
        *part = 1 + dice.below(usize::from(u8::MAX)) as u8;
    }
    size
}

/// A list of members, then lines with the parts of a change, as `tracestate` and `baggage` read them.
pub fn mutate_list(input: &[u8], number: u32) -> Vec<u8> {
    let mut dice = Dice::new(number);
    let mut lines: Vec<_> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let line = if dice.below(3) > 0 { 0 } else { dice.below(lines.len()) };
    if line == 0 {
        list(&mut lines[0], &mut dice);
    } else {
        let length = dice.of(&PARTS);
        lines[line].resize(length, b'x');
    }
    lines.join(&b'\n')
}

/// Two records, and the parts of the changes between them.
pub fn mutate_hop(input: &[u8], number: u32) -> Vec<u8> {
    let (mut hop, mut dice) = (Hop::from_bytes(input), Dice::new(number));
    match dice.below(8) {
        0 => hop.size = dice.of(&SIZES),
        1 => hop.key.resize(dice.of(&PARTS), b'k'),
        2 => hop.value.resize(dice.of(&PARTS), b'v'),
        3 => record(&mut hop.target.headers, &mut dice),
        4 => hop.source.headers.append(&mut hop.target.headers.clone()),
        _ => record(&mut hop.source.headers, &mut dice),
    }
    hop.to_bytes()
}

const SIZES: [u16; 10] = [0, 511, 512, 513, 4096, 8190, 8191, 8192, 8193, u16::MAX];
const PARTS: [usize; 8] = [0, 1, 2, 127, 128, 255, 256, 257];
const LENGTHS: [usize; 9] = [63, 64, 65, 512, 513, 8191, 8192, 8193, 8196];
const COUNTS: [usize; 7] = [1, 31, 32, 33, 63, 64, 65];

/// Changes a list at its limits.
fn list(list: &mut Vec<u8>, dice: &mut Dice) {
    let mut members: Vec<Vec<u8>> = list.split(|byte| *byte == b',').map(<[u8]>::to_vec).collect();
    let at = dice.below(members.len());
    match dice.below(8) {
        0 => {
            let count = dice.of(&COUNTS);
            let are_empty = dice.below(4) == 0;
            members.truncate(count);
            for number in members.len()..count {
                members.push(if are_empty { Vec::new() } else { format!("k{number}=v").into_bytes() });
            }
        }
        1 => part(&mut members[at], dice),
        2 => members.push(members[at].clone()),
        3 => members.insert(at, dice.of(&[&b""[..], b" ", b"\t", b"a=", b"=b", b"a", b"a= "]).to_vec()),
        4 => members.push(b"z=".to_vec()),
        5 => members.swap(0, at),
        6 => members[at].extend_from_slice(&b"    ;p=1;;q"[dice.below(4)..]),
        // Moves everything after it to another place in its block of 64 bytes.
        _ => {
            let digits = dice.below(64);
            members.insert(at, [b"m=", &b"1".repeat(digits + 1)[..]].concat());
        }
    }
    *list = members.join(&b',');
    if dice.below(4) == 0 {
        let length = dice.of(&LENGTHS);
        pad(list, length, dice.of(b" ,v"));
    }
}

/// Gives the key or the value of a member a length at the limit.
fn part(member: &mut Vec<u8>, dice: &mut Dice) {
    let equals = member.iter().position(|byte| *byte == b'=').unwrap_or(member.len());
    let (mut key, mut value) = (member[..equals].to_vec(), member[equals..].to_vec());
    let length = dice.of(&PARTS);
    match dice.below(2) {
        0 => key.resize(length, b'k'),
        _ => value.resize(length + 1, b'v'),
    }
    *member = [key, value].concat();
}

/// Makes the list as long as this, with one byte or with members of at most 128 bytes.
fn pad(list: &mut Vec<u8>, length: usize, byte: u8) {
    while list.len() < length {
        let missing = length - list.len();
        match byte {
            b'v' if missing > 4 => {
                list.extend_from_slice(b",x=");
                list.resize(list.len() + (missing - 3).min(120), b'v');
            }
            _ => list.resize(length, byte),
        }
    }
    list.truncate(length);
}

/// Changes the headers of a record: one of a name in another case, null among others, very many, a list at its limits.
fn record(headers: &mut Vec<Header>, dice: &mut Dice) {
    const NAMES: [&str; 3] = ["traceparent", "tracestate", "baggage"];
    let at = dice.below(headers.len() + 1);
    let header = headers.get(at).cloned();
    let Some((name, value)) = header else {
        headers.push((dice.of(&NAMES).into(), Some(b"a=1".to_vec())));
        return;
    };
    match dice.below(8) {
        0 => headers.insert(dice.below(headers.len() + 1), (other_case(&name, dice), value)),
        1 => headers.insert(dice.below(headers.len() + 1), (other_case(&name, dice), None)),
        2 => headers.swap(0, at),
        3 => drop(headers.remove(at)),
        4 => headers[at].0 = dice.of(&NAMES).into(),
        5 => headers.extend(std::iter::repeat_n((b"x".to_vec(), None), dice.of(&[1, 7, 8, 9, 99, 110]))),
        _ => {
            let mut value = value.unwrap_or_default();
            list(&mut value, dice);
            headers[at].1 = Some(value);
        }
    }
}

fn other_case(name: &[u8], dice: &mut Dice) -> Vec<u8> {
    let upper = dice.next();
    let case = |(place, byte): (usize, &u8)| match upper >> (place % 32) & 1 {
        1 => byte.to_ascii_uppercase(),
        _ => byte.to_ascii_lowercase(),
    };
    name.iter().enumerate().map(case).collect()
}

/// Numbers that follow from the first one (xorshift).
struct Dice(u32);

impl Dice {
    fn new(number: u32) -> Self {
        Self(number.wrapping_mul(0x9e37_79b9) | 1)
    }

    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit.max(1)
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn results(mutator: Mutator, input: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        (0..20_000).map(move |number| mutator(input, number))
    }

    #[test]
    fn lists_reach_every_limit() {
        let lists: Vec<_> = results(mutate_list, b"a=1,b=2").collect();
        for length in LENGTHS {
            assert!(lists.iter().any(|list| list.len() == length), "{length}");
        }
        for count in COUNTS {
            assert!(lists.iter().any(|list| list.split(|byte| *byte == b',').count() == count), "{count}");
        }
        for rule in ["too_long", "too_many_members", "key_too_long", "value_too_long", "value_empty"] {
            let is_it = |list: &Vec<u8>| oracle::tracestate(list).is_err_and(|(broken, _)| broken == rule);
            assert!(lists.iter().any(is_it), "{rule}");
        }
        let changes: HashSet<_> = results(mutate_list, b"a=1\na\n1\n512").collect();
        for length in PARTS {
            assert!(
                changes
                    .iter()
                    .any(|input| input.split(|byte| *byte == b'\n').nth(1).unwrap().len() == length)
            );
        }
    }

    #[test]
    fn records_get_names_in_two_cases_and_many_headers() {
        let source = vec![(b"traceparent".to_vec(), Some(b"00".to_vec())), (b"baggage".to_vec(), None)];
        let hop = Hop { source: crate::Record { headers: source }, ..Hop::default() }.to_bytes();
        let hops: Vec<_> = results(mutate_hop, &hop).map(|hop| Hop::from_bytes(&hop)).collect();
        let named = |hop: &Hop, of: &[u8]| {
            let names = hop.source.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(of));
            names.map(|(name, _)| name.clone()).collect::<HashSet<_>>().len()
        };
        assert!(hops.iter().any(|hop| named(hop, b"traceparent") == 2));
        assert!(hops.iter().any(|hop| hop.source.headers.len() > 100));
        assert!(hops.iter().any(|hop| hop.key.len() == 257) && hops.iter().any(|hop| hop.size == 8193));
    }

    #[test]
    fn a_mutated_hop_runs_one_part() {
        let mut parts = HashSet::new();
        for number in 0..20_000 {
            let mut data = [0; 64];
            let size = mutate_part(&mut data, 20, 64, number, |_, size, _| size);
            assert!(size > 0 && data[0] > 0, "{number}");
            parts.insert(data[0]);
            let kept = mutate_part(&mut data, size, 64, number + 1, |_, size, _| size);
            assert!(kept > 0 && data[0] > 0, "{number}");
        }
        assert_eq!(parts.len(), 255);
        assert_eq!(mutate_part(&mut [], 0, 0, 2, |_, size, _| size), 0);
    }

    #[test]
    fn a_result_that_does_not_fit_is_left_to_the_fuzzer() {
        let mut data = *b"a=1.....";
        assert_eq!(mutate(|_, _| b"b=12".to_vec(), &mut data, 3, 8, 1), Some(4));
        assert_eq!(&data[..4], b"b=12");
        assert_eq!(mutate(|_, _| b"b=12".to_vec(), &mut data, 3, 8, 2), None);
        let longer: [(Mutator, usize); 2] = [(|_, _| vec![0; 9], 8), (|_, _| vec![0; 8], 6)];
        for (mutator, max_size) in longer {
            assert_eq!(mutate(mutator, &mut data, 3, max_size, 1), None, "{max_size}");
        }
        assert_eq!(&data[..4], b"b=12");
    }
}
