//! Other formats by `OTEL_PROPAGATORS`: what is read, in which order, what is written.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::collections::BTreeMap;
use std::convert::Infallible;
use tracebaton::formats::{Format, Formats, Sampling};
use tracebaton::{Carrier, Header, TrustPolicy};
use tracebaton_opentelemetry::{Propagators, received_sampling, strip_formats};
use tracebaton_rows::{FormatOperation, format_rows};

use Format::{B3, B3Multi, Baggage, CloudEvents, Datadog, Elastic, Instana, Jaeger, TraceContext, Xray};

const ENVIRONMENT: &str = "OpenTelemetry, Environment Variable Specification, OTEL_PROPAGATORS";
const ENUM: &str = "OpenTelemetry, Environment Variable Specification, Enum";
const EMPTY: &str = "OpenTelemetry, Environment Variable Specification, Parsing empty value";
/// OpenTelemetry does not say what `none` beside others is; its Python SDK takes it as none.
const NONE: &str = "this project: none is none";
const OTHERS: &str = "this project: who asks for another format alone does not get W3C";
const B3_BOTH: &str = "OpenTelemetry, Propagators API, B3 Extract";

type Headers = &'static [(&'static str, &'static str)];

/// A list; what is read in which order and what is written by it; the unknown names in it; the source.
type Row = (&'static str, &'static [Format], &'static [Format], &'static [&'static str], &'static str);

#[test]
fn a_list_says_what_is_read_and_written() {
    let w3c: &[Format] = &[TraceContext, Baggage];
    let rows: [Row; 21] = [
        ("", w3c, w3c, &[], EMPTY),
        (" ", w3c, w3c, &[], EMPTY),
        (" ,\t,", w3c, w3c, &[], EMPTY),
        (" tracecontext\t, baggage ", w3c, w3c, &[], ENVIRONMENT),
        ("baggage,tracecontext", &[Baggage, TraceContext], w3c, &[], ENVIRONMENT),
        ("tracecontext", &[TraceContext], &[TraceContext], &[], ENVIRONMENT),
        ("baggage,baggage,BAGGAGE", &[Baggage], &[Baggage], &[], ENUM),
        ("TraceContext,None", &[], &[], &[], NONE),
        ("none,zipkin", &[], &[], &["zipkin"], NONE),
        ("trace context", &[], &[], &["trace context"], ENUM),
        ("b4", &[], &[], &["b4"], OTHERS),
        ("none", &[], &[], &[], ENVIRONMENT),
        ("tracecontext,baggage", w3c, w3c, &[], ENVIRONMENT),
        ("b3", &[B3, B3Multi], &[B3], &[], B3_BOTH),
        ("b3multi", &[B3, B3Multi], &[B3Multi], &[], B3_BOTH),
        ("B3Multi , tracecontext", &[B3, B3Multi, TraceContext], &[B3Multi, TraceContext], &[], B3_BOTH),
        ("jaeger,tracecontext", &[Jaeger, TraceContext], &[Jaeger, TraceContext], &[], ENVIRONMENT),
        ("xray,elastic", &[Xray, Elastic], &[], &[], "FORMATS.md F13"),
        (
            "datadog,instana,cloudevents",
            &[Datadog, Instana, CloudEvents],
            &[Datadog, Instana],
            &[],
            "FORMATS.md F13",
        ),
        ("ottrace,b4,tracecontext,b4", &[TraceContext], &[TraceContext], &["ottrace", "b4"], ENVIRONMENT),
        ("newrelic", &[], &[], &["newrelic"], "FORMATS.md F11"),
    ];
    for (list, order, written, unknown, source) in rows {
        let (propagators, others) = Propagators::parse(list);
        assert_eq!(propagators.order(), order, "{list} ({source})");
        assert_eq!(propagators.written(), Formats::of(written), "{list} ({source})");
        assert_eq!(others, unknown, "{list} ({source})");
    }
}

/// Of every row the parent that the codec chooses is the one that the context has.
#[test]
fn every_vector_of_a_choice_gives_its_parent() {
    let mut count = 0;
    for row in format_rows().unwrap() {
        let FormatOperation::Choose { formats, if_deferred, headers } = &row.case else { continue };
        let order: Vec<_> = formats.iter().map(|name| Format::from_name(name).unwrap()).collect();
        let propagators = Propagators::new(&order).if_deferred(*if_deferred);
        let headers = headers.iter().map(|(name, value)| Header { name, value: value.as_deref() });
        let context = propagators.extract(&Context::new(), headers);
        let span = context.span().span_context().clone();
        let expected = &row.expect["value"];
        if let Some(trace_id) = expected["trace_id"].as_str() {
            assert_eq!(span.trace_id().to_string(), trace_id, "{}", row.id);
            assert_eq!(span.span_id().to_string(), expected["span_id"].as_str().unwrap(), "{}", row.id);
            count += 1;
        }
        if expected.get("arrived_as").is_some_and(serde_json::Value::is_null) {
            assert!(!span.is_valid(), "{}", row.id);
        }
    }
    assert!(count > 100, "{count}");
}

#[derive(Default)]
struct Record(Vec<(Vec<u8>, Option<Vec<u8>>)>);

impl Carrier<'_> for Record {
    type Error = Infallible;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.0.iter().map(|(name, value)| Header { name, value: value.as_deref() })
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Infallible> {
        self.0.retain(|(name, _)| !unwanted(name));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Infallible> {
        self.0.push((header.name.to_vec(), header.value.map(<[u8]>::to_vec)));
        Ok(())
    }
}

impl Record {
    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| std::str::from_utf8(name).unwrap()).collect()
    }
}

/// A chain in which each hop speaks other formats: one trace through all, and the last arrives as W3C.
#[test]
fn a_migration_keeps_one_trace() {
    let hops = [
        ("b3multi", "b3multi"),
        ("tracecontext,b3multi", "b3multi"),
        ("tracecontext,b3,baggage", "tracecontext"),
        ("tracecontext,baggage", "tracecontext"),
    ];
    let mut record = Record::default();
    let start = [
        Header::new("X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"),
        Header::new("X-B3-SpanId", "e457b5a2e4d86bd1"),
    ];
    start.into_iter().for_each(|header| record.add(header).unwrap());
    for (list, arrived_as) in hops {
        let propagators = Propagators::parse(list).0.if_deferred(true).replacing(Formats::ALL);
        assert_eq!(propagators.choose(record.headers()).arrived_as().unwrap().name(), arrived_as, "{list}");
        let context = propagators.extract(&Context::new(), record.headers());
        let span = context.span().span_context().clone();
        assert_eq!(span.trace_id().to_string(), "80f198ee56343ba864fe8b2a57d3eff7", "{list}");
        assert!(span.is_sampled());
        propagators.inject(&context, &mut record).unwrap();
    }
    assert_eq!(record.names(), ["traceparent"]);
}

/// Without a span nothing is removed. The headers of CloudEvents stay: they name the span where the event began.
#[test]
fn a_format_that_is_only_read_is_removed_with_its_old_span() {
    const B3_HEADERS: Headers = &[("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")];
    const B3_MULTI: Headers = &[
        ("X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"),
        ("X-B3-SpanId", "e457b5a2e4d86bd1"),
        ("key", "17"),
    ];
    const ELASTIC: Headers = &[
        ("elasticapmtraceparent", "\0\0aaaaaaaaaaaaaaaa\x01bbbbbbbb\x02\x01"),
        ("ce_traceparent", "00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01"),
    ];
    let list = |list| Propagators::parse(list).0;
    let w3c = TraceContext | Baggage;
    let rows: [(Propagators, Headers, &[&str], &str); 7] = [
        (list("tracecontext,b3"), B3_HEADERS, &["traceparent", "b3"], "F13"),
        (list("tracecontext,b3"), B3_MULTI, &["key", "traceparent", "b3"], "F13, F1: in every spelling"),
        (list("tracecontext,b3").writing(w3c), B3_HEADERS, &["traceparent"], "F13"),
        (list("tracecontext,b3").writing(w3c), B3_MULTI, &["key", "traceparent"], "F13, F1"),
        (list("b3").writing(Formats::NONE), B3_HEADERS, &[], "F13"),
        (list("tracecontext,elastic"), ELASTIC, &["ce_traceparent", "traceparent"], "W2, nothing stale"),
        (list("elastic,cloudevents"), ELASTIC, &["ce_traceparent"], "F11: not of this span"),
    ];
    assert_eq!(list("tracecontext").writing(Formats::ALL).written(), Format::WRITABLE);
    for (propagators, headers, names, source) in rows {
        let mut record = Record::default();
        headers.iter().for_each(|(name, value)| record.add(Header::new(*name, *value)).unwrap());
        let before = record.0.clone();
        propagators.inject(&Context::new(), &mut record).unwrap();
        assert_eq!(record.0, before, "without a span, {propagators:?} ({source})");
        let context = propagators.extract(&Context::new(), record.headers());
        assert!(context.span().span_context().is_valid(), "{propagators:?} ({source})");
        propagators.inject(&context, &mut record).unwrap();
        assert_eq!(record.names(), names, "{propagators:?} ({source})");
    }
}

/// F12: without a parent, the first decision applies to the trace that the consumer starts.
#[test]
fn a_decision_without_a_parent_is_known() {
    let rows: [(&str, Headers, Option<Sampling>, &str); 8] = [
        ("b3", &[("b3", "0")], Some(Sampling::Deny), "F4"),
        ("b3", &[("b3", "1")], Some(Sampling::Accept), "F4"),
        ("b3", &[("b3", "d")], Some(Sampling::Debug), "F4"),
        ("b3", &[("X-B3-Sampled", "0")], Some(Sampling::Deny), "F5"),
        (
            "instana,b3",
            &[("b3", "1"), ("X_INSTANA_L_S", "0")],
            Some(Sampling::Deny),
            "F12: the order of the formats",
        ),
        (
            "b3",
            &[("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0")],
            None,
            "F12: the decision of the parent is its flag",
        ),
        ("b3", &[("b3", "2")], None, "F4"),
        ("tracecontext", &[("b3", "0")], None, "F12: not read"),
    ];
    for (list, headers, expected, source) in rows {
        let propagators = Propagators::parse(list).0;
        let read = || headers.iter().map(|(name, value)| Header::new(*name, *value));
        let received = propagators.extract(&Context::new(), read());
        assert_eq!(received_sampling(&received), expected, "{list} {headers:?} ({source})");
        for (policy, expected) in [(TrustPolicy::Continue, expected), (TrustPolicy::RestartWithLink, None)] {
            let admitted = propagators.admit(read(), policy);
            assert_eq!(received_sampling(&admitted.parent), expected, "{policy:?} {list} {headers:?} (C6)");
        }
        let tracer = SdkTracerProvider::default().tracer("test");
        let started = received.with_span(tracer.start_with_context("process", &received));
        assert_eq!(received_sampling(&started), None, "a context with a span");
    }
}

#[test]
fn baggage_is_read_only_if_it_is_asked_for() {
    let headers = [Header::new("baggage", "tenant=7")];
    let read = |list| Propagators::parse(list).0.extract(&Context::new(), headers).baggage().len();
    assert_eq!((read("b3,baggage"), read("b3")), (1, 0));
}

/// F3: a decision that the sampled flag cannot express is forwarded. A deferred decision stays deferred until a span
/// makes it, and debug lasts as long as the trace is sampled.
#[test]
fn deferred_and_debug_are_forwarded() {
    let b3 = Propagators::parse("b3").0;
    let tracer = |sampler| SdkTracerProvider::builder().with_sampler(sampler).build().tracer("test");
    let (all, off) = (tracer(Sampler::AlwaysOn), tracer(Sampler::AlwaysOff));
    let ids = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1";
    // What arrives, and the state that is written without a span, by a span that is sampled and by one that is not.
    let rows = [
        ("", ["", "-1", "-0"]),
        ("-d", ["-d", "-d", "-0"]),
        ("-1", ["-1", "-1", "-0"]),
        ("-0", ["-0", "-1", "-0"]),
    ];
    for (state, expected) in rows {
        let value = format!("{ids}{state}");
        let received = b3.extract(&Context::new(), [("b3", &*value)]);
        let spans = [
            received.clone(),
            received.with_span(all.start_with_context("work", &received)),
            received.with_span(off.start_with_context("work", &received)),
        ];
        for (context, expected) in spans.iter().zip(expected) {
            let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
            let Ok(_) = b3.inject(context, &mut headers);
            let sent = String::from_utf8(headers[0].1.clone()).unwrap();
            assert_eq!(&sent[49..], expected, "{state}");
        }
        // Another trace of the same service is not marked.
        let other = received.with_span(all.start_with_context("other", &Context::new()));
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        let Ok(_) = b3.inject(&other, &mut headers);
        assert!(headers[0].1.ends_with(b"-1"));
    }
}

#[test]
fn a_boundary_strips_the_formats_that_it_names() {
    let names = ["traceparent", "B3", "x_datadog_trace_id", "ce_traceparent", "key"];
    let rows: [(Formats, &[&str]); 3] = [
        (Formats::ALL, &["key"]),
        (Datadog | B3, &["traceparent", "ce_traceparent", "key"]),
        (Formats::NONE, &names),
    ];
    for (formats, expected) in rows {
        let mut list: Vec<_> = names.map(|name| (name.to_owned(), vec![0])).into();
        let mut map = BTreeMap::from_iter(list.clone());
        let Ok(()) = strip_formats(&mut list, formats);
        assert_eq!(list.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), expected);
        let Ok(()) = strip_formats(&mut map, formats);
        assert_eq!(map.len(), expected.len());
    }
}
