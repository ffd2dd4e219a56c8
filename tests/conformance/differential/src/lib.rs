//! Compares the codec with the propagators of `opentelemetry_sdk`, value by value.
//!
//! Both [read](readings) every value of the conformance vectors, and many [generated] ones. Each difference has a
//! cause: a [name](named::NAMED), or the rule for which the codec refuses the value. [`Comparison`] counts the
//! differences, and [`tables::write`] writes the tables of the README.

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
