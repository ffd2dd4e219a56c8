//! Carries OpenTelemetry's context across Kafka: [`tracebaton`] for services that use the `opentelemetry` crate.
//!
//! A producer calls [`inject_trace_context`], and a consumer calls [`extract_trace_context`]. R, W and C with a
//! number are rules of the project's [PROFILE.md], F with a number of [FORMATS.md]. The [`guides`] have one page per task.
//!
//! ```
//! # use opentelemetry_sdk::trace::SdkTracerProvider;
//! use opentelemetry::Context;
//! use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
//! use tracebaton_opentelemetry::{Record, extract_trace_context, inject_trace_context};
//!
//! # let tracer = SdkTracerProvider::default().tracer("doc");
//! let record = Record::new("orders");
//! let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
//!
//! // The producer: the record carries the context of its span.
//! let sending = Context::current_with_span(record.send().start(&tracer));
//! inject_trace_context(&sending, &mut headers);
//!
//! // The consumer: its span is a child of the producer's. Without a span the attached context continues the trace.
//! let received = extract_trace_context(&headers);
//! let _received = received.clone().attach();
//! let processing = received.with_span(record.process(&received).start(&tracer));
//! # let trace_id = |context: &Context| context.span().span_context().trace_id();
//! assert_eq!(trace_id(&processing), trace_id(&sending));
//! ```
//!
//! # Versions
//!
//! **Your service and this crate must use the same version of `opentelemetry`, since each version has a current
//! context of its own.** This crate compiles with 0.32 and 0.33. Cargo may choose another version for it than for
//! your service. Then `inject_trace_context(&context, …)` does not compile: "there are multiple different versions of
//! crate `opentelemetry` in the dependency graph". In this case, use the re-export [`opentelemetry`]. Or run
//! `cargo update -p opentelemetry@0.33.1 --precise 0.32.0`, with the version to replace and your version.
//!
//! # Layers
//!
//! - [`inject_trace_context`], [`extract_trace_context`], [`trace_context_headers`] and [`strip_trace_context`]: one call
//!   per record, in the formats that `OTEL_PROPAGATORS` names: W3C's, B3, Jaeger, Datadog and others.
//! - [`Propagators`]: the same, with the formats that the program chooses, their conflicts and the carrier's errors.
//!   [`Propagators::install`] makes them those of the functions above.
//! - [`admit_trace_context`]: an extraction with a trust policy.
//! - [`received_sampling`]: a decision that arrives without a parent, for your sampler.
//! - [`inject_context`] and [`with_received`]: contexts in the types of [`tracebaton`], to inspect or change them. They
//!   ignore `OTEL_PROPAGATORS`; [`Propagators::injection`] applies it.
//! - [`Record`], [`Batch`] and [`Links`]: spans that follow the messaging conventions for Kafka.
//! - [`to_span_context`], [`from_span_context`], [`to_trace_state`], [`from_trace_state`], [`to_baggage`] and
//!   [`from_baggage`]: conversions between the types of the two crates.
//!
//! # Features
//!
//! - `rdkafka`: the messages, records and header lists of rust-rdkafka.
//! - `metrics`: `Metrics`, the metrics of the messaging conventions and the queue time.
//! - `tracing`: `describe`, which gives a span of `tracing` the attributes and links of a record.
//! - `internal-logs`, on by default: warns about unknown names in `OTEL_PROPAGATORS`.
//!
//! # What OpenTelemetry's own types would lose
//!
//! - Its `TraceState` refuses keys that Level 2 allows (`a@b@c`, a long name after `@`), and one such key refuses the
//!   whole list. This crate leaves such a member out of the `TraceState` and keeps the others. A context made from
//!   the extracted one remembers the received list with its white space. [`inject_context`] writes that list back
//!   byte for byte ([C1]), unless the tracestate was changed in between.
//! - It accepts invalid members, even with control bytes. This crate does not write them ([W3]).
//! - The SDK clears the random flag of a span that is not sampled, and some propagators use its bit for a mark of
//!   their own. This crate writes the flag only if it was extracted with the same trace ([C1]).
//! - The SDK never sets the random flag, although its ids are random. [`Outgoing::with_random`] sets it ([C2]).
//! - Its `Baggage` has one value per name: the last one. Received members that were not changed are written back byte
//!   for byte ([C5]), even those that it has no room for. New members follow, sorted by name.
//! - Properties become its metadata, unchanged and still percent-encoded (OpenTelemetry, Baggage API, "metadata").
//!
//! [FORMATS.md]: https://github.com/tracebaton/tracebaton/blob/main/FORMATS.md
//! [PROFILE.md]: https://github.com/tracebaton/tracebaton/blob/main/PROFILE.md
#![doc = include_str!("rules.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod admission;
mod attributes;
mod baggage;
mod extraction;
mod links;
mod messaging;
#[cfg(feature = "metrics")]
mod metrics;
mod outgoing;
mod propagation;
mod propagators;
#[cfg(feature = "rdkafka")]
mod rdkafka;
mod read;
mod received;
mod span_context;
mod spans;
mod trace_state;
#[cfg(feature = "tracing")]
mod tracing;
mod write;

pub use admission::{AdmittedContext, admit_trace_context};
pub use attributes::{QUEUE_TIME, TIMESTAMP_TYPE};
pub use baggage::{from_baggage, to_baggage};
pub use extraction::{received_sampling, with_received};
pub use links::Links;
pub use messaging::{Batch, Client, Record, Topic};
#[cfg(feature = "metrics")]
pub use metrics::{Metrics, NEGATIVE_QUEUE_TIME_METRIC, QUEUE_TIME_METRIC};
pub use outgoing::{Outgoing, from_span_context, inject_context};
pub use propagation::{
    extract_trace_context, inject_trace_context, strip_formats, strip_trace_context, trace_context_headers,
};
pub use propagators::Propagators;
#[cfg(feature = "rdkafka")]
pub use rdkafka::kafka_error_type;
pub use read::{IntoHeader, ReadHeaders, kind};
pub use span_context::{from_ids, to_span_context};
pub use spans::{acknowledged, failed};
pub use trace_state::{from_trace_state, to_trace_state};
#[cfg(feature = "tracing")]
pub use tracing::describe;
pub use write::WriteHeaders;

/// The version of OpenTelemetry whose types the functions here use.
pub use opentelemetry;
/// The codec whose types the functions here use.
pub use tracebaton;
pub use tracebaton::{HeaderList, HeaderValue, Injected};

/// Runs the examples of the README.
#[cfg(all(doctest, feature = "metrics", feature = "rdkafka", feature = "tracing"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Guides: one page per task. Their examples need the features `rdkafka` and `metrics`.
#[cfg(any(not(doctest), all(feature = "metrics", feature = "rdkafka")))]
pub mod guides {
    #[doc = include_str!("guides/batches.md")]
    pub mod batches {}
    #[doc = include_str!("guides/conventions.md")]
    pub mod conventions {}
    #[doc = include_str!("guides/retries.md")]
    pub mod retries {}
    #[doc = include_str!("guides/trust.md")]
    pub mod trust {}
    #[doc = include_str!("guides/verdicts.md")]
    pub mod verdicts {}
}
