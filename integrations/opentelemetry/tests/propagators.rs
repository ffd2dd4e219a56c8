//! What `OTEL_PROPAGATORS` may say, and what comes of it in a process of its own.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::TraceContextExt;
use std::process::Command;
use std::sync::{Arc, Mutex};
use tracebaton::formats::Format;
use tracebaton::{Carrier, Header};
use tracebaton_opentelemetry::{
    HeaderList, Injected, Links, Propagators, extract_trace_context, inject_trace_context,
};
use tracing::field::{Field, Visit};

const B3: &str = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1";
const JAEGER: &str = "00000000000000011baf3f23b5a2e4d8:e457b5a2e4d86bd1:0:1";
const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";

fn received() -> Vec<(String, Vec<u8>)> {
    [("traceparent", TRACEPARENT), ("tracestate", "rojo=1"), ("baggage", "tenant=7"), ("key", "value")]
        .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
        .into()
}

fn stale() -> Vec<(String, Vec<u8>)> {
    ["traceparent", "TraceState", "Baggage"].map(|name| (name.to_owned(), b"stale".to_vec())).into()
}

/// The names and values of headers that were stale, after an injection of what was received.
fn sent(headers: &[(String, Vec<u8>)]) -> Vec<String> {
    headers.iter().map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(value))).collect()
}

#[test]
fn what_is_not_carried_is_neither_read_nor_written_nor_removed() {
    let traceparent = format!("traceparent={TRACEPARENT}");
    let rows: [(Propagators, bool, bool, Vec<&str>); 4] = [
        (Propagators::W3C, true, true, vec![&traceparent, "tracestate=rojo=1", "baggage=tenant=7"]),
        (Propagators::TRACE_CONTEXT, true, false, vec!["Baggage=stale", &traceparent, "tracestate=rojo=1"]),
        (
            Propagators::BAGGAGE,
            false,
            true,
            vec!["traceparent=stale", "TraceState=stale", "baggage=tenant=7"],
        ),
        (Propagators::NONE, false, false, vec!["traceparent=stale", "TraceState=stale", "Baggage=stale"]),
    ];
    let list = received();
    let whole = Propagators::W3C.extract(&Context::new(), &list);
    for (propagators, trace_context, baggage, expected) in rows {
        let read = propagators.extract(&Context::new(), &list);
        assert_eq!(read.span().span_context().is_valid(), trace_context, "{propagators:?}");
        assert_eq!(read.baggage().len(), usize::from(baggage), "{propagators:?}");
        let reads = [Format::TraceContext, Format::Baggage].map(|format| propagators.reads(format));
        assert_eq!(reads, [trace_context, baggage]);
        let mut headers = stale();
        let Ok(_) = propagators.inject(&whole, &mut headers);
        assert_eq!(sent(&headers), expected, "{propagators:?}");
    }
}

/// A carrier with room for two headers.
struct Small(Vec<(String, Vec<u8>)>);

impl Carrier<'_> for Small {
    type Error = &'static str;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.0.iter().map(|(name, value)| Header::new(name, value))
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Self::Error> {
        self.0.retain(|(name, _)| !unwanted(name.as_bytes()));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Self::Error> {
        if self.0.len() == 2 {
            return Err("full");
        }
        let Ok(()) = HeaderList::new(&mut self.0).add(header);
        Ok(())
    }
}

#[test]
fn a_carrier_that_is_full_has_no_context_and_says_so() {
    let whole = Propagators::W3C.extract(&Context::new(), &received());
    let key = ("key".to_owned(), b"value".to_vec());
    let mut small = Small(vec![key.clone(), stale().remove(0)]);
    assert_eq!(Propagators::W3C.inject(&whole, &mut small), Err("full"), "PROFILE.md, W6");
    assert_eq!(small.0, std::slice::from_ref(&key));
    assert_eq!(Propagators::BAGGAGE.inject(&whole, &mut small), Ok(Injected::NoParent));
    assert_eq!(sent(&small.0), ["key=value", "baggage=tenant=7"]);
    assert_eq!(Propagators::NONE.inject(&whole, &mut small), Ok(Injected::NoParent));
    // The first function has no error: the record has no parent.
    let mut full = Small(vec![key.clone(), key]);
    assert_eq!(inject_trace_context(&whole, &mut full), Injected::NoParent);
}

/// Not a test: what a process does under the variable that another test sets for it.
#[test]
#[ignore = "run by the test below, with a variable"]
fn relay() {
    let warnings = Warnings::default();
    let warned = warnings.0.clone();
    let mut headers = stale();
    let mut links = Links::default();
    tracing::subscriber::with_default(
        tracing_subscriber::layer::SubscriberExt::with(tracing_subscriber::registry(), warnings),
        || {
            let mut received = received();
            received.extend(
                [("b3", B3), ("uber-trace-id", JAEGER)].map(|(name, value)| (name.into(), value.into())),
            );
            links.insert(&received);
            let _attached = extract_trace_context(&received).attach();
            inject_trace_context(&Context::current(), &mut headers);
            inject_trace_context(&Context::current(), &mut headers);
        },
    );
    for line in sent(&headers) {
        println!("HEADER {line}");
    }
    println!("LINKS {}", links.len());
    for warning in warned.lock().unwrap().iter() {
        println!("WARNING {warning}");
    }
}

/// The value of the variable, the lines that the process prints in parts, and the end of its warning.
type Row<'a> = (Option<&'a str>, &'a [&'a [&'a str]], &'a str);

#[test]
fn the_two_functions_do_what_the_variable_says_and_warn_once() {
    let stale = ["HEADER traceparent=stale", "HEADER TraceState=stale", "HEADER Baggage=stale"];
    let traceparent = format!("HEADER traceparent={TRACEPARENT}");
    let (b3, jaeger) = (format!("HEADER b3={B3}"), format!("HEADER uber-trace-id={JAEGER}"));
    let b3_as_w3c = "HEADER traceparent=00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01";
    let (state, baggage) = ("HEADER tracestate=rojo=1", "HEADER baggage=tenant=7");
    let [all, linked, unlinked] = [&[&*traceparent, state, baggage][..], &["LINKS 1"], &["LINKS 0"]];
    let multi = [
        "HEADER x-b3-traceid=80f198ee56343ba864fe8b2a57d3eff7",
        "HEADER x-b3-spanid=e457b5a2e4d86bd1",
        "HEADER x-b3-sampled=1",
    ];
    let long = "x".repeat(5000);
    let rows: [Row<'_>; 12] = [
        (None, &[all, linked], ""),
        (Some(""), &[all, linked], ""),
        (Some("none"), &[&stale, unlinked], ""),
        (Some("baggage"), &[&stale[..2], &[baggage], unlinked], ""),
        (Some("tracecontext"), &[&stale[2..], &[&traceparent, state], linked], ""),
        (Some("tracecontext,baggage,jaeger"), &[all, &[&jaeger_of_w3c()], linked], ""),
        (Some("jaeger"), &[&stale, &[&jaeger], linked], ""),
        (Some("B3, tracecontext,baggage"), &[&[b3_as_w3c, baggage, &b3], linked], ""),
        (Some("b3multi"), &[&stale, &multi, linked], ""),
        (Some("baggage, tracecontext,ottrace,ottrace"), &[all, linked], "count=1 names=ottrace"),
        (Some("b4,\u{1b}[2J\u{202e}x"), &[&stale, unlinked], r"count=2 names=b4,\u{1b}[2j\u{202e}x"),
        (Some(&long), &[&stale, unlinked], &format!("count=1 names={}...", "x".repeat(100))),
    ];
    for (value, headers, warning) in rows {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "relay", "--ignored", "--nocapture"]).env_remove("OTEL_PROPAGATORS");
        let output = match value {
            Some(value) => command.env("OTEL_PROPAGATORS", value).output().unwrap(),
            None => command.output().unwrap(),
        };
        assert!(output.status.success(), "{value:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = |marks: &[&str]| -> Vec<_> {
            text.lines().filter(|line| marks.iter().any(|mark| line.starts_with(mark))).collect()
        };
        assert_eq!(lines(&["HEADER", "LINKS"]), headers.concat(), "{value:?}");
        let warnings = lines(&["WARNING"]);
        assert_eq!(warnings.len(), usize::from(!warning.is_empty()), "{value:?}: {warnings:?}");
        assert!(
            warnings.iter().all(|line| line.contains("variable=OTEL_PROPAGATORS") && line.ends_with(warning)),
            "{warnings:?}"
        );
    }
}

/// The W3C parent in Jaeger's header, which writes no random flag.
fn jaeger_of_w3c() -> String {
    let ids: Vec<_> = TRACEPARENT.split('-').collect();
    format!("HEADER uber-trace-id={}:{}:0:1", ids[1], ids[2])
}

/// Keeps what is warned of.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let mut line = Line(format!("{} {}", event.metadata().level(), event.metadata().target()));
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0 += &format!(" {}={value}", field.name());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}
