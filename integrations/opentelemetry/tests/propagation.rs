//! The two functions over lists: what they replace, what they leave alone, and which lists they take.

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use std::borrow::Cow;
use tracebaton_opentelemetry::{extract_trace_context, inject_trace_context};

const OLD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NEW: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";

type Pairs<'a> = &'a [(&'a str, Option<&'a str>)];

fn list(pairs: Pairs<'_>) -> Vec<(String, Option<Vec<u8>>)> {
    pairs
        .iter()
        .map(|(name, value)| (name.to_string(), value.map(|value| value.as_bytes().to_vec())))
        .collect()
}

/// The headers of a record before and after, when `NEW` and no baggage is current.
#[test]
fn what_is_there_is_replaced() {
    let new = ("traceparent", Some(NEW));
    let rows: [(Pairs<'_>, Pairs<'_>, &str); 8] = [
        (&[], &[new], "W2"),
        (&[("traceparent", Some(OLD))], &[new], "W1"),
        (&[("TraceParent", Some(OLD)), ("traceparent", Some(OLD))], &[new], "W1, R2"),
        (&[("tracestate", Some("a=1")), ("baggage", Some("a=1"))], &[new], "W1, W2"),
        (&[("traceparent", None)], &[new], "W1, R4"),
        (
            &[("key", None), ("traceparent", Some(OLD)), ("key", Some(""))],
            &[("key", None), ("key", Some("")), new],
            "R10",
        ),
        (
            &[("traceparent\0", Some("x")), ("xtraceparent", Some("y"))],
            &[("traceparent\0", Some("x")), ("xtraceparent", Some("y")), new],
            "R2, R10",
        ),
        (
            &[("ce_traceparent", Some(OLD))],
            &[("ce_traceparent", Some(OLD)), new],
            "CloudEvents, Distributed Tracing extension",
        ),
    ];
    for (before, after, source) in rows {
        let mut headers = list(before);
        let _attached = extract_trace_context(&list(&[new])).attach();
        inject_trace_context(&mut headers);
        assert_eq!(headers, list(after), "{before:?} (PROFILE.md, {source})");
    }
}

#[test]
fn without_a_context_nothing_stale_is_left() {
    let mut headers =
        list(&[("traceparent", Some(OLD)), ("tracestate", Some("a=1")), ("key", Some("value"))]);
    inject_trace_context(&mut headers);
    assert_eq!(headers, list(&[("key", Some("value"))]), "PROFILE.md, W2");
}

#[test]
fn lists_of_other_types_are_taken_as_well() {
    let _attached = extract_trace_context(&[("traceparent", NEW.as_bytes().to_vec())]).attach();
    let mut bytes: Vec<(Vec<u8>, Option<Vec<u8>>)> = vec![(b"\xff".to_vec(), None)];
    inject_trace_context(&mut bytes);
    assert_eq!(bytes[1], (b"traceparent".to_vec(), Some(NEW.as_bytes().to_vec())));
    let mut plain: Vec<(String, Vec<u8>)> = vec![];
    inject_trace_context(&mut plain);
    let mut boxed: Vec<(Box<[u8]>, Vec<u8>)> =
        plain.into_iter().map(|(name, value)| (name.into_bytes().into(), value)).collect();
    boxed.push((Box::from(&b"key"[..]), vec![]));
    let read = extract_trace_context(&boxed);
    assert_eq!(read.span().span_context(), Context::current().span().span_context());
    let borrowed = [(Cow::Borrowed("traceparent".as_bytes()), Some(NEW.as_bytes().to_vec()))];
    assert!(extract_trace_context(&borrowed).has_active_span());
}
