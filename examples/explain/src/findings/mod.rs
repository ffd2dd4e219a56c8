//! All findings in a record, most important first, from one pass over its headers, whatever the verdicts are.

mod foreign;
mod lists;
mod others;
mod parent;
mod payload;
mod repeated;

pub use lists::skipped;
pub use repeated::Repeated;

use crate::advice;
use crate::escape::{Escaped, Excerpt};
use crate::finding::{Code, Effect, Finding, Text};
use crate::names::{Role, role};
use crate::record::Record;
use std::fmt::Display;
use tracebaton::{Extracted, HeaderName, Verdict};

/// Maximum count of findings of one kind.
const NAMED: usize = 4;
/// Maximum count of characters of a name, and of a value, in a sentence.
const NAME_CHARS: usize = 40;
const VALUE_CHARS: usize = 120;

/// The findings in a record, which was parsed from `text`.
pub fn of(record: &Record, text: &[u8], extracted: &Extracted<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    parent::findings(record, extracted, &mut findings);
    let is_cloud_event = others::findings(record, extracted, &mut findings);
    lists::findings(record, extracted, &mut findings);
    payload::findings(record, text, extracted, is_cloud_event, &mut findings);
    let explains = |finding: &Finding| finding.effect == Effect::Breaks && !is_about_list(record, finding);
    let is_clean = findings.iter().all(|finding| finding.effect == Effect::Hint);
    match &extracted.traceparent {
        Verdict::Absent if !findings.iter().any(explains) => findings.insert(0, nothing(record)),
        Verdict::Accepted { value, index, .. } if value.trace_flags.is_sampled() && is_clean => {
            findings.push(connected(*index))
        }
        _ => {}
    }
    findings
}

fn connected(index: usize) -> Finding {
    Finding::new(
        Code::Connected,
        Effect::Hint,
        "The traceparent is valid: a consumer that reads it continues the trace.",
        advice::CONNECTED,
    )
    .at(index)
}

fn nothing(record: &Record) -> Finding {
    match &record.members {
        _ if record.count() > 0 => Finding::new(
            Code::NoTraceparent,
            Effect::Breaks,
            "No header is named traceparent.",
            advice::INJECT,
        ),
        Some(members) => Finding::new(
            Code::NoHeadersMember,
            Effect::Breaks,
            format!(
                "No member of this input contains headers; its members are {}.",
                Excerpt::beginning(members.as_bytes(), VALUE_CHARS)
            ),
            advice::PRINT_HEADERS,
        ),
        None => Finding::new(
            Code::NoHeaders,
            Effect::Breaks,
            "The record has no headers at all.",
            advice::NO_HEADERS,
        ),
    }
}

/// Whether a finding is about tracestate or baggage, so that it does not explain a missing parent.
fn is_about_list(record: &Record, finding: &Finding) -> bool {
    let header = finding.header.and_then(|index| record.header(index));
    header.is_some_and(|header| match role(header.name) {
        Role::Ours(name) | Role::Near(name) => name != HeaderName::TraceParent,
        _ => false,
    })
}

/// A header as the subject of a sentence: `Header 3, traceparent,`.
fn called(record: &Record, index: usize) -> String {
    let name = record.header(index).map_or(&b""[..], |header| header.name);
    format!("Header {index}, {},", Excerpt::beginning(name, NAME_CHARS))
}

/// An excerpt of a value for a sentence.
fn shown(value: &[u8]) -> String {
    Excerpt::beginning(value, VALUE_CHARS)
}

/// A sentence about a refused header: the broken rule, and the byte at fault.
fn refusal(record: &Record, index: usize, sentence: impl Display, rule: &str, offset: usize) -> String {
    let value = record.header(index).and_then(|header| header.value).unwrap_or_default();
    let byte = match value.get(offset) {
        None => format!("the value ends at byte {offset}"),
        Some(b' ') => format!("byte {offset} is a space"),
        Some(byte) => format!("byte {offset} is {}", Escaped(&[*byte])),
    };
    format!("{} is refused: {sentence}; {byte} [{rule}].", called(record, index))
}

/// The headers with one of the three names and a non-null value.
fn ours(record: &Record, name: HeaderName) -> impl Iterator<Item = (usize, &[u8])> {
    record.headers().enumerate().filter_map(move |(index, header)| {
        header.value.filter(|_| HeaderName::of(header.name) == Some(name)).map(|value| (index, value))
    })
}

/// Reports earlier headers of a name that differ from the last one.
fn not_read(record: &Record, name: HeaderName, effect: Effect, fix: &'static str) -> Option<Finding> {
    let (_, last) = ours(record, name).last()?;
    let (first, _) = ours(record, name).find(|(_, value)| *value != last)?;
    let count = ours(record, name).count();
    let name = Escaped(name.as_bytes());
    let text = format!(
        "{count} headers are named {name}, with different values: the last counts here, but some \
         consumers read the first, or all."
    );
    Some(Finding::new(Code::NotRead, effect, text, fix).at(first))
}

/// Names of layers in JSON.
fn names(layers: &[crate::peel::Layer]) -> Vec<&'static str> {
    layers.iter().map(|layer| layer.name()).collect()
}

/// Layers in words, from outside in.
fn words(layers: &[crate::peel::Layer]) -> String {
    let words: Vec<_> = layers.iter().map(|layer| layer.meaning()).collect();
    words.join(", around ")
}

/// Advice about layers, each one once.
fn fixes(layers: &[crate::peel::Layer]) -> Text {
    if let [layer] = layers {
        return advice::layer(*layer).into();
    }
    let mut fixes: Vec<&str> = Vec::new();
    for layer in layers {
        let fix = advice::layer(*layer);
        if !fixes.contains(&fix) {
            fixes.push(fix);
        }
    }
    fixes.join(" ").into()
}
