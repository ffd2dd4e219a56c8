//! Values near the border of a rule, the same in every run.

mod baggage;
mod random;
mod traceparent;
mod tracestate;

use crate::Header;
use std::collections::BTreeSet;

/// The values of one header, each once.
pub fn values(header: Header) -> BTreeSet<Vec<u8>> {
    match header {
        Header::TraceParent => traceparent::values(),
        Header::TraceState => tracestate::values(),
        Header::Baggage => baggage::values(),
    }
}

/// A value with one byte replaced, inserted or removed, in all ways, and all its prefixes.
fn edited(value: &[u8]) -> Vec<Vec<u8>> {
    let mut edited = Vec::new();
    for at in 0..=value.len() {
        let (before, after) = value.split_at(at);
        edited.push(before.to_vec());
        for byte in 0..=u8::MAX {
            edited.push([before, &[byte], after].concat());
            if let Some((_, after)) = after.split_first() {
                edited.push([before, &[byte], after].concat());
                edited.push([before, after].concat());
            }
        }
    }
    edited
}
