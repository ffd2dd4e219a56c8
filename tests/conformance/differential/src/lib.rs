//! What the codec accepts, and what the propagators of `opentelemetry_sdk` accept, value by value.
//!
//! Both [read](readings) every value of the conformance vectors and many [generated] ones. Where they read
//! differently, the difference has a [name](named::NAMED), or is a rule that the codec says the value breaks;
//! [`Comparison`] counts them, and [`tables::write`] writes the tables of PROFILE.md.

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
