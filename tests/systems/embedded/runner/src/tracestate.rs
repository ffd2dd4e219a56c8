//! Changes of a `tracestate`.

use crate::{Buffer, room};
use tracebaton::{TraceState, TraceStateError};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

pub(crate) fn get(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let (state, key) = (TraceState::parse(arguments.bytes()?), arguments.bytes()?);
    match state {
        Ok(state) => outcome.field("value").is_optional(state.get(key)),
        Err(error) => outcome.field("error").is(Atom::Bytes(error.rule.name().as_bytes())),
    };
    Some(())
}

pub(crate) fn insert(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let state = TraceState::parse(arguments.bytes()?);
    let (key, value) = (arguments.bytes()?, arguments.bytes()?);
    let room = room(buffer, arguments.optional_size()?)?;
    compare(state.and_then(|state| state.insert(key, value, room)), state, outcome);
    Some(())
}

pub(crate) fn delete(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let (state, key) = (TraceState::parse(arguments.bytes()?), arguments.bytes()?);
    let room = room(buffer, arguments.optional_size()?)?;
    compare(state.and_then(|state| state.delete(key, room)), state, outcome);
    Some(())
}

pub(crate) fn truncate(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let state = TraceState::parse(arguments.bytes()?);
    let limit = usize::try_from(arguments.integer()?).ok()?;
    let room = room(buffer, arguments.optional_size()?)?;
    compare(state.and_then(|state| state.truncate(limit, room)), state, outcome);
    Some(())
}

/// Compares the changed list, which the codec must accept, or the broken rule and the old list.
fn compare(
    result: Result<TraceState<'_>, TraceStateError>,
    old: Result<TraceState<'_>, TraceStateError>,
    outcome: &mut Comparison<'_>,
) {
    match result {
        Ok(state) => {
            outcome.field("value").is(Atom::Bytes(state.as_bytes()));
            if TraceState::parse(state.as_bytes()) != Ok(state) {
                outcome.refuse("the result of the change is refused");
            }
        }
        Err(error) => {
            outcome.field("error").is(Atom::Bytes(error.rule.name().as_bytes()));
            if let Ok(old) = old {
                outcome.field("value").is(Atom::Bytes(old.as_bytes()));
            }
        }
    }
}
