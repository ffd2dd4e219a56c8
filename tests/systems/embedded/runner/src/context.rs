//! Contexts: child, restart, trust, queue time.

use crate::record::{Record, extract_record};
use tracebaton::{
    Baggage, Context, QueueTime, SpanContext, SpanId, TimestampKind, TraceFlags, TraceId, TraceParent,
    TraceState, TrustPolicy,
};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

pub(crate) fn child(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let parent = span_context(arguments.bytes()?, arguments.bytes()?)?;
    let child = parent.child(SpanId::from_hex(arguments.bytes()?)?);
    let sampled = arguments.optional_bool()?;
    compare(Some(&sampled.map_or(child, |sampled| child.with_sampled(sampled))), VALUE, outcome);
    Some(())
}

pub(crate) fn restart(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let (traceparent, tracestate) = (arguments.optional_bytes()?, arguments.optional_bytes()?);
    let before = match traceparent {
        Some(traceparent) => Some(span_context(traceparent, tracestate.unwrap_or_default())?),
        None => None,
    };
    let ids = (TraceId::from_hex(arguments.bytes()?)?, SpanId::from_hex(arguments.bytes()?)?);
    let sampled = arguments.optional_bool()??;
    let flags = TraceFlags::default().with_sampled(sampled).with_random(arguments.optional_bool()??);
    let context = Context::new(before, Baggage::EMPTY).restart(ids.0, ids.1, flags);
    compare(context.span_context.as_ref(), VALUE, outcome);
    Some(())
}

pub(crate) fn trust(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let (choice, sampled) = (arguments.bytes()?, arguments.optional_bool()?);
    let trust = match choice {
        b"continue" => TrustPolicy::Continue,
        b"continue_resampled" => TrustPolicy::ContinueResampled { sampled: sampled? },
        b"restart_with_link" => TrustPolicy::RestartWithLink,
        b"restart_without_link" => TrustPolicy::RestartWithoutLink,
        _ => return None,
    };
    let trusted = extract_record(Record::read(arguments)?.as_slice()).context().admit(trust);
    compare(trusted.parent.as_ref(), PARENT, outcome);
    compare(trusted.link.as_ref(), LINK, outcome);
    let baggage = trusted.baggage;
    outcome.field("value.baggage").is(Atom::Bytes(if baggage.is_empty() { b"" } else { baggage.as_bytes() }));
    Some(())
}

pub(crate) fn queue_time(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let (timestamp, kind, consumed) = (arguments.integer()?, arguments.bytes()?, arguments.integer()?);
    let kind = KINDS.iter().find(|(name, _)| name.as_bytes() == kind)?.1;
    match QueueTime::between(timestamp, kind, consumed) {
        Some(waited) => {
            let name = KINDS.iter().find(|(_, kind)| *kind == waited.kind)?.0;
            outcome.field("value.milliseconds").is(Atom::Integer(waited.milliseconds));
            outcome.field("value.kind").is(Atom::Bytes(name.as_bytes()));
        }
        None => _ = outcome.field("value").is(Atom::Null),
    }
    Some(())
}

const KINDS: [(&str, TimestampKind); 3] = [
    ("create_time", TimestampKind::CreateTime),
    ("log_append_time", TimestampKind::LogAppendTime),
    ("not_available", TimestampKind::NotAvailable),
];

/// The paths of a span context: the path that is null, that of `traceparent`, and that of `tracestate`.
type Paths = [&'static str; 3];
const VALUE: Paths = ["value", "value.traceparent", "value.tracestate"];
const PARENT: Paths = ["value.parent", "value.parent.traceparent", "value.parent.tracestate"];
const LINK: Paths = ["value.link", "value.link.traceparent", "value.link.tracestate"];

/// Compares a span context. A list without members is reported as an empty one.
fn compare(
    context: Option<&SpanContext<'_>>,
    [null, traceparent, tracestate]: Paths,
    outcome: &mut Comparison<'_>,
) {
    match context {
        Some(context) => {
            outcome.field(traceparent).is(Atom::Bytes(&context.traceparent().format()));
            let state = context.trace_state;
            outcome.field(tracestate).is(Atom::Bytes(if state.is_empty() { b"" } else { state.as_bytes() }));
        }
        None => _ = outcome.field(null).is(Atom::Null),
    }
}

fn span_context<'a>(traceparent: &[u8], tracestate: &'a [u8]) -> Option<SpanContext<'a>> {
    let parent = TraceParent::parse(traceparent).ok()?;
    Some(SpanContext::remote(&parent, TraceState::parse(tracestate).ok()?))
}
