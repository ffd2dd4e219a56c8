//! `tracestate`: reading and changing it.

use crate::keep;
use tracebaton::TraceState;

/// Reads a list and looks for its members.
pub fn tracestate(value: &[u8]) {
    let read = TraceState::parse(value);
    keep(read.map_err(|error| (error.rule.name(), error.offset)));
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
    keep(state.delete(key, buffer));
    keep(state.truncate(limit, buffer));
    if let Some(member) = state.members().last() {
        keep(state.insert(member.key, value, buffer));
        keep(state.delete(member.key, buffer));
    }
}
