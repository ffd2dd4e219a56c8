#![doc = include_str!("crate.md")]
#![no_std]
#![deny(unsafe_code)] // but for one call in classes.rs

#[cfg(test)]
extern crate std;

mod baggage;
mod baggage_builder;
mod buffer;
#[cfg(any(feature = "arrayvec", feature = "heapless"))]
mod carriers;
mod classes;
mod context;
mod error;
mod headers;
mod hex;
mod id;
mod injection;
mod list;
mod masks;
#[cfg(feature = "arrayvec")]
mod owned;
mod percent;
mod queue_time;
mod scan;
mod short;
mod traceparent;
mod tracestate;

pub use baggage::{Baggage, BaggageMember, BaggageMembers, BaggageProperty, BaggageValue};
pub use baggage_builder::BaggageBuilder;
#[cfg(any(feature = "arrayvec", feature = "heapless"))]
pub use carriers::CarrierFull;
#[cfg(feature = "heapless")]
pub use carriers::OwnedHeader;
pub use context::{Context, SpanContext, Trust, Trusted};
pub use error::{
    BaggageError, BaggageRule, TraceParentError, TraceParentRule, TraceStateError, TraceStateRule, Violation,
};
pub use headers::{Extracted, Header, Name, Verdict, extract};
pub use id::{SpanId, TraceFlags, TraceId};
pub use injection::{Carrier, Injection, inject, inject_if_absent};
#[cfg(feature = "arrayvec")]
pub use owned::{Links, OwnedContext, OwnedSpanContext};
pub use percent::DecodedChars;
pub use queue_time::{QueueTime, TimestampKind};
pub use traceparent::TraceParent;
pub use tracestate::{TraceState, TraceStateMember, TraceStateMembers};
