//! The values in the conformance vectors.

use crate::Header;
use tracebaton::HeaderName;
use tracebaton_rows::{Case, LoadError, Operation, Row, Text, rows};

/// A value of one of the three headers, and the id of its row.
pub struct VectorValue {
    /// The row.
    pub id: String,
    /// The header.
    pub header: Header,
    /// The value.
    pub value: Vec<u8>,
}

/// Every value of the three headers in all rows, including values that R3 ignores and those of operations.
///
/// # Errors
///
/// The vectors cannot be read.
pub fn values() -> Result<Vec<VectorValue>, LoadError> {
    Ok(rows()?.iter().flat_map(of_row).collect())
}

fn of_row(row: &Row) -> Vec<VectorValue> {
    let mut values = match &row.case {
        Case::Extract { headers, .. } => of_headers(headers),
        Case::Change(operation) => of_operation(operation),
    };
    values.dedup();
    let vector = |(header, value)| VectorValue { id: row.id.clone(), header, value };
    values.into_iter().map(vector).collect()
}

fn of_headers(headers: &[tracebaton_rows::Header]) -> Vec<(Header, Vec<u8>)> {
    let known = |name: &Text| match HeaderName::of(name)? {
        HeaderName::TraceParent => Some(Header::TraceParent),
        HeaderName::TraceState => Some(Header::TraceState),
        HeaderName::Baggage => Some(Header::Baggage),
    };
    headers.iter().filter_map(|(name, value)| Some((known(name)?, value.as_ref()?.0.clone()))).collect()
}

fn of_operation(operation: &Operation) -> Vec<(Header, Vec<u8>)> {
    use Operation::*;
    match operation {
        TracestateGet { tracestate, .. }
        | TracestateInsert { tracestate, .. }
        | TracestateDelete { tracestate, .. }
        | TracestateTruncate { tracestate, .. } => vec![(Header::TraceState, tracestate.0.clone())],
        BaggageGet { baggage, .. } | BaggageSet { baggage, .. } | BaggageRemove { baggage, .. } => {
            vec![(Header::Baggage, baggage.0.clone())]
        }
        SpanContextChild { traceparent, tracestate, .. } => {
            vec![(Header::TraceParent, traceparent.0.clone()), (Header::TraceState, tracestate.0.clone())]
        }
        ExtractJoined { headers } | Trust { headers, .. } | Strip { headers, .. } => of_headers(headers),
        Inject { headers, context, .. } => {
            let mut values = of_headers(headers);
            let texts = [
                (Header::TraceParent, &context.traceparent),
                (Header::TraceState, &context.tracestate),
                (Header::Baggage, &context.baggage),
            ];
            values.extend(
                texts.into_iter().filter_map(|(header, text)| Some((header, text.as_ref()?.0.clone()))),
            );
            values
        }
        BaggageBuild { .. } | Restart { .. } | QueueTime { .. } => Vec::new(),
    }
}
