//! Other formats by `OTEL_PROPAGATORS`: what is read, in which order, what is written.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::TraceContextExt;
use std::convert::Infallible;
use tracebaton::formats::{Format, Formats};
use tracebaton::{Carrier, Header};
use tracebaton_opentelemetry::FormatPropagators;
use tracebaton_rows::{FormatOperation, format_rows};

use Format::{B3, B3Multi, Baggage, CloudEvents, Datadog, Elastic, Instana, Jaeger, TraceContext, Xray};

const ENVIRONMENT: &str = "OpenTelemetry, Environment Variable Specification, OTEL_PROPAGATORS";
const B3_BOTH: &str = "OpenTelemetry, Propagators API, B3 Extract";

/// A list; what is read in which order and what is written by it; the unknown names in it; the source.
type Row = (&'static str, &'static [Format], &'static [Format], &'static [&'static str], &'static str);

#[test]
fn a_list_says_what_is_read_and_written() {
    let rows: [Row; 12] = [
        ("", &[TraceContext, Baggage], &[TraceContext, Baggage], &[], ENVIRONMENT),
        ("none", &[], &[], &[], ENVIRONMENT),
        ("tracecontext,none", &[], &[], &[], "this project: none is none"),
        ("tracecontext,baggage", &[TraceContext, Baggage], &[TraceContext, Baggage], &[], ENVIRONMENT),
        ("b3", &[B3, B3Multi], &[B3], &[], B3_BOTH),
        ("b3multi", &[B3, B3Multi], &[B3Multi], &[], B3_BOTH),
        ("B3Multi , tracecontext", &[B3, B3Multi, TraceContext], &[B3Multi, TraceContext], &[], B3_BOTH),
        ("jaeger,tracecontext", &[Jaeger, TraceContext], &[Jaeger, TraceContext], &[], ENVIRONMENT),
        ("xray,elastic", &[Xray, Elastic], &[], &[], "PROFILE.md F13"),
        (
            "datadog,instana,cloudevents",
            &[Datadog, Instana, CloudEvents],
            &[Datadog, Instana],
            &[],
            "PROFILE.md F13",
        ),
        ("ottrace,b4,tracecontext,b4", &[TraceContext], &[TraceContext], &["ottrace", "b4"], ENVIRONMENT),
        ("newrelic", &[], &[], &["newrelic"], "PROFILE.md F11"),
    ];
    for (list, order, written, unknown, source) in rows {
        let (propagators, others) = FormatPropagators::parse(list);
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
        let order = formats.iter().map(|name| Format::from_name(name).unwrap());
        let propagators = FormatPropagators::new(order).if_deferred(*if_deferred);
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
        let propagators = FormatPropagators::parse(list).0.if_deferred(true).replacing(Formats::ALL);
        assert_eq!(propagators.choose(record.headers()).arrived_as().unwrap().name(), arrived_as, "{list}");
        let context = propagators.extract(&Context::new(), record.headers());
        let span = context.span().span_context().clone();
        assert_eq!(span.trace_id().to_string(), "80f198ee56343ba864fe8b2a57d3eff7", "{list}");
        assert!(span.is_sampled());
        propagators.inject(&context, &mut record).unwrap();
    }
    assert_eq!(record.names(), ["traceparent"]);
}

#[test]
fn baggage_is_read_only_if_it_is_asked_for() {
    let headers = [Header::new("baggage", "tenant=7")];
    let read = |list| FormatPropagators::parse(list).0.extract(&Context::new(), headers).baggage().len();
    assert_eq!((read("b3,baggage"), read("b3")), (1, 0));
}
