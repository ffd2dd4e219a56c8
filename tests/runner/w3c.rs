//! The outcome of a row about W3C's headers, through the Rust API.

use crate::record::{Record, borrowed};
use serde_json::{Value, json};
use tracebaton::{
    Baggage, BaggageBuilder, BaggageError, BaggageMember, BaggageValue, Context, Extracted, Header, Injected,
    Injection, JOINED_LENGTH, QueueTime, SpanContext, SpanId, TimestampKind, TraceFlags, TraceId,
    TraceParent, TraceState, TraceStateError, TrustPolicy, Verdict, extract, extract_joined, extract_slice,
    inject, inject_if_absent, strip,
};
use tracebaton_rows::{Carries, Case, Existing, Kind, Operation, Step, TrustChoice, text_value};

/// The outcome in the form of the row's `expect`.
pub fn outcome(case: &Case) -> Value {
    match case {
        Case::Extract { headers, child_span_id } => extracted(headers, child_span_id),
        Case::Change(operation) => changed(operation),
    }
}

fn extracted(headers: &[tracebaton_rows::Header], child_span_id: &str) -> Value {
    let extracted = extract(borrowed(headers));
    assert_eq!(extract_slice(&borrowed(headers).collect::<Vec<_>>()), extracted);
    let child = extracted.context().child(SpanId::from_hex(child_span_id.as_bytes()).unwrap());
    let mut outcome = verdicts(headers, &extracted);
    outcome["child"] = child.map_or(Value::Null, |child| after(headers, &child.injection()));
    outcome
}

fn verdicts(headers: &[tracebaton_rows::Header], extracted: &Extracted<'_>) -> Value {
    json!({
        "traceparent": verdict(&extracted.traceparent, |error| (error.rule.name(), error.offset), traceparent),
        "tracestate": verdict(&extracted.tracestate, |error| (error.rule.name(), error.offset), tracestate),
        "baggage": verdict(&extracted.baggage, |error| (error.rule.name(), error.offset), baggage),
        "forward": after(headers, &extracted.forward()),
    })
}

fn verdict<T, E>(
    verdict: &Verdict<T, E>,
    violation: impl Fn(&E) -> (&'static str, usize),
    content: impl Fn(&T) -> Value,
) -> Value {
    match verdict {
        Verdict::Absent => json!({"verdict": "absent"}),
        Verdict::Refused { index, error, .. } => {
            let (rule, offset) = violation(error);
            json!({"verdict": "refused", "index": index, "rule": rule, "offset": offset})
        }
        Verdict::Accepted { index, value, .. } => {
            let mut object = content(value);
            object["verdict"] = json!("accepted");
            object["index"] = json!(index);
            object
        }
    }
}

fn traceparent(parent: &TraceParent) -> Value {
    json!({
        "version": parent.version(),
        "trace_id": parent.trace_id.to_string(),
        "span_id": parent.parent_id.to_string(),
        "flags": parent.trace_flags.to_string(),
        "sampled": parent.trace_flags.is_sampled(),
        "random": parent.trace_flags.is_random(),
    })
}

fn tracestate(state: &TraceState<'_>) -> Value {
    let member = |key, value| json!({"key": text_value(key), "value": text_value(value)});
    let members: Vec<_> = state.members().map(|of| member(of.key, of.value)).collect();
    assert_eq!(members.len(), state.len());
    json!({ "members": members })
}

fn baggage(baggage: &Baggage<'_>) -> Value {
    let mut members = baggage.members();
    let listed: Vec<_> = members.by_ref().map(|member| baggage_member(&member)).collect();
    json!({"members": listed, "skipped": members.skipped()})
}

fn baggage_member(member: &BaggageMember<'_>) -> Value {
    let property = |key, value: Option<String>| match value {
        Some(value) => json!({"key": text_value(key), "value": value}),
        None => json!({"key": text_value(key)}),
    };
    let properties: Vec<_> =
        member.properties().map(|of| property(of.key(), of.value().map(decoded))).collect();
    json!({"key": text_value(member.key()), "value": decoded(member.value()), "properties": properties})
}

/// A value, decoded by each of the functions for it.
fn decoded(value: BaggageValue<'_>) -> String {
    let text = value.to_string();
    assert!(value.chars().eq(text.chars()));
    let mut buffer = vec![0; value.as_bytes().len()];
    assert_eq!(value.decode_into(&mut buffer), Some(text.as_str()));
    assert_eq!(value.decode_into(&mut buffer[..text.len()]), Some(text.as_str()));
    assert!((0..text.len()).rev().take(8).all(|length| value.decode_into(&mut buffer[..length]).is_none()));
    text
}

/// The headers after an injection into a carrier with unlimited room.
fn after(headers: &[tracebaton_rows::Header], injection: &Injection<'_>) -> Value {
    let mut record = Record::new(headers, None, false);
    inject(injection, &mut record).unwrap();
    record.list()
}

fn changed(operation: &Operation) -> Value {
    match operation {
        Operation::ExtractJoined { headers } => {
            let mut buffer = [0; JOINED_LENGTH];
            verdicts(headers, &extract_joined(borrowed(headers), &mut buffer))
        }
        Operation::TracestateGet { .. }
        | Operation::TracestateInsert { .. }
        | Operation::TracestateDelete { .. }
        | Operation::TracestateTruncate { .. } => changed_tracestate(operation),
        Operation::BaggageGet { baggage, key } => match Baggage::parse(baggage) {
            Ok(baggage) => json!({"value": baggage.get(key).map(|member| decoded(member.value()))}),
            Err(error) => json!({"error": error.rule.name()}),
        },
        Operation::BaggageSet { baggage, key, value } => {
            let mut buffer = [0; Baggage::MAX_LENGTH];
            changed_baggage(baggage, |list| list.set(key, value, &mut buffer))
        }
        Operation::BaggageRemove { baggage, key } => {
            let mut buffer = [0; Baggage::MAX_LENGTH];
            changed_baggage(baggage, |list| list.remove(key, &mut buffer))
        }
        Operation::BaggageBuild { steps, buffer } => {
            let mut buffer = vec![0; buffer.unwrap_or(Baggage::MAX_LENGTH)];
            baggage_outcome(built(steps, &mut buffer))
        }
        Operation::Inject { .. } => injected(operation),
        Operation::Strip { formats, read_only, headers } => {
            assert_eq!(formats[..], ["tracecontext", "baggage"]);
            let mut record = Record::new(headers, None, *read_only);
            match strip(&mut record) {
                Ok(()) => json!({"value": record.list()}),
                Err(error) => json!({"error": error, "value": record.list()}),
            }
        }
        _ => changed_context(operation),
    }
}

fn changed_tracestate(operation: &Operation) -> Value {
    let memory = |buffer: &Option<usize>| vec![0; buffer.unwrap_or(TraceState::MAX_LENGTH)];
    match operation {
        Operation::TracestateGet { tracestate, key } => match TraceState::parse(tracestate) {
            Ok(list) => json!({"value": list.get(key).map(text_value)}),
            Err(error) => json!({"error": error.rule.name()}),
        },
        Operation::TracestateInsert { tracestate, key, value, buffer } => {
            let mut buffer = memory(buffer);
            changed_state(tracestate, |list| list.insert(key, value, &mut buffer))
        }
        Operation::TracestateDelete { tracestate, key, buffer } => {
            let mut buffer = memory(buffer);
            changed_state(tracestate, |list| list.delete(key, &mut buffer))
        }
        Operation::TracestateTruncate { tracestate, limit, buffer } => {
            let mut buffer = memory(buffer);
            changed_state(tracestate, |list| list.truncate(*limit, &mut buffer))
        }
        _ => unreachable!("an operation that this runner does not know"),
    }
}

/// The outcome of a change; the codec must accept the result. After an error, the value is the old list.
fn changed_state<'b>(
    value: &[u8],
    change: impl FnOnce(&TraceState<'_>) -> Result<TraceState<'b>, TraceStateError>,
) -> Value {
    let old = match TraceState::parse(value) {
        Ok(old) => old,
        Err(error) => return json!({"error": error.rule.name()}),
    };
    match change(&old) {
        Ok(state) => {
            assert_eq!(TraceState::parse(state.as_bytes()), Ok(state));
            json!({"value": text_value(state.as_bytes())})
        }
        Err(error) => json!({"error": error.rule.name(), "value": text_value(old.as_bytes())}),
    }
}

/// [`changed_state`] for a baggage.
fn changed_baggage<'b>(
    value: &[u8],
    change: impl FnOnce(&Baggage<'_>) -> Result<Baggage<'b>, BaggageError>,
) -> Value {
    let old = match Baggage::parse(value) {
        Ok(old) => old,
        Err(error) => return json!({"error": error.rule.name()}),
    };
    let mut outcome = baggage_outcome(change(&old));
    if outcome.get("error").is_some() {
        outcome["value"] = text_value(old.as_bytes());
    }
    outcome
}

/// The outcome of a change; the codec must accept the result.
fn baggage_outcome(outcome: Result<Baggage<'_>, BaggageError>) -> Value {
    match outcome {
        Ok(baggage) => {
            assert_eq!(Baggage::parse(baggage.as_bytes()), Ok(baggage));
            json!({"value": text_value(baggage.as_bytes())})
        }
        Err(error) => json!({"error": error.rule.name()}),
    }
}

fn built<'b>(steps: &[Step], buffer: &'b mut [u8]) -> Result<Baggage<'b>, BaggageError> {
    let mut builder = BaggageBuilder::new(buffer);
    for step in steps {
        match step {
            Step::Member(member) => builder.add(&member.key, &member.value)?,
            Step::Property(property) => {
                builder.add_property_bytes(&property.key, property.value.as_deref())?
            }
        };
    }
    Ok(builder.finish())
}

fn changed_context(operation: &Operation) -> Value {
    match operation {
        Operation::SpanContextChild { traceparent, tracestate, span_id, sampled } => {
            let child = span_context(traceparent, tracestate).child(SpanId::from_hex(span_id).unwrap());
            let child = sampled.map_or(child, |sampled| child.with_sampled(sampled));
            json!({"value": span_context_value(&child)})
        }
        Operation::Restart { traceparent, tracestate, trace_id, span_id, sampled, random } => {
            let before =
                traceparent.as_ref().map(|of| span_context(of, tracestate.as_deref().unwrap_or_default()));
            let flags = TraceFlags::default().with_sampled(*sampled).with_random(*random);
            let ids = (TraceId::from_hex(trace_id).unwrap(), SpanId::from_hex(span_id).unwrap());
            let context = Context::new(before, Baggage::EMPTY).restart(ids.0, ids.1, flags);
            json!({"value": context.span_context.as_ref().map(span_context_value)})
        }
        Operation::Trust { choice, sampled, headers } => {
            let trust = match choice {
                TrustChoice::Continue => TrustPolicy::Continue,
                TrustChoice::ContinueResampled => {
                    TrustPolicy::ContinueResampled { sampled: sampled.unwrap() }
                }
                TrustChoice::RestartWithLink => TrustPolicy::RestartWithLink,
                TrustChoice::RestartWithoutLink => TrustPolicy::RestartWithoutLink,
            };
            let trusted = extract(borrowed(headers)).context().admit(trust);
            json!({"value": {
                "parent": trusted.parent.as_ref().map(span_context_value),
                "link": trusted.link.as_ref().map(span_context_value),
                "baggage": text_value(if trusted.baggage.is_empty() { b"" } else { trusted.baggage.as_bytes() }),
            }})
        }
        Operation::QueueTime { timestamp, kind, consumed } => {
            let name = match kind {
                Kind::CreateTime => TimestampKind::CreateTime,
                Kind::LogAppendTime => TimestampKind::LogAppendTime,
                Kind::NotAvailable => TimestampKind::NotAvailable,
            };
            json!({"value": QueueTime::between(*timestamp, name, *consumed).map(queue_time)})
        }
        _ => unreachable!("an operation that this runner does not know"),
    }
}

fn span_context<'a>(traceparent: &[u8], tracestate: &'a [u8]) -> SpanContext<'a> {
    let parent = TraceParent::parse(traceparent).unwrap();
    SpanContext::remote(&parent, TraceState::parse(tracestate).unwrap())
}

/// A list without members is reported as an empty one.
fn span_context_value(context: &SpanContext<'_>) -> Value {
    let state = context.trace_state;
    json!({
        "traceparent": text_value(&context.traceparent().format()),
        "tracestate": text_value(if state.is_empty() { b"" } else { state.as_bytes() }),
    })
}

fn queue_time(waited: QueueTime) -> Value {
    let kind = match waited.kind {
        TimestampKind::CreateTime => "create_time",
        TimestampKind::LogAppendTime => "log_append_time",
        TimestampKind::NotAvailable => "not_available",
    };
    json!({"milliseconds": waited.milliseconds, "kind": kind})
}

fn injected_name(injected: Injected) -> &'static str {
    match injected {
        Injected::Parent => "parent",
        Injected::NoParent => "no_parent",
        Injected::Kept => "kept",
        _ => "unknown",
    }
}

fn injected(operation: &Operation) -> Value {
    let Operation::Inject { context, carries, existing, capacity, read_only, headers } = operation else {
        unreachable!("an operation that this runner does not know")
    };
    let context = extract(context.headers().map(|(name, value)| Header { name, value })).context();
    let injection = match carries {
        None => context.injection(),
        Some(Carries::TraceContext) => context.injection().trace_context_only(),
        Some(Carries::Baggage) => context.injection().baggage_only(),
    };
    let mut record = Record::new(headers, *capacity, *read_only);
    let outcome = match existing {
        None => inject(&injection, &mut record),
        Some(Existing::Keep) => inject_if_absent(&injection, &mut record),
    };
    match outcome {
        Ok(injected) => json!({"outcome": injected_name(injected), "value": record.list()}),
        Err(error) => json!({"error": error, "value": record.list()}),
    }
}
