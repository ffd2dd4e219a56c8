//! Commands and their answers.

use super::{Context, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The first line of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Always true.
    pub ready: bool,
    /// What the program is written in, as people write it.
    pub language: String,
    /// The libraries that do the work, with the versions that run.
    pub libraries: BTreeMap<String, String>,
}

/// What a program is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Send these records, each in its context.
    Produce {
        /// Where to.
        topic: String,
        /// In this order.
        records: Vec<Record>,
    },
    /// Receive records, and tell their contexts.
    Consume {
        /// Where from, from its beginning.
        topic: String,
        /// How many.
        count: usize,
    },
    /// Receive records, and send each on in a span of its processing.
    Relay {
        /// Where from, from its beginning.
        from: String,
        /// Where to.
        to: String,
        /// How many.
        count: usize,
    },
}

/// A record to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The context that it is sent in.
    pub context: Context,
}

/// The answer to [`Command::Produce`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Produced {
    /// The records in their order.
    pub produced: Vec<Sent>,
    /// The spans of the sending.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// A record that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Its key.
    pub key: String,
    /// What the library was to write; none where it cannot be asked.
    pub context: Option<Context>,
}

/// The answer to [`Command::Consume`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumed {
    /// The records in their order.
    pub consumed: Vec<Received>,
}

/// A record that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Its key.
    pub key: String,
    /// What the library read from its headers.
    pub context: Context,
    /// What the received context is to the span of its consumer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
}

/// What a received context is to the span of its consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Its parent.
    Parent,
    /// A link.
    Link,
    /// There is no such span.
    None,
}

/// The answer to [`Command::Relay`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relayed {
    /// The records in their order.
    pub relayed: Vec<Received>,
    /// The spans of receiving, processing and sending.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// Any answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// To [`Command::Produce`].
    Produced(Produced),
    /// To [`Command::Consume`].
    Consumed(Consumed),
    /// To [`Command::Relay`].
    Relayed(Relayed),
    /// To a command that failed.
    Failed {
        /// Why.
        error: String,
    },
}
