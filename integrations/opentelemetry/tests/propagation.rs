//! The functions for each record: what they replace, what they leave alone, and which headers they take.

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tracebaton::Header;
use tracebaton_opentelemetry::{
    HeaderList, Injected, Propagators, extract_trace_context, inject_trace_context, strip_trace_context,
    trace_context_headers,
};

const OLD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NEW: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";

type Pairs<'a> = &'a [(&'a str, Option<&'a str>)];

fn list(pairs: Pairs<'_>) -> Vec<(String, Option<Vec<u8>>)> {
    pairs
        .iter()
        .map(|(name, value)| (name.to_string(), value.map(|value| value.as_bytes().to_vec())))
        .collect()
}

/// The headers of a record before and after, when `NEW` and no baggage is injected.
#[test]
fn a_span_context_replaces_what_is_there() {
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
    let context = extract_trace_context([("traceparent", NEW)]);
    for (before, after, source) in rows {
        let mut headers = list(before);
        assert_eq!(inject_trace_context(&context, &mut headers), Injected::Parent);
        assert_eq!(headers, list(after), "{before:?} (PROFILE.md, {source})");
    }
}

fn tenant(context: &Context) -> Context {
    context.with_baggage([KeyValue::new("tenant", "8")])
}

/// W2: what a context without a valid span context does to the headers of a received record.
#[test]
fn without_a_span_context_the_trace_goes_on() {
    let received: Pairs<'_> = &[
        ("TraceParent", Some(OLD)),
        ("key", Some("value")),
        ("tracestate", Some("a=1")),
        ("Baggage", Some("tenant=7")),
    ];
    let rebaggaged: Pairs<'_> = &[
        ("TraceParent", Some(OLD)),
        ("key", Some("value")),
        ("tracestate", Some("a=1")),
        ("baggage", Some("tenant=8")),
    ];
    let invalid = SpanContext::new(
        opentelemetry::TraceId::INVALID,
        opentelemetry::SpanId::from_bytes([1; 8]),
        TraceFlags::SAMPLED,
        true,
        TraceState::from_key_value([("b", "2")]).unwrap(),
    );
    let invalid = Context::new().with_remote_span_context(invalid);
    let (all, none) = (Propagators::W3C, Propagators::NONE);
    let (trace, baggage) = (Propagators::TRACE_CONTEXT, Propagators::BAGGAGE);
    let rows: [(Propagators, Context, Injected, Pairs<'_>); 10] = [
        (all, Context::new(), Injected::NoParent, received),
        (all, invalid.clone(), Injected::NoParent, received),
        (all, tenant(&Context::new()), Injected::NoParent, rebaggaged),
        (all, tenant(&invalid), Injected::NoParent, rebaggaged),
        (trace, Context::new(), Injected::NoParent, received),
        (trace, tenant(&invalid), Injected::NoParent, received),
        (baggage, Context::new(), Injected::NoParent, received),
        (baggage, tenant(&Context::new()), Injected::NoParent, rebaggaged),
        (none, tenant(&Context::new()), Injected::NoParent, received),
        (none, tenant(&extract_trace_context([("traceparent", NEW)])), Injected::NoParent, received),
    ];
    for (propagators, context, injected, after) in rows {
        let mut headers = list(received);
        let result = propagators.inject(&context, &mut headers);
        assert_eq!((result, &headers), (Ok(injected), &list(after)), "{propagators:?}, {context:?}");
        if propagators == all {
            let mut headers = list(received);
            assert_eq!(inject_trace_context(&context, &mut headers), injected);
            assert_eq!(headers, list(after));
        }
    }
}

#[test]
fn removing_is_asked_for_by_name() {
    let mut headers = list(&[
        ("TraceParent", Some(OLD)),
        ("key", None),
        ("tracestate", None),
        ("BAGGAGE", Some("?")),
        ("baggage\0", Some("theirs")),
    ]);
    let Ok(()) = strip_trace_context(&mut headers);
    assert_eq!(headers, list(&[("key", None), ("baggage\0", Some("theirs"))]));
}

/// A relay whose span is disabled: the attached context is the current one, and the received headers are forwarded.
#[test]
fn an_attached_context_forwards_where_there_is_no_span() {
    let received = list(&[("traceparent", Some(OLD)), ("tracestate", Some("a@b@c=1,rojo=2")), ("key", None)]);
    let _received = extract_trace_context(&received).attach();
    assert_eq!(inject_trace_context(&Context::current(), &mut received.clone()), Injected::Parent);
    let mut sent = list(&[]);
    inject_trace_context(&Context::current(), &mut sent);
    assert_eq!(sent, received[..2]);
}

#[test]
fn everything_that_gives_names_and_bytes_is_read() {
    let (name, value) = ("traceparent", NEW.as_bytes().to_vec());
    let text = NEW.to_owned();
    let [vec, nullable, strings, cows] = [
        extract_trace_context(&vec![(name, value.clone())]),
        extract_trace_context(&[(name.to_owned(), Some(value.clone())), ("key".to_owned(), None)]),
        extract_trace_context(&[(Arc::<str>::from(name).as_bytes().to_vec(), text.clone())]),
        extract_trace_context(&[(Cow::Borrowed(name.as_bytes()), Some(Cow::Borrowed(NEW.as_bytes())))]),
    ];
    let [slices, chained, references, headers] = [
        extract_trace_context([(name, &value[..]), ("key", b"\xff")]),
        extract_trace_context([(b"key".as_slice(), None), (name.as_bytes(), Some(NEW.as_bytes()))]),
        extract_trace_context(&[(name, &value)]),
        extract_trace_context([Header::new(name, NEW)]),
    ];
    let [tree, hash, of_options, boxed] = [
        extract_trace_context(&BTreeMap::from([(name.to_owned(), value.clone())])),
        extract_trace_context(&HashMap::from([(name, text.clone())])),
        extract_trace_context(&BTreeMap::from([(name, Some(value.clone()))])),
        extract_trace_context(&[(Box::<[u8]>::from(name.as_bytes()), Arc::<[u8]>::from(&value[..]))]),
    ];
    let array = extract_trace_context(&[(*b"traceparent", bytes::Bytes::from(value))]);
    let contexts = [
        vec, nullable, strings, cows, slices, chained, references, headers, tree, hash, of_options, boxed,
        array,
    ];
    for (index, context) in contexts.iter().enumerate() {
        let span = context.span();
        assert_eq!(span.span_context().span_id().to_string(), "00f067aa0ba902b7", "{index}");
    }
    assert!(!extract_trace_context(&BTreeMap::<String, Vec<u8>>::new()).has_active_span());
}

#[test]
fn lists_and_maps_of_many_types_are_written() {
    let context = extract_trace_context([("traceparent", NEW)]);
    let value = NEW.as_bytes();
    let mut names: Vec<(Vec<u8>, Option<Vec<u8>>)> = vec![(b"\xff".to_vec(), None)];
    inject_trace_context(&context, &mut names);
    assert_eq!(names, [(b"\xff".to_vec(), None), (b"traceparent".to_vec(), Some(value.to_vec()))]);
    let mut shared: Vec<(Name, Option<Arc<[u8]>>)> = Vec::new();
    inject_trace_context(&context, &mut HeaderList::new(&mut shared));
    assert_eq!((&*shared[0].0.0, shared[0].1.as_deref()), ("traceparent", Some(value)));
    let stale = || [("Traceparent".to_owned(), b"stale".to_vec()), ("key".to_owned(), b"1".to_vec())];
    let mut tree = BTreeMap::from(stale());
    let mut hash = HashMap::from(stale());
    assert_eq!(inject_trace_context(&context, &mut tree), Injected::Parent);
    assert_eq!(inject_trace_context(&context, &mut hash), Injected::Parent);
    assert_eq!((tree["traceparent"].as_slice(), tree.len()), (value, 2));
    assert_eq!((hash["traceparent"].as_slice(), hash.len()), (value, 2));
    assert_eq!(trace_context_headers(&context), [("traceparent".to_owned(), value.to_vec())]);
    assert_eq!(trace_context_headers(&Context::new()), []);
}

/// As in the Python module, whose function takes `None` for a new list.
#[test]
fn none_becomes_a_new_list() {
    let mut none: Option<Vec<(String, Vec<u8>)>> = None;
    assert_eq!(inject_trace_context(&Context::new(), &mut none), Injected::NoParent);
    assert_eq!(none, None);
    let Ok(()) = strip_trace_context(&mut none);
    assert_eq!(none, None);
    let context = extract_trace_context([("traceparent", NEW)]);
    for mut headers in [None, Some(Vec::new()), Some(vec![("TraceParent".to_owned(), b"stale".to_vec())])] {
        assert_eq!(inject_trace_context(&context, &mut headers), Injected::Parent);
        assert_eq!(headers.unwrap(), [("traceparent".to_owned(), NEW.as_bytes().to_vec())]);
    }
}

/// A name of a service's own type.
struct Name(String);

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl AsRef<[u8]> for Name {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
