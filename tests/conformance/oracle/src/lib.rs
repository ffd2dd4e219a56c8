//! A second implementation of the grammars and rules, written so that it can be compared with W3C's text line by line.
//!
//! It shares no code with the codec. The codec walks bytes; this crate splits, copies and collects, so that a person
//! can see that it is right. The tests of the workspace compare the codec with it.
//!
//! | file | what | text |
//! | --- | --- | --- |
//! | `traceparent.rs` | the header `traceparent` | W3C Trace Context Level 2, 3.2; `PROFILE.md` R5, R6 |
//! | `tracestate.rs` | the header `tracestate`, and changing it | Level 2, 3.3 and 3.5; R7, C3, C4 |
//! | `baggage.rs` | the header `baggage`, and changing it | W3C Baggage 3.2, 3.3; R8, C5 |
//! | `headers.rs` | the headers of one record | R1 to R4, R10, W1 to W5, C1 |
//! | `formats.rs` | other formats, and raw headers | B3, Jaeger, Datadog, Elastic, Instana, X-Ray, Kafka; F1 to F12, F15 |

mod baggage;
mod formats;
mod headers;
mod traceparent;
mod tracestate;

pub use baggage::{
    Baggage, Encoded, Member, Property, baggage, baggage_remove, baggage_set, percent_decode, percent_encode,
};
pub use formats::{
    Chosen, Fate, FormatContext, FormatVerdict, Ids, READABLE, choose, plain_name, raw_headers, read_format,
};
pub use headers::{
    Carry, Context, Extracted, Header, Verdict, child, extract, forward, inject, inject_nothing,
    inject_unless_present, joined, strip,
};
pub use traceparent::{TraceParent, traceparent};
pub use tracestate::{
    Pair, tracestate, tracestate_delete, tracestate_insert, tracestate_insert_within, tracestate_truncate,
};

/// Why a header value is refused: the name of the first rule that it breaks, read from the left, and the index of the
/// first byte that breaks it.
pub type Refusal = (&'static str, usize);

/// The longest `tracestate` or `baggage` that is read or written, in bytes (`PROFILE.md` R7, R8).
const LONGEST_LIST: usize = 8192;

/// Optional white space around list members: SP and HTAB (RFC 9110, 5.6.3).
fn is_ows(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// `text` without white space at its beginning and its end.
fn trim(text: &[u8]) -> &[u8] {
    trim_end(&text[leading_ows(text)..])
}

/// `text` without white space at its end.
fn trim_end(text: &[u8]) -> &[u8] {
    let kept = text.iter().rposition(|&byte| !is_ows(byte));
    &text[..kept.map_or(0, |last| last + 1)]
}

/// The length of the white space at the beginning of `text`.
fn leading_ows(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_ows(byte)).count()
}
