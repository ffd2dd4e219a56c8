//! The arguments of the operations, in the order in which the runners read them.

use super::Atom;
use crate::{Carries, Case, Existing, FormatOperation, Header, Kind, Operation, Sampling, Step, TrustChoice};

pub(super) fn arguments(case: &Case) -> Vec<Atom> {
    match case {
        Case::Extract { headers, child_span_id } => {
            row("extract", [list(headers), vec![bytes(child_span_id.as_bytes())]].concat())
        }
        Case::Change(operation) => change(operation),
    }
}

fn change(operation: &Operation) -> Vec<Atom> {
    match operation {
        Operation::TracestateGet { tracestate, key } => {
            row("tracestate_get", vec![bytes(tracestate), bytes(key)])
        }
        Operation::TracestateInsert { tracestate, key, value, buffer } => {
            row("tracestate_insert", vec![bytes(tracestate), bytes(key), bytes(value), size(*buffer)])
        }
        Operation::TracestateDelete { tracestate, key, buffer } => {
            row("tracestate_delete", vec![bytes(tracestate), bytes(key), size(*buffer)])
        }
        Operation::TracestateTruncate { tracestate, limit, buffer } => {
            row("tracestate_truncate", vec![bytes(tracestate), size(Some(*limit)), size(*buffer)])
        }
        Operation::BaggageGet { baggage, key } => row("baggage_get", vec![bytes(baggage), bytes(key)]),
        Operation::BaggageSet { baggage, key, value } => {
            row("baggage_set", vec![bytes(baggage), bytes(key), bytes(value)])
        }
        Operation::BaggageRemove { baggage, key } => row("baggage_remove", vec![bytes(baggage), bytes(key)]),
        Operation::BaggageBuild { steps, buffer } => row("baggage_build", built(steps, *buffer)),
        _ => context_change(operation),
    }
}

fn context_change(operation: &Operation) -> Vec<Atom> {
    match operation {
        Operation::SpanContextChild { traceparent, tracestate, span_id, sampled } => row(
            "span_context_child",
            vec![bytes(traceparent), bytes(tracestate), bytes(span_id), optional_bool(*sampled)],
        ),
        Operation::Restart { traceparent, tracestate, trace_id, span_id, sampled, random } => row(
            "restart",
            vec![
                optional(traceparent.as_deref()),
                optional(tracestate.as_deref()),
                bytes(trace_id),
                bytes(span_id),
                Atom::Bool(*sampled),
                Atom::Bool(*random),
            ],
        ),
        Operation::Trust { choice, sampled, headers } => {
            row("trust", [vec![bytes(trust(*choice)), optional_bool(*sampled)], list(headers)].concat())
        }
        Operation::QueueTime { timestamp, kind, consumed } => row(
            "queue_time",
            vec![Atom::Integer(*timestamp), bytes(timestamp_kind(*kind)), Atom::Integer(*consumed)],
        ),
        Operation::Inject { context, carries, existing, capacity, read_only, headers } => {
            let mut atoms: Vec<_> = context.headers().map(|(_, value)| optional(value)).collect();
            atoms.push(optional(carries.map(carried)));
            atoms.push(Atom::Bool(matches!(existing, Some(Existing::Keep))));
            atoms.push(size(*capacity));
            atoms.push(Atom::Bool(*read_only));
            atoms.extend(list(headers));
            row("inject", atoms)
        }
        Operation::Strip { read_only, headers, .. } => {
            row("strip", [vec![Atom::Bool(*read_only)], list(headers)].concat())
        }
        Operation::ExtractJoined { headers } => row("extract_joined", list(headers)),
        _ => unreachable!("only changes of lists are packed here"),
    }
}

pub(super) fn format_arguments(operation: &FormatOperation) -> Vec<Atom> {
    match operation {
        FormatOperation::Choose { formats, if_deferred, headers } => {
            row("choose", [vec![Atom::Bool(*if_deferred)], names(formats), list(headers)].concat())
        }
        FormatOperation::FormatOf { header } => row("format_of", vec![bytes(header)]),
        FormatOperation::Strip { formats, headers, read_only } => {
            let formats = formats.as_ref().map_or(vec![Atom::Null], |formats| names(formats));
            row("strip_formats", [formats, vec![Atom::Bool(*read_only)], list(headers)].concat())
        }
        FormatOperation::InjectFormats {
            context,
            formats,
            replaced,
            sampling,
            capacity,
            read_only,
            headers,
        } => {
            let mut atoms: Vec<_> = context.headers().map(|(_, value)| optional(value)).collect();
            atoms.extend([names(formats), names(replaced)].concat());
            atoms.extend([optional(sampling.map(sampling_name)), size(*capacity), Atom::Bool(*read_only)]);
            atoms.extend(list(headers));
            row("inject_formats", atoms)
        }
        FormatOperation::RawHeaders { block } => row("raw_headers", vec![bytes(block)]),
    }
}

fn names(formats: &[String]) -> Vec<Atom> {
    let names = formats.iter().map(|name| bytes(name.as_bytes()));
    [Atom::Open].into_iter().chain(names).chain([Atom::Close]).collect()
}

fn sampling_name(sampling: Sampling) -> &'static [u8] {
    match sampling {
        Sampling::Accept => b"accept",
        Sampling::Deny => b"deny",
        Sampling::Defer => b"defer",
        Sampling::Debug => b"debug",
    }
}

fn row(operation: &str, arguments: Vec<Atom>) -> Vec<Atom> {
    [vec![bytes(operation.as_bytes())], arguments].concat()
}

fn built(steps: &[Step], buffer: Option<usize>) -> Vec<Atom> {
    let mut atoms = vec![size(buffer), Atom::Open];
    for step in steps {
        atoms.extend(match step {
            Step::Member(member) => [Atom::Bool(false), bytes(&member.key), bytes(&member.value)],
            Step::Property(property) => {
                [Atom::Bool(true), bytes(&property.key), optional(property.value.as_deref())]
            }
        });
    }
    atoms.push(Atom::Close);
    atoms
}

fn list(headers: &[Header]) -> Vec<Atom> {
    let pairs = headers.iter().flat_map(|(name, value)| [bytes(name), optional(value.as_deref())]);
    [Atom::Open].into_iter().chain(pairs).chain([Atom::Close]).collect()
}

fn bytes(bytes: &[u8]) -> Atom {
    Atom::Bytes(bytes.to_vec())
}

fn optional(value: Option<&[u8]>) -> Atom {
    value.map_or(Atom::Null, bytes)
}

fn optional_bool(truth: Option<bool>) -> Atom {
    truth.map_or(Atom::Null, Atom::Bool)
}

fn size(size: Option<usize>) -> Atom {
    size.and_then(|size| i64::try_from(size).ok()).map_or(Atom::Null, Atom::Integer)
}

fn trust(choice: TrustChoice) -> &'static [u8] {
    match choice {
        TrustChoice::Continue => b"continue",
        TrustChoice::ContinueResampled => b"continue_resampled",
        TrustChoice::RestartWithLink => b"restart_with_link",
        TrustChoice::RestartWithoutLink => b"restart_without_link",
    }
}

fn timestamp_kind(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::CreateTime => b"create_time",
        Kind::LogAppendTime => b"log_append_time",
        Kind::NotAvailable => b"not_available",
    }
}

fn carried(carries: Carries) -> &'static [u8] {
    match carries {
        Carries::TraceContext => b"trace_context",
        Carries::Baggage => b"baggage",
    }
}
