//! Changes of a `tracestate`.

use crate::{Buffer, room};
use tracebaton::{TraceState, TraceStateError};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

pub(crate) fn get(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let state = TraceState::parse(arguments.bytes()?).ok()?;
    outcome.field("value").is_optional(state.get(arguments.bytes()?));
    Some(())
}

pub(crate) fn insert(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let state = TraceState::parse(arguments.bytes()?).ok()?;
    let (key, value) = (arguments.bytes()?, arguments.bytes()?);
    compare(state.insert(key, value, room(buffer, arguments.optional_size()?)?), outcome);
    Some(())
}

pub(crate) fn delete(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let state = TraceState::parse(arguments.bytes()?).ok()?;
    let key = arguments.bytes()?;
    compare(state.delete(key, room(buffer, arguments.optional_size()?)?), outcome);
    Some(())
}

pub(crate) fn truncate(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let state = TraceState::parse(arguments.bytes()?).ok()?;
    let limit = usize::try_from(arguments.integer()?).ok()?;
    compare(state.truncate(limit, room(buffer, arguments.optional_size()?)?), outcome);
    Some(())
}

/// Compares the result of a change, which the codec must accept.
fn compare(result: Result<TraceState<'_>, TraceStateError>, outcome: &mut Comparison<'_>) {
    match result {
        Ok(state) => {
            outcome.field("value").is(Atom::Bytes(state.as_bytes()));
            if TraceState::parse(state.as_bytes()) != Ok(state) {
                outcome.refuse("the result of the change is refused");
            }
        }
        Err(error) => _ = outcome.field("error").is(Atom::Bytes(error.rule.name().as_bytes())),
    }
}
