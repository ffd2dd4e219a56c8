//! Checks each figure in the README's comparison with the peers.

use crate::allocations::per_operation;
use crate::fixture::{Record, keep, span};
use crate::subjects::{self, Subject};
use crate::works::{self, Task};
use std::fmt::Write as _;
use std::path::Path;
use tracebaton::{Header, SpanContext, TraceFlags};
use tracebaton_rows::{Case, Row, Text, rows};

const BEGIN: &str = "<!-- made by cargo test -p tracebaton-benches comparison -->\n";
const END: &str = "<!-- end of the comparison -->";

/// The subjects in the README, and the packages whose versions it states.
const COLUMNS: [(&str, &str); 4] = [
    ("tracebaton, Rust", "tracebaton"),
    ("opentelemetry", "opentelemetry_sdk"),
    ("emit_traceparent", "emit_traceparent"),
    ("fastrace", "fastrace"),
];

/// A `traceparent` value in the vectors, and whether it is accepted.
struct Value {
    record: Record,
    is_accepted: bool,
}

/// Rows that have exactly one `traceparent`, as text, and no other header.
fn values() -> Vec<Value> {
    rows().expect("the vectors").iter().filter_map(value).collect()
}

fn value(row: &Row) -> Option<Value> {
    let Case::Extract { headers, .. } = &row.case else { return None };
    let [(Text(name), Some(Text(value)))] = &headers[..] else { return None };
    if name != b"traceparent" {
        return None;
    }
    let header = Header::new("traceparent", keep(String::from_utf8(value.clone()).ok()?));
    let is_accepted = row.expect.get("traceparent")?.get("verdict")? == "accepted";
    Some(Value { record: Box::new([header]), is_accepted })
}

/// Number of values that a subject accepts.
fn accepted(subject: &Subject, values: &[&Value]) -> usize {
    let records: Vec<Record> = values.iter().map(|value| value.record.clone()).collect();
    let cell = (subject.cell)(&Task::Extract(records)).expect("everyone reads a traceparent");
    (0..cell.inputs).filter(|index| cell.outcome(*index).trace_id.is_some()).count()
}

/// Size of a span context that is sampled, with a random trace id and a tracestate.
fn injected(subject: &Subject) -> Vec<u8> {
    let flags = TraceFlags::SAMPLED | TraceFlags::RANDOM;
    let SpanContext { trace_id, span_id, trace_state, .. } = span(0);
    let sent = SpanContext::root(trace_id, span_id, flags).with_trace_state(trace_state);
    let cell = (subject.cell)(&Task::Inject(vec![sent])).expect("everyone writes a traceparent");
    cell.outcome(0).written.expect("what was written")
}

fn allocations(subject: &Subject, work: &str) -> String {
    let work = works::all().iter().find(|other| other.id == work).expect("a work");
    let cell = (subject.cell)(&work.task).expect("a cell");
    let count = per_operation(&cell);
    assert_eq!(count.fract(), 0.0, "{} by {}", work.id, subject.name);
    let mark = if subject.does_in_part(&work.id) { "\\*" } else { "" };
    format!("{count}{mark}")
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn version(package: &str) -> String {
    let lock = include_str!("../../Cargo.lock");
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).expect("a package");
    rest.split('"').next().unwrap_or_default().to_owned()
}

type Figure<'a> = (&'static str, &'a dyn Fn(&Subject) -> String);

fn table() -> String {
    let values = values();
    let (valid, invalid): (Vec<_>, Vec<_>) = values.iter().partition(|value| value.is_accepted);
    let valid_accepted = |of: &Subject| format!("{} of {}", accepted(of, &valid), valid.len());
    let invalid_refused =
        |of: &Subject| format!("{} of {}", invalid.len() - accepted(of, &invalid), invalid.len());
    let figures: [Figure; 7] = [
        ("valid `traceparent` values accepted", &valid_accepted),
        ("invalid `traceparent` values refused", &invalid_refused),
        ("keeps the random flag", &|of| yes(injected(of)[..55].ends_with(b"-03"))),
        ("writes `tracestate`", &|of| yes(injected(of).len() > 55)),
        ("reads `baggage`", &|of| yes((of.cell)(&Task::ReadBaggage(vec!["tenant=7"])).is_some())),
        ("allocations to extract from 8 headers", &|of| allocations(of, "E1")),
        ("allocations to inject", &|of| allocations(of, "I1")),
    ];
    let subject = |name| subjects::ALL.iter().find(|subject| subject.name == name).expect("a subject");

    let mut table = "|".to_owned();
    for (_, package) in COLUMNS {
        let _ = write!(table, " | {package} {}", version(package));
    }
    table += " |\n| --- | --- | --- | --- | --- |\n";
    for (title, figure) in figures {
        let _ = write!(table, "| {title}");
        for (name, _) in COLUMNS {
            let _ = write!(table, " | {}", figure(subject(name)));
        }
        table += " |\n";
    }
    table
}

#[test]
fn readme_has_the_comparison() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(&path).expect("the README");
    let (before, rest) = readme.split_once(BEGIN).expect("a place for the comparison");
    let (_, after) = rest.split_once(END).expect("its end");
    let made = format!("{before}{BEGIN}\n{}\n{END}{after}", table());
    if std::env::var_os("TRACEBATON_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&path, made).expect("the README");
    } else {
        assert!(
            made == readme,
            "the comparison has changed: TRACEBATON_BLESS=1 cargo test -p tracebaton-benches comparison writes\n{}",
            table()
        );
    }
}

#[test]
fn codec_reads_every_value_as_the_vectors_do() {
    let codec = &subjects::ALL[0];
    for value in values() {
        assert_eq!(accepted(codec, &[&value]) == 1, value.is_accepted, "{:?}", value.record);
    }
}
