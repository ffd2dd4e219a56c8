//! The demo: services that process orders over Kafka, their spans, and the trace of one order as text and picture.
//!
//! [`chain::run`] runs the services of [`shop`], and the one in C of [`packing`]. [`waterfall`] builds a model of the
//! spans of one order, from all services. [`text`] and [`svg`] draw it, and [`otlp`] sends the spans to a tracing
//! back end.

pub mod chain;
pub mod cluster;
pub mod metrics;
pub mod otlp;
pub mod packing;
pub mod report;
pub mod service;
pub mod shop;
pub mod spans;
pub mod svg;
pub mod telemetry;
pub mod text;
pub mod waterfall;
