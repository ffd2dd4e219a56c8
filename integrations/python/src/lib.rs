//! The codec for Python: reads and writes a list of record headers in place. `kafka_tracing.py` puts OpenTelemetry on it.

mod baggage;
mod headers;

use headers::Candidates;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use tracebaton::{
    Baggage, Context, Extracted, JOINED_LENGTH, QueueTime, SpanContext, SpanId, TimestampKind, TraceFlags,
    TraceId, TraceState, Verdict,
};

/// A span context: trace id, span id, trace flags, and its tracestate as it was received and as members.
type Span = (u128, u64, u8, String, Vec<(String, String)>);

/// What a record carries: its span context, the baggage with decoded values, the received `baggage`, refused headers.
type Carried<'py> = (Option<Span>, Bound<'py, PyDict>, Bound<'py, PyBytes>, Vec<Refused>);

/// A refused header: its name, the rule that it breaks, and the offset in bytes.
type Refused = (&'static str, &'static str, usize);

/// The context of a record. `join_lists` joins several headers of a list.
#[pyfunction]
#[pyo3(signature = (headers, join_lists = false))]
fn extract<'py>(headers: &Bound<'py, PyAny>, join_lists: bool) -> PyResult<Carried<'py>> {
    let candidates = Candidates::of(headers)?;
    let mut buffer = vec![0; if join_lists { JOINED_LENGTH } else { 0 }];
    let extracted = if join_lists { candidates.extract_joined(&mut buffer) } else { candidates.extract() };
    let context = extracted.context();
    let list = context.baggage;
    let bytes = PyBytes::new(headers.py(), if list.is_empty() { b"" } else { list.as_bytes() });
    Ok((context.span_context.map(span), baggage::to_dict(headers.py(), &list)?, bytes, refused(&extracted)))
}

fn span(context: SpanContext<'_>) -> Span {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let state = context.trace_state;
    let members = state.members().map(|member| (text(member.key), text(member.value)));
    (
        u128::from_be_bytes(context.trace_id.to_bytes()),
        u64::from_be_bytes(context.span_id.to_bytes()),
        context.trace_flags.to_byte(),
        text(state.as_bytes()),
        members.collect(),
    )
}

fn refused(extracted: &Extracted<'_>) -> Vec<Refused> {
    let mut refused = Vec::new();
    if let Verdict::Refused { error, .. } = &extracted.traceparent {
        refused.push(("traceparent", error.rule.name(), error.offset));
    }
    if let Verdict::Refused { error, .. } = &extracted.tracestate {
        refused.push(("tracestate", error.rule.name(), error.offset));
    }
    if let Verdict::Refused { error, .. } = &extracted.baggage {
        refused.push(("baggage", error.rule.name(), error.offset));
    }
    refused
}

/// Replaces the context in a list of headers. Returns how many members of the baggage could not be written.
///
/// `span` has trace id, span id, trace flags and the value of `tracestate`; an invalid `tracestate` is left out.
/// `baggage` is what the record has to carry, or `None` to leave its header unchanged. Members that are in `received`
/// keep their bytes.
#[pyfunction]
fn inject(
    headers: &Bound<'_, PyList>,
    span: Option<(u128, u64, u8, String)>,
    baggage: Option<&Bound<'_, PyDict>>,
    received: &[u8],
) -> PyResult<usize> {
    let mut buffer = [0; Baggage::MAX_LENGTH];
    let (list, left_out) = match baggage {
        Some(now) => baggage::to_list(now, received, &mut buffer),
        None => (Baggage::EMPTY, 0),
    };
    let injection = Context::new(span.as_ref().and_then(span_context), list).injection();
    let injection = if baggage.is_some() { injection } else { injection.trace_context_only() };
    headers::replace(headers, &injection)?;
    Ok(left_out)
}

fn span_context((trace_id, span_id, flags, state): &(u128, u64, u8, String)) -> Option<SpanContext<'_>> {
    let trace_id = TraceId::from_bytes(trace_id.to_be_bytes())?;
    let span_id = SpanId::from_bytes(span_id.to_be_bytes())?;
    let mut span = SpanContext::root(trace_id, span_id, TraceFlags::from_byte(*flags));
    span.trace_state = TraceState::parse(state.as_bytes()).unwrap_or_default();
    Some(span)
}

/// Milliseconds between the two times, with the name of the clock; `None` without a timestamp.
///
/// `kind` is librdkafka's: 0 not available, 1 create time, 2 log append time.
#[pyfunction]
fn queue_time(timestamp: i64, kind: u8, now: i64) -> Option<(i64, &'static str)> {
    let kind = match kind {
        1 => TimestampKind::CreateTime,
        2 => TimestampKind::LogAppendTime,
        _ => TimestampKind::NotAvailable,
    };
    QueueTime::between(timestamp, kind, now).map(|waited| (waited.milliseconds, waited.kind.name()))
}

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{extract, inject, queue_time};
}
