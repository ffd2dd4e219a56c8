//! The codec in Rust as a program of the matrix: OpenTelemetry's SDK makes the spans, rust-rdkafka carries the records.

pub mod contexts;
pub mod kafka;
pub mod program;
pub mod telemetry;
