//! The explanation of one record as a line of JSON. Every control and direction mark is escaped.

use super::ascii::Ascii;
use super::values::{Bytes, Digits, Headers, Shown};
use crate::finding::{Finding, Other, Text};
use crate::findings::skipped;
use crate::print::Explanation;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;
use std::io::{self, Write};
use tracebaton::{
    Baggage, BaggageMember, BaggageProperty, BaggageRule, BaggageValue, TraceParent, TraceParentRule,
    TraceState, TraceStateMember, TraceStateRule, Verdict, Violation,
};

/// Writes lines of JSON into a buffer that is used again.
#[derive(Default)]
pub struct Lines {
    line: Vec<u8>,
    /// Fixed texts of findings, already escaped.
    texts: Vec<(&'static str, Box<RawValue>)>,
}

impl Lines {
    /// Writes a line: position, a verdict on each of the three headers, the headers after a relay and a child, and
    /// the findings.
    pub fn write(
        &mut self,
        line: u64,
        explanation: &Explanation<'_>,
        output: &mut impl Write,
    ) -> io::Result<()> {
        let Explanation { record, extracted, forward, child, findings } = explanation;
        for text in findings.iter().flat_map(|finding| [&finding.text, &finding.fix]) {
            self.remember(text)?;
        }
        let line = Line {
            line,
            topic: record.origin.topic.as_deref(),
            partition: record.origin.partition,
            offset: record.origin.offset,
            traceparent: Judged::of(&extracted.traceparent, TraceParentRule::name, Parent::of),
            tracestate: Judged::of(&extracted.tracestate, TraceStateRule::name, State::of),
            baggage: Judged::of(&extracted.baggage, BaggageRule::name, Bag::of),
            forward: Headers { record, injection: *forward },
            child: child.map(|injection| Headers { record, injection }),
            findings: Findings { findings, texts: &self.texts },
        };
        self.line.clear();
        line.serialize(&mut serde_json::Serializer::with_formatter(&mut self.line, Ascii))?;
        self.line.push(b'\n');
        output.write_all(&self.line)
    }

    /// Escapes a fixed text once for all records.
    fn remember(&mut self, text: &Text) -> io::Result<()> {
        if let Text::Borrowed(text) = text
            && written(&self.texts, text).is_none()
        {
            self.texts.push((text, serde_json::value::to_raw_value(text)?));
        }
        Ok(())
    }
}

/// Escaped fixed text. Equal texts have the same address.
fn written<'t>(texts: &'t [(&'static str, Box<RawValue>)], text: &str) -> Option<&'t RawValue> {
    texts.iter().find(|(known, _)| std::ptr::eq(*known, text)).map(|(_, written)| &**written)
}

/// Writes the findings of a record.
struct Findings<'a> {
    findings: &'a [Finding],
    texts: &'a [(&'static str, Box<RawValue>)],
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(|finding| Found { finding, texts: self.texts }))
    }
}

struct Found<'a> {
    finding: &'a Finding,
    texts: &'a [(&'static str, Box<RawValue>)],
}

impl Serialize for Found<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Finding { code, effect, header, layers, rule, value, other, text, fix } = self.finding;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", code.name())?;
        map.serialize_entry("effect", effect.name())?;
        header.iter().try_for_each(|header| map.serialize_entry("header", header))?;
        if !layers.is_empty() {
            map.serialize_entry("layers", layers)?;
        }
        value.iter().try_for_each(|value| map.serialize_entry("value", value))?;
        if let Some(Other { format, verdict, trace_id, span_id, sampling }) = other {
            map.serialize_entry("format", format)?;
            map.serialize_entry("verdict", verdict.name())?;
            trace_id.iter().try_for_each(|id| map.serialize_entry("trace_id", id))?;
            span_id.iter().try_for_each(|id| map.serialize_entry("span_id", id))?;
            sampling.iter().try_for_each(|sampling| map.serialize_entry("sampling", sampling))?;
        }
        rule.iter().try_for_each(|rule| map.serialize_entry("rule", rule))?;
        for (name, text) in [("text", text), ("fix", fix)] {
            match written(self.texts, text) {
                _ if text.is_empty() => {}
                Some(written) => map.serialize_entry(name, written)?,
                None => map.serialize_entry(name, text)?,
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    traceparent: Judged<Parent>,
    tracestate: Judged<State<'a>>,
    baggage: Judged<Bag<'a>>,
    forward: Headers<'a>,
    child: Option<Headers<'a>>,
    findings: Findings<'a>,
}

#[derive(Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
enum Judged<T> {
    Accepted(T),
    Absent,
    Refused { index: usize, rule: &'static str, offset: usize },
}

impl<T> Judged<T> {
    fn of<V: Copy, Rule: Copy>(
        verdict: &Verdict<V, Violation<Rule>>,
        name: impl FnOnce(Rule) -> &'static str,
        accepted: impl FnOnce(usize, V) -> T,
    ) -> Self {
        match verdict {
            Verdict::Accepted { index, value, .. } => Self::Accepted(accepted(*index, *value)),
            Verdict::Absent => Self::Absent,
            Verdict::Refused { index, error, .. } => {
                Self::Refused { index: *index, rule: name(error.rule), offset: error.offset }
            }
        }
    }
}

#[derive(Serialize)]
struct Parent {
    index: usize,
    version: u8,
    trace_id: Digits<32>,
    span_id: Digits<16>,
    flags: Digits<2>,
    sampled: bool,
    random: bool,
}

impl Parent {
    fn of(index: usize, parent: TraceParent) -> Self {
        let flags = parent.trace_flags;
        Self {
            index,
            version: parent.version(),
            trace_id: Digits(parent.trace_id.to_hex()),
            span_id: Digits(parent.parent_id.to_hex()),
            flags: Digits([b'0', b'0' + flags.to_byte()]),
            sampled: flags.is_sampled(),
            random: flags.is_random(),
        }
    }
}

#[derive(Serialize)]
struct State<'a> {
    index: usize,
    #[serde(serialize_with = "state_members")]
    members: TraceState<'a>,
}

impl<'a> State<'a> {
    fn of(index: usize, members: TraceState<'a>) -> Self {
        Self { index, members }
    }
}

#[derive(Serialize)]
struct Bag<'a> {
    index: usize,
    #[serde(serialize_with = "baggage_members")]
    members: Baggage<'a>,
    skipped: usize,
}

impl<'a> Bag<'a> {
    fn of(index: usize, members: Baggage<'a>) -> Self {
        Self { index, members, skipped: skipped(&members) }
    }
}

fn state_members<S: Serializer>(state: &TraceState<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Member<'a> {
        key: Bytes<'a>,
        value: Bytes<'a>,
    }
    let member = |TraceStateMember { key, value, .. }| Member { key: Bytes(key), value: Bytes(value) };
    serializer.collect_seq(state.members().map(member))
}

fn baggage_members<S: Serializer>(baggage: &Baggage<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(baggage.members().map(Member))
}

struct Member<'a>(BaggageMember<'a>);

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("key", &Bytes(self.0.key()))?;
        map.serialize_entry("value", &Shown(self.0.value()))?;
        map.serialize_entry("properties", &Properties(self.0))?;
        map.end()
    }
}

struct Properties<'a>(BaggageMember<'a>);

impl<'a> Serialize for Properties<'a> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Property<'a> {
            key: Bytes<'a>,
            #[serde(skip_serializing_if = "Option::is_none")]
            value: Option<Shown<BaggageValue<'a>>>,
        }
        let property =
            |of: BaggageProperty<'a>| Property { key: Bytes(of.key()), value: of.value().map(Shown) };
        serializer.collect_seq(self.0.properties().map(property))
    }
}
