//! Each form of the service over real sockets: the cases of W3C's suite, and others.

mod harness;

use harness::{Harness, Received, Service, call};
use std::collections::HashSet;
use std::time::Duration;
use tracebaton_rows::{Case, Row};

const FORMS: [&str; 2] = ["rust", "c"];
const TRACE_ID: &str = "12345678901234567890123456789012";
const PARENT_ID: &str = "1234567890123456";
const PARENT: (&[u8], &[u8]) = (b"traceparent", b"00-12345678901234567890123456789012-1234567890123456-01");
/// The flags of a trace that the service begins: sampled and random.
const NEW: &str = "03";

/// The trace headers of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Trace {
    trace_id: String,
    parent_id: String,
    flags: String,
    tracestate: Option<String>,
    baggage: Option<String>,
}

impl Trace {
    fn of(callback: &Received) -> Self {
        assert_eq!(callback.body, "[]");
        let value = |name| callback.value(name).map(str::to_owned);
        let traceparent = value("traceparent").expect("each callback carries a traceparent");
        let fields: Vec<_> = traceparent.split('-').collect();
        assert_eq!(
            fields.iter().map(|field| field.len()).collect::<Vec<_>>(),
            [2, 32, 16, 2],
            "{traceparent}"
        );
        assert_eq!(fields[0], "00");
        for field in &fields {
            assert!(field.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{traceparent}");
        }
        let [trace_id, parent_id, flags] = [1, 2, 3].map(|index| fields[index].to_owned());
        assert!(trace_id.contains(|digit| digit != '0') && parent_id.contains(|digit| digit != '0'));
        Self { trace_id, parent_id, flags, tracestate: value("tracestate"), baggage: value("baggage") }
    }
}

/// Whether the trace of a request continues.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate<'a> {
    /// It continues, with these flags and this tracestate.
    Continued(&'a str, Option<&'a str>),
    /// A new trace begins, without a tracestate.
    Restarted,
}

fn assert_fate(trace: &Trace, fate: Fate<'_>, what: &str) {
    assert_ne!(trace.parent_id, PARENT_ID, "{what}");
    let (flags, tracestate) = match fate {
        Fate::Continued(flags, tracestate) => {
            assert_eq!(trace.trace_id, TRACE_ID, "{what}");
            (flags, tracestate)
        }
        Fate::Restarted => {
            assert_ne!(trace.trace_id, TRACE_ID, "{what}");
            (NEW, None)
        }
    };
    assert_eq!((trace.flags.as_str(), trace.tracestate.as_deref()), (flags, tracestate), "{what}");
}

/// The trace headers of the one callback for a request with these lines.
fn trace_of(service: &Service, harness: &Harness, lines: &[(&[u8], &[u8])]) -> Trace {
    Trace::of(&harness.request(service, lines, 1)[0])
}

/// The fate that a row of the vectors expects. White space around a tracestate is trimmed, as HTTP does.
fn fate_of(row: &Row) -> Fate<'_> {
    let child = row.expect.get("child").expect("each row expects headers of a child");
    let Some(child) = child.as_array() else { return Fate::Restarted };
    let value = |name: &str| {
        let header = child.iter().find(|header| header[0] == name);
        header.map(|header| header[1].as_str().unwrap().trim_matches([' ', '\t']))
    };
    let traceparent = value("traceparent").unwrap();
    assert!(traceparent.contains(TRACE_ID));
    Fate::Continued(&traceparent[53..], value("tracestate"))
}

#[test]
fn every_request_of_the_suite() {
    let rows = tracebaton_rows::rows_of(&tracebaton_rows::folder().join("w3c-suite.json")).unwrap();
    assert!(rows.len() >= 79, "{} rows", rows.len());
    let harness = Harness::start(Duration::ZERO);
    for form in FORMS {
        let service = Service::start(form);
        for row in &rows {
            let Case::Extract { headers, .. } = &row.case else { panic!("{} has no headers", row.id) };
            let line = |(name, value): &(tracebaton_rows::Text, Option<tracebaton_rows::Text>)| {
                (name.to_vec(), value.clone().expect("HTTP has no null").to_vec())
            };
            let lines: Vec<_> = headers.iter().map(line).collect();
            let lines: Vec<_> =
                lines.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
            assert_fate(&trace_of(&service, &harness, &lines), fate_of(row), &format!("{form}: {}", row.id));
        }
    }
}

/// Requests that differ in their HTTP form, and cases that the suite does not have.
const REQUESTS: &[(&[(&str, &str)], Fate<'_>)] = {
    use Fate::{Continued, Restarted};
    const P: &str = "00-12345678901234567890123456789012-1234567890123456-01";
    &[
        // white space around a value, which the server trims (RFC 9110, 5.5)
        (
            &[("traceparent", " 00-12345678901234567890123456789012-1234567890123456-01")],
            Continued("01", None),
        ),
        (
            &[("traceparent", "\t00-12345678901234567890123456789012-1234567890123456-01")],
            Continued("01", None),
        ),
        (
            &[("traceparent", "00-12345678901234567890123456789012-1234567890123456-01 ")],
            Continued("01", None),
        ),
        (
            &[("traceparent", "00-12345678901234567890123456789012-1234567890123456-01\t")],
            Continued("01", None),
        ),
        (
            &[("traceparent", "\t 00-12345678901234567890123456789012-1234567890123456-01 \t")],
            Continued("01", None),
        ),
        // several lines of one name, which become one value (RFC 9110, 5.3)
        (&[("traceparent", P), ("traceparent", P)], Restarted),
        (&[("traceparent", P), ("TraceParent", P)], Restarted),
        (&[("traceparent", ""), ("traceparent", P)], Restarted),
        (
            &[("tracestate", "c=3,a=1"), ("traceparent", P), ("TraceState", " b=2 "), ("tracestate", "a=1")],
            Continued("01", Some("c=3,a=1, b=2, a=1")),
        ),
        (
            &[("traceparent", P), ("tracestate", ""), ("tracestate", " "), ("tracestate", "")],
            Continued("01", None),
        ),
        (&[("traceparent", P), ("tracestate", "a=1"), ("tracestate", "b")], Continued("01", None)),
        // not in the suite: upper case, the flags that are sent, a dash after version 00
        (&[("traceparent", "00-1234567890123456789012345678901A-1234567890123456-01")], Restarted),
        (&[("traceparent", "00-12345678901234567890123456789012-123456789012345B-01")], Restarted),
        (&[("traceparent", "00-12345678901234567890123456789012-1234567890123456-0C")], Restarted),
        (
            &[("traceparent", "00-12345678901234567890123456789012-1234567890123456-00")],
            Continued("00", None),
        ),
        (
            &[("traceparent", "00-12345678901234567890123456789012-1234567890123456-ff")],
            Continued("03", None),
        ),
        (
            &[("traceparent", "00-12345678901234567890123456789012-1234567890123456-fc")],
            Continued("00", None),
        ),
        (&[("traceparent", "00-12345678901234567890123456789012-1234567890123456-01-")], Restarted),
        (
            &[("traceparent", "01-12345678901234567890123456789012-1234567890123456-01-")],
            Continued("01", None),
        ),
        (&[("traceparent", P), ("tracestate", "a=b\tc")], Continued("01", None)),
        (&[("traceparent", P), ("tracestate", "a=\u{e9}")], Continued("01", None)),
    ]
};

#[test]
fn http_forms_and_cases_outside_the_suite() {
    let harness = Harness::start(Duration::ZERO);
    for form in FORMS {
        let service = Service::start(form);
        for (lines, fate) in REQUESTS {
            let bytes: Vec<_> =
                lines.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
            assert_fate(&trace_of(&service, &harness, &bytes), *fate, &format!("{form}: {lines:?}"));
        }
    }
}

#[test]
fn baggage_is_forwarded_with_and_without_a_trace() {
    const BAGGAGE: [(&[u8], &[u8]); 2] =
        [(b"baggage", b" tenant=7;tier=gold"), (b"Baggage", b"user=%C3%A9 ")];
    let harness = Harness::start(Duration::ZERO);
    for form in FORMS {
        let service = Service::start(form);
        let sent = |lines: &[(&[u8], &[u8])]| trace_of(&service, &harness, lines).baggage;
        let joined = Some("tenant=7;tier=gold, user=%C3%A9".to_owned());
        assert_eq!(sent(&[BAGGAGE[0], PARENT, BAGGAGE[1]]), joined, "{form}");
        assert_eq!(sent(&BAGGAGE), joined, "{form}");
        assert_eq!(sent(&[PARENT, (b"baggage", b" , ")]), None, "{form}");
        assert_eq!(sent(&[PARENT]), None, "{form}");
    }
}

#[test]
fn each_callback_has_a_parent_id_of_its_own() {
    let harness = Harness::start(Duration::ZERO);
    for form in FORMS {
        let service = Service::start(form);
        let mut parent_ids = HashSet::new();
        let mut new_trace_ids = HashSet::new();
        for lines in [&[PARENT][..], &[], &[], &[(b"traceparent", b"")]] {
            let traces: Vec<_> = harness.request(&service, lines, 3).iter().map(Trace::of).collect();
            let trace_ids: HashSet<_> = traces.iter().map(|trace| trace.trace_id.clone()).collect();
            assert_eq!(trace_ids.len(), 1, "{form}: the callbacks of one request are in one trace");
            assert_eq!(trace_ids.contains(TRACE_ID), lines == [PARENT], "{form}");
            new_trace_ids.extend(trace_ids);
            parent_ids.extend(traces.into_iter().map(|trace| trace.parent_id));
        }
        assert_eq!((new_trace_ids.len(), parent_ids.len()), (4, 12), "{form}");
    }
}

#[test]
fn the_answer_waits_for_the_callbacks() {
    let harness = Harness::start(Duration::from_millis(150));
    for form in FORMS {
        let service = Service::start(form);
        assert_eq!(harness.request(&service, &[PARENT], 3).len(), 3, "{form}");
    }
}

#[test]
fn a_trace_passes_both_services() {
    let harness = Harness::start(Duration::ZERO);
    let [rust, c] = FORMS.map(Service::start);
    for (first, second) in [(&rust, &c), (&c, &rust)] {
        let calls = format!("[{}]", call(&second.endpoint, &format!("[{}]", call(&harness.url(0), "[]"))));
        let answer = first.post(&[PARENT, (b"tracestate", b"a= 1"), (b"baggage", b"k=v")], &calls);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let [received] = harness.take().try_into().unwrap();
        let trace = Trace::of(&received);
        assert_fate(&trace, Fate::Continued("01", Some("a= 1")), "two services");
        assert_eq!(trace.baggage.as_deref(), Some("k=v"));
    }
}

#[test]
fn failed_requests_are_answered() {
    let harness = Harness::start(Duration::ZERO);
    for form in FORMS {
        let service = Service::start(form);
        let nobody = format!("[{}]", call("http://127.0.0.1:1/", "[]"));
        let refused = format!("[{}]", call(&service.endpoint, "7"));
        for (body, status) in [("", "400"), ("{}", "400"), (nobody.as_str(), "502"), (&refused, "502")] {
            let answer = service.post(&[PARENT], body);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{form}: {body}: {answer}");
        }
        let answer = service.exchange(b"GET /test HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 405 "), "{form}: {answer}");
        assert_fate(&trace_of(&service, &harness, &[PARENT]), Fate::Continued("01", None), form);
    }
}
