//! The header `tracestate` (W3C Trace Context Level 2, 3.3) and its changes (3.5).

use crate::{LONGEST_LIST, Refusal, leading_ows, trim, trim_end};

/// The largest count of members in a list, empty ones included (Level 2, 3.3.2).
const MOST_MEMBERS: usize = 32;
/// The largest length of a key and of a value (Level 2, 3.3.2.2.1 and 3.3.2.2.2).
const LONGEST_PART: usize = 256;
/// Members longer than this are removed first when a list is truncated (Level 2, 3.3.3.1).
const LARGE_MEMBER: usize = 128;
/// The smallest limit to which a list may be truncated, in bytes (Level 2, 3.3.3.1).
const SMALLEST_LIMIT: usize = 512;

/// The key and the value of one list member.
pub type Pair = (Vec<u8>, Vec<u8>);

/// Reads a `tracestate`: its members that are not empty, in sequence (Level 2, 3.3.2; `PROFILE.md` R7).
///
/// # Errors
///
/// The first rule that the list breaks, read from the left, and its offset. The whole list is refused.
///
/// ```
/// let members = tracebaton_oracle::tracestate(b"rojo=1, congo= 2 ,").unwrap();
/// assert_eq!(members[1], (b"congo".to_vec(), b" 2".to_vec()));
/// assert_eq!(tracebaton_oracle::tracestate(b"rojo=1,Congo=2").unwrap_err(), ("key_start", 7));
/// ```
pub fn tracestate(value: &[u8]) -> Result<Vec<Pair>, Refusal> {
    if value.len() > LONGEST_LIST {
        return Err(("too_long", LONGEST_LIST));
    }
    let mut members = Vec::new();
    let mut start = 0;
    for (index, between_commas) in value.split(|&byte| byte == b',').enumerate() {
        let member_start = start + leading_ows(between_commas);
        let member = trim(between_commas);
        start += between_commas.len() + 1;
        if index == MOST_MEMBERS {
            return Err(("too_many_members", member_start));
        }
        if member.is_empty() {
            continue;
        }
        let pair = read_member(member).map_err(|(rule, offset)| (rule, member_start + offset))?;
        members.push(pair);
    }
    Ok(members)
}

/// `list-member = key "=" value`, without white space around it (Level 2, 3.3.2.1).
fn read_member(member: &[u8]) -> Result<Pair, Refusal> {
    let equals = member.iter().position(|&byte| byte == b'=');
    let key = &member[..equals.unwrap_or(member.len())];
    check_key(key)?;
    let equals = equals.ok_or(("equals_missing", member.len()))?;
    let value = &member[equals + 1..];
    check_value(value).map_err(|(rule, offset)| (rule, equals + 1 + offset))?;
    Ok((key.to_vec(), value.to_vec()))
}

/// `key = ( lcalpha / DIGIT ) 0*255( keychar )` (Level 2, 3.3.2.2.1).
fn check_key(key: &[u8]) -> Result<(), Refusal> {
    match key.first() {
        Some(b'a'..=b'z' | b'0'..=b'9') => {}
        _ => return Err(("key_start", 0)),
    }
    for (offset, byte) in key.iter().enumerate() {
        if !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@') {
            return Err(("key", offset));
        }
        if offset == LONGEST_PART {
            return Err(("key_too_long", offset));
        }
    }
    Ok(())
}

/// `value = 0*255( chr ) nblk-chr` (Level 2, 3.3.2.2.2).
fn check_value(value: &[u8]) -> Result<(), Refusal> {
    for (offset, byte) in value.iter().enumerate() {
        if !matches!(byte, 0x20..=0x2b | 0x2d..=0x3c | 0x3e..=0x7e) {
            return Err(("value", offset));
        }
        if offset == LONGEST_PART {
            return Err(("value_too_long", offset));
        }
    }
    match trim_end(value).len() {
        0 => Err(("value_empty", 0)),
        // Only a value that is not from a list can end in white space.
        end if end < value.len() => Err(("value_end", end)),
        _ => Ok(()),
    }
}

/// The list with `key=value` as its first member and no other member of that key (Level 2, 3.5; `PROFILE.md` C3).
///
/// While the list has more than 32 members or 8,192 bytes, the right-most member is dropped.
///
/// # Errors
///
/// The rule that the key, the value or the list itself breaks, and the offset in that text. A value that ends in a
/// space breaks `value_end`, because it would be read back without the space.
pub fn tracestate_insert(list: &[u8], key: &[u8], value: &[u8]) -> Result<Vec<u8>, Refusal> {
    check_key(key)?;
    check_value(value)?;
    let mut members = without(list, key)?;
    members.insert(0, (key.to_vec(), value.to_vec()));
    while members.len() > MOST_MEMBERS || length(&members) > LONGEST_LIST {
        members.pop();
    }
    Ok(join(&members))
}

/// The list with a member inserted at the left, and others dropped so that it has at most `size` bytes (`PROFILE.md` C4).
///
/// # Errors
///
/// The rule that the key, the value or the list itself breaks, and the offset in that text. `buffer_too_small` at this
/// size if the new member alone is longer.
pub fn tracestate_insert_within(
    list: &[u8],
    key: &[u8],
    value: &[u8],
    size: usize,
) -> Result<Vec<u8>, Refusal> {
    check_key(key)?;
    check_value(value)?;
    let mut members = without(list, key)?;
    members.insert(0, (key.to_vec(), value.to_vec()));
    members.truncate(MOST_MEMBERS);
    while length(&members) > size.min(LONGEST_LIST) {
        let last = members.len() - 1;
        if last == 0 {
            return Err(("buffer_too_small", size));
        }
        let right_most_large = members.iter().skip(1).rposition(is_large);
        members.remove(right_most_large.map_or(last, |place| place + 1));
    }
    Ok(join(&members))
}

/// The list without members of this key (Level 2, 3.5; `PROFILE.md` C3).
///
/// # Errors
///
/// The rule that the key or the list itself breaks, and the offset in that text.
pub fn tracestate_delete(list: &[u8], key: &[u8]) -> Result<Vec<u8>, Refusal> {
    check_key(key)?;
    Ok(join(&without(list, key)?))
}

/// The list truncated to at most `limit` bytes, by whole members (Level 2, 3.3.3.1; `PROFILE.md` C4).
///
/// # Errors
///
/// `limit_too_small` at that limit if it is below 512, or the rule that the list itself breaks and its offset.
pub fn tracestate_truncate(list: &[u8], limit: usize) -> Result<Vec<u8>, Refusal> {
    if limit < SMALLEST_LIMIT {
        return Err(("limit_too_small", limit));
    }
    let mut members = tracestate(list)?;
    while length(&members) > limit {
        let last = members.len() - 1;
        let right_most_large = members.iter().rposition(is_large);
        members.remove(right_most_large.unwrap_or(last));
    }
    Ok(join(&members))
}

/// Whether a member is dropped before smaller ones.
fn is_large((key, value): &Pair) -> bool {
    key.len() + 1 + value.len() > LARGE_MEMBER
}

/// The members of `list` with other keys.
fn without(list: &[u8], key: &[u8]) -> Result<Vec<Pair>, Refusal> {
    let mut members = tracestate(list)?;
    members.retain(|(other, _)| other != key);
    Ok(members)
}

/// The length of the members, separated by commas.
fn length(members: &[Pair]) -> usize {
    let texts: usize = members.iter().map(|(key, value)| key.len() + 1 + value.len()).sum();
    texts + members.len().saturating_sub(1)
}

/// The members, separated by commas, without white space and empty members.
fn join(members: &[Pair]) -> Vec<u8> {
    let texts: Vec<Vec<u8>> =
        members.iter().map(|(key, value)| [&key[..], b"=", &value[..]].concat()).collect();
    texts.join(&b","[..])
}

#[cfg(test)]
mod tests;
