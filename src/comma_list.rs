//! Comma-separated lists of HTTP, with optional white space around members (RFC 9110 5.6).

use crate::arch::{self, Vector};
use crate::text::Quoted;
use core::fmt;

/// Whether a byte is optional white space (OWS): a space or a tab. One comparison rejects every letter and digit.
pub(crate) const fn is_ows(byte: u8) -> bool {
    byte <= b' ' && matches!(byte, b' ' | b'\t')
}

/// Whether a byte separates members: a comma or white space. One comparison rejects every letter and digit.
const fn is_separator(byte: u8) -> bool {
    byte <= b',' && (byte == b',' || is_ows(byte))
}

/// Whether a list has no member, only white space and commas.
#[inline]
pub(crate) fn is_empty(list: &[u8]) -> bool {
    list.iter().all(|byte| is_separator(*byte))
}

/// Trims optional white space at the start.
pub(crate) fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes
        && is_ows(*first)
    {
        bytes = rest;
    }
    bytes
}

/// Trims optional white space at both ends.
#[inline(never)]
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let mut bytes = trim_start(bytes);
    while let [rest @ .., last] = bytes
        && is_ows(*last)
    {
        bytes = rest;
    }
    bytes
}

/// Splits at the first separator. The second part is `None` if there is no separator.
#[inline]
pub(crate) fn split_once(bytes: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match bytes.split_at_checked(length_before(bytes, separator)) {
        Some((before, [_, after @ ..])) => (before, Some(after)),
        _ => (bytes, None),
    }
}

/// How many bytes come before the first separator. Compares sixteen bytes a step while there are as many.
#[inline]
fn length_before(bytes: &[u8], separator: u8) -> usize {
    let mut rest = bytes;
    if arch::HAS_VECTORS {
        while let Some((block, after)) = rest.split_first_chunk() {
            let found = Vector::load(block).equal(Vector::splat(separator)).movemask();
            if found != 0 {
                return bytes.len() - rest.len() + found.trailing_zeros() as usize;
            }
            rest = after;
        }
    }
    bytes.len() - rest.len() + rest.iter().take_while(|byte| **byte != separator).count()
}

/// Finds the first member at or after `from`, trimmed: the offset of its first byte and the offset after its last.
#[inline]
pub(crate) fn member_at(list: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut start = from;
    while list.get(start).is_some_and(|byte| is_separator(*byte)) {
        start += 1;
    }
    let mut end = start + length_before(list.get(start..)?, b',');
    while end > start && list.get(end - 1).is_some_and(|byte| is_ows(*byte)) {
        end -= 1;
    }
    (end > start).then_some((start, end))
}

/// Iterator over the members of a list, trimmed, without the empty ones.
#[derive(Clone)]
pub(crate) struct Members<'a> {
    /// The list from the next member on; `None` at the end.
    pub(crate) rest: Option<&'a [u8]>,
}

impl<'a> Members<'a> {
    pub(crate) const fn of(list: &'a [u8]) -> Self {
        Self { rest: Some(list) }
    }
}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quoted(self.rest.unwrap_or_default()).fmt(f)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = &'a [u8];

    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let (member, rest) = split_once(self.rest?, b',');
            self.rest = rest;
            let member = trim(member);
            if !member.is_empty() {
                return Some(member);
            }
        }
    }
}
