//! Slots for the header values that formats need.

use super::context::{FormatContext, FormatError};

/// Slot for one header value that a format needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Slot {
    TraceParent,
    TraceState,
    Baggage,
    B3,
    B3TraceId,
    B3SpanId,
    B3Sampled,
    B3Flags,
    Jaeger,
    DatadogTraceId,
    DatadogParentId,
    DatadogPriority,
    DatadogTags,
    Elastic,
    InstanaTraceId,
    InstanaSpanId,
    InstanaLevel,
    InstanaContext,
    InstanaBinaryLevel,
    Xray,
    CeTraceParent,
    CeTraceState,
}

/// Number of slots.
pub(super) const SLOTS: usize = Slot::CeTraceState as usize + 1;

/// The slot of the header at fault, and its error.
pub(super) type Fault = (Slot, FormatError);

/// The context in the headers of a format, and the slot of the header that stands for them: that of the trace id, or of
/// the decision if there are no ids.
pub(super) type Read = Result<(Slot, FormatContext), Fault>;
