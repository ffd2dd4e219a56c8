//! Compares the values that the codec accepts with those that the propagators of `opentelemetry_sdk` accept.
//!
//! Both [read](readings) every value of the conformance vectors and many [generated] ones. Each difference has a
//! [name](named::NAMED), or is a rule that the value breaks in the codec. [`Comparison`] counts the differences, and
//! [`tables::write`] writes the tables of PROFILE.md.

pub mod comparison;
pub mod differences;
pub mod generated;
mod malformed;
pub mod named;
pub mod page;
mod percent;
pub mod readings;
pub mod tables;
pub mod vectors;

pub use comparison::Comparison;
pub use readings::{Header, Reading};
