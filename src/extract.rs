//! Extracts the context from the headers of one record (R1 to R10).

use crate::error::TraceParentError;
use crate::header::Header;
use crate::reader::Reader;
use crate::traceparent::TraceParent;
use crate::verdict::{Extracted, Verdict};

/// Extracts the context from the headers of one record, in one pass ([R1] to [R10]).
///
/// Never fails: for any bytes, the result has the valid parts of the context and a verdict for each of the three
/// headers. The time grows with the number of headers and with the length of at most three values.
///
/// ```
/// use tracebaton::{Header, extract};
///
/// let headers = [
///     Header::new("schema-id", &[0, 0xff]),
///     Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
///     Header { name: b"baggage", value: None },
/// ];
/// let context = extract(headers).context();
/// assert_eq!(context.span_context.unwrap().span_id.to_string(), "b7ad6b7169203331");
/// ```
#[doc = include_str!("guides/rules.md")]
#[inline]
pub fn extract<'a>(headers: impl IntoIterator<Item = Header<'a>>) -> Extracted<'a> {
    let mut reader = Reader::new();
    headers.into_iter().for_each(|header| reader.add(header));
    reader.finish_shared()
}

/// Extracts the `traceparent` alone from the headers of one record ([R1] to [R6]).
///
/// The verdict is that of [`extract`]. A program that calls this function and not [`extract`] does not contain the code
/// that reads `tracestate` and `baggage`.
///
/// ```
/// use tracebaton::{Header, SpanContext, SpanId, TraceState, extract_traceparent};
///
/// let headers = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// let parent = extract_traceparent(headers).accepted().unwrap();
/// let child = SpanContext::remote(&parent, TraceState::EMPTY).child(SpanId::generate(|bytes| bytes.fill(7)));
/// assert_eq!(child.traceparent().trace_id, parent.trace_id);
/// ```
#[doc = include_str!("guides/rules.md")]
pub fn extract_traceparent<'a>(
    headers: impl IntoIterator<Item = Header<'a>>,
) -> Verdict<TraceParent, TraceParentError> {
    let mut reader = Reader::new();
    headers.into_iter().for_each(|header| reader.add(header));
    reader.finish_traceparent()
}

/// [`extract`] for a slice, which is read from its end and only until all three are found.
///
/// The result is that of [`extract`], at less cost. [`Reader::of_slice`] is the same for slices of another type.
///
/// ```
/// use tracebaton::{Header, extract, extract_slice};
///
/// let headers = [Header::new("baggage", "tenant=7"), Header::new("baggage", "tenant=8"), Header::new("key", "1")];
/// assert_eq!(extract_slice(&headers), extract(headers));
/// assert_eq!(extract_slice(&headers).context().baggage.as_bytes(), b"tenant=8");
/// ```
#[inline]
pub fn extract_slice<'a>(headers: &[Header<'a>]) -> Extracted<'a> {
    let name_length = |header: &Header<'_>| header.name.len();
    match Reader::trim_others(headers, name_length, |header| *header) {
        [] => Extracted::none(),
        headers => extract_candidates(headers),
    }
}

/// Not inlined, so that a record without the three names needs no room for an answer.
#[inline(never)]
fn extract_candidates<'a>(headers: &[Header<'a>]) -> Extracted<'a> {
    Reader::of_slice(headers, |header| header.name.len(), |header| *header).finish_shared()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// Names of the three lengths and those 64 bytes longer, with the first letters of the three and others.
    fn look_alikes() -> Vec<Header<'static>> {
        const LONG: &[u8] = &[b't'; 75];
        let names =
            ["", "b", "key", "bagpipe", "Bagging", "event-type", "tracestat_", "retry-count", "traceparenT "];
        let long = [&LONG[..71], &LONG[..74], LONG].map(|name| Header { name, value: Some(b"1") });
        names.iter().map(|name| Header::new(*name, "1")).chain(long).collect()
    }

    #[test]
    fn a_slice_is_read_as_any_other_source() {
        let look_alikes = look_alikes();
        let ours = [
            Header::new("traceparent", PARENT),
            Header::new("TraceState", "a=1"),
            Header::new("baggage", "b=2"),
            Header { name: b"baggage", value: None },
            Header::new("TRACEPARENT", "00-none"),
        ];
        for length in 0..20 {
            let others: Vec<_> = look_alikes.iter().cycle().take(length).copied().collect();
            assert_eq!(extract_slice(&others), extract([]));
            for first in 0..=length {
                for second in first..=length {
                    for one in ours {
                        for other in ours {
                            let mut headers = others.clone();
                            headers.insert(second, other);
                            headers.insert(first, one);
                            assert_eq!(
                                extract_slice(&headers),
                                extract(headers.iter().copied()),
                                "{headers:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_slice_is_left_when_all_three_are_found() {
        let names = ["baggage", "baggage", "tracestate", "traceparent"];
        let header = |name: &&'static str| {
            assert_ne!(core::ptr::from_ref(name), &raw const names[0]);
            Header::new(*name, "")
        };
        let reader = Reader::of_slice(&names, |name| name.len(), header);
        assert_eq!(reader.last, [Some((3, &[][..])), Some((2, &[])), Some((1, &[]))]);
    }
}
