//! The driver of the matrix and the long chain: runs the programs, compares, and prints.

pub mod case;
pub mod chain;
pub mod compare;
pub mod expected;
pub mod matrix;
pub mod program;
pub mod readme;
pub mod runtime;
pub mod spans;
pub mod table;
pub mod wire;
