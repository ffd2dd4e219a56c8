//! The outcome of extracting a record's headers.

use crate::record::{Record, extract_record, inject_record};
use crate::{Buffer, Watch};
use tracebaton::{
    Baggage, BaggageMember, BaggageValue, Extracted, Injection, SpanId, TraceParent, TraceState, Verdict,
};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

pub(crate) fn extract(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    watch: &mut impl Watch,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let record = Record::read(arguments)?;
    let child_span_id = SpanId::from_hex(arguments.bytes()?)?;
    let extracted = watch.extract(|| extract_record(record.as_slice()));
    compare(&extracted, buffer, outcome)?;
    after("forward", &record, &extracted.forward(), watch, outcome);
    match extracted.context().child(child_span_id) {
        Some(child) => after("child", &record, &child.injection(), watch, outcome),
        None => _ = outcome.field("child").is(Atom::Null),
    }
    Some(())
}

/// The buffer is enough for the lists of every row; a longer list is refused whatever its size.
pub(crate) fn extract_joined(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    watch: &mut impl Watch,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let record = Record::read(arguments)?;
    let mut joined = [0; 1024];
    let extracted = tracebaton::extract_joined(record.as_slice().iter().copied(), &mut joined);
    compare(&extracted, buffer, outcome)?;
    after("forward", &record, &extracted.forward(), watch, outcome);
    Some(())
}

fn compare(extracted: &Extracted<'_>, buffer: &mut Buffer, outcome: &mut Comparison<'_>) -> Option<()> {
    let paths = ["traceparent.verdict", "traceparent.index", "traceparent.rule", "traceparent.offset"];
    verdict(&extracted.traceparent, |error| (error.rule.name(), error.offset), paths, outcome);
    if let Some(parent) = extracted.traceparent.accepted() {
        traceparent(&parent, outcome);
    }
    let paths = ["tracestate.verdict", "tracestate.index", "tracestate.rule", "tracestate.offset"];
    verdict(&extracted.tracestate, |error| (error.rule.name(), error.offset), paths, outcome);
    if let Some(state) = extracted.tracestate.accepted() {
        tracestate(&state, outcome);
    }
    let paths = ["baggage.verdict", "baggage.index", "baggage.rule", "baggage.offset"];
    verdict(&extracted.baggage, |error| (error.rule.name(), error.offset), paths, outcome);
    if let Some(accepted) = extracted.baggage.accepted() {
        baggage(&accepted, buffer, outcome)?;
    }
    Some(())
}

fn verdict<T, E>(
    verdict: &Verdict<T, E>,
    violation: impl FnOnce(&E) -> (&'static str, usize),
    [path, index_path, rule_path, offset_path]: [&str; 4],
    outcome: &mut Comparison<'_>,
) {
    let (name, index) = match verdict {
        Verdict::Absent => ("absent", None),
        Verdict::Accepted { index, .. } => ("accepted", Some(*index)),
        Verdict::Refused { index, error, .. } => {
            let (rule, offset) = violation(error);
            outcome.field(rule_path).is(Atom::Bytes(rule.as_bytes()));
            outcome.field(offset_path).is(size(offset));
            ("refused", Some(*index))
        }
    };
    outcome.field(path).is(Atom::Bytes(name.as_bytes()));
    if let Some(index) = index {
        outcome.field(index_path).is(size(index));
    }
}

pub(crate) fn size(size: usize) -> Atom<'static> {
    i64::try_from(size).map_or(Atom::Null, Atom::Integer)
}

fn traceparent(parent: &TraceParent, outcome: &mut Comparison<'_>) {
    let flags = parent.trace_flags;
    outcome.field("traceparent.version").is(Atom::Integer(parent.version().into()));
    outcome.field("traceparent.trace_id").is(Atom::Bytes(&parent.trace_id.to_hex()));
    outcome.field("traceparent.span_id").is(Atom::Bytes(&parent.parent_id.to_hex()));
    outcome.field("traceparent.flags").is(Atom::Bytes(&[b'0', b'0' + flags.to_byte()]));
    outcome.field("traceparent.sampled").is(Atom::Bool(flags.is_sampled()));
    outcome.field("traceparent.random").is(Atom::Bool(flags.is_random()));
}

fn tracestate(state: &TraceState<'_>, outcome: &mut Comparison<'_>) {
    outcome.field("tracestate.members").is(Atom::Open);
    for member in state.members() {
        outcome.is(Atom::Bytes(member.key)).is(Atom::Bytes(member.value));
    }
    outcome.is(Atom::Close);
    if state.members().count() != state.len() {
        outcome.refuse("the tracestate has another count of members than it reports");
    }
}

fn baggage(baggage: &Baggage<'_>, buffer: &mut Buffer, outcome: &mut Comparison<'_>) -> Option<()> {
    outcome.field("baggage.members").is(Atom::Open);
    let mut members = baggage.members();
    for member in members.by_ref() {
        outcome.is(Atom::Bytes(member.key())).is(decoded(member.value(), buffer)?);
        properties(&member, buffer, outcome)?;
    }
    outcome.is(Atom::Close);
    outcome.field("baggage.skipped").is(size(members.skipped()));
    Some(())
}

fn properties(member: &BaggageMember<'_>, buffer: &mut Buffer, outcome: &mut Comparison<'_>) -> Option<()> {
    outcome.is(Atom::Open);
    for property in member.properties() {
        outcome.is(Atom::Bytes(property.key()));
        match property.value() {
            Some(value) => outcome.is(decoded(value, buffer)?),
            None => outcome.is(Atom::Null),
        };
    }
    outcome.is(Atom::Close);
    Some(())
}

pub(crate) fn decoded<'b>(value: BaggageValue<'_>, buffer: &'b mut Buffer) -> Option<Atom<'b>> {
    value.decode_into(buffer).map(|text| Atom::Bytes(text.as_bytes()))
}

/// The headers after an injection into a record with unlimited room.
fn after(
    path: &str,
    record: &Record<'_>,
    injection: &Injection<'_>,
    watch: &mut impl Watch,
    outcome: &mut Comparison<'_>,
) {
    let mut record = record.clone();
    match watch.inject(|| inject_record(injection, &mut record)) {
        Ok(_) => record.compare(path, outcome),
        Err(_) => outcome.refuse("no context could be injected into the record"),
    }
}
