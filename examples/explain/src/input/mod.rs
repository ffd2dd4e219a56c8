//! Records in the output of any tool, as JSON or as text.

mod documents;
mod json;
mod json_end;
mod lines;

mod node;
mod shape;
mod text;

pub use documents::{Document, Documents};
pub use lines::MAX_LENGTH;
use crate::record::Record;

/// Why a document was not read to its end.
pub enum Stop<E> {
    /// It is no record, or this record in it is none: at this line of the document, counted from 0, for this reason.
    Unread(u64, String),
    /// Whoever got the records wants no more.
    Each(E),
}

/// Gives every record of a document to `each`, with the line of the document that it begins in, counted from 0.
pub fn records<E>(
    document: &[u8],
    record: &mut Record,
    each: &mut impl FnMut(&Record, u64) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    let begins_json = matches!(document.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'));
    let problem = match json::records(document, record, each) {
        Err(Stop::Unread(0, problem)) if json::is_syntax(&problem) => problem,
        result => return result,
    };
    record.clear();
    if text::read(document, record) {
        each(record, 0).map_err(Stop::Each)
    } else {
        let hint = if begins_json { None } else { text::hint(document) };
        Err(Stop::Unread(0, hint.map_or(problem, str::to_owned)))
    }
}
