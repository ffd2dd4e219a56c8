//! Every conformance vector through the functions as C calls them.

#[path = "surface/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the surface")]
mod support;

use serde_json::{Value, json};
use std::ffi::{CStr, c_char};
use std::ptr::null;
use support::*;
use tracebaton_ffi::*;
use tracebaton_rows::{
    Carries, Case, ContextValues, Existing, Kind, Operation, Step, Tally, TrustChoice as Choice, header_list,
    rows, text_value,
};

#[test]
fn every_row_comes_out_as_expected() {
    let mut tally = Tally::default();
    for row in rows().unwrap() {
        match &row.case {
            Case::Extract { headers, child_span_id } => {
                tally.compare(&row, &extracted(&record(headers), child_span_id.as_bytes()));
            }
            // An array of headers takes every change.
            Case::Change(Operation::Inject { read_only: true, .. }) => tally.skip(&row),
            Case::Change(operation) => tally.compare(&row, &changed(operation)),
        }
    }
    tally.announce("the C API");
    assert!(
        tally.ran() > 800 && tally.skipped() < 10,
        "{} rows ran, {} skipped",
        tally.ran(),
        tally.skipped()
    );
    assert!(tally.failures().is_empty(), "{}", tally.failures().join("\n"));
}

fn record(headers: &[tracebaton_rows::Header]) -> Vec<tracebaton_header_t> {
    headers.iter().map(|(name, value)| header(name, value.as_deref())).collect()
}

fn name(status: tracebaton_status_t) -> &'static str {
    // SAFETY: a static string.
    unsafe { CStr::from_ptr(tracebaton_status_name(status)) }.to_str().unwrap()
}

fn span_id(digits: &[u8]) -> tracebaton_span_id_t {
    let mut id = zeros();
    // SAFETY: all are there.
    let status = unsafe { tracebaton_span_id_from_hex(digits.as_ptr().cast(), digits.len(), &mut id) };
    assert_eq!(status, OK);
    id
}

fn trace_id(digits: &[u8]) -> tracebaton_trace_id_t {
    let mut id = zeros();
    // SAFETY: all are there.
    let status = unsafe { tracebaton_trace_id_from_hex(digits.as_ptr().cast(), digits.len(), &mut id) };
    assert_eq!(status, OK);
    id
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn extracted(record: &[tracebaton_header_t], child_span_id: &[u8]) -> Value {
    let (status, extracted) = extract(record);
    let (mut forward, mut child) = (zeros(), zeros());
    // SAFETY: all are there.
    unsafe {
        assert_eq!(tracebaton_injection_forward(&extracted, &mut forward), status);
        assert_eq!(tracebaton_context_child(&extracted.context, &span_id(child_span_id), &mut child), status);
    }
    let child = (status == OK).then(|| after(record, &injection(&child).1));
    let context = &extracted.context;
    json!({
        "traceparent": verdict(&extracted.traceparent, || json!({
            "version": extracted.traceparent_version,
            "trace_id": hex(&context.trace_id.bytes),
            "span_id": hex(&context.span_id.bytes),
            "flags": hex(&[context.trace_flags]),
            "sampled": context.trace_flags & TRACEBATON_FLAG_SAMPLED != 0,
            "random": context.trace_flags & TRACEBATON_FLAG_RANDOM != 0,
        })),
        "tracestate": verdict(&extracted.tracestate, || tracestate(context)),
        "baggage": verdict(&extracted.baggage, || baggage(context)),
        "forward": after(record, &forward),
        "child": child,
    })
}

fn verdict(verdict: &tracebaton_verdict_t, content: impl Fn() -> Value) -> Value {
    const ABSENT: tracebaton_status_t = TRACEBATON_ABSENT as tracebaton_status_t;
    match verdict.status {
        ABSENT => json!({"verdict": "absent"}),
        OK => {
            let mut object = content();
            object["verdict"] = json!("accepted");
            object["index"] = json!(verdict.index);
            object
        }
        rule => json!({
            "verdict": "refused", "index": verdict.index, "rule": name(rule), "offset": verdict.offset
        }),
    }
}

fn tracestate(context: &tracebaton_context_t) -> Value {
    let (mut cursor, mut member, mut members) =
        (zeros(), zeros::<tracebaton_tracestate_member_t>(), Vec::new());
    // SAFETY: all are there.
    while unsafe { tracebaton_tracestate_next(context, &mut cursor, &mut member) } == OK {
        let (key, value) = (view(member.key, member.key_size), view(member.value, member.value_size));
        members.push(json!({"key": text_value(key), "value": text_value(value)}));
    }
    json!({ "members": members })
}

fn baggage(context: &tracebaton_context_t) -> Value {
    let (mut cursor, mut member, mut members) = (zeros::<tracebaton_cursor_t>(), zeros(), Vec::new());
    // SAFETY: all are there.
    while unsafe { tracebaton_baggage_next(context, &mut cursor, &mut member) } == OK {
        members.push(json!({
            "key": text_value(view(member.key, member.key_size)),
            "value": member_value(&member),
            "properties": properties(&member),
        }));
    }
    json!({"members": members, "skipped": cursor.skipped})
}

fn decoded(
    decode: impl FnOnce(*mut c_char, usize, *mut usize) -> tracebaton_status_t,
    most: usize,
) -> Option<String> {
    let (mut buffer, mut size) = (vec![0u8; most], 0);
    let status = decode(buffer.as_mut_ptr().cast(), most, &mut size);
    (status == OK).then(|| String::from_utf8(buffer[..size].to_vec()).unwrap())
}

fn member_value(member: &tracebaton_baggage_member_t) -> String {
    // SAFETY: all are there.
    let decode = |buffer, capacity, size| unsafe { tracebaton_baggage_value(member, buffer, capacity, size) };
    decoded(decode, member.value_size).unwrap()
}

fn properties(member: &tracebaton_baggage_member_t) -> Vec<Value> {
    let (mut cursor, mut property, mut properties) =
        (zeros(), zeros::<tracebaton_baggage_property_t>(), Vec::new());
    // SAFETY: all are there.
    while unsafe { tracebaton_baggage_property_next(member, &mut cursor, &mut property) } == OK {
        // SAFETY: all are there.
        let decode = |buffer, capacity, size| unsafe {
            tracebaton_baggage_property_value(&property, buffer, capacity, size)
        };
        let key = text_value(view(property.key, property.key_size));
        properties.push(match decoded(decode, property.value_size) {
            Some(value) => json!({"key": key, "value": value}),
            None => json!({"key": key}),
        });
    }
    properties
}

fn list(headers: &[tracebaton_header_t]) -> Value {
    header_list(headers.iter().map(|header| {
        let value = (!header.value.is_null()).then(|| view(header.value, header.value_size));
        (view(header.name, header.name_size), value)
    }))
}

/// The headers after an injection into an array that has room for it.
fn after(record: &[tracebaton_header_t], injection: &tracebaton_injection_t) -> Value {
    let (status, headers) =
        put(tracebaton_headers_inject, record, injection, record.len() + TRACEBATON_MAX_HEADERS);
    assert_eq!(status, OK);
    list(&headers)
}

type Inject = unsafe extern "C" fn(
    *const tracebaton_injection_t,
    *mut tracebaton_header_t,
    *mut usize,
    usize,
) -> tracebaton_status_t;

fn put(
    inject: Inject,
    record: &[tracebaton_header_t],
    injection: &tracebaton_injection_t,
    capacity: usize,
) -> (tracebaton_status_t, Vec<tracebaton_header_t>) {
    let (mut array, mut count) = (record.to_vec(), record.len());
    array.resize(capacity, zeros());
    // SAFETY: an array with its capacity.
    let status = unsafe { inject(injection, array.as_mut_ptr(), &mut count, capacity) };
    array.truncate(count);
    (status, array)
}

/// A context of lists alone.
fn lists(tracestate: &[u8], baggage: &[u8]) -> tracebaton_context_t {
    tracebaton_context_t {
        tracestate: tracestate.as_ptr().cast(),
        tracestate_size: tracestate.len(),
        baggage: baggage.as_ptr().cast(),
        baggage_size: baggage.len(),
        ..zeros()
    }
}

/// Runs a change of a context into a buffer; what it gives, or the rule it ends with.
fn outcome(
    mut context: tracebaton_context_t,
    capacity: Option<usize>,
    change: impl FnOnce(*mut tracebaton_context_t, *mut c_char, usize) -> tracebaton_status_t,
    list: impl FnOnce(&tracebaton_context_t) -> (*const c_char, usize),
) -> Value {
    let mut buffer = vec![0u8; capacity.unwrap_or(TRACEBATON_TRACESTATE_MAX_SIZE)];
    match change(&mut context, buffer.as_mut_ptr().cast(), buffer.len()) {
        OK => {
            let (pointer, size) = list(&context);
            json!({"value": text_value(view(pointer, size))})
        }
        status => json!({"error": name(status)}),
    }
}

fn tracestate_of(context: &tracebaton_context_t) -> (*const c_char, usize) {
    (context.tracestate, context.tracestate_size)
}

fn baggage_of(context: &tracebaton_context_t) -> (*const c_char, usize) {
    (context.baggage, context.baggage_size)
}

fn changed(operation: &Operation) -> Value {
    match operation {
        Operation::TracestateGet { tracestate, key } => {
            let mut member: tracebaton_tracestate_member_t = zeros();
            let context = lists(tracestate, b"");
            // SAFETY: all are there.
            let status =
                unsafe { tracebaton_tracestate_get(&context, key.as_ptr().cast(), key.len(), &mut member) };
            let value = (status == OK).then(|| text_value(view(member.value, member.value_size)));
            json!({ "value": value })
        }
        Operation::BaggageGet { baggage, key } => {
            let mut member = zeros();
            let context = lists(b"", baggage);
            // SAFETY: all are there.
            let status =
                unsafe { tracebaton_baggage_get(&context, key.as_ptr().cast(), key.len(), &mut member) };
            json!({"value": (status == OK).then(|| member_value(&member))})
        }
        Operation::TracestateInsert { .. }
        | Operation::TracestateDelete { .. }
        | Operation::TracestateTruncate { .. } => changed_tracestate(operation),
        Operation::BaggageSet { .. } | Operation::BaggageRemove { .. } | Operation::BaggageBuild { .. } => {
            changed_baggage(operation)
        }
        Operation::Inject { .. } => injected(operation),
        _ => changed_context(operation),
    }
}

fn changed_tracestate(operation: &Operation) -> Value {
    match operation {
        Operation::TracestateInsert { tracestate, key, value, buffer } => outcome(
            lists(tracestate, b""),
            *buffer,
            |context, place, capacity| {
                let (key, key_size) = (key.as_ptr().cast(), key.len());
                let (value, value_size) = (value.as_ptr().cast(), value.len());
                // SAFETY: all are there.
                unsafe {
                    tracebaton_tracestate_insert(context, key, key_size, value, value_size, place, capacity)
                }
            },
            tracestate_of,
        ),
        Operation::TracestateDelete { tracestate, key, buffer } => outcome(
            lists(tracestate, b""),
            *buffer,
            // SAFETY: all are there.
            |context, place, capacity| unsafe {
                tracebaton_tracestate_delete(context, key.as_ptr().cast(), key.len(), place, capacity)
            },
            tracestate_of,
        ),
        Operation::TracestateTruncate { tracestate, limit, buffer } => outcome(
            lists(tracestate, b""),
            *buffer,
            // SAFETY: all are there.
            |context, place, capacity| unsafe {
                tracebaton_tracestate_truncate(context, *limit, place, capacity)
            },
            tracestate_of,
        ),
        _ => unreachable!("another operation"),
    }
}

fn changed_baggage(operation: &Operation) -> Value {
    match operation {
        Operation::BaggageSet { baggage, key, value } => outcome(
            lists(b"", baggage),
            None,
            |context, place, capacity| {
                let (key, key_size) = (key.as_ptr().cast(), key.len());
                let (value, value_size) = (value.as_ptr().cast(), value.len());
                // SAFETY: all are there.
                unsafe { tracebaton_baggage_set(context, key, key_size, value, value_size, place, capacity) }
            },
            baggage_of,
        ),
        Operation::BaggageRemove { baggage, key } => outcome(
            lists(b"", baggage),
            None,
            // SAFETY: all are there.
            |context, place, capacity| unsafe {
                tracebaton_baggage_remove(context, key.as_ptr().cast(), key.len(), place, capacity)
            },
            baggage_of,
        ),
        Operation::BaggageBuild { steps, buffer } => {
            let entries: Vec<_> = steps.iter().map(entry).collect();
            outcome(
                zeros(),
                *buffer,
                // SAFETY: all are there.
                |context, place, capacity| unsafe {
                    tracebaton_baggage_build(context, entries.as_ptr(), entries.len(), place, capacity)
                },
                baggage_of,
            )
        }
        _ => unreachable!("another operation"),
    }
}

fn entry(step: &Step) -> tracebaton_baggage_entry_t {
    let (key, value, is_property) = match step {
        Step::Member(member) => (&member.key, Some(&member.value), 0),
        Step::Property(property) => (&property.key, property.value.as_ref(), 1),
    };
    tracebaton_baggage_entry_t {
        key: key.as_ptr().cast(),
        key_size: key.len(),
        value: value.map_or(null(), |value| value.as_ptr().cast()),
        value_size: value.map_or(0, |value| value.len()),
        is_property,
        reserved: [0; 7],
    }
}

/// A span context from the values of its headers.
fn span_context(traceparent: &[u8], tracestate: &[u8]) -> tracebaton_context_t {
    let mut context: tracebaton_context_t = zeros();
    // SAFETY: all are there.
    let status =
        unsafe { tracebaton_traceparent_parse(traceparent.as_ptr().cast(), traceparent.len(), &mut context) };
    assert_eq!(status, OK);
    let lists = lists(tracestate, b"");
    tracebaton_context_t { tracestate: lists.tracestate, tracestate_size: lists.tracestate_size, ..context }
}

/// The values of a span context's headers; null if there is none.
fn span_context_value(context: &tracebaton_context_t) -> Value {
    let mut value = [0u8; TRACEBATON_TRACEPARENT_SIZE];
    // SAFETY: all are there.
    match unsafe { tracebaton_traceparent_format(context, value.as_mut_ptr().cast()) } {
        OK => json!({
            "traceparent": text_value(&value),
            "tracestate": text_value(view(context.tracestate, context.tracestate_size)),
        }),
        _ => Value::Null,
    }
}

fn with_flag(flags: u8, flag: u8, set: bool) -> u8 {
    if set { flags | flag } else { flags & !flag }
}

fn changed_context(operation: &Operation) -> Value {
    match operation {
        Operation::SpanContextChild { traceparent, tracestate, span_id: id, sampled } => {
            let mut context = span_context(traceparent, tracestate);
            let pointer = &raw mut context;
            // SAFETY: a child may take the place of its parent.
            assert_eq!(unsafe { tracebaton_context_child(pointer, &span_id(id), pointer) }, OK);
            if let Some(sampled) = *sampled {
                context.trace_flags = with_flag(context.trace_flags, TRACEBATON_FLAG_SAMPLED, sampled);
            }
            json!({"value": span_context_value(&context)})
        }
        Operation::Restart { traceparent, tracestate, trace_id: trace, span_id: span, sampled, random } => {
            let before =
                traceparent.as_ref().map(|of| span_context(of, tracestate.as_deref().unwrap_or_default()));
            let flags = with_flag(0, TRACEBATON_FLAG_SAMPLED, *sampled);
            let flags = with_flag(flags, TRACEBATON_FLAG_RANDOM, *random);
            let mut root = zeros();
            let before = before.as_ref().map_or(null(), |before| before);
            // SAFETY: all are there.
            let status = unsafe {
                tracebaton_context_restart(before, &trace_id(trace), &span_id(span), flags, &mut root)
            };
            assert_eq!(status, OK);
            json!({"value": span_context_value(&root)})
        }
        Operation::Trust { choice, sampled, headers } => trusted(*choice, *sampled, &record(headers)),
        Operation::QueueTime { timestamp, kind, consumed } => queue_time(*timestamp, *kind, *consumed),
        _ => unreachable!("another operation"),
    }
}

fn trusted(choice: Choice, sampled: Option<bool>, record: &[tracebaton_header_t]) -> Value {
    use tracebaton_trust_policy::*;
    let choice = match (choice, sampled) {
        (Choice::Continue, _) => TRACEBATON_TRUST_CONTINUE,
        (Choice::ContinueIds, Some(true)) => TRACEBATON_TRUST_CONTINUE_SAMPLED,
        (Choice::ContinueIds, _) => TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED,
        (Choice::RestartWithLink, _) => TRACEBATON_TRUST_RESTART_WITH_LINK,
        (Choice::Ignore, _) => TRACEBATON_TRUST_IGNORE,
    };
    let (_, extracted) = extract(record);
    let mut trusted: tracebaton_admitted_t = zeros();
    // SAFETY: all are there.
    assert!(
        unsafe {
            tracebaton_context_admit(&extracted.context, choice as tracebaton_trust_policy_t, &mut trusted)
        } >= 0
    );
    json!({"value": {
        "parent": span_context_value(&trusted.parent),
        "link": span_context_value(&trusted.link),
        "baggage": text_value(view(trusted.parent.baggage, trusted.parent.baggage_size)),
    }})
}

fn queue_time(timestamp: i64, kind: Kind, consumed: i64) -> Value {
    use tracebaton_timestamp_kind::*;
    let kind = match kind {
        Kind::NotAvailable => TRACEBATON_TIMESTAMP_NOT_AVAILABLE,
        Kind::CreateTime => TRACEBATON_TIMESTAMP_CREATE_TIME,
        Kind::LogAppendTime => TRACEBATON_TIMESTAMP_LOG_APPEND_TIME,
    };
    let mut waited: tracebaton_queue_time_t = zeros();
    // SAFETY: the output is there.
    let status = unsafe {
        tracebaton_queue_time_between(timestamp, kind as tracebaton_timestamp_kind_t, consumed, &mut waited)
    };
    let name = ["not_available", "create_time", "log_append_time"][waited.kind as usize];
    json!({"value": (status == OK).then(|| json!({"milliseconds": waited.milliseconds, "kind": name}))})
}

fn injected(operation: &Operation) -> Value {
    let Operation::Inject { context, carries, existing, capacity, headers, .. } = operation else {
        unreachable!("another operation")
    };
    let (_, mut injection) = injection(&context_of(context));
    match carries {
        // SAFETY: the injection is there.
        Some(Carries::TraceContext) => unsafe { tracebaton_injection_trace_context_only(&mut injection) },
        // SAFETY: the injection is there.
        Some(Carries::Baggage) => unsafe { tracebaton_injection_baggage_only(&mut injection) },
        None => OK,
    };
    let inject: Inject = match existing {
        Some(Existing::Keep) => tracebaton_headers_inject_if_absent,
        None => tracebaton_headers_inject,
    };
    let record = record(headers);
    let (status, headers) =
        put(inject, &record, &injection, capacity.unwrap_or(record.len() + TRACEBATON_MAX_HEADERS));
    match status {
        0.. => json!({"value": list(&headers)}),
        _ if status == code(TRACEBATON_HEADERS_FULL) => {
            json!({"error": "carrier_full", "value": list(&headers)})
        }
        other => json!({"error": name(other), "value": list(&headers)}),
    }
}

fn context_of(values: &ContextValues) -> tracebaton_context_t {
    let record: Vec<_> = values.headers().map(|(name, value)| header(name, value)).collect();
    extract(&record).1.context
}
