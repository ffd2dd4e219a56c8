//! Finds a context in the payload, which consumers do not read.

use super::NAMED;
use crate::advice;
use crate::finding::{Code, Effect, Finding, Other, OtherVerdict};
use crate::peel::Layer;
use crate::record::Record;
use tracebaton::{Extracted, TraceParent};

/// Maximum count of bytes, and of values, of a payload that are examined.
const EXAMINED: usize = 1 << 16;

pub fn findings(
    record: &Record,
    text: &[u8],
    extracted: &Extracted<'_>,
    is_cloud_event: bool,
    findings: &mut Vec<Finding>,
) {
    let parent = extracted.traceparent.accepted();
    if parent.is_some() && !is_cloud_event {
        return;
    }
    let Some(payload) = record.payload.clone().and_then(|place| text.get(place)) else { return };
    let payload = &payload[..payload.len().min(EXAMINED)];
    let quoted = payload.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    // A JSON object in base64 begins with these letters.
    let quoted = quoted.filter(|digits| digits.starts_with(b"ey") || digits.starts_with(b"ew"));
    let decoded =
        || quoted.and_then(|digits| Layer::Base64.taken_off(digits)).and_then(|bytes| parent_in(&bytes));
    let Some(found) = parent_in(payload).or_else(decoded) else { return };
    if parent.is_some_and(|parent| parent.trace_id == found.trace_id) {
        return;
    }
    let is_cloud_event = is_cloud_event || payload.windows(11).any(|window| window == b"specversion");
    let other = Other {
        format: if is_cloud_event { "cloudevents" } else { "tracecontext" },
        verdict: OtherVerdict::Accepted,
        trace_id: Some(found.trace_id.to_string()),
        span_id: Some(found.parent_id.to_string()),
        sampling: Some(if found.trace_flags.is_sampled() { "accept" } else { "deny" }),
    };
    let effect = if parent.is_some() { Effect::Hint } else { Effect::Breaks };
    let what = format!(
        "The payload contains a traceparent of trace {}, but consumers read only headers.",
        found.trace_id
    );
    findings.push(Finding::new(Code::PayloadContext, effect, what, advice::PAYLOAD).of(other));
}

/// The first valid traceparent in a text, after its name.
fn parent_in(text: &[u8]) -> Option<TraceParent> {
    let places = text.windows(3).enumerate().filter(|(_, window)| *window == b"00-").map(|(place, _)| place);
    let parents = places.take(NAMED * NAMED).filter_map(|place| {
        let value = text.get(place..place + TraceParent::LENGTH)?;
        let before = &text[place.saturating_sub(48)..place];
        let is_named = before.windows(5).any(|window| window.eq_ignore_ascii_case(b"trace"));
        TraceParent::parse(value).ok().filter(|_| is_named)
    });
    parents.into_iter().next()
}
