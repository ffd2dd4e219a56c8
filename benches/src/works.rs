//! The works: what is measured, the inputs, and the goals.

use crate::fixture::{self, IDS, RECORDS, Record, keep};
use crate::malformed;
use std::sync::OnceLock;
use tracebaton::SpanContext;

/// Works in one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    TraceParent,
    Extract,
    Shapes,
    Long,
    Inject,
    Members,
    Malformed,
    Batches,
    Formats,
}

impl Family {
    pub const ALL: [Self; 9] = [
        Self::TraceParent,
        Self::Extract,
        Self::Shapes,
        Self::Long,
        Self::Inject,
        Self::Members,
        Self::Malformed,
        Self::Batches,
        Self::Formats,
    ];

    /// The title of its table.
    pub const fn title(self) -> &'static str {
        match self {
            Self::TraceParent => "A traceparent by itself",
            Self::Extract => "Extract the context from the headers of a record",
            Self::Shapes => "Extract, tracestates of other shapes: as E1 and E3, 39 and 512 bytes",
            Self::Long => {
                "Extract from long header lists, of which the last is a traceparent; for each header"
            }
            Self::Inject => "Inject, and forward",
            Self::Members => "Members of baggage and tracestate",
            Self::Malformed => "Extract from a record of which one header breaks a rule",
            Self::Formats => "Choose the parent among eight formats, from eight headers",
            Self::Batches => "Extract from the records of a batch in turn, as in E1; for each record",
        }
    }
}

/// The operation of a work, and its inputs.
pub enum Task {
    /// Read these values of a traceparent.
    Parse(Vec<&'static str>),
    /// Write the traceparent of these spans.
    Format(Vec<SpanContext<'static>>),
    /// Extract the context from these records: traceparent and tracestate are parsed, baggage is found.
    Extract(Vec<Record>),
    /// Choose the parent of these records among all formats.
    Choose(Vec<Record>),
    /// Extract the context, and forward it.
    Forward(Vec<Record>),
    /// Write traceparent and tracestate into a new buffer or carrier.
    Inject(Vec<SpanContext<'static>>),
    /// The same for a carrier that borrows the values.
    InjectByReference(Vec<SpanContext<'static>>),
    /// Read the keys and decoded values of these baggages.
    ReadBaggage(Vec<&'static str>),
    /// Build a baggage from these values.
    BuildBaggage(Vec<[(&'static str, String); 3]>),
    /// Set [`UPDATED_KEY`] in a tracestate of 32 members.
    UpdateMember(Vec<&'static str>),
    /// The same, and then delete [`DELETED_KEY`], in one buffer.
    UpdateAndDelete(Vec<&'static str>),
    /// Copy these spans with their tracestates.
    Copy(Vec<SpanContext<'static>>),
}

/// The key that is updated in a tracestate, and its new value.
pub const UPDATED_KEY: &str = "key17";
/// The key that is then deleted from the tracestate.
pub const DELETED_KEY: &str = "key9";
/// See [`UPDATED_KEY`].
pub const NEW_VALUE: &str = "00f067aa0";

/// The goal for a work: nanoseconds, instructions, and no allocation.
#[derive(Clone, Copy)]
pub struct Goal {
    pub nanoseconds: f64,
    pub instructions: f64,
}

/// One work.
pub struct Work {
    pub id: String,
    /// A short description.
    pub title: String,
    pub family: Family,
    pub goal: Option<Goal>,
    /// The name of the broken rule; the id of the work is the header and the rule.
    pub rule: Option<&'static str>,
    /// The count of headers that the figures are divided by: 1, except for long lists.
    pub size: usize,
    pub task: Task,
}

impl Work {
    fn new(family: Family, id: &str, title: &str, task: Task) -> Self {
        let (id, title) = (id.to_owned(), title.to_owned());
        Self { id, title, family, goal: None, rule: None, size: 1, task }
    }

    fn goal(self, nanoseconds: f64, instructions: f64) -> Self {
        Self { goal: Some(Goal { nanoseconds, instructions }), ..self }
    }

    fn size(self, size: usize) -> Self {
        Self { size, ..self }
    }
}

/// All works, in the sequence of the tables.
pub fn all() -> &'static [Work] {
    static ALL: OnceLock<Vec<Work>> = OnceLock::new();
    let families = || {
        [traceparent(), extract(), shapes(), long(), inject(), members(), rejected(), batches(), formats()]
    };
    ALL.get_or_init(|| families().into_iter().flatten().collect())
}

/// The inputs that `make` creates for the records of one shape.
fn records<T>(make: impl Fn(usize) -> T) -> Vec<T> {
    (0..RECORDS).map(make).collect()
}

fn traceparent() -> Vec<Work> {
    let values = (0..IDS).map(|number| keep(fixture::traceparent(number))).collect();
    let spans = (0..IDS).map(fixture::span).collect();
    vec![
        Work::new(Family::TraceParent, "P", "read", Task::Parse(values)).goal(4.7, 95.0),
        Work::new(Family::TraceParent, "F", "write", Task::Format(spans)).goal(2.4, 56.0),
    ]
}

fn extract() -> Vec<Work> {
    let one = |id, title, records| Work::new(Family::Extract, id, title, Task::Extract(records));
    let malformed = |number| {
        let mut value = fixture::traceparent(number);
        value.replace_range(51..52, "g");
        fixture::record_of(value, fixture::tracestate(number), fixture::BAGGAGE)
    };
    let usual = records(|number| fixture::record_with(number, fixture::tracestate));
    let long = records(|number| fixture::record_with(number, fixture::long_tracestate));
    vec![
        one("E1", "all three of 8", usual).goal(20.0, 400.0),
        one("E2", "traceparent alone", records(fixture::record_of_traceparent)).goal(6.5, 130.0),
        one("E3", "32 members", long).goal(75.0, 1400.0),
        one("E4", "none of 8", records(fixture::record_of_others)).goal(4.0, 90.0),
        one("E5", "malformed span id", records(malformed)),
    ]
}

fn shapes() -> Vec<Work> {
    let one = |id, title, tracestate: fn(usize) -> String| {
        let records = records(|number| fixture::record_with(number, tracestate));
        Work::new(Family::Shapes, id, title, Task::Extract(records))
    };
    vec![
        one("E1 keys", "keys with _-*/@", fixture::tracestate_of_rare_keys),
        one("E1 spaces", "space after comma", fixture::tracestate_with_space),
        one("E3 keys", "keys with _-*/@", fixture::long_tracestate_of_rare_keys),
        one("E3 spaces", "space after comma", fixture::long_tracestate_with_spaces),
    ]
}

fn long() -> Vec<Work> {
    let one = |id, title, length, count| {
        let records = (0..count).map(|number| fixture::long_record(number, length)).collect();
        Work::new(Family::Long, id, title, Task::Extract(records)).size(length)
    };
    vec![one("H100", "100 headers", 100, RECORDS), one("H100k", "100,000 headers", 100_000, 1)]
}

fn inject() -> Vec<Work> {
    let one = |id, title, task| Work::new(Family::Inject, id, title, task);
    let spans = || records(fixture::span);
    let usual = records(|number| fixture::record_with(number, fixture::tracestate));
    vec![
        one("I1", "values copied", Task::Inject(spans())).goal(5.0, 105.0),
        one("I1 borrowed", "values borrowed", Task::InjectByReference(spans())).goal(5.0, 105.0),
        one("W5", "E1, then forward", Task::Forward(usual)),
    ]
}

fn members() -> Vec<Work> {
    let one = |id, title, task| Work::new(Family::Members, id, title, task);
    let values = |number| {
        [
            ("userId", "Amélie".to_owned()),
            ("session", fixture::digits(number)),
            ("isProduction", "false".to_owned()),
        ]
    };
    vec![
        one(
            "B read",
            "3 members, decoded",
            Task::ReadBaggage(records(|number| keep(fixture::baggage(number)))),
        ),
        one("B build", "3 members, encoded", Task::BuildBaggage(records(values))),
        one(
            "T update",
            "one of 32 members",
            Task::UpdateMember(records(|number| keep(fixture::long_tracestate(number)))),
        ),
        one(
            "T in place",
            "T update, and one deleted",
            Task::UpdateAndDelete(records(|number| keep(fixture::long_tracestate(number)))),
        ),
        one("copy", "a span with its tracestate", Task::Copy(records(fixture::span))),
    ]
}

fn rejected() -> Vec<Work> {
    let work = |malformed: malformed::Malformed| {
        let id = format!("{} {}", malformed.header, malformed.rule);
        let task = Task::Extract(malformed.records);
        Work { rule: Some(malformed.rule), ..Work::new(Family::Malformed, &id, "", task) }
    };
    malformed::all().into_iter().map(work).collect()
}

fn batches() -> Vec<Work> {
    let one = |size: usize| {
        let records = (0..size).map(|number| fixture::record_with(number, fixture::tracestate)).collect();
        Work::new(Family::Batches, &format!("batch of {size}"), "", Task::Extract(records))
    };
    [1, 10, 100, 1_000, 10_000].map(one).into()
}

/// The goals are twice those of W3C alone, E1 and E4.
fn formats() -> Vec<Work> {
    let one = |id, title, records| Work::new(Family::Formats, id, title, Task::Choose(records));
    vec![
        one("A1", "W3C, all three of 8", records(|number| fixture::record_with(number, fixture::tracestate))),
        one("A2", "one b3 of 8", records(fixture::record_of_b3)).goal(40.0, 904.0),
        one("A3", "Datadog, four of 8", records(fixture::record_of_datadog)),
        one("A4", "none of 8", records(fixture::record_of_others)).goal(8.0, 330.0),
    ]
}
