//! The codec through its Rust API.

use super::{Kind, Subject};
use crate::cell::{Buffer, Cell, Outcome};
use crate::fixture::Record;
use crate::works::{DELETED_KEY, NEW_VALUE, Task, UPDATED_KEY};
use std::hint::black_box;
use tracebaton::formats::{Choice, Format, choose};
use tracebaton::{
    Baggage, BaggageBuilder, Context, Extracted, Injection, OwnedContext, SpanContext, TraceParent,
    TraceParentError, TraceState, TraceStateBuilder, TraceStateError, Verdict, Violation, extract_slice,
};

/// W3C first, as in a migration.
const EVERY_FORMAT: [Format; 8] = [
    Format::TraceContext,
    Format::B3,
    Format::B3Multi,
    Format::Jaeger,
    Format::Datadog,
    Format::Elastic,
    Format::Instana,
    Format::Xray,
];

pub const SUBJECT: Subject =
    Subject { name: "tracebaton, Rust", kind: Kind::Ours, remark: "", partly: &[], cell };

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Parse(values) => Cell::new(values.clone(), parse, show_parsed),
        Task::Format(spans) => Cell::new(spans.clone(), format, |value, _| written(value)),
        Task::Extract(records) => Cell::new(records.clone(), extract_one, |found, _| show_extracted(found)),
        Task::Choose(records) => Cell::new(records.clone(), choose_one, |choice, _| show_chosen(choice)),
        Task::Forward(records) => Cell::new(records.clone(), forward, |sent, _| show_injection(sent)),
        Task::Inject(spans) => Cell::new(contexts(spans), inject, show_written),
        Task::InjectByReference(spans) => {
            Cell::new(contexts(spans), inject_by_reference, |sent, _| show_injection(sent))
        }
        Task::ReadBaggage(values) => Cell::new(values.clone(), read_baggage, show_members),
        Task::BuildBaggage(values) => {
            Cell::new(values.clone(), build_baggage, |length, buffer| show_baggage(&buffer[..*length]))
        }
        Task::UpdateMember(lists) => Cell::new(parsed(lists), update, show_written),
        Task::UpdateAndDelete(lists) => Cell::new(parsed(lists), update_and_delete, show_written),
        Task::Copy(spans) => Cell::new(contexts(spans), copy, |copy, _| show_copy(copy)),
    })
}

fn contexts(spans: &[SpanContext<'static>]) -> Vec<Context<'static>> {
    spans.iter().map(|span| Context::from(*span)).collect()
}

fn parsed(lists: &[&'static str]) -> Vec<TraceState<'static>> {
    let list = |list: &&'static str| TraceState::parse(list.as_bytes()).expect("valid");
    lists.iter().map(list).collect()
}

fn parse(value: &&'static str, _: &mut Buffer) -> Result<TraceParent, TraceParentError> {
    TraceParent::parse(value.as_bytes())
}

fn format(span: &SpanContext<'static>, _: &mut Buffer) -> [u8; TraceParent::LENGTH] {
    span.traceparent().format()
}

fn extract_one(record: &'static Record, _: &mut Buffer) -> Extracted<'static> {
    extract_slice(record)
}

fn choose_one(record: &'static Record, _: &mut Buffer) -> Choice<'static> {
    choose(record.iter().copied(), &EVERY_FORMAT)
}

fn forward(record: &'static Record, _: &mut Buffer) -> Injection<'static> {
    extract_slice(record).forward()
}

fn inject(context: &Context<'static>, buffer: &mut Buffer) -> usize {
    let mut length = 0;
    for header in context.injection().headers() {
        let value = header.value.unwrap_or_default();
        buffer[length..][..value.len()].copy_from_slice(value);
        length += value.len();
    }
    length
}

fn inject_by_reference(context: &'static Context<'static>, _: &mut Buffer) -> Injection<'static> {
    let injection = context.injection();
    for header in injection.headers() {
        black_box(header);
    }
    injection
}

/// The keys, and the lengths of the values, which follow each other in the buffer.
type Members = ([(&'static [u8], usize); 3], usize);

fn read_baggage(value: &&'static str, buffer: &mut Buffer) -> Members {
    let (mut members, mut count, mut end) = ([(&[][..], 0); 3], 0, 0);
    let Ok(baggage) = Baggage::parse(value.as_bytes()) else { return (members, 0) };
    for (member, place) in baggage.members().zip(&mut members) {
        let length = member.value().decode_into(&mut buffer[end..]).map_or(0, str::len);
        *place = (member.key(), length);
        (count, end) = (count + 1, end + length);
    }
    (members, count)
}

fn build_baggage(values: &[(&'static str, String); 3], buffer: &mut Buffer) -> usize {
    let mut builder = BaggageBuilder::new(buffer);
    for (key, value) in values {
        let _ = builder.add(key, value);
    }
    builder.finish().as_bytes().len()
}

fn update(state: &TraceState<'static>, buffer: &mut Buffer) -> usize {
    state.insert(UPDATED_KEY, NEW_VALUE, buffer).map_or(0, |state| state.as_bytes().len())
}

fn show_parsed(parsed: &Result<TraceParent, TraceParentError>, _: &Buffer) -> Outcome {
    parsed.as_ref().map_or_else(
        |error| Outcome { refused: Some(error.rule.name().to_owned()), ..Outcome::default() },
        show_parent,
    )
}

fn show_parent(parent: &TraceParent) -> Outcome {
    Outcome {
        trace_id: Some(parent.trace_id.to_bytes()),
        span_id: Some(parent.parent_id.to_bytes()),
        is_sampled: Some(parent.trace_flags.is_sampled()),
        ..Outcome::default()
    }
}

pub fn show_extracted(found: &Extracted<'_>) -> Outcome {
    let rules = [
        refused(&found.traceparent).map(|error| ("traceparent", error.rule.name())),
        refused(&found.tracestate).map(|error| ("tracestate", error.rule.name())),
        refused(&found.baggage).map(|error| ("baggage", error.rule.name())),
    ];
    Outcome {
        tracestate: found.tracestate.accepted().map(|state| state.as_bytes().to_vec()),
        baggage: found.baggage.accepted().map(|baggage| baggage.as_bytes().to_vec()),
        refused: rules.into_iter().flatten().next().map(|(header, rule)| format!("{header} {rule}")),
        ..found.traceparent.accepted().as_ref().map(show_parent).unwrap_or_default()
    }
}

fn refused<T, Rule: Copy>(verdict: &Verdict<T, Violation<Rule>>) -> Option<Violation<Rule>> {
    match verdict {
        Verdict::Refused { error, .. } => Some(*error),
        _ => None,
    }
}

fn show_chosen(choice: &Choice<'_>) -> Outcome {
    let parent = choice.span_context(false);
    Outcome {
        trace_id: parent.map(|parent| parent.trace_id.to_bytes()),
        span_id: parent.map(|parent| parent.span_id.to_bytes()),
        is_sampled: parent.map(|parent| parent.trace_flags.is_sampled()),
        ..Outcome::default()
    }
}

fn show_injection(injection: &Injection<'_>) -> Outcome {
    let values = injection.headers().filter_map(|header| header.value);
    written(&values.collect::<Vec<_>>().concat())
}

fn update_and_delete(state: &TraceState<'static>, buffer: &mut Buffer) -> usize {
    let mut changed = || {
        let mut builder = TraceStateBuilder::from_trace_state(state, buffer)?;
        builder.insert(UPDATED_KEY, NEW_VALUE)?.delete(DELETED_KEY)?;
        Ok::<_, TraceStateError>(builder.finish().as_bytes().len())
    };
    changed().unwrap_or(0)
}

type Copied = Option<OwnedContext<512, 0>>;

fn copy(context: &Context<'static>, _: &mut Buffer) -> Copied {
    OwnedContext::copy(context).ok()
}

fn show_copy(copy: &Copied) -> Outcome {
    let state = copy.as_ref().and_then(|copy| copy.as_borrowed().span_context);
    written(state.map_or(&[], |span| span.trace_state.as_bytes()))
}

pub fn written(bytes: &[u8]) -> Outcome {
    Outcome { written: Some(bytes.to_vec()), ..Outcome::default() }
}

pub fn show_written(length: &usize, buffer: &Buffer) -> Outcome {
    written(&buffer[..*length])
}

fn show_members((members, count): &Members, buffer: &Buffer) -> Outcome {
    let mut rest = &buffer[..];
    let mut read = Vec::new();
    for (key, length) in &members[..*count] {
        let (value, after) = rest.split_at(*length);
        read.push((String::from_utf8_lossy(key).into_owned(), String::from_utf8_lossy(value).into_owned()));
        rest = after;
    }
    members_of(read)
}

/// The members of a written baggage.
pub fn show_baggage(value: &[u8]) -> Outcome {
    let baggage = Baggage::parse(value).unwrap_or_default();
    let text = |key: &[u8]| String::from_utf8_lossy(key).into_owned();
    members_of(baggage.members().map(|member| (text(member.key()), member.value().to_string())).collect())
}

/// The members, sorted.
pub fn members_of(mut members: Vec<(String, String)>) -> Outcome {
    members.sort();
    Outcome { members: Some(members), ..Outcome::default() }
}
