//! Rows about other formats, through the C library.

use serde_json::{Value, json};
use std::ffi::{CStr, c_void};
use std::mem::MaybeUninit;
use std::ptr::null;
use tracebaton_ffi::*;
use tracebaton_rows::{ContextValues, FormatOperation, Header, Sampling, header_list, text_value};

const OK: i32 = TRACEBATON_OK as i32;
const NO_CONTEXT: i32 = TRACEBATON_NO_CONTEXT as i32;
const FULL: i32 = TRACEBATON_HEADERS_FULL as i32;

/// The outcome of a row in the form of its `expect`; `None` if an array of headers cannot run it.
pub fn outcome(operation: &FormatOperation) -> Option<Value> {
    match operation {
        FormatOperation::Strip { read_only: true, .. }
        | FormatOperation::InjectFormats { read_only: true, .. } => None,
        FormatOperation::InjectFormats { capacity: Some(capacity), headers, .. }
            if *capacity < headers.len() =>
        {
            None
        }
        FormatOperation::Choose { formats, if_deferred, headers } => {
            let chosen = [chosen, chosen_one_by_one].map(|way| way(formats, *if_deferred, headers));
            assert_eq!(chosen[0], chosen[1]);
            Some(json!({"value": chosen[0]}))
        }
        FormatOperation::RawHeaders { block } => Some(raw_headers(block)),
        FormatOperation::FormatOf { header } => {
            // SAFETY: the bytes of a text.
            let format = unsafe { tracebaton_header_format_of(header.as_ptr().cast(), header.len()) };
            Some(json!({"value": name_of(format)}))
        }
        FormatOperation::Strip { formats, headers, .. } => {
            let mut array = borrowed(headers);
            let mut count = array.len();
            let all = || TRACEBATON_FORMATS_ALL;
            let formats = formats.as_ref().map_or_else(all, |names| set(names));
            // SAFETY: an array with its count.
            let status = unsafe { tracebaton_headers_strip_formats(array.as_mut_ptr(), &mut count, formats) };
            assert_eq!(status, OK);
            Some(json!({"value": listed(&array[..count])}))
        }
        FormatOperation::InjectFormats {
            context, formats, replaced, sampling, capacity, headers, ..
        } => {
            let sampling = sampling.map_or(TRACEBATON_SAMPLING_NONE, |sampling| match sampling {
                Sampling::Accept => TRACEBATON_SAMPLING_ACCEPT,
                Sampling::Deny => TRACEBATON_SAMPLING_DENY,
                Sampling::Defer => TRACEBATON_SAMPLING_DEFER,
                Sampling::Debug => TRACEBATON_SAMPLING_DEBUG,
            });
            Some(injected(context, [set(formats), set(replaced)], sampling as i32, *capacity, headers))
        }
    }
}

/// A struct of the library, cleared.
pub fn zeros<T>() -> T {
    // SAFETY: every struct of the library is made of integers and pointers.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

fn borrowed(headers: &[Header]) -> Vec<tracebaton_header_t> {
    let header = |(name, value): &Header| tracebaton_header_t {
        name: name.as_ptr().cast(),
        name_size: name.len(),
        value: value.as_ref().map_or(null(), |value| value.as_ptr().cast()),
        value_size: value.as_ref().map_or(0, |value| value.len()),
    };
    headers.iter().map(header).collect()
}

fn view<'a, T>(pointer: *const T, size: usize) -> &'a [u8] {
    // SAFETY: the library returned these pointers, and their source is alive.
    if size == 0 { &[] } else { unsafe { std::slice::from_raw_parts(pointer.cast(), size) } }
}

fn listed(headers: &[tracebaton_header_t]) -> Value {
    let pair = |header: &tracebaton_header_t| {
        let value = (!header.value.is_null()).then(|| view(header.value, header.value_size));
        (view(header.name, header.name_size), value)
    };
    header_list(headers.iter().map(pair))
}

/// The number of a format.
pub fn number(name: &str) -> tracebaton_format_t {
    // SAFETY: the bytes of a text.
    let format = unsafe { tracebaton_format_of_name(name.as_ptr().cast(), name.len()) };
    assert_ne!(format, TRACEBATON_FORMAT_NONE as i32, "{name}");
    format
}

fn set(names: &[String]) -> tracebaton_formats_t {
    names.iter().fold(0, |set, name| set | 1 << number(name))
}

/// The name of the library for a format.
pub fn format_name(format: tracebaton_format_t) -> &'static str {
    text(tracebaton_format_name(format))
}

/// The name of the library for a broken rule of a format.
pub fn rule_name(rule: tracebaton_format_rule_t) -> &'static str {
    text(tracebaton_format_rule_name(rule))
}

fn text(pointer: *const std::ffi::c_char) -> &'static str {
    // SAFETY: the library's strings end with a NUL and live as long as the program.
    unsafe { CStr::from_ptr(pointer) }.to_str().unwrap()
}

fn name_of(format: tracebaton_format_t) -> Option<&'static str> {
    (format != 0).then(|| format_name(format))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sampling(sampling: i32) -> Option<&'static str> {
    [None, Some("accept"), Some("deny"), Some("defer"), Some("debug")][sampling as usize]
}

fn span(context: &tracebaton_context_t) -> Option<Value> {
    let mut injection = zeros();
    // SAFETY: a context that the library filled.
    let status = unsafe { tracebaton_injection_prepare(context, &mut injection) };
    let parent = view(injection.traceparent.as_ptr(), injection.traceparent_size);
    let state = view(context.tracestate, context.tracestate_size);
    (status == OK).then(|| json!({"traceparent": text_value(parent), "tracestate": text_value(state)}))
}

/// The headers after a block is written from them, which is never longer than the block that they were read from.
fn read_again(list: &[tracebaton_header_t], longest: usize) -> Vec<tracebaton_header_t> {
    let block: &'static mut [u8] = vec![0; longest].leak();
    let (mut raw, mut size, mut again) = (zeros(), 0, Vec::new());
    // SAFETY: an array, a buffer of that size, and structs.
    unsafe {
        let start = block.as_mut_ptr().cast::<c_void>();
        let status = tracebaton_raw_headers_write(list.as_ptr(), list.len(), start, longest, &mut size);
        assert_eq!(status, OK);
        assert_eq!(tracebaton_raw_headers_start(start, size, &mut raw, &mut 0), OK);
        let mut header: tracebaton_header_t = zeros();
        while tracebaton_raw_headers_next(&mut raw, &mut header) == OK {
            again.push(header);
        }
    }
    again
}

/// The headers of a block. An array and the reader see the same context in them.
fn raw_headers(block: &[u8]) -> Value {
    let (mut raw, mut reader) = (zeros(), zeros::<tracebaton_reader_t>());
    let (mut offset, mut list) = (usize::MAX, Vec::new());
    // SAFETY: a block with its size, and structs.
    unsafe {
        let status = tracebaton_raw_headers_start(block.as_ptr().cast(), block.len(), &mut raw, &mut offset);
        if status != OK {
            let name = text(tracebaton_status_name(status));
            return json!({"error": name, "value": offset});
        }
        assert_eq!(offset, usize::MAX);
        let mut header: tracebaton_header_t = zeros();
        while tracebaton_raw_headers_next(&mut raw, &mut header) == OK {
            tracebaton_reader_add(
                &mut reader,
                header.name,
                header.name_size,
                header.value,
                header.value_size,
            );
            list.push(header);
        }
        assert_eq!(tracebaton_raw_headers_next(&mut raw, &mut header), TRACEBATON_END as i32);
        let (mut one_by_one, mut whole) = (zeros(), zeros::<tracebaton_extracted_t>());
        assert_eq!(
            tracebaton_reader_finish(&reader, &mut one_by_one),
            tracebaton_headers_extract(list.as_ptr(), list.len(), &mut whole)
        );
        assert_eq!(format!("{one_by_one:?}"), format!("{whole:?}"));
    }
    assert_eq!(listed(&read_again(&list, block.len())), listed(&list));
    json!({"value": listed(&list)})
}

fn chosen(formats: &[String], if_deferred: bool, headers: &[Header]) -> Value {
    let (array, order) = (borrowed(headers), formats.iter().map(|name| number(name)).collect::<Vec<_>>());
    let mut choice: tracebaton_choice_t = zeros();
    // SAFETY: arrays with their counts.
    let status = unsafe {
        tracebaton_headers_choose(
            array.as_ptr(),
            array.len(),
            order.as_ptr(),
            order.len(),
            if_deferred.into(),
            &mut choice,
        )
    };
    choice_value(status, &choice, &array)
}

/// The same without an array.
fn chosen_one_by_one(formats: &[String], if_deferred: bool, headers: &[Header]) -> Value {
    let order: Vec<_> = formats.iter().map(|name| number(name)).collect();
    let (mut reader, mut choice, array) = (zeros(), zeros::<tracebaton_choice_t>(), borrowed(headers));
    for header in &array {
        let tracebaton_header_t { name, name_size, value, value_size } = *header;
        // SAFETY: a reader, and the bytes of two texts.
        let status = unsafe { tracebaton_choice_reader_add(&mut reader, name, name_size, value, value_size) };
        assert_eq!(status, OK);
    }
    // SAFETY: a reader, and an array with its count.
    let status = unsafe {
        tracebaton_choice_reader_finish(&reader, order.as_ptr(), order.len(), if_deferred.into(), &mut choice)
    };
    choice_value(status, &choice, &array)
}

/// A choice as rows have it. Its verdicts are those of an extraction from the same record.
fn choice_value(status: i32, choice: &tracebaton_choice_t, record: &[tracebaton_header_t]) -> Value {
    let mut extracted: tracebaton_extracted_t = zeros();
    // SAFETY: an array with its count, and a struct.
    unsafe { tracebaton_headers_extract(record.as_ptr(), record.len(), &mut extracted) };
    assert_eq!(
        [choice.traceparent, choice.tracestate, choice.baggage],
        [extracted.traceparent, extracted.tracestate, extracted.baggage]
    );
    let context = &choice.context;
    assert_eq!(status == OK, choice.arrived_as != 0);
    assert!(status == OK || status == NO_CONTEXT);
    let has_parent = status == OK;
    json!({
        "arrived_as": name_of(choice.arrived_as),
        "trace_id": has_parent.then(|| hex(&context.trace_id.bytes)),
        "span_id": has_parent.then(|| hex(&context.span_id.bytes)),
        "flags": has_parent.then(|| format!("{:02x}", context.trace_flags)),
        "tracestate": has_parent.then(|| text_value(view(context.tracestate, context.tracestate_size))),
        "baggage": text_value(view(context.baggage, context.baggage_size)),
        "sampling": sampling(choice.sampling),
        "ignored": (choice.ignored_rule != 0).then(|| {
            json!({"rule": rule_name(choice.ignored_rule), "offset": choice.ignored_offset})
        }),
        "others": choice.others[..choice.other_count].iter().map(other).collect::<Vec<_>>(),
        "origin": span(&choice.origin),
    })
}

fn other(other: &tracebaton_other_t) -> Value {
    let names_span = |outcome: &str| {
        json!({
            "outcome": outcome,
            "trace_id": hex(&other.trace_id.bytes),
            "span_id": hex(&other.span_id.bytes),
            "sampling": sampling(other.sampling),
        })
    };
    let mut object = match other.outcome {
        outcome if outcome == TRACEBATON_OUTCOME_SAME_TRACE as i32 => names_span("same_trace"),
        outcome if outcome == TRACEBATON_OUTCOME_OTHER_TRACE as i32 => names_span("other_trace"),
        outcome if outcome == TRACEBATON_OUTCOME_DECISION as i32 => {
            json!({"outcome": "decision", "sampling": sampling(other.sampling)})
        }
        _ => json!({
            "outcome": "refused",
            "rule": rule_name(other.rule),
            "offset": other.offset,
        }),
    };
    object["format"] = json!(name_of(other.format));
    object["index"] = json!(other.index);
    object
}

fn injected(
    values: &ContextValues,
    [written, replaced]: [tracebaton_formats_t; 2],
    sampling: i32,
    capacity: Option<usize>,
    headers: &[Header],
) -> Value {
    let record: Vec<_> = values
        .headers()
        .map(|(name, value)| {
            (tracebaton_rows::Text(name.into()), value.map(|value| tracebaton_rows::Text(value.into())))
        })
        .collect();
    let (given, mut extracted) = (borrowed(&record), zeros::<tracebaton_extracted_t>());
    let mut injection: tracebaton_format_injection_t = zeros();
    let mut array = borrowed(headers);
    let mut count = array.len();
    array.resize(capacity.unwrap_or(count + TRACEBATON_MAX_FORMAT_HEADERS).max(count), zeros());
    let capacity = capacity.unwrap_or(array.len());
    // SAFETY: arrays with their counts, and structs.
    let status = unsafe {
        tracebaton_headers_extract(given.as_ptr(), given.len(), &mut extracted);
        let status = tracebaton_format_injection_prepare(
            &extracted.context,
            written,
            replaced,
            sampling,
            &mut injection,
        );
        assert!(status >= 0, "{status}");
        check_replaces(&injection, &array[..count]);
        tracebaton_headers_inject_formats(&injection, array.as_mut_ptr(), &mut count, capacity)
    };
    match status {
        OK => json!({"value": listed(&array[..count]), "outcome": "parent"}),
        NO_CONTEXT => json!({"value": listed(&array[..count]), "outcome": "no_parent"}),
        FULL => json!({"error": "carrier_full", "value": listed(&array[..count])}),
        status => json!({"error": status}),
    }
}

/// What is removed from an array is what `tracebaton_format_injection_replaces` says.
fn check_replaces(injection: &tracebaton_format_injection_t, headers: &[tracebaton_header_t]) {
    for header in headers {
        let (mut array, mut count) = ([zeros::<tracebaton_header_t>(); 16], 1);
        array[0] = *header;
        // SAFETY: an injection, a text, and an array with its count.
        let replaces = unsafe {
            tracebaton_headers_inject_formats(injection, array.as_mut_ptr(), &mut count, 16);
            tracebaton_format_injection_replaces(injection, header.name, header.name_size)
        };
        let is_kept = count > 0 && array[0].name == header.name;
        assert_eq!(replaces != 0, !is_kept);
    }
}
