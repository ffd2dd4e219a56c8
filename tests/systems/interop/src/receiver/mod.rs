//! A tracing backend and the traces in it.

pub mod jaeger;
pub mod trace;
