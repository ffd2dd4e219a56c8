//! The grammar of `tracestate` (W3C Trace Context Level 2, 3.3), checked from left to right up to the first broken
//! rule.

use crate::comma_list;
use crate::error::{TraceStateError, TraceStateRule as Rule};

/// Maximum count of members in a list, with the empty ones (3.3.2).
pub(super) const MAX_MEMBERS: usize = 32;
/// Maximum length of a key, and of a value, in bytes (3.3.2.2).
const MAX_PART: usize = 256;

/// Checks a list of members (W3C Trace Context Level 2, 3.3.1). An empty member counts like any other.
pub(super) fn check(list: &[u8]) -> Result<(), TraceStateError> {
    let mut at = 0;
    for _ in 0..MAX_MEMBERS {
        at = after_white_space(list, at);
        if !matches!(list.get(at), None | Some(b',')) {
            at = end_of_member(list, at)?;
        }
        if at >= list.len() {
            return Ok(());
        }
        at += 1;
    }
    Err(too_many_members_at(list, at))
}

/// The error of a list whose only fault is that it has too many members.
#[cold]
pub(super) fn too_many_members(list: &[u8]) -> TraceStateError {
    let mut rest = list;
    for _ in 0..MAX_MEMBERS {
        rest = comma_list::split_once(rest, b',').1.unwrap_or_default();
    }
    too_many_members_at(list, list.len() - rest.len())
}

/// The error of a list that has a member too many after `at`.
fn too_many_members_at(list: &[u8], at: usize) -> TraceStateError {
    TraceStateError::new(Rule::TooManyMembers, after_white_space(list, at))
}

fn after_white_space(list: &[u8], start: usize) -> usize {
    start + list.iter().skip(start).take_while(|byte| comma_list::is_ows(**byte)).count()
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

/// The end of the run of bytes in this class that starts here.
#[inline]
fn end_of(class: u8, list: &[u8], start: usize) -> usize {
    let mut rest = list.get(start..).unwrap_or_default();
    while let Some((block, after)) = rest.split_first_chunk::<8>() {
        for (place, byte) in block.iter().enumerate() {
            if !is(class, Some(byte)) {
                return list.len() - rest.len() + place;
            }
        }
        rest = after;
    }
    list.len() - rest.iter().skip_while(|byte| is(class, Some(byte))).count()
}

/// The end of the member that starts here, after the white space that follows it.
#[inline(always)]
fn end_of_member(list: &[u8], start: usize) -> Result<usize, TraceStateError> {
    let equals = end_of(KEY, list, start);
    if list.get(equals) != Some(&b'=') || equals - start > MAX_PART || !is(KEY_START, list.get(start)) {
        return Err(key_error(list, start, equals));
    }
    let value = equals + 1;
    let end = end_of(VALUE, list, value);
    let length = end - value;
    if !matches!(list.get(end), None | Some(b','))
        || length.wrapping_sub(1) >= MAX_PART
        || list.get(end - 1) == Some(&b' ')
    {
        return end_of_unusual_value(list, value, end);
    }
    Ok(end)
}

/// The end of a member whose value is followed by white space, or the reason why the value is refused.
#[cold]
fn end_of_unusual_value(list: &[u8], start: usize, run: usize) -> Result<usize, TraceStateError> {
    let error = |rule, offset| Err(TraceStateError::new(rule, offset));
    let end = after_white_space(list, run);
    let ends = matches!(list.get(end), None | Some(b','));
    let value = list.get(start..run).unwrap_or_default();
    let length = if ends { length_without_spaces(value) } else { value.len() };
    match length {
        _ if length > MAX_PART => error(Rule::ValueTooLong, start + MAX_PART),
        _ if !ends => error(Rule::Value, run),
        0 => error(Rule::ValueEmpty, start),
        _ => Ok(end),
    }
}

#[cold]
fn key_error(list: &[u8], start: usize, end: usize) -> TraceStateError {
    if !is(KEY_START, list.get(start)) {
        return TraceStateError::new(Rule::KeyStart, start);
    }
    if end - start > MAX_PART {
        return TraceStateError::new(Rule::KeyTooLong, start + MAX_PART);
    }
    match list.iter().skip(end).find(|byte| !comma_list::is_ows(**byte)) {
        None | Some(b',') => TraceStateError::new(Rule::EqualsMissing, end),
        Some(_) => TraceStateError::new(Rule::Key, end),
    }
}

/// Checks a key before it is written.
pub(super) fn check_key(key: &[u8]) -> Result<(), TraceStateError> {
    let end = end_of(KEY, key, 0);
    match is(KEY_START, key.first()) && end == key.len() && end <= MAX_PART {
        true => Ok(()),
        false if is(KEY_START, key.first()) && end <= MAX_PART => Err(TraceStateError::new(Rule::Key, end)),
        false => Err(key_error(key, 0, end)),
    }
}

/// Checks a value before it is written.
pub(super) fn check_value(value: &[u8]) -> Result<(), TraceStateError> {
    let end = end_of(VALUE, value, 0);
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
