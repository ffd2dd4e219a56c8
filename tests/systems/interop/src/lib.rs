//! The parts of the driver: what it starts, what it asks, what it compares and what it shows.

pub mod broker;
pub mod case;
pub mod chain;
pub mod cleanup;
pub mod compare;
pub mod expected;
pub mod matrix;
pub mod program;
pub mod readme;
pub mod runtime;
pub mod spans;
pub mod table;
pub mod wire;
