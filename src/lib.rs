#![doc = include_str!("crate.md")]
#![no_std]
#![deny(unsafe_code)] // but for the calls in sse2.rs

#[cfg(test)]
extern crate std;

mod baggage;
mod baggage_builder;
#[cfg(all(target_arch = "x86_64", not(tracebaton_portable)))]
mod blocks;
mod buffer;
#[cfg(any(feature = "arrayvec", feature = "heapless"))]
mod carriers;
mod context;
mod error;
pub mod formats;
#[cfg(doc)]
pub mod guides;
mod headers;
mod hex;
mod id;
mod injection;
mod list;
#[cfg(feature = "arrayvec")]
mod owned;
mod percent;
mod queue_time;
mod raw;
mod traceparent;
mod tracestate;
mod tracestate_grammar;
#[cfg(all(target_arch = "x86_64", not(tracebaton_portable)))]
#[path = "sse2.rs"]
mod vectors;
#[cfg(not(all(target_arch = "x86_64", not(tracebaton_portable))))]
#[path = "portable.rs"]
mod vectors;

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
pub use headers::{Extracted, Header, Name, Verdict, extract, extract_values};
pub use id::{SpanId, TraceFlags, TraceId};
pub use injection::{Carrier, Injection, inject, inject_if_absent};
#[cfg(feature = "arrayvec")]
pub use owned::{Links, OwnedContext, OwnedSpanContext};
pub use percent::DecodedChars;
pub use queue_time::{QueueTime, TimestampKind};
pub use raw::{RawHeaders, RawHeadersError, RawHeadersRule};
pub use traceparent::TraceParent;
pub use tracestate::{TraceState, TraceStateMember, TraceStateMembers};
