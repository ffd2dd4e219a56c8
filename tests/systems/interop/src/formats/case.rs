//! The contexts that are sent, and which of them each format can hold.

use super::protocol::Told;
use tracebaton::formats::{Format, Sampling};
use tracebaton::{SpanId, TraceId};

/// One context; its name is the key of its record.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The trace.
    pub trace_id: TraceId,
    /// The span.
    pub span_id: SpanId,
    /// The decision.
    pub sampling: Sampling,
}

impl Case {
    /// A new span.
    pub fn new(name: &str, trace_id: TraceId, sampling: Sampling) -> Self {
        Self { name: name.to_owned(), trace_id, span_id: span_id(), sampling }
    }

    /// The context in the words of the protocol.
    pub fn told(&self) -> Told {
        Told::new(self.trace_id, self.span_id, self.sampling)
    }
}

/// The cases of a format: each decision that it can hold, and a trace id of 64 bits.
pub fn all(format: Format) -> Vec<Case> {
    let decided = [("sampled", Sampling::Accept), ("not-sampled", Sampling::Deny)];
    let named = decided.into_iter().chain(undecided(format).iter().copied());
    let long = named.map(|(name, sampling)| Case::new(name, trace_id(), sampling));
    long.chain([Case::new("64-bit", short_trace_id(), Sampling::Accept)]).collect()
}

/// What the format holds beside yes and no.
fn undecided(format: Format) -> &'static [(&'static str, Sampling)] {
    const DEFERRED: (&str, Sampling) = ("deferred", Sampling::Defer);
    const DEBUG: (&str, Sampling) = ("debug", Sampling::Debug);
    match format {
        Format::B3 | Format::B3Multi => &[DEFERRED, DEBUG],
        Format::Jaeger => &[DEBUG],
        Format::Datadog => &[DEFERRED],
        _ => &[],
    }
}

/// A trace id both halves of which are random.
pub fn trace_id() -> TraceId {
    TraceId::generate(fastrand::fill)
}

/// A trace id of 64 bits.
fn short_trace_id() -> TraceId {
    TraceId::generate(|bytes| fastrand::fill(bytes.split_at_mut(8).1))
}

/// A random span id.
pub fn span_id() -> SpanId {
    SpanId::generate(fastrand::fill)
}
