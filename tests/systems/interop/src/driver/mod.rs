//! The driver of the matrix and of the long chain: the programs, their commands, what is compared and what is shown.

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
