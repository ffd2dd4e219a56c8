//! What is printed: a line of JSON for each record, a report for people, a page.

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

/// What becomes of the context of one record.
pub struct Explanation<'a> {
    /// The record.
    pub record: &'a Record,
    /// What its headers hold.
    pub extracted: Extracted<'a>,
    /// What a relay writes back (W5).
    pub forward: Injection<'a>,
    /// What a child with the given span id carries (W1); none without a context to continue.
    pub child: Option<Injection<'a>>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

impl<'a> Explanation<'a> {
    /// Reads the headers of a record, and gives the child this span id; `text` is what the record was read from.
    pub fn of(record: &'a Record, text: &[u8], span_id: SpanId) -> Self {
        let extracted = extract(record.headers());
        let child = extracted.context().child(span_id).map(|context| context.injection());
        let findings = findings::of(record, text, &extracted);
        Self { record, extracted, forward: extracted.forward(), child, findings }
    }
}
