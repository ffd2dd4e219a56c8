//! The contexts that are sent, and which of them each format can hold.

use super::protocol::Told;
use tracebaton::formats::{Format, Sampling};
use tracebaton::{SpanId, TraceId};

/// One context; its name is the key of its record.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// The trace.
    pub trace_id: TraceId,
    /// The span.
    pub span_id: SpanId,
    /// The decision.
    pub sampling: Sampling,
}

impl Case {
    /// The context in the words of the protocol.
    pub fn told(&self) -> Told {
        Told::new(self.trace_id, self.span_id, self.sampling)
    }
}

/// The cases of a format: each decision that it can hold, and a trace id of 64 bits.
pub fn all(format: Format) -> Vec<Case> {
    let short = TraceId::from_hex(b"000000000000000064fe8b2a57d3eff7");
    let decided = [("sampled", Sampling::Accept), ("not-sampled", Sampling::Deny)];
    let named = decided.into_iter().chain(undecided(format).iter().copied());
    let long =
        named.map(|(name, sampling)| Case { name, trace_id: trace_id(), span_id: span_id(), sampling });
    let short = short.map(|trace_id| Case {
        name: "64-bit",
        trace_id,
        span_id: span_id(),
        sampling: Sampling::Accept,
    });
    long.chain(short).collect()
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

/// Both halves are random, as tracers make them.
fn trace_id() -> TraceId {
    TraceId::generate(fastrand::fill)
}

fn span_id() -> SpanId {
    SpanId::generate(fastrand::fill)
}
