//! What the driver tells a tracer's program, and what it answers.

use super::case::Case;
use serde::{Deserialize, Serialize};
use tracebaton::formats::Sampling;
use tracebaton::{SpanId, TraceId};

/// A command.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Send these records, each with its context in this format.
    Send {
        /// The name of the format.
        format: &'static str,
        /// Where to.
        topic: String,
        /// In this order.
        records: Vec<Record>,
    },
    /// Receive records, read this format, and send each on with the context of a child in the same format.
    Relay {
        /// The name of the format.
        format: &'static str,
        /// Where from, from its beginning.
        from: String,
        /// Where to.
        to: String,
        /// How many.
        count: usize,
    },
}

/// A record to send.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Its key, unique in its topic.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Its context.
    pub context: Told,
}

/// The answer to `send`.
#[derive(Clone, Debug, Deserialize)]
pub struct Sent {
    /// How many records.
    pub sent: usize,
}

/// The answer to `relay`.
#[derive(Clone, Debug, Deserialize)]
pub struct Relayed {
    /// Each record.
    pub relayed: Vec<Received>,
}

/// A record that was received and forwarded.
#[derive(Clone, Debug, Deserialize)]
pub struct Received {
    /// Its key.
    pub key: String,
    /// What the library read; none without a context.
    pub context: Option<Told>,
    /// The span in the forwarded record; none if nothing was read.
    pub sent: Option<Told>,
}

/// A context: a span and a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    /// `accept`, `deny`, `defer` or `debug`.
    pub sampling: String,
}

impl Record {
    /// A record of this context.
    pub fn of(case: &Case) -> Self {
        Self { key: case.name.clone(), value: "an order".to_owned(), context: case.told() }
    }
}

impl Told {
    /// This context in the words of the protocol.
    pub fn new(trace_id: TraceId, span_id: SpanId, sampling: Sampling) -> Self {
        let (trace_id, span_id) = (trace_id.to_string(), span_id.to_string());
        Self { trace_id, span_id, sampling: sampling.name().to_owned() }
    }
}
