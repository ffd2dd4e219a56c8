//! The operations of the vectors and their arguments.

use crate::{Header, Text};
use serde::Deserialize;

/// An operation, as described in the README of the vectors.
#[allow(missing_docs, reason = "the README of the vectors describes the arguments")]
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    ExtractJoined {
        headers: Vec<Header>,
    },
    TracestateGet {
        tracestate: Text,
        key: Text,
    },
    TracestateInsert {
        tracestate: Text,
        key: Text,
        value: Text,
        buffer: Option<usize>,
    },
    TracestateDelete {
        tracestate: Text,
        key: Text,
        buffer: Option<usize>,
    },
    TracestateTruncate {
        tracestate: Text,
        limit: usize,
        buffer: Option<usize>,
    },
    BaggageGet {
        baggage: Text,
        key: Text,
    },
    BaggageSet {
        baggage: Text,
        key: Text,
        value: Text,
    },
    BaggageRemove {
        baggage: Text,
        key: Text,
    },
    BaggageBuild {
        steps: Vec<Step>,
        buffer: Option<usize>,
    },
    SpanContextChild {
        traceparent: Text,
        #[serde(default)]
        tracestate: Text,
        span_id: Text,
        sampled: Option<bool>,
    },
    Restart {
        traceparent: Option<Text>,
        tracestate: Option<Text>,
        trace_id: Text,
        span_id: Text,
        sampled: bool,
        random: bool,
    },
    Trust {
        choice: TrustChoice,
        sampled: Option<bool>,
        headers: Vec<Header>,
    },
    QueueTime {
        timestamp: i64,
        kind: Kind,
        consumed: i64,
    },
    Inject {
        context: ContextValues,
        carries: Option<Carries>,
        existing: Option<Existing>,
        capacity: Option<usize>,
        #[serde(default)]
        read_only: bool,
        headers: Vec<Header>,
    },
    Strip {
        formats: Vec<String>,
        #[serde(default)]
        read_only: bool,
        headers: Vec<Header>,
    },
}

/// One step of building a baggage.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Adds a member at the end.
    Member(Pair),
    /// Adds a property to the last member.
    Property(Property),
}

/// A key and its value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The key.
    pub key: Text,
    /// The value, not encoded.
    pub value: Text,
}

/// A key, and a value if it has one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The key.
    pub key: Text,
    /// The value, not encoded.
    pub value: Option<Text>,
}

/// The header values that a context is made from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextValues {
    /// The value of `traceparent`.
    pub traceparent: Option<Text>,
    /// The value of `tracestate`.
    pub tracestate: Option<Text>,
    /// The value of `baggage`.
    pub baggage: Option<Text>,
}

impl ContextValues {
    /// The headers with these values.
    pub fn headers(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        let named: [(&[u8], _); 3] = [
            (b"traceparent", &self.traceparent),
            (b"tracestate", &self.tracestate),
            (b"baggage", &self.baggage),
        ];
        named.into_iter().map(|(name, value)| (name, value.as_deref()))
    }
}

/// The headers that an injection is restricted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carries {
    /// `traceparent` and `tracestate`.
    TraceContext,
    /// `baggage`.
    Baggage,
}

/// The treatment of an accepted `traceparent` that the record already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// The record is unchanged (W4).
    Keep,
}

/// How far a record is trusted (C6).
#[allow(missing_docs, reason = "the names are the rule's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustChoice {
    Continue,
    ContinueResampled,
    RestartWithLink,
    RestartWithoutLink,
}

/// The kind of a record's timestamp (C7).
#[allow(missing_docs, reason = "the names are Kafka's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    CreateTime,
    LogAppendTime,
    NotAvailable,
}
