//! The explanation of one record, as one line of JSON in which no control or direction mark is left unescaped.

use super::ascii::Ascii;
use crate::finding::{Finding, Other};
use crate::findings::skipped;
use crate::print::Explanation;
use crate::record::{Origin, Record};
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeTuple, Serializer};
use std::io::{self, Write};
use tracebaton::{
    Baggage, BaggageMember, BaggageProperty, BaggageRule, BaggageValue, Header, Injection, TraceParent,
    TraceParentRule, TraceState, TraceStateMember, TraceStateRule, Verdict, Violation,
};

/// Writes the line: which record it was, a verdict on each of the three headers, the headers sent on, and the findings.
/// `memory` is used again.
pub fn write(
    memory: &mut Vec<u8>,
    line: u64,
    explanation: &Explanation<'_>,
    output: &mut impl Write,
) -> io::Result<()> {
    let Explanation { record, extracted, forward, child, findings } = explanation;
    let line = Line {
        line,
        origin: Place::of(&record.origin),
        traceparent: Judged::of(&extracted.traceparent, TraceParentRule::name, Parent::of),
        tracestate: Judged::of(&extracted.tracestate, TraceStateRule::name, |index, members| State {
            index,
            members,
        }),
        baggage: Judged::of(&extracted.baggage, BaggageRule::name, Bag::of),
        forward: Headers { record, injection: *forward },
        child: child.map(|injection| Headers { record, injection }),
        findings: Findings(findings),
    };
    memory.clear();
    line.serialize(&mut serde_json::Serializer::with_formatter(&mut *memory, Ascii))?;
    memory.push(b'\n');
    output.write_all(memory)
}

/// Where a record comes from.
#[derive(Serialize)]
struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
}

impl<'a> Place<'a> {
    fn of(origin: &'a Origin) -> Self {
        Self { topic: origin.topic.as_deref(), partition: origin.partition, offset: origin.offset }
    }
}

/// The findings of a record.
struct Findings<'a>(&'a [Finding]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Found))
    }
}

struct Found<'a>(&'a Finding);

impl Serialize for Found<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Finding { code, effect, header, layers, rule, value, other, text, fix } = self.0;
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
        map.serialize_entry("text", text)?;
        if !fix.is_empty() {
            map.serialize_entry("fix", fix)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    line: u64,
    #[serde(flatten)]
    origin: Place<'a>,
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
        map.serialize_entry("value", &Text(self.0.value()))?;
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
            value: Option<Text<BaggageValue<'a>>>,
        }
        let property =
            |of: BaggageProperty<'a>| Property { key: Bytes(of.key()), value: of.value().map(Text) };
        serializer.collect_seq(self.0.properties().map(property))
    }
}

/// The headers of a record after an injection (W1): the others in their place, ours at the end.
struct Headers<'a> {
    record: &'a Record,
    injection: Injection<'a>,
}

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others = self.record.headers().filter(|header| !self.injection.replaces(header.name));
        serializer.collect_seq(others.chain(self.injection.headers()).map(Pair))
    }
}

struct Pair<'a>(Header<'a>);

impl Serialize for Pair<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(&Bytes(self.0.name))?;
        pair.serialize_element(&self.0.value.map(Bytes))?;
        pair.end()
    }
}

/// Bytes as a string if they are UTF-8, and as `{"hex":"..."}` if not.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Hex<'a> {
            hex: Text<HexDigits<'a>>,
        }
        match std::str::from_utf8(self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Hex { hex: Text(HexDigits(self.0)) }.serialize(serializer),
        }
    }
}

/// What displays itself, as a string.
struct Text<T>(T);

impl<T: std::fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Lower-case hexadecimal digits, two for each byte.
struct HexDigits<'a>(&'a [u8]);

impl std::fmt::Display for HexDigits<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Digits as the codec writes them.
struct Digits<const COUNT: usize>([u8; COUNT]);

impl<const COUNT: usize> Serialize for Digits<COUNT> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Bytes(&self.0).serialize(serializer)
    }
}
