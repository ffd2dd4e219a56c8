#![doc = include_str!("crate.md")]
#![no_std]
#![deny(unsafe_code)] // allowed in arch/ alone

#[cfg(test)]
extern crate std;

mod arch;
mod baggage;
mod carrier;
mod comma_list;
mod context;
mod error;
mod extract;
#[cfg(doc)]
pub mod guides;
mod header;
mod hex;
mod id;
mod inject;
#[cfg(feature = "arrayvec")]
mod owned;
mod queue_time;
mod slice_writer;
mod traceparent;
mod tracestate;

pub use baggage::{
    Baggage, BaggageBuilder, BaggageMember, BaggageMembers, BaggageProperty, BaggageValue, DecodedChars,
};
#[cfg(feature = "heapless")]
pub use carrier::OwnedHeader;
pub use carrier::{Carrier, CarrierFull, inject, inject_if_absent};
pub use context::{Admitted, Context, SpanContext, TrustPolicy};
pub use error::{
    BaggageError, BaggageRule, TraceParentError, TraceParentRule, TraceStateError, TraceStateRule, Violation,
};
pub use extract::{Extracted, Reader, Verdict, extract};
pub use header::{Header, HeaderName};
pub use id::{SpanId, TraceFlags, TraceId};
pub use inject::{Injection, InjectionParts};
#[cfg(feature = "arrayvec")]
pub use owned::{Links, OwnedContext, OwnedSpanContext};
pub use queue_time::{QueueTime, TimestampKind};
pub use traceparent::TraceParent;
pub use tracestate::{TraceState, TraceStateMember, TraceStateMembers};
