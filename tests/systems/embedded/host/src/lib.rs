//! The host's side of the tests on microcontrollers: builds, runs the conformance vectors and measures.

pub mod board;
pub mod build;
pub mod c_sizes;
pub mod elf;
pub mod embassy;
pub mod emulator;
pub mod figures;
pub mod firmware;
pub mod linked;
pub mod vectors;

/// An error with a message for people.
pub type Failure = Box<dyn std::error::Error>;
