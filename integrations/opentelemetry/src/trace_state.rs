//! Converts `tracestate` to and from OpenTelemetry's type.

use opentelemetry::trace::TraceState as OtelTraceState;
use std::str::from_utf8;
use tracebaton::{TraceState, TraceStateMember};

/// Converts the members, with their order and duplicates. Members that OpenTelemetry refuses are left out.
///
/// ```
/// let state = tracebaton::TraceState::parse(b"rojo=1, a@b@c=2 ,congo= 3")?;
/// let held = tracebaton_opentelemetry::to_trace_state(&state);
/// assert_eq!(held.header(), "rojo=1,congo= 3");
/// # Ok::<(), tracebaton::TraceStateError>(())
/// ```
pub fn to_trace_state(state: &TraceState<'_>) -> OtelTraceState {
    let members: Vec<(&str, &str)> = state.members().filter_map(text).collect();
    OtelTraceState::from_key_value(members.iter().copied()).unwrap_or_else(|_| {
        let is_held = |member: &(&str, &str)| OtelTraceState::from_key_value([*member]).is_ok();
        OtelTraceState::from_key_value(members.into_iter().filter(is_held)).unwrap_or_default()
    })
}

/// Formats a `tracestate` header: always valid ([W3]). The result is empty if there are no members.
///
/// OpenTelemetry accepts invalid members, which are left out. The right-most members are left out if there are too
/// many.
///
/// ```
/// use opentelemetry::trace::TraceState;
///
/// let state = TraceState::from_key_value([("rojo", "1"), ("bad", "\u{1b}[2J"), ("congo", "3")]).unwrap();
/// assert_eq!(tracebaton_opentelemetry::from_trace_state(&state), "rojo=1,congo=3");
/// ```
#[doc = include_str!("rules.md")]
pub fn from_trace_state(state: &OtelTraceState) -> String {
    let header = state.header();
    if TraceState::parse(header.as_bytes()).is_ok() {
        return header;
    }
    let mut header = String::new();
    for (key, value) in state {
        let member = format!("{key}={value}");
        let comma = if header.is_empty() { "" } else { "," };
        let longer = format!("{header}{comma}{member}");
        let is_one = TraceState::parse(member.as_bytes()).is_ok_and(|state| state.len() == 1);
        if is_one && TraceState::parse(longer.as_bytes()).is_ok() {
            header = longer;
        }
    }
    header
}

fn text<'a>(member: TraceStateMember<'a>) -> Option<(&'a str, &'a str)> {
    Some((from_utf8(member.key).ok()?, from_utf8(member.value).ok()?))
}
