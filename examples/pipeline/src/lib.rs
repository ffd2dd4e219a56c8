//! The demo: services that pass orders on over Kafka, the spans they leave, and one order's trace as text and picture.
//!
//! [`chain::run`] runs the services of [`shop`], and the one in C of [`packing`]. [`waterfall`] makes a model of the
//! spans of one order, whoever reported them, for [`text`] and [`svg`] to draw; [`otlp`] sends the spans to a tracing
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
