//! Carries OpenTelemetry's context across Kafka: [`tracebaton`] for services that use the `opentelemetry` crate.
//!
//! A producer calls [`inject_trace_context`], a consumer [`extract_trace_context`]: the two ends of one trace. The rules
//! (R, W and C) are those of the project's PROFILE.md.
//!
//! ```
//! # use opentelemetry_sdk::trace::SdkTracerProvider;
//! use opentelemetry::baggage::BaggageExt;
//! use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
//! use opentelemetry::{Context, KeyValue};
//! use tracebaton_opentelemetry::{Record, Topic, extract_trace_context, inject_trace_context};
//!
//! # let tracer = SdkTracerProvider::default().tracer("doc");
//! let record = Record { topic: Topic { name: "orders", template: None }, ..Record::default() };
//! let mut headers: Vec<(String, Option<Vec<u8>>)> = Vec::new();
//!
//! // The producer: its span, and something for everyone on the way.
//! let context = Context::current_with_baggage([KeyValue::new("tenant", "7")]);
//! let sending = context.with_span(record.send().start(&tracer)).attach();
//! inject_trace_context(&mut headers);
//! drop(sending);
//!
//! // The consumer: its span is a child of the producer's.
//! let received = extract_trace_context(&headers);
//! let span = record.process(&received).start_with_context(&tracer, &received);
//! let context = received.with_span(span);
//! assert_eq!(context.baggage().get("tenant").unwrap().as_str(), "7");
//! # assert_eq!(context.span().span_context().trace_id(), received.span().span_context().trace_id());
//! ```
//!
//! # Layers
//!
//! - [`inject_trace_context`] and [`extract_trace_context`]: the current context, headers in a `Vec`, and what
//!   `OTEL_PROPAGATORS` says.
//! - [`Propagators`]: any context, any [`Carrier`](tracebaton::Carrier) (`tracebaton_rdkafka::HeadersMut` is one), and
//!   what the variable says, or the program.
//! - [`FormatPropagators`]: the same with B3, Jaeger, Datadog and other formats beside W3C's.
//! - [`inject_context`], [`extract`], [`extract_with_context`] and [`with_received`]: all three headers, whatever the
//!   variable says, as values to look at on the way; [`Propagators::restrict`] is for them.
//! - [`Record`], [`Batch`] and [`Links`]: spans after the conventions for messaging with Kafka.
//! - [`to_span_context`], [`from_span_context`], [`to_trace_state`], [`from_trace_state`], [`to_baggage`] and
//!   [`from_baggage`]: between the types of the two crates.
//!
//! # What OpenTelemetry's own types would lose
//!
//! - Its `TraceState` refuses keys that Level 2 allows (`a@b@c`, a long name after `@`), and one of them refuses the
//!   whole list. Here such a member is left out of the `TraceState`, and the others are in it. A context made from the
//!   extracted one remembers what came, white space included, and [`inject_context`] writes it back byte for byte (C1)
//!   unless the tracestate was changed meanwhile.
//! - It takes members that are outside the grammar, control bytes included; they are not written (W3).
//! - The SDK clears the random flag of a span that is not sampled; the context remembers that as well (C1).
//! - The SDK never sets the random flag, although its ids are random: [`Outgoing::with_random`] does (C2).
//! - Its `Baggage` has one value a name: the last wins. Members come out in the order of their names.
//! - Properties are its metadata, kept as they came, percent-encoding included (OpenTelemetry, Baggage API, "metadata").

mod attributes;
mod baggage;
mod extraction;
mod formats;
mod header_list;
mod links;
mod messaging;
mod outgoing;
mod propagators;
mod received;
mod span_context;
mod trace_state;

pub use attributes::{QUEUE_TIME, TIMESTAMP_TYPE};
pub use baggage::{from_baggage, to_baggage};
pub use extraction::{extract, extract_with_context, with_received};
pub use formats::FormatPropagators;
pub use header_list::{HeaderList, HeaderValue, extract_trace_context, inject_trace_context};
pub use links::Links;
pub use messaging::{Batch, Client, Record, Topic, acknowledged, failed};
pub use outgoing::{Outgoing, from_span_context, inject_context};
pub use propagators::Propagators;
pub use span_context::{from_ids, to_span_context};
pub use trace_state::{from_trace_state, to_trace_state};
/// The codec, whose types are in the functions here: no second dependency is needed for them.
pub use tracebaton;

/// What the README shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The guides to moving here from what is there already.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../../src/guides/from_kafka_tracing_py.md")]
    struct FromKafkaTracingPy;

    #[doc = include_str!("../../../src/guides/from_carriers.md")]
    struct FromCarriers;
}
