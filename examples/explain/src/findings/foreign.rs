//! Findings about headers of other formats: alone, or beside a traceparent of another trace.

use super::others::Pass;
use super::{called, names, shown, words};
use crate::advice;
use crate::finding::{Code, Effect, Finding, Other, OtherVerdict};
use crate::formats::Reading;
use crate::meaning::{Meaning, Understood};

impl Pass<'_, '_> {
    /// Finds an id in decimal in a format that writes hexadecimal.
    pub fn decimal(&mut self, index: usize, format: &str, value: &[u8]) {
        let is_decimal_format = matches!(
            format,
            "datadog" | "datastreams" | "newrelic" | "skywalking" | "google_cloud" | "sleuth"
        );
        if !is_decimal_format
            && value.iter().any(u8::is_ascii_digit)
            && (17..=41).contains(&value.len())
            && value.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'"' | b'-' | b':'))
            && let Some(Understood { meaning: Meaning::Decimal, value, .. }) = self.meaning(value)
        {
            let text = format!(
                "{} contains an id in decimal digits; in hexadecimal it is {}.",
                called(self.record, index),
                shown(&value)
            );
            let fix = format!(
                "{} writes ids in hexadecimal: write them that way, with leading zeros. Decimal digits \
                 that are read as hexadecimal give another id.",
                advice::format_name(format)
            );
            let effect = if self.parent.is_some() { Effect::Differs } else { Effect::Breaks };
            self.once(Finding::new(Code::DecimalIds, effect, text, fix).at(index));
        }
    }

    /// Reports the content of another format.
    pub fn format(&mut self, reading: &Reading) {
        let Reading { other, header, layers, refusal } = reading;
        let (index, name) = (*header, advice::format_name(other.format));
        if !layers.is_empty() {
            let effect = if self.parent.is_some() { Effect::Differs } else { Effect::Breaks };
            let text =
                format!("{} is {} around a value of {name}.", called(self.record, index), words(layers));
            self.push(
                Finding::new(Code::Encoded, effect, text, super::fixes(layers))
                    .at(index)
                    .under(names(layers), None),
            );
        }
        let Some(parent) = self.parent else { return self.format_alone(reading) };
        let Some(trace_id) = &other.trace_id else {
            if other.format == "sleuth" {
                let text = format!(
                    "{} is baggage in the form of {name}, which readers of W3C do not see.",
                    called(self.record, index)
                );
                self.push(
                    Finding::new(Code::OtherFormat, Effect::Differs, text, advice::format(other.format))
                        .at(index)
                        .of(other.clone()),
                );
            }
            return;
        };
        let ours = parent.trace_id.to_string();
        // A format with trace ids of 64 bits has only the right half.
        let is_same =
            *trace_id == ours || trace_id.starts_with("0000000000000000") && trace_id[16..] == ours[16..];
        if refusal.is_none() && !is_same {
            self.conflict(index, other, trace_id, &ours);
        }
    }

    /// Reports a format that names another trace than the traceparent does.
    fn conflict(&mut self, index: usize, other: &Other, theirs: &str, ours: &str) {
        let (called, name) = (called(self.record, index), advice::format_name(other.format));
        let (effect, text, fix) = match other.format {
            "cloudevents" => (
                Effect::Hint,
                format!(
                    "{called} names trace {theirs}, the origin of the event, and traceparent names trace {ours}, \
                     which counts."
                ),
                "CloudEvents keeps the origin of an event, which is a link, not a parent. If both should be the \
                 same, have the producer inject both from one span.",
            ),
            _ => (
                Effect::Differs,
                format!(
                    "{called} names trace {theirs} in the format of {name}, and traceparent names trace {ours}: a \
                     consumer that reads {name} continues the other trace."
                ),
                "One of them is stale: have every hop that writes traceparent replace or remove the other format's \
                 headers too.",
            ),
        };
        self.push(Finding::new(Code::Conflict, effect, text, fix).at(index).of(other.clone()));
    }

    /// Reports a format in a record without an accepted traceparent.
    fn format_alone(&mut self, Reading { other, header, refusal, .. }: &Reading) {
        let (called, name) = (called(self.record, *header), advice::format_name(other.format));
        let text = match (&other.trace_id, refusal) {
            _ if other.format == "sleuth" => format!("{called} is baggage in the form of {name}."),
            _ if other.format == "cloudevents" => {
                format!("{called} is the origin of an event in CloudEvents, which is not the parent.")
            }
            (Some(trace_id), _) => format!("{called} carries trace {trace_id} in the format of {name}."),
            (None, Some((rule, sentence))) => {
                format!("{called} is refused as a header of {name}: {sentence} [{rule}].")
            }
            (None, None) if other.verdict == OtherVerdict::Accepted => {
                format!("{called} carries a sampling decision in the format of {name}, and no trace.")
            }
            (None, None) if other.format == "datastreams" => {
                format!("{called} is {name}, which names no span.")
            }
            (None, None) => format!("{called} carries a trace in the format of {name}."),
        };
        let effect = match other.format {
            "sleuth" => Effect::Differs,
            "datastreams" => Effect::Hint,
            _ => Effect::Breaks,
        };
        let finding = Finding::new(Code::OtherFormat, effect, text, advice::format(other.format))
            .at(*header)
            .of(other.clone());
        self.findings.push(Finding { rule: refusal.as_ref().map(|(rule, _)| *rule), ..finding });
    }
}
