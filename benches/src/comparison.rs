//! The README's comparison with the peers. This test measures each of its figures.
//!
//! The peers in C++ are compared if `OPENTELEMETRY_CPP` and `DD_TRACE_CPP` are clones of them. Otherwise their columns are
//! unchanged.

use crate::allocations::per_operation;
use crate::fixture::{Record, keep, span};
use crate::subjects::{self, Subject};
use crate::works::{self, Task};
use std::path::Path;
use tracebaton::{Header, SpanContext, TraceFlags};
use tracebaton_rows::{Case, Row, Text, rows};

mod datadog;

const BEGIN: &str = "<!-- made by cargo test -p tracebaton-benches comparison -->\n";
const END: &str = "<!-- end of the comparison -->";

/// The subjects in the README, and the packages whose versions it names.
const COLUMNS: [(&str, &str); 4] = [
    ("tracebaton, Rust", "tracebaton"),
    ("opentelemetry", "opentelemetry_sdk"),
    ("emit_traceparent", "emit_traceparent"),
    ("fastrace", "fastrace"),
];

/// A `traceparent` in the vectors, and whether it is valid.
struct Value {
    record: Record,
    is_accepted: bool,
}

/// The values of rows that have one `traceparent`, which is text, and no other header.
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

/// The headers that a subject injects for a sampled span with a random trace id and a tracestate.
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

/// The compared figures, one for each row.
const FIGURES: [&str; 7] = [
    "valid `traceparent` values accepted",
    "invalid `traceparent` values refused",
    "keeps the random flag",
    "writes `tracestate`",
    "reads `baggage`",
    "allocations to extract from 8 headers",
    "allocations to inject",
];

/// A subject's figures, in the sequence of [`FIGURES`].
type Column = [String; FIGURES.len()];

fn verdicts(values: &[Value], is_accepted: impl Fn(usize) -> bool) -> [String; 2] {
    let of = |is_valid: bool| {
        let all = || (0..values.len()).filter(|index| values[*index].is_accepted == is_valid);
        format!("{} of {}", all().filter(|index| is_accepted(*index) == is_valid).count(), all().count())
    };
    [of(true), of(false)]
}

fn column(subject: &Subject, values: &[Value]) -> Column {
    let records = values.iter().map(|value| value.record.clone()).collect();
    let cell = (subject.cell)(&Task::Extract(records)).expect("everyone reads a traceparent");
    let [valid, invalid] = verdicts(values, |index| cell.outcome(index).trace_id.is_some());
    let sent = injected(subject);
    [
        valid,
        invalid,
        yes(sent[..55].ends_with(b"-03")),
        yes(sent.len() > 55),
        yes((subject.cell)(&Task::ReadBaggage(vec!["tenant=7"])).is_some()),
        allocations(subject, "E1"),
        allocations(subject, "I1"),
    ]
}

/// The table. The columns of C++ peers that are not present are kept from the README.
fn table(readme: &str) -> String {
    let values = values();
    let mut columns = Vec::new();
    for (name, package) in COLUMNS {
        let subject = subjects::ALL.iter().find(|subject| subject.name == name).expect("a subject");
        columns.push((format!("{package} {}", version(package)), column(subject, &values)));
    }
    columns.push(opentelemetry_cpp(&values).unwrap_or_else(|| committed(readme, "opentelemetry-cpp")));
    let datadog = datadog::column(&values).map(|figures| (datadog::TITLE.to_owned(), figures));
    columns.push(datadog.unwrap_or_else(|| committed(readme, "dd-trace-cpp")));
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let titles = columns.iter().map(|(title, _)| title.as_str());
    let mut table = line([""].into_iter().chain(titles).collect()).replacen("|  |", "| |", 1);
    table += &line(vec!["---"; columns.len() + 1]);
    for (index, figure) in FIGURES.into_iter().enumerate() {
        table += &line([figure].into_iter().chain(columns.iter().map(|(_, cells)| &*cells[index])).collect());
    }
    table
}

/// The column of opentelemetry-cpp, if this program was built with its headers.
fn opentelemetry_cpp(values: &[Value]) -> Option<(String, Column)> {
    #[cfg(opentelemetry_cpp)]
    {
        use subjects::opentelemetry_cpp::{SUBJECT, VERSION};
        Some((format!("{} {VERSION}", SUBJECT.name), column(&SUBJECT, values)))
    }
    #[cfg(not(opentelemetry_cpp))]
    {
        let _ = values;
        println!("skipped: opentelemetry-cpp: OPENTELEMETRY_CPP is not set to a clone of it");
        None
    }
}

/// The title and the column of this peer in the README.
fn committed(readme: &str, peer: &str) -> (String, Column) {
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    let rows: Vec<Vec<String>> = readme.lines().filter(|line| line.starts_with('|')).map(cells).collect();
    let is_title = |cell: &String| cell.split(' ').next() == Some(peer);
    let (index, title) = rows
        .iter()
        .find_map(|row| row.iter().enumerate().find(|(_, cell)| is_title(cell)))
        .expect("the README has a column of each peer");
    let figures = FIGURES.map(|figure| {
        let row = rows.iter().find(|row| row[0] == figure);
        row.and_then(|row| row.get(index)).cloned().unwrap_or_default()
    });
    (title.clone(), figures)
}

#[test]
fn readme_has_the_comparison() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(&path).expect("the README");
    let (before, rest) = readme.split_once(BEGIN).expect("a place for the comparison");
    let (_, after) = rest.split_once(END).expect("its end");
    let table = table(&readme);
    let made = format!("{before}{BEGIN}\n{table}\n{END}{after}");
    if std::env::var_os("TRACEBATON_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&path, made).expect("the README");
    } else {
        assert!(
            made == readme,
            "the comparison has changed: TRACEBATON_BLESS=1 cargo test -p tracebaton-benches comparison writes\n{table}"
        );
    }
}

#[test]
fn codec_reads_every_value_as_the_vectors_do() {
    let codec = &subjects::ALL[0];
    for value in values() {
        let cell = (codec.cell)(&Task::Extract(vec![value.record.clone()])).expect("the codec extracts");
        assert_eq!(cell.outcome(0).trace_id.is_some(), value.is_accepted, "{:?}", value.record);
    }
}
