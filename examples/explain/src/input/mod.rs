//! Reads records in the output of any tool, as JSON or as text.

mod assignments;
mod documents;
mod json;
mod json_end;
mod lines;

mod members;
mod node;
mod shape;
mod text;

use crate::record::Record;
pub use documents::{Document, Documents};
pub use lines::MAX_LENGTH;

/// Why a document was not read to its end.
pub enum Stop<E> {
    /// A line of the document, counted from 0, is not a record, for this reason.
    Unread(u64, String),
    /// The caller wants no more records.
    Each(E),
}

/// Calls `each` with every record of a document and the line at which it begins, counted from 0.
pub fn records<E>(
    document: &[u8],
    record: &mut Record,
    each: &mut impl FnMut(&Record, u64) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    let begins_json = matches!(text.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'));
    let problem = match begins_json.then(|| json::records(document, record, each)) {
        Some(Err(Stop::Unread(0, problem))) if json::is_syntax(&problem) => problem,
        Some(result) => return result,
        None => String::new(),
    };
    record.clear();
    if text::read(document, record) {
        each(record, 0).map_err(Stop::Each)
    } else {
        Err(Stop::Unread(0, if begins_json { problem } else { text::hint(document).to_owned() }))
    }
}
