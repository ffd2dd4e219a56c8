//! The headers whose values some format needs.

use super::context::FormatError;

/// Where a value is kept that some format needs.
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

/// How many slots there are.
pub(super) const SLOTS: usize = Slot::CeTraceState as usize + 1;

/// The slot with the header at fault, and what is wrong with it.
pub(super) type Fault = (Slot, FormatError);
