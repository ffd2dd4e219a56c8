//! The grammar of `tracestate` (W3C Trace Context Level 2, 3.3), checked from left to right up to the first broken
//! rule.

use crate::arch::{self, Word};
use crate::comma_list;
use crate::error::{TraceStateError, TraceStateRule as Rule};

/// Maximum count of members in a list, with the empty ones (3.3.2).
pub(super) const MAX_MEMBERS: usize = 32;
/// Maximum length of a key, and of a value, in bytes (3.3.2.2).
const MAX_PART: usize = 256;

/// Checks a list of members (W3C Trace Context Level 2, 3.3.1). An empty member counts like any other.
pub(super) fn check(list: &[u8]) -> Result<(), TraceStateError> {
    let mut rest = list;
    for _ in 0..MAX_MEMBERS {
        if let [b' ', after @ ..] = rest {
            rest = after;
        }
        rest = match after_usual_member(rest) {
            Some(rest) => rest,
            None => after_unusual_member(list, rest)?,
        };
        match rest {
            [] => return Ok(()),
            [_, after @ ..] => rest = after,
        }
    }
    Err(too_many_members_at(list, rest))
}

/// The error of a list whose only fault is that it has too many members.
#[cold]
pub(super) fn too_many_members(list: &[u8]) -> TraceStateError {
    let mut rest = list;
    for _ in 0..MAX_MEMBERS {
        rest = comma_list::split_once(rest, b',').1.unwrap_or_default();
    }
    too_many_members_at(list, rest)
}

/// The error of a list whose rest is a member too many.
#[cold]
fn too_many_members_at(list: &[u8], rest: &[u8]) -> TraceStateError {
    TraceStateError::new(Rule::TooManyMembers, list.len() - comma_list::trim_start(rest).len())
}

/// A byte that may start a key: lcalpha / DIGIT (3.3.2.2.1).
const KEY_START: u8 = 1;
/// A byte that may follow in a key: lcalpha / DIGIT / "_" / "-" / "*" / "/" / "@".
const KEY: u8 = 2;
/// A byte that may be in a value: %x20-2B / %x2D-3C / %x3E-7E (3.3.2.2.2).
const VALUE: u8 = 4;

/// The classes of each byte.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => KEY_START | KEY | VALUE,
            b'_' | b'-' | b'*' | b'/' | b'@' => KEY | VALUE,
            b',' | b'=' => 0,
            b' '..=b'~' => VALUE,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Whether there is a byte at this offset that belongs to the class.
fn is(class: u8, byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| CLASSES[usize::from(*byte)] & class != 0)
}

/// Fast path: the rest of a list after its first member, from the comma on. `None` is undecided, as for a member that
/// is empty, has white space around it, or is longer than a key or value may be.
#[inline(always)]
fn after_usual_member(list: &[u8]) -> Option<&[u8]> {
    let (true, [b'=', value @ ..]) = (is(KEY_START, list.first()), after_run(KEY, list)) else { return None };
    let rest = after_value(value);
    // A value that is empty ends with the equals sign before it.
    let length = list.len() - rest.len();
    let is_usual = matches!(rest, [] | [b',', ..])
        && length <= MAX_PART
        && !matches!(list.get(length.wrapping_sub(1)), None | Some(b' ' | b'='));
    is_usual.then_some(rest)
}

/// The bytes from the first on that is not in this class.
#[inline(always)]
fn after_run(class: u8, bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<8>() {
        for (place, byte) in block.iter().enumerate() {
            if !is(class, Some(byte)) {
                return rest.get(place..).unwrap_or_default();
            }
        }
        rest = after;
    }
    after_run_by_bytes(class, rest)
}

/// [`after_run`] in less code and more time.
#[inline(never)]
fn after_run_by_bytes(class: u8, bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [first, after @ ..] = rest
        && is(class, Some(first))
    {
        rest = after;
    }
    rest
}

/// [`after_run`] of [`VALUE`].
#[inline(always)]
fn after_value(bytes: &[u8]) -> &[u8] {
    if arch::LOADS_WORDS { after_value_by_words(bytes) } else { after_value_by_blocks(bytes) }
}

#[inline(always)]
fn after_value_by_words(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        let word = Word::load(word);
        let is_valid = word.is_printable().and(word.differs_from(b',')).and(word.differs_from(b'='));
        if let Some(place) = is_valid.first_not() {
            return rest.get(place..).unwrap_or_default();
        }
        rest = after;
    }
    after_run_by_bytes(VALUE, rest)
}

/// Not inlined, since a Cortex-M0 has too few registers for two runs in one function.
#[inline(never)]
fn after_value_by_blocks(bytes: &[u8]) -> &[u8] {
    after_run(VALUE, bytes)
}

/// Slow path: the rest of the list after this member and the white space around it.
#[cold]
fn after_unusual_member<'a>(list: &[u8], member: &'a [u8]) -> Result<&'a [u8], TraceStateError> {
    let error = |rule, rest: &[u8], offset| Err(TraceStateError::new(rule, list.len() - rest.len() + offset));
    let member = comma_list::trim_start(member);
    if matches!(member, [] | [b',', ..]) {
        return Ok(member);
    }
    // The fast path has read these bytes, too. A key or value that is too long has hundreds of them.
    let after_key = if arch::LOADS_WORDS { after_run(KEY, member) } else { after_run_by_bytes(KEY, member) };
    let is_key = is(KEY_START, member.first()) && member.len() - after_key.len() <= MAX_PART;
    let (true, [b'=', value @ ..]) = (is_key, after_key) else {
        let (rule, offset) = key_rule(member, after_key);
        return error(rule, member, offset);
    };
    let after_value =
        if arch::LOADS_WORDS { after_value_by_words(value) } else { after_run_by_bytes(VALUE, value) };
    let rest = comma_list::trim_start(after_value);
    let ends = matches!(rest, [] | [b',', ..]);
    let run = value.get(..value.len() - after_value.len()).unwrap_or_default();
    let length = if ends { length_without_spaces(run) } else { run.len() };
    match length {
        _ if length > MAX_PART => error(Rule::ValueTooLong, value, MAX_PART),
        _ if !ends => error(Rule::Value, after_value, 0),
        0 => error(Rule::ValueEmpty, value, 0),
        _ => Ok(rest),
    }
}

/// The rule that a key breaks, and where.
fn key_rule(key: &[u8], after_run: &[u8]) -> (Rule, usize) {
    let length = key.len() - after_run.len();
    match after_run.iter().find(|byte| !comma_list::is_ows(**byte)) {
        _ if !is(KEY_START, key.first()) => (Rule::KeyStart, 0),
        _ if length > MAX_PART => (Rule::KeyTooLong, MAX_PART),
        None | Some(b',') => (Rule::EqualsMissing, length),
        _ => (Rule::Key, length),
    }
}

/// Checks a key before it is written.
#[inline(never)]
pub(super) fn check_key(key: &[u8]) -> Result<(), TraceStateError> {
    let rest = after_run_by_bytes(KEY, key);
    let (rule, offset) = match key_rule(key, rest) {
        (Rule::EqualsMissing, _) if rest.is_empty() => return Ok(()),
        (Rule::EqualsMissing, offset) => (Rule::Key, offset),
        broken => broken,
    };
    Err(TraceStateError::new(rule, offset))
}

/// Checks a value before it is written.
#[inline(never)]
pub(super) fn check_value(value: &[u8]) -> Result<(), TraceStateError> {
    let end = value.len() - after_run_by_bytes(VALUE, value).len();
    let length = length_without_spaces(value);
    let (rule, offset) = match () {
        _ if end > MAX_PART => (Rule::ValueTooLong, MAX_PART),
        _ if end < value.len() => (Rule::Value, end),
        _ if length == 0 => (Rule::ValueEmpty, 0),
        _ if length < end => (Rule::ValueEnd, length),
        _ => return Ok(()),
    };
    Err(TraceStateError::new(rule, offset))
}

fn length_without_spaces(value: &[u8]) -> usize {
    value.len() - value.iter().rev().take_while(|byte| **byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_ends_a_run_at_the_same_byte() {
        for length in 0..40 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut value = [b'a'; 40];
                    value[place] = byte;
                    let value = &value[..length];
                    let expected = after_run_by_bytes(VALUE, value);
                    let is_valid = matches!(byte, b' '..=b'~') && !matches!(byte, b',' | b'=');
                    assert_eq!(expected, &value[if is_valid { length } else { place }..]);
                    assert_eq!(after_value_by_words(value), expected, "{byte:#x} at {place}");
                    assert_eq!(after_value_by_blocks(value), expected, "{byte:#x} at {place}");
                    assert_eq!(after_run(KEY, value), after_run_by_bytes(KEY, value), "{byte:#x} at {place}");
                }
            }
        }
    }

    #[test]
    fn both_paths_read_a_member_alike() {
        const KINDS: &[u8] = b"a_= ,\t\0";
        for number in 0..KINDS.len().pow(6) {
            let list: [u8; 6] =
                core::array::from_fn(|place| KINDS[number / KINDS.len().pow(place as u32) % KINDS.len()]);
            if let Some(rest) = after_usual_member(&list) {
                assert_eq!(after_unusual_member(&list, &list), Ok(rest), "{}", list.escape_ascii());
            }
        }
        for length in [1, 126, 127, 128, 255, 256, 257] {
            for value in [1, 128, 255, 256, 257] {
                let list = ["k".repeat(length), "v".repeat(value)].join("=");
                let is_valid = length <= MAX_PART && value <= MAX_PART;
                assert_eq!(check(list.as_bytes()).is_ok(), is_valid, "{length}, {value}");
            }
        }
    }
}
