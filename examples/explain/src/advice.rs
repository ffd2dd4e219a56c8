//! Why the trace of a record is broken, in words, and what to do about it.

use crate::escape::{Escaped, EscapedChars, Excerpt};
use crate::foreign;
use crate::record::Record;
use crate::repair::{self, Repair};
use crate::verdicts::{Explanation, skipped};
use std::fmt::{Display, Write};
use tracebaton::{Baggage, Header, HeaderName, TraceParent, TraceParentError, Verdict};

/// One thing that is wrong or noteworthy about a record.
pub struct Finding {
    /// What it means for the trace.
    pub effect: Effect,
    /// What it is.
    pub what: String,
    /// What to do about it; empty if nothing.
    pub next: String,
}

/// What a finding means for the trace.
#[derive(Clone, Copy, PartialEq)]
pub enum Effect {
    /// It breaks here, or is not recorded.
    Breaks,
    /// It breaks for some consumers, where implementations differ.
    Differs,
    /// It goes on.
    None,
}

fn finding(effect: Effect, what: impl Into<String>, next: impl Into<String>) -> Finding {
    Finding { effect, what: what.into(), next: next.into() }
}

/// At most so many headers of a kind are named.
const NAMED: usize = 4;
/// At most so many members of a baggage are shown, and so many characters of each value.
const MEMBERS: usize = 8;
const VALUE_CHARS: usize = 40;

/// Everything that there is to say about a record, what matters most first.
pub fn findings(record: &Record, explanation: &Explanation<'_>) -> Vec<Finding> {
    let mut findings = match &explanation.extracted.traceparent {
        Verdict::Refused { index, error, .. } => vec![refused_parent(record, *index, error)],
        Verdict::Absent => absent_parent(record),
        Verdict::Accepted { index, value, .. } => accepted_parent(record, *index, value),
    };
    findings.extend(duplicates(record));
    findings.extend(tracestate(record, explanation));
    findings.extend(baggage(record, explanation));
    findings
}

fn value_of(record: &Record, index: usize) -> &[u8] {
    record.headers().nth(index).and_then(|header| header.value).unwrap_or_default()
}

/// What is refused, by which rule, and the byte where it shows.
fn refusal(record: &Record, index: usize, sentence: impl Display, rule: &str, offset: usize) -> String {
    let name = record.headers().nth(index).map_or(&b""[..], |header| header.name);
    let byte = match value_of(record, index).get(offset) {
        None => format!("the value ends at byte {offset}"),
        Some(b' ') => format!("byte {offset} is a space"),
        Some(byte) => format!("byte {offset} is {}", Escaped(&[*byte])),
    };
    format!("Header {index}, {}, is refused: {sentence}; {byte} [{rule}].", Escaped(name))
}

fn refused_parent(record: &Record, index: usize, error: &TraceParentError) -> Finding {
    let value = value_of(record, index);
    let next = match Repair::of(value) {
        Some(Repair { value, advice }) => {
            format!("{} It would then be accepted: {}", advice.join(" "), Escaped(&value))
        }
        None => repair::general_advice(value, error.rule).into(),
    };
    finding(Effect::Breaks, refusal(record, index, error.rule, error.rule.name(), error.offset), next)
}

fn absent_parent(record: &Record) -> Vec<Finding> {
    let mut findings: Vec<_> = null_parent(record).into_iter().collect();
    findings.extend(near_misses(record).take(NAMED));
    findings.extend(other_formats(record));
    if findings.is_empty() {
        findings.push(nothing_found(record));
    }
    findings
}

fn nothing_found(record: &Record) -> Finding {
    match record.headers().next() {
        None => finding(
            Effect::Breaks,
            "The record has no headers at all.",
            "See that its producer injects the context, and that every relay on the way copies headers; a topic kept in a \
             message format older than Kafka 0.11 loses them.",
        ),
        Some(_) => finding(
            Effect::Breaks,
            "No header is named traceparent.",
            "See that its producer injects the context before it sends the record, and that every relay on the way copies \
             all headers.",
        ),
    }
}

fn null_parent(record: &Record) -> Option<Finding> {
    let is_parent = |header: Header<'_>| HeaderName::of(header.name) == Some(HeaderName::TraceParent);
    let index = record.headers().position(is_parent)?;
    Some(finding(
        Effect::Breaks,
        format!("Header {index}, traceparent, is null, which counts as absent."),
        "Have the producer write the value, or leave the header out: a null is what a failed conversion leaves behind.",
    ))
}

/// Headers whose names are not traceparent, though they were meant so.
fn near_misses(record: &Record) -> impl Iterator<Item = Finding> {
    record.headers().enumerate().filter_map(|(index, header)| {
        let name = Excerpt::beginning(header.name, 40);
        if foreign::is_cloud_events(header.name) {
            return Some(finding(
                Effect::Breaks,
                format!("Header {index}, {name}, is where CloudEvents keeps an event's origin, which is no parent."),
                "Have the producer inject traceparent as well.",
            ));
        }
        let is_near = foreign::meant(header.name) == Some(HeaderName::TraceParent);
        let is_good = header.value.is_some_and(|value| TraceParent::parse(value).is_ok());
        is_near.then(|| {
            finding(
                Effect::Breaks,
                format!("Header {index} is named \"{name}\", which is not traceparent."),
                format!(
                    "Have the producer write the name traceparent, these 11 letters and no more.{}",
                    if is_good { " The value is in order." } else { "" }
                ),
            )
        })
    })
}

fn other_formats(record: &Record) -> Vec<Finding> {
    let mut formats = Vec::new();
    let mut findings = Vec::new();
    for (index, header) in record.headers().enumerate() {
        let Some(format) = foreign::format_of(header.name).filter(|format| !formats.contains(format)) else {
            continue;
        };
        formats.push(format);
        findings.push(finding(
            Effect::Breaks,
            format!("Header {index}, {}, carries a trace in the format of {format}.", Excerpt::beginning(header.name, 40)),
            "Have the producer write W3C, alone or as well: OTEL_PROPAGATORS=tracecontext,baggage, or its tracer's own \
             setting.",
        ));
    }
    findings
}

fn accepted_parent(record: &Record, index: usize, parent: &TraceParent) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !parent.trace_flags.is_sampled() {
        findings.push(finding(
            Effect::Breaks,
            "The sampled flag is off: a consumer whose sampler follows its parent records nothing.",
            "If the trace should be seen, look at the sampler of the service that began it.",
        ));
    }
    let name = record.headers().nth(index).map_or(&b""[..], |header| header.name);
    if name != HeaderName::TraceParent.as_bytes() {
        findings.push(finding(
            Effect::Differs,
            format!(
                "Header {index} is named {}: letter case does not matter here, but to many consumers it does.",
                Escaped(name)
            ),
            "Have the producer write the name traceparent in lower case.",
        ));
    }
    if parent.version() > 0 {
        let version = parent.version();
        findings.push(finding(
            Effect::Differs,
            format!("The version is {version:02x}: what version 00 has is read, the rest is not."),
            "Some consumers refuse every version but 00: have the producer write that.",
        ));
    }
    findings
}

fn duplicates(record: &Record) -> Option<Finding> {
    let is_parent = |header: &Header<'_>| HeaderName::of(header.name) == Some(HeaderName::TraceParent);
    let mut values = record.headers().filter(is_parent).filter_map(|header| header.value);
    let count = values.clone().count();
    let first = values.next()?;
    values.any(|value| value != first).then(|| {
        finding(
            Effect::Differs,
            format!(
                "{count} headers are named traceparent, with different values: the last counts here, but some consumers \
                 read the first."
            ),
            "Whoever sends the record appends, as retries and relays do: have it replace the headers that are there.",
        )
    })
}

fn tracestate(record: &Record, explanation: &Explanation<'_>) -> Option<Finding> {
    match &explanation.extracted.tracestate {
        Verdict::Refused { index, error, .. } => Some(finding(
            Effect::None,
            refusal(record, *index, error.rule, error.rule.name(), error.offset),
            "The trace goes on without tracestate. Write key=value between commas, at most 32: keys of a-z 0-9 _ - * / @, \
             values of printable ASCII without , and =, each of 1 to 256 bytes.",
        )),
        Verdict::Absent if explanation.child.is_none() => {
            let is_state = |header: Header<'_>| HeaderName::of(header.name) == Some(HeaderName::TraceState);
            let index = record.headers().position(is_state)?;
            let what = format!(
                "Header {index}, tracestate, is read only together with a traceparent that is accepted."
            );
            Some(finding(Effect::None, what, ""))
        }
        _ => None,
    }
}

fn baggage(record: &Record, explanation: &Explanation<'_>) -> Option<Finding> {
    let (what, next) = match &explanation.extracted.baggage {
        Verdict::Refused { index, error, .. } => (
            refusal(record, *index, error.rule, error.rule.name(), error.offset),
            "The baggage is lost, the trace is not. Percent-encode control bytes (a line feed is %0A), and send at most 8192 \
             bytes.",
        ),
        Verdict::Accepted { value, .. } if skipped(value) > 0 => (
            format!(
                "Malformed members of the baggage are skipped, {} in all: {}.",
                skipped(value),
                malformed(value)
            ),
            "Write key=value;property between commas: keys are tokens, and in values a space (%20), \" , ; \\ and all that is \
             not ASCII are percent-encoded.",
        ),
        _ => return None,
    };
    Some(finding(Effect::None, what, next))
}

/// The first malformed members.
fn malformed(baggage: &Baggage<'_>) -> String {
    let is_malformed = |part: &&[u8]| Baggage::parse(part).is_ok_and(|member| skipped(&member) > 0);
    let parts = baggage.as_bytes().split(|byte| *byte == b',').filter(is_malformed).take(NAMED);
    let parts: Vec<_> =
        parts.map(|part| format!("\"{}\"", Excerpt::beginning(part.trim_ascii(), 40))).collect();
    parts.join(", ")
}

/// What a consumer of the record does.
pub fn consumer(explanation: &Explanation<'_>) -> String {
    let context = explanation.extracted.context();
    let mut text = match context.span_context {
        None => "finds no parent: its span begins a new trace".to_owned(),
        Some(parent) => {
            let sampled = if parent.trace_flags.is_sampled() { "sampled" } else { "not sampled" };
            format!("continues trace {}, {sampled}, below span {}", parent.trace_id, parent.span_id)
        }
    };
    let mut members = context.baggage.members();
    for (place, member) in members.by_ref().take(MEMBERS).enumerate() {
        let value = EscapedChars(member.value().chars().take(VALUE_CHARS));
        let more = if member.value().chars().nth(VALUE_CHARS).is_some() { "..." } else { "" };
        let separator = if place == 0 { ", with baggage" } else { "," };
        let _ = write!(text, "{separator} {} = {value}{more}", Excerpt::beginning(member.key(), 40));
    }
    match members.count() {
        0 => {}
        more => {
            let _ = write!(text, ", and {more} more");
        }
    }
    text
}
