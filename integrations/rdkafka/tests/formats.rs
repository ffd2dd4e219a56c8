//! Other formats on rdkafka's header lists: choosing, writing, and removing every known name (FORMATS.md F12 to F14).

use rdkafka::message::{Header, Headers, OwnedHeaders};
use tracebaton::formats::{Format, FormatInjection, Formats, KNOWN_NAMES, choose, inject, strip};
use tracebaton::{SpanId, extract};
use tracebaton_rdkafka::{HeadersMut, headers};

fn list<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> OwnedHeaders {
    let add = |list: OwnedHeaders, (key, value)| list.insert(Header { key, value: Some(value) });
    names.into_iter().fold(OwnedHeaders::new(), add)
}

#[test]
fn every_known_name_is_removed_and_no_other() {
    let known = KNOWN_NAMES.iter().map(|known| (known.name, "1"));
    let mut list = list([("a", "1")].into_iter().chain(known).chain([("x_b3_traceid", "1"), ("a", "2")]));
    strip(&mut HeadersMut::new(&mut list), Formats::ALL).unwrap();
    let left: Vec<_> = list.iter().map(|header| (header.key, header.value)).collect();
    assert_eq!(left, [("a", Some(&b"1"[..])), ("a", Some(b"2"))]);
}

#[test]
fn a_b3_trace_goes_on_in_two_formats() {
    let mut list = list([
        ("key", "1"),
        ("X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"),
        ("X-B3-SpanId", "e457b5a2e4d86bd1"),
    ]);
    let order = [Format::TraceContext, Format::B3Multi];
    let consumed = list.clone();
    let received = choose(headers(&consumed), &order).context(true);
    let child = received.child(SpanId::generate(|bytes| bytes.fill(7))).unwrap();
    let injection =
        FormatInjection::new(&child, Format::TraceContext | Format::B3).replacing(Format::B3Multi);
    inject(&injection, &mut HeadersMut::new(&mut list)).unwrap();
    let names: Vec<_> = list.iter().map(|header| header.key).collect();
    assert_eq!(names, ["key", "traceparent", "b3"]);
    let parent = extract(headers(&list)).context().span_context.unwrap();
    assert_eq!(parent.trace_id.to_string(), "80f198ee56343ba864fe8b2a57d3eff7");
}
