//! Prints a line of JSON for each record, a report for people, or a page.

mod ascii;
pub mod html;
pub mod json;
pub mod pretty;
mod summary;
mod table;
mod values;

use crate::finding::Finding;
use crate::findings;
use crate::record::Record;
pub use summary::Summary;
use tracebaton::{Extracted, Injection, SpanId, extract};

/// Explanation of one record.
pub struct Explanation<'a> {
    /// The record.
    pub record: &'a Record,
    /// Result of extracting its headers.
    pub extracted: Extracted<'a>,
    /// Injection of a relay (W5).
    pub forward: Injection<'a>,
    /// Injection of a child with the given span id (W1); `None` if there is no parent.
    pub child: Option<Injection<'a>>,
    /// All findings.
    pub findings: Vec<Finding>,
}

impl<'a> Explanation<'a> {
    /// Explains a record, which was parsed from `text`. The child gets this span id.
    pub fn of(record: &'a Record, text: &[u8], span_id: SpanId) -> Self {
        let extracted = extract(record.headers());
        let child = extracted.context().child(span_id).map(|context| context.injection());
        let findings = findings::of(record, text, &extracted);
        Self { record, extracted, forward: extracted.forward(), child, findings }
    }
}
