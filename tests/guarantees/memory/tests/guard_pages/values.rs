//! The values in the conformance vectors.

use std::collections::BTreeSet;
use tracebaton_rows::{Case, FormatOperation, Header, Operation, Step, format_rows, rows};

pub const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A change: a list, and the member that is set or removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub list: Vec<u8>,
    pub key: Vec<u8>,
    pub value: Vec<u8>,
    pub limit: usize,
}

/// The headers of the rows about other formats, and blocks of raw headers as values.
fn of_formats() -> Vec<Header> {
    let of_row = |operation| match operation {
        FormatOperation::Choose { headers, .. }
        | FormatOperation::Strip { headers, .. }
        | FormatOperation::InjectFormats { headers, .. } => headers,
        FormatOperation::FormatOf { header } => vec![(header, None)],
        FormatOperation::RawHeaders { block } => vec![(tracebaton_rows::Text(b"raw".into()), Some(block))],
    };
    format_rows().unwrap().into_iter().flat_map(|row| of_row(row.case)).collect()
}

fn headers() -> Vec<Header> {
    let of_row = |case| match case {
        Case::Extract { headers, .. } => headers,
        Case::Change(Operation::ExtractJoined { headers } | Operation::Trust { headers, .. }) => headers,
        Case::Change(Operation::Inject { headers, context, .. }) => {
            let contexts = [context.traceparent, context.tracestate, context.baggage];
            let named = contexts.into_iter().map(|value| (tracebaton_rows::Text(b"baggage".into()), value));
            headers.into_iter().chain(named).collect()
        }
        Case::Change(_) => Vec::new(),
    };
    let of_w3c = rows().unwrap().into_iter().flat_map(|row| of_row(row.case));
    of_w3c.chain(of_formats()).collect()
}

/// Every value of a header, and every text of a change.
pub fn header_values() -> BTreeSet<Vec<u8>> {
    let values = headers().into_iter().filter_map(|(_, value)| value).map(|value| value.0);
    let texts = changes().into_iter().flat_map(|change| [change.list, change.key, change.value]);
    values.chain(texts).collect()
}

/// Every name of a header, and the known names in another letter case.
pub fn names() -> BTreeSet<Vec<u8>> {
    let own = ["traceparent", "tracestate", "baggage", "TRACEPARENT", "TraceState", "bAGGAGE"];
    let own = own.into_iter().map(|name| name.as_bytes().to_vec());
    headers().into_iter().map(|(name, _)| name.0).chain(own).collect()
}

/// Every change, and one change of each list that is a header value.
pub fn changes() -> BTreeSet<Change> {
    let values = headers().into_iter().filter_map(|(_, value)| value);
    let of_values = values.map(|value| change(&value, b"key", b"value \xff,", 512));
    let of_rows = rows().unwrap().into_iter().filter_map(|row| match row.case {
        Case::Change(operation) => of_operation(operation),
        Case::Extract { .. } => None,
    });
    of_values.chain(of_rows).collect()
}

fn change(list: &[u8], key: &[u8], value: &[u8], limit: usize) -> Change {
    Change { list: list.into(), key: key.into(), value: value.into(), limit }
}

fn of_operation(operation: Operation) -> Option<Change> {
    Some(match operation {
        Operation::TracestateGet { tracestate: list, key } | Operation::BaggageGet { baggage: list, key } => {
            change(&list, &key, b"1", 512)
        }
        Operation::TracestateInsert { tracestate: list, key, value, .. }
        | Operation::BaggageSet { baggage: list, key, value } => change(&list, &key, &value, 512),
        Operation::TracestateDelete { tracestate: list, key, .. }
        | Operation::BaggageRemove { baggage: list, key } => change(&list, &key, b"1", 512),
        Operation::TracestateTruncate { tracestate, limit, .. } => change(&tracestate, b"key", b"1", limit),
        Operation::SpanContextChild { tracestate, .. } => change(&tracestate, b"key", b"1", 512),
        Operation::BaggageBuild { steps, .. } => {
            let mut change = change(b"a=1,b=2;p", b"", b"", 512);
            for step in steps {
                match step {
                    Step::Member(pair) => (change.key, change.value) = (pair.key.0, pair.value.0),
                    Step::Property(property) => change.key = property.key.0,
                }
            }
            change
        }
        _ => return None,
    })
}
