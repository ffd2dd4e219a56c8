//! Findings about the header `traceparent`: why it is refused, and what is unusual about an accepted one.

use super::{called, fixes, names, not_read, ours, refusal, shown, words};
use crate::advice;
use crate::escape::Escaped;
use crate::finding::{Code, Effect, Finding, Text};
use crate::formats;
use crate::meaning::{self, Meaning, Understood};
use crate::peel;
use crate::record::Record;
use tracebaton::{Extracted, HeaderName, TraceParent, TraceParentError, Verdict};

pub fn findings(record: &Record, extracted: &Extracted<'_>, findings: &mut Vec<Finding>) {
    match &extracted.traceparent {
        Verdict::Refused { index, error, .. } => refused(record, *index, error, findings),
        Verdict::Absent => findings.extend(null(record)),
        Verdict::Accepted { index, value, .. } => accepted(record, *index, value, findings),
    }
    let fix = "The producer appended headers, as in a retry or a relay: have it replace the existing \
        headers.";
    findings.extend(not_read(record, HeaderName::TraceParent, Effect::Differs, fix));
}

fn refused(record: &Record, index: usize, error: &TraceParentError, findings: &mut Vec<Finding>) {
    let value = record.header(index).and_then(|header| header.value).unwrap_or_default();
    let refusal = refusal(record, index, error.rule, error.rule.name(), error.offset);
    match meaning::of(value) {
        Some(understood) => explain(&understood, index, &refusal, Some(error.rule.name()), findings),
        None if peel::is_lost(value) => {
            let layer = peel::Layer::JavaArray;
            let finding = Finding::new(
                Code::Encoded,
                Effect::Breaks,
                format!("{refusal} It is {}.", layer.meaning()),
                advice::layer(layer),
            );
            findings.push(finding.at(index).under(vec![layer.name()], None).by(error.rule.name()));
        }
        None => {
            let fix = advice::refused_parent(value, error.rule);
            findings.push(
                Finding::new(Code::Refused, Effect::Breaks, refusal, fix).at(index).by(error.rule.name()),
            );
        }
    }
}

/// Explains a value that is not a traceparent: a finding, and another one for the layers around it.
pub fn explain(
    understood: &Understood,
    index: usize,
    sentence: &str,
    rule: Option<&'static str>,
    findings: &mut Vec<Finding>,
) {
    let Understood { layers, value, meaning } = understood;
    let value = shown(value);
    let fix = fixes(layers);
    let finding = |code, text: String, fix: Text| {
        let finding = Finding::new(code, Effect::Breaks, text, fix).at(index);
        Finding { rule, ..finding }
    };
    let encoded = |fix: Text, value: Option<String>| {
        let text = format!("{sentence} It is {} around {}.", words(layers), described(meaning));
        finding(Code::Encoded, text, fix).under(names(layers), value)
    };
    match meaning {
        Meaning::Parent => findings.push(encoded(fix, Some(value))),
        Meaning::Mended(mistakes) if layers.is_empty() => {
            findings.push(
                finding(Code::Refused, sentence.to_owned(), mistakes.join(" ").into())
                    .under(Vec::new(), value),
            );
        }
        Meaning::Mended(mistakes) => {
            findings.push(encoded(format!("{fix} {}", mistakes.join(" ")).into(), Some(value)))
        }
        _ => {
            let (code, text, fix) = other(meaning, &value);
            let other = match meaning {
                Meaning::Format(format) => Some(formats::of_value(format, &understood.value)),
                _ => None,
            };
            let found =
                finding(code, format!("{sentence} {text}"), fix.into()).under(names(layers), value.clone());
            findings.push(Finding { other, ..found });
            if !layers.is_empty() {
                findings.push(encoded(fixes(layers), None));
            }
        }
    }
}

/// The kind of the value under the layers, in words.
fn described(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Parent => "a valid traceparent".to_owned(),
        Meaning::Mended(_) => "a traceparent with a mistake".to_owned(),
        Meaning::Joined => "several traceparents".to_owned(),
        Meaning::Decimal => "ids in decimal".to_owned(),
        Meaning::BareId => "an id alone".to_owned(),
        Meaning::Format(format) => format!("a value of {}", advice::format_name(format)),
    }
}

/// Code, sentence and advice for a value that is not a traceparent even without its layers.
fn other(meaning: &Meaning, value: &str) -> (Code, String, &'static str) {
    match meaning {
        Meaning::Decimal => (
            Code::DecimalIds,
            format!("An id is written in decimal digits; in hexadecimal it is {value}."),
            "Write ids in hexadecimal: 32 digits for the trace and 16 for the span, with leading zeros. \
             Decimal digits that are read as hexadecimal give another id.",
        ),
        Meaning::BareId => (
            Code::BareId,
            "It is an id alone, without the rest of a traceparent.".to_owned(),
            "Write all four fields, 00-<trace-id>-<parent-id>-<trace-flags>: have the producer's propagator inject them.",
        ),
        Meaning::Format(format) => (
            Code::OtherFormat,
            format!("It looks like a value of {}.", advice::format_name(format)),
            advice::format(format),
        ),
        _ => (
            Code::Joined,
            "Several values are joined by a comma.".to_owned(),
            "Send one header with one value: HTTP joins headers, but Kafka does not.",
        ),
    }
}

fn null(record: &Record) -> Option<Finding> {
    let is_parent =
        |header: &tracebaton::Header<'_>| HeaderName::of(header.name) == Some(HeaderName::TraceParent);
    let index = record.headers().position(|header| is_parent(&header))?;
    debug_assert!(ours(record, HeaderName::TraceParent).next().is_none());
    let text = format!("{} is null, which counts as absent.", called(record, index));
    let fix = "Have the producer write the value, or leave the header out. A failed conversion often \
        leaves a null.";
    Some(Finding::new(Code::NullValue, Effect::Breaks, text, fix).at(index))
}

fn accepted(record: &Record, index: usize, parent: &TraceParent, findings: &mut Vec<Finding>) {
    if !parent.trace_flags.is_sampled() {
        let text = "The sampled flag is off: a consumer whose sampler follows its parent records nothing.";
        let fix = "If the trace should be recorded, check the sampler of the service that started it.";
        findings.push(Finding::new(Code::NotSampled, Effect::Hint, text, fix).at(index));
    }
    let name = record.header(index).map_or(&b""[..], |header| header.name);
    if name != HeaderName::TraceParent.as_bytes() {
        let text = format!(
            "Header {index} is named {}: letter case does not matter here, but it does for many consumers.",
            Escaped(name)
        );
        let fix = "Have the producer write the name traceparent in lower case.";
        findings.push(Finding::new(Code::LetterCase, Effect::Differs, text, fix).at(index));
    }
    if parent.version() > 0 {
        let version = parent.version();
        let text = format!(
            "The version is {version:02x}: the fields of version 00 are read, and the rest is ignored."
        );
        let fix = "Some consumers refuse every version but 00: have the producer write that.";
        findings.push(Finding::new(Code::Version, Effect::Differs, text, fix).at(index));
    }
}
