//! `tracestate`: reading any value (R7), and changing it (C3, C4).

use crate::lines::Lines;
use tracebaton::{TraceState, TraceStateError};
use tracebaton_oracle as oracle;

/// Reads the input as a value. If the input has several lines, they are: a list, a key, a value, and a limit as a
/// decimal number. The list is changed by these.
///
/// # Panics
///
/// If a property does not hold.
pub fn tracestate(input: &[u8]) {
    reading(input);
    let Some(mut lines) = Lines::of(input) else { return };
    let (list, key, value, limit) = (lines.text(), lines.text(), lines.text(), lines.number());
    reading(list);
    tracestate_changes(list, key, value, limit);
}

/// Inserts the key with the value, deletes the key, and truncates the list to the limit, if the list is accepted.
///
/// # Panics
///
/// If a property does not hold.
pub fn tracestate_changes(list: &[u8], key: &[u8], value: &[u8], limit: usize) {
    if let Ok(state) = TraceState::parse(list) {
        inserting(&state, key, value);
        inserting_within(&state, key, value, limit);
        deleting(&state, key);
        truncating(&state, limit);
    }
}

/// Both readings are equal, and every accessor of the codec agrees with them.
fn reading(value: &[u8]) {
    let seen = TraceState::parse(value);
    let plain = seen.map(members).map_err(refusal);
    assert_eq!(plain, oracle::tracestate(value), "R7: {}", value.escape_ascii());
    let (Ok(seen), Ok(expected)) = (seen, plain) else { return };
    assert_eq!(seen.as_bytes(), value, "R7: the bytes are unchanged");
    assert_eq!((seen.len(), seen.is_empty()), (expected.len(), expected.is_empty()));
    for (key, _) in expected.iter().take(2).chain(expected.last()) {
        let first = expected.iter().find(|(other, _)| other == key).map(|(_, value)| &value[..]);
        assert_eq!(seen.get(key), first, "R7: the first member of a key wins: {}", value.escape_ascii());
    }
    assert_eq!(seen.get("no member has this key"), None);
}

pub(crate) fn members(state: TraceState<'_>) -> Vec<oracle::Pair> {
    state.members().map(|member| (member.key.to_vec(), member.value.to_vec())).collect()
}

fn refusal(error: TraceStateError) -> oracle::Refusal {
    (error.rule.name(), error.offset)
}

fn inserting(state: &TraceState<'_>, key: &[u8], value: &[u8]) {
    let expected = oracle::tracestate_insert(state.as_bytes(), key, value);
    let Some(list) = changed(expected, |buffer| state.insert(key, value, buffer)) else { return };
    let inserted = TraceState::parse(&list).expect("C3: a result is always valid");
    assert_eq!(inserted.get(key), Some(value), "C3: the inserted member is read back");
    let mut buffer = vec![0; list.len()];
    assert_eq!(inserted.insert(key, value, &mut buffer), Ok(inserted), "C3: inserting again changes nothing");
}

/// Inserts into a buffer of each size around the limit, and of the smallest sizes.
fn inserting_within(state: &TraceState<'_>, key: &[u8], value: &[u8], limit: usize) {
    // A number of the input must not decide about memory. Larger buffers are all alike.
    let limit = limit.min(TraceState::MAX_LENGTH + 1);
    for size in [limit, limit / 16, state.as_bytes().len(), key.len() + 1 + value.len(), key.len()] {
        let mut buffer = vec![0; size];
        let seen = state.insert_within(key, value, &mut buffer);
        let seen = seen.map(|state| state.as_bytes().to_vec()).map_err(refusal);
        let expected = oracle::tracestate_insert_within(state.as_bytes(), key, value, size);
        assert_eq!(seen, expected, "C4");
        let Ok(list) = seen else { continue };
        assert_eq!(TraceState::parse(&list).ok().and_then(|state| state.get(key)), Some(value), "C4");
    }
}

fn deleting(state: &TraceState<'_>, key: &[u8]) {
    let expected = oracle::tracestate_delete(state.as_bytes(), key);
    let Some(list) = changed(expected, |buffer| state.delete(key, buffer)) else { return };
    let deleted = TraceState::parse(&list).expect("C3: a result is always valid");
    assert_eq!(deleted.get(key), None, "C3: the deleted key is absent");
}

fn truncating(state: &TraceState<'_>, limit: usize) {
    let expected = oracle::tracestate_truncate(state.as_bytes(), limit);
    let Some(list) = changed(expected, |buffer| state.truncate(limit, buffer)) else { return };
    assert!(list.len() <= limit, "C4");
    let truncated = TraceState::parse(&list).expect("C4: a result is always valid");
    let mut buffer = vec![0; list.len()];
    assert_eq!(truncated.truncate(limit, &mut buffer), Ok(truncated), "C4: truncating again changes nothing");
}

/// The result of a change, which must be `expected`, in a buffer of exactly that size; one byte less is too small.
fn changed(
    expected: Result<Vec<u8>, oracle::Refusal>,
    change: impl for<'b> Fn(&'b mut [u8]) -> Result<TraceState<'b>, TraceStateError>,
) -> Option<Vec<u8>> {
    let mut buffer = vec![0; expected.as_ref().map_or(0, Vec::len)];
    let seen = change(&mut buffer);
    assert_eq!(seen.map(|state| state.as_bytes().to_vec()).map_err(refusal), expected);
    let state = seen.ok()?;
    assert_eq!(Ok(state), TraceState::parse(state.as_bytes()), "the result equals the parsed list");
    let result = state.as_bytes().to_vec();
    if let Some(too_few) = buffer.len().checked_sub(1) {
        let error = change(&mut buffer[..too_few]).expect_err("the buffer is too small");
        assert_eq!(refusal(error), ("buffer_too_small", too_few));
    }
    Some(result)
}
