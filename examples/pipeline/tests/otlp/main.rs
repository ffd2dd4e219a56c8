//! `--otlp`: the spans and metrics that a receiver gets, and runs with receivers that fail.

mod receiver;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::metrics::v1::{metric::Data, number_data_point};
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use prost::Message;
use receiver::Receiver;
use std::collections::{BTreeMap, HashMap};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn pipeline(url: &str) -> Output {
    let arguments = ["--records", "20", "--otlp", url];
    Command::new(env!("CARGO_BIN_EXE_pipeline")).args(arguments).output().unwrap()
}

/// The messages of a run whose report is complete.
fn said(output: &Output) -> Vec<String> {
    let (shown, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(shown.contains("60 records, 20 orders, 140 spans in 20 traces, 0 orphans"), "{shown}");
    said.lines().map(str::to_owned).collect()
}

/// The only warning of a run whose spans did not all arrive, with its reason.
fn warned(url: &str, why: &str) -> String {
    let mut said = said(&pipeline(url));
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[1].starts_with("pipeline: warning: --otlp: ") && said[1].contains(why), "{why}: {said:#?}");
    said.remove(1)
}

/// The same for a receiver that accepted nothing.
fn none_arrived(url: &str, why: &str) {
    let warning = warned(url, why);
    let begin = format!("pipeline: warning: --otlp: 0 of 140 spans are known to be at {url}/v1/traces: ");
    assert!(warning.starts_with(&begin), "{warning}");
}

#[test]
fn a_receiver_gets_the_spans_of_every_service() {
    let receiver = Receiver::answering(200, ExportTraceServiceResponse::default().encode_to_vec());
    let said = said(&pipeline(&receiver.url));
    let spans = format!("140 spans are at {}/v1/traces.", receiver.url);
    assert_eq!(said[1..], [spans, format!("The metrics of 4 services are at {}/v1/metrics.", receiver.url)]);

    let mut traces: HashMap<Vec<u8>, Vec<(String, Span)>> = HashMap::new();
    for resource in receiver.received().into_iter().flat_map(|request| request.resource_spans) {
        let service = text(&resource.resource.unwrap().attributes, "service.name");
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            traces.entry(span.trace_id.clone()).or_default().push((service.clone(), span));
        }
    }
    assert_eq!(traces.len(), 20);
    for trace in traces.values() {
        let expected = [
            ("checkout", "place order", SpanKind::Internal),
            ("checkout", "send orders", SpanKind::Producer),
            ("payment", "process orders", SpanKind::Consumer),
            ("payment", "send payments", SpanKind::Producer),
            ("packing", "process payments", SpanKind::Consumer),
            ("packing", "send parcels", SpanKind::Producer),
            ("shipping", "process parcels", SpanKind::Consumer),
        ];
        let way = way(trace);
        let seen: Vec<_> =
            way.iter().map(|(service, span)| (service.as_str(), span.name.as_str(), span.kind())).collect();
        assert_eq!(seen, expected);
        assert!(way.iter().all(|(_, span)| span.flags & 1 == 1 && span.trace_state == "ot=th:0"));
        assert!(way[2..].iter().all(|(_, span)| span.flags & 0xff == 3), "sampled, and the ids random");
        // The spans from C equal those from Rust.
        for (rust, c) in [(2, 4), (3, 5)] {
            assert_eq!(names(&way[rust].1), names(&way[c].1));
            assert_eq!(way[rust].1.links.len(), way[c].1.links.len());
            let (start, end) = (way[c].1.start_time_unix_nano, way[c].1.end_time_unix_nano);
            assert!((1..60_000_000_000).contains(&(end - start)), "{start} to {end}");
        }
    }
}

#[test]
fn a_receiver_gets_the_metrics_of_every_service() {
    let receiver = Receiver::answering(200, ExportTraceServiceResponse::default().encode_to_vec());
    said(&pipeline(&receiver.url));
    let mut counted: BTreeMap<(String, String), u64> = BTreeMap::new();
    for resource in receiver.metrics().into_iter().flat_map(|request| request.resource_metrics) {
        let service = text(&resource.resource.unwrap().attributes, "service.name");
        for metric in resource.scope_metrics.into_iter().flat_map(|scope| scope.metrics) {
            let count = match metric.data.unwrap() {
                Data::Histogram(data) => data.data_points.iter().map(|point| point.count).sum(),
                Data::Sum(data) => data
                    .data_points
                    .iter()
                    .map(|point| match point.value {
                        Some(number_data_point::Value::AsInt(value)) => value as u64,
                        other => panic!("{other:?}"),
                    })
                    .sum(),
                other => panic!("{other:?}"),
            };
            counted.insert((service.clone(), metric.name), count);
        }
    }
    let sent = ["messaging.client.operation.duration", "messaging.client.sent.messages"];
    let consumed =
        ["kafka.record.queue_time", "messaging.client.consumed.messages", "messaging.process.duration"];
    let mut expected = BTreeMap::new();
    for (service, metrics) in [
        ("checkout", &sent[..]),
        ("payment", &[sent.as_slice(), &consumed].concat()),
        ("packing", &[sent.as_slice(), &consumed].concat()),
        ("shipping", &consumed),
    ] {
        expected.extend(metrics.iter().map(|name| ((service.to_owned(), name.to_string()), 20)));
    }
    assert_eq!(counted, expected);
}

#[test]
fn an_endpoint_keeps_its_path_and_query_and_tells_no_password() {
    let receiver = Receiver::answering(200, ExportTraceServiceResponse::default().encode_to_vec());
    let host = receiver.url.strip_prefix("http://").unwrap();
    let output = pipeline(&format!("http://user:secret@{host}/otlp/?tenant=7"));
    let said = said(&output);
    assert_eq!(said[1], format!("140 spans are at http://{host}/otlp/v1/traces?tenant=7."));
    assert!(said[2].ends_with(&format!("are at http://{host}/otlp/v1/metrics?tenant=7.")), "{said:?}");
    let mut paths = receiver.paths();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths, ["/otlp/v1/metrics?tenant=7", "/otlp/v1/traces?tenant=7"]);
    for url in ["http://user:secret@127.0.0.1:1", "https://user:secret@127.0.0.1:1", "http://user:sec ret@h"]
    {
        let output = pipeline(url);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("--otlp") && !said.contains("sec") && !said.contains("user:"), "{url}: {said}");
    }
}

/// The spans from parent to child; a trace must be a single line.
fn way(trace: &[(String, Span)]) -> Vec<&(String, Span)> {
    let (mut way, mut parent) = (Vec::new(), Vec::new());
    while let Some(found) = trace.iter().find(|(_, span)| span.parent_span_id == parent) {
        parent.clone_from(&found.1.span_id);
        way.push(found);
    }
    way
}

fn names(span: &Span) -> Vec<&str> {
    let mut names: Vec<&str> = span.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
    names.sort_unstable();
    names
}

fn text(attributes: &[KeyValue], name: &str) -> String {
    let value = attributes.iter().find(|attribute| attribute.key == name).and_then(|it| it.value.clone());
    match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn a_receiver_that_is_not_there_is_a_warning() {
    none_arrived("http://127.0.0.1:1", "refused");
}

#[test]
fn what_is_no_url_of_a_receiver_is_an_error_before_the_run() {
    for url in [
        "",
        "here and there",
        "127.0.0.1:4318",
        "localhost",
        "/v1/traces",
        "//127.0.0.1:4318",
        "ftp://127.0.0.1",
        "https://127.0.0.1:1",
        "http://",
        "http://:4318",
        "http://127.0.0.1:",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:port",
        "http://a b:4318",
        "http:127.0.0.1:4318",
    ] {
        let output = pipeline(url);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &output.stdout[..]), (Some(2), &b""[..]), "{url}: {said}");
        assert!(said.contains("--otlp") && said.contains("such as http://127.0.0.1:4318"), "{url}: {said}");
        assert!(!said.contains("orders"), "{url}: {said}");
    }
}

#[test]
fn an_answer_that_is_no_receipt_is_a_warning() {
    none_arrived(&Receiver::answering(404, "not found").url, "it answers 404 Not Found");
    none_arrived(&Receiver::answering(503, "").url, "it answers 503 Service Unavailable");
    none_arrived(
        &Receiver::answering(200, "<!doctype html><title>It works</title>").url,
        "its answer is not one of OTLP",
    );
    let error_message = format!("full\u{1b}[2J\n{}", "!".repeat(5_000));
    let partial = ExportTracePartialSuccess { rejected_spans: 3, error_message };
    let answer = ExportTraceServiceResponse { partial_success: Some(partial) }.encode_to_vec();
    let why = warned(&Receiver::answering(200, answer).url, r"it rejects 3 of them: full\u{1b}[2J\n!!");
    assert!(why.len() < 400, "{why}");
    let taken = why.split_once(" of 140 spans are known to be at ").unwrap().0.rsplit(' ').next().unwrap();
    assert!((1..140).contains(&taken.parse().unwrap()), "{why}");
}

#[test]
fn a_receiver_that_never_answers_holds_nobody_up_for_long() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let start = Instant::now();
    none_arrived(&format!("http://{}", listener.local_addr().unwrap()), "timeout");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
