//! Inputs of the targets, made from the conformance vectors.

use tracebaton_fuzz_properties::{Hop, Record, format_input};
use tracebaton_rows::{Case, FormatOperation, Operation, Row, Step};

/// The inputs that a row makes: the name of each target that it fits, and the bytes.
pub fn inputs(row: &Row) -> Vec<(&'static str, Vec<u8>)> {
    let mut inputs = Vec::new();
    match &row.case {
        Case::Extract { headers, .. } => {
            let source = Record { headers: headers.iter().map(owned).collect() };
            for target in ["traceparent", "tracestate", "baggage"] {
                let mut named = source.headers.iter().filter(|(name, _)| name == target.as_bytes());
                let value = named.next_back().and_then(|(_, value)| value.clone());
                inputs.extend(value.map(|value| (target, value)));
            }
            let hop = Hop { span_id: *b"a span i", room: 8, source, ..Hop::default() };
            inputs.extend(["headers", "round_trip", "c_api"].map(|target| (target, hop.to_bytes())));
        }
        Case::Change(operation) => changes(operation, &mut inputs),
    }
    inputs
}

/// The input that a row about the other formats makes: the name of its target, and the bytes.
pub fn format_inputs(row: &Row<FormatOperation>) -> Vec<(&'static str, Vec<u8>)> {
    match &row.case {
        FormatOperation::Choose { headers, .. }
        | FormatOperation::Strip { headers, .. }
        | FormatOperation::InjectFormats { headers, .. } => {
            let headers: Vec<_> = headers.iter().map(owned).collect();
            vec![("formats", format_input(&headers))]
        }
        FormatOperation::FormatOf { .. } => Vec::new(),
        FormatOperation::RawHeaders { block } => vec![("raw_headers", block.to_vec())],
    }
}

fn owned(header: &tracebaton_rows::Header) -> (Vec<u8>, Option<Vec<u8>>) {
    (header.0.to_vec(), header.1.as_deref().map(<[u8]>::to_vec))
}

fn changes(operation: &Operation, inputs: &mut Vec<(&'static str, Vec<u8>)>) {
    let lines = |lines: &[&[u8]]| lines.join(&b'\n');
    let mut change = |target, name: &str, list: &[u8], key: &[u8], value: &[u8], size: usize| {
        let limit = size.to_string();
        inputs.push((target, lines(&[list, key, value, if size > 0 { limit.as_bytes() } else { b"" }])));
        let source = Record { headers: vec![(name.into(), Some(list.into()))] };
        let size = size.try_into().unwrap_or(u16::MAX);
        let hop = Hop { choice: 0xe0, size, key: key.into(), value: value.into(), source, ..Hop::default() };
        inputs.push(("c_api", hop.to_bytes()));
    };
    match operation {
        Operation::TracestateInsert { tracestate, key, value, .. } => {
            change("tracestate", "tracestate", tracestate, key, value, 0);
        }
        Operation::TracestateDelete { tracestate, key, .. } => {
            change("tracestate", "tracestate", tracestate, key, b"", 0);
        }
        Operation::TracestateTruncate { tracestate, limit, .. } => {
            change("tracestate", "tracestate", tracestate, b"", b"", *limit);
        }
        Operation::BaggageSet { baggage, key, value } => change("baggage", "baggage", baggage, key, value, 0),
        Operation::BaggageRemove { baggage, key } => change("baggage", "baggage", baggage, key, b"", 0),
        Operation::BaggageBuild { steps, .. } => {
            let steps: Vec<_> = steps.iter().map(step).collect();
            inputs.push(("baggage", lines(&[&b"\n\n"[..], &steps.join(&b'\n')]).split_off(1)));
        }
        Operation::ExtractJoined { headers } => {
            let source = Record { headers: headers.iter().map(owned).collect() };
            let hop = Hop { room: 8, source, ..Hop::default() };
            inputs.extend(["headers", "c_api"].map(|target| (target, hop.to_bytes())));
        }
        Operation::Inject { context, capacity, headers, .. } => {
            let source =
                context.headers().map(|(name, value)| (name.into(), value.map(Into::into))).collect();
            let target = Record { headers: headers.iter().map(owned).collect() };
            let room = capacity.unwrap_or(16).try_into().unwrap_or(u8::MAX);
            let hop = Hop { room, source: Record { headers: source }, target, ..Hop::default() };
            inputs.extend(["headers", "round_trip", "c_api"].map(|target| (target, hop.to_bytes())));
        }
        _ => {}
    }
}

/// A line from which `baggage` builds a member, or a property if the line begins with `;`.
fn step(step: &Step) -> Vec<u8> {
    match step {
        Step::Member(member) => [&member.key[..], b"=", &member.value].concat(),
        Step::Property(property) => {
            let value = property.value.as_ref().map(|value| [b"=", &value[..]].concat());
            [b";", &property.key[..], &value.unwrap_or_default()].concat()
        }
    }
}
