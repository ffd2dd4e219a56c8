//! Commands and their answers.

use super::{Context, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The first line of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Always true.
    pub ready: bool,
    /// The language of the program, as people write it.
    pub language: String,
    /// The libraries that the program uses, with their versions at run time.
    pub libraries: BTreeMap<String, String>,
}

/// A command for a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Produce these records, each with its context.
    Produce {
        /// The topic to produce to.
        topic: String,
        /// The records, in sequence.
        records: Vec<Record>,
    },
    /// Consume records, and report their contexts.
    Consume {
        /// The topic to consume, from its beginning.
        topic: String,
        /// The count of records.
        count: usize,
    },
    /// Consume records, and forward each one in a span of its processing.
    Relay {
        /// The topic to consume, from its beginning.
        from: String,
        /// The topic to produce to.
        to: String,
        /// The count of records.
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
    /// The context to send it with.
    pub context: Context,
}

/// The answer to [`Command::Produce`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Produced {
    /// The records, in sequence.
    pub produced: Vec<Sent>,
    /// The producer spans.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// A record that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Its key.
    pub key: String,
    /// The context that the library wrote; `None` if it cannot report it.
    pub context: Option<Context>,
}

/// The answer to [`Command::Consume`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumed {
    /// The records, in sequence.
    pub consumed: Vec<Received>,
}

/// A record that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Its key.
    pub key: String,
    /// What the library read from its headers.
    pub context: Context,
    /// The relation of the received context to the consumer's span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
}

/// The relation of a received context to the consumer's span.
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
    /// The records, in sequence.
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
    /// The answer to a command that failed.
    Failed {
        /// The error.
        error: String,
    },
}
