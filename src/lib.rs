#![doc = include_str!("crate.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))] // "available on feature" badges
#![deny(unsafe_code)] // allowed in arch/ alone

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod arch;
mod baggage;
mod carrier;
mod comma_list;
mod context;
#[cfg(feature = "alloc")]
mod context_buf;
#[cfg(feature = "defmt")]
mod defmt;
mod error;
mod extract;
pub mod formats;
#[cfg(doc)]
pub mod guides;
mod header;
#[cfg(feature = "alloc")]
mod header_list;
mod hex;
mod id;
mod inject;
mod joined;
mod links;
mod owned;
mod queue_time;
mod raw;
mod reader;
#[cfg(feature = "serde")]
mod serde;
mod slice_writer;
mod text;
mod traceparent;
mod tracestate;
mod verdict;

pub use baggage::{
    Baggage, BaggageBuilder, BaggageMember, BaggageMembers, BaggageProperty, BaggageValue, DecodedChars,
};
#[cfg(feature = "heapless")]
pub use carrier::OwnedHeader;
pub use carrier::{Carrier, CarrierFull, Injected, inject, inject_if_absent, strip};
pub use context::{Admitted, Context, SpanContext, TrustPolicy};
#[cfg(feature = "alloc")]
pub use context_buf::ContextBuf;
pub use error::{
    BaggageError, BaggageRule, TraceParentError, TraceParentRule, TraceStateError, TraceStateRule, Violation,
};
pub use extract::{extract, extract_slice, extract_traceparent};
pub use header::{Header, HeaderName};
#[cfg(feature = "alloc")]
pub use header_list::{HeaderList, HeaderValue};
pub use id::{SpanId, TraceFlags, TraceId};
pub use inject::{Injection, InjectionParts};
pub use joined::{JOINED_LENGTH, extract_joined};
pub use links::{Links, LinksIter};
pub use owned::{DoesNotFit, OwnedContext, OwnedSpanContext};
pub use queue_time::{QueueTime, TimestampKind};
pub use raw::{RawHeaders, RawHeadersError, RawHeadersRule};
pub use reader::Reader;
pub use traceparent::TraceParent;
pub use tracestate::{TraceState, TraceStateBuilder, TraceStateMember, TraceStateMembers};
pub use verdict::{Extracted, Verdict, VerdictOutput};
