//! `tracestate`: reading and changing it.

use crate::keep;
use tracebaton::{TraceState, TraceStateBuilder};

/// Reads a list and looks for its members.
pub fn tracestate(value: &[u8]) {
    let read = TraceState::parse(value);
    keep(read.map_err(|error| (error.rule.name(), error.rule.message(), error.offset)));
    let Ok(state) = read else { return };
    keep((state.as_bytes(), state.as_str(), state.len(), state.is_empty()));
    state
        .into_iter()
        .chain(&state)
        .chain(state.iter())
        .for_each(|member| keep((member.key_str(), member.value_str())));
    state.members().for_each(|member| keep(state.get(member.key)));
    keep(state.members().size_hint());
    keep(state.get(value));
}

/// Changes a list in each way.
pub fn tracestate_change(list: &[u8], key: &[u8], value: &[u8], limit: usize, buffer: &mut [u8]) {
    let Ok(state) = TraceState::parse(list) else { return };
    keep(state.insert(key, value, buffer));
    keep(state.insert_within(key, value, buffer));
    keep(state.delete(key, buffer));
    keep(state.truncate(limit, buffer));
    if let Some(member) = state.members().last() {
        keep(state.insert(member.key, value, buffer));
        keep(state.delete(member.key, buffer));
    }
    if let Ok(mut builder) = TraceStateBuilder::from_trace_state(&state, buffer) {
        change_in_place(&mut builder, key, value, limit);
        keep(builder.finish());
    }
    let length = list.len();
    buffer.iter_mut().zip(list).for_each(|(to, from)| *to = *from);
    if let Ok(mut builder) = TraceStateBuilder::in_place(buffer, length) {
        change_in_place(&mut builder, key, value, limit);
        keep(builder.finish());
    }
}

fn change_in_place(builder: &mut TraceStateBuilder<'_>, key: &[u8], value: &[u8], limit: usize) {
    keep(builder.insert(key, value).is_ok());
    keep(builder.insert_within(key, value).is_ok());
    keep(builder.truncate(limit).is_ok());
    keep(builder.insert(value, key).is_ok());
    keep(builder.delete(key).is_ok());
}
