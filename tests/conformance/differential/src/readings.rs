//! One header value as read by the codec and by OpenTelemetry's propagators, in the same form.

use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use std::collections::BTreeMap;
use tracebaton::{Baggage, TraceParent, TraceState};

/// Which of the three headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Header {
    /// `traceparent`
    TraceParent,
    /// `tracestate`, beside a `traceparent` that both accept
    TraceState,
    /// `baggage`
    Baggage,
}

impl Header {
    /// All three.
    pub const ALL: [Self; 3] = [Self::TraceParent, Self::TraceState, Self::Baggage];

    /// The name of the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TraceParent => "traceparent",
            Self::TraceState => "tracestate",
            Self::Baggage => "baggage",
        }
    }
}

/// A `traceparent` that both accept.
pub const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The fields of a `traceparent`, or the members of a list; empty if nothing was read.
///
/// A baggage member is its key, its decoded value and its decoded properties; of members with one key only the last.
pub type Reading = Vec<String>;

/// The codec's reading, or the name of the rule that the value breaks.
pub fn codec(header: Header, value: &[u8]) -> Result<Reading, &'static str> {
    match header {
        Header::TraceParent => TraceParent::parse(value)
            .map(|parent| {
                vec![
                    parent.trace_id.to_string(),
                    parent.parent_id.to_string(),
                    parent.trace_flags.to_string(),
                ]
            })
            .map_err(|error| error.rule.name()),
        Header::TraceState => {
            let state = TraceState::parse(value).map_err(|error| error.rule.name())?;
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            Ok(state.members().map(|member| format!("{}={}", text(member.key), text(member.value))).collect())
        }
        Header::Baggage => {
            Baggage::parse(value).map(|baggage| members(&baggage)).map_err(|error| error.rule.name())
        }
    }
}

fn members(baggage: &Baggage<'_>) -> Reading {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut members = BTreeMap::new();
    for member in baggage.members() {
        let properties =
            member.properties().map(|of| (text(of.key()), of.value().map(|value| value.to_string())));
        members.insert(text(member.key()), shown(&member.value().to_string(), properties));
    }
    let mut members: Vec<_> = members.into_iter().map(|(key, value)| key + &value).collect();
    members.sort();
    members
}

fn shown(value: &str, properties: impl IntoIterator<Item = (String, Option<String>)>) -> String {
    let property = |(key, value): (String, Option<String>)| match value {
        Some(value) => format!(";{key}={value:?}"),
        None => format!(";{key}"),
    };
    format!("={value:?}{}", properties.into_iter().map(property).collect::<String>())
}

/// The propagators' reading. Their carriers hold text, so a value that is not UTF-8 is absent.
pub fn propagator(header: Header, value: &[u8]) -> Reading {
    let Ok(value) = std::str::from_utf8(value) else {
        return Reading::new();
    };
    match header {
        Header::TraceParent => {
            let context = span_context(&[("traceparent", value)]);
            if !context.is_valid() {
                return Reading::new();
            }
            let flags = format!("{:02x}", context.trace_flags().to_u8());
            vec![context.trace_id().to_string(), context.span_id().to_string(), flags]
        }
        Header::TraceState => {
            let context = span_context(&[("traceparent", PARENT), ("tracestate", value)]);
            assert!(context.is_valid(), "a tracestate has no effect on traceparent");
            context.trace_state().into_iter().map(|(key, value)| format!("{key}={value}")).collect()
        }
        Header::Baggage => {
            let context = BaggagePropagator::new().extract(&Pairs(&[("baggage", value)]));
            let entry = |(key, (value, metadata)): (&opentelemetry::Key, &(_, _))| {
                format!("{key}{}", with_metadata(value, metadata))
            };
            let mut members: Vec<_> = context.baggage().iter().map(entry).collect();
            members.sort();
            members
        }
    }
}

fn span_context(headers: &[(&str, &str)]) -> SpanContext {
    TraceContextPropagator::new().extract(&Pairs(headers)).span().span_context().clone()
}

/// OpenTelemetry keeps properties as one text.
fn with_metadata(
    value: &opentelemetry::StringValue,
    metadata: &opentelemetry::baggage::BaggageMetadata,
) -> String {
    let metadata = metadata.as_str();
    let properties = metadata.split(';').map(|property| match property.split_once('=') {
        Some((key, value)) => (key.trim().to_owned(), Some(value.trim().to_owned())),
        None => (property.trim().to_owned(), None),
    });
    shown(value.as_str(), properties.filter(|_| !metadata.is_empty()))
}

struct Pairs<'a>(&'a [(&'a str, &'a str)]);

impl Extractor for Pairs<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }
}
