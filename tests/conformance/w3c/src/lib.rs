//! The service that W3C's trace-context test suite drives: it is told whom to call, and calls them with the trace
//! headers that a service sends which continues the trace of its caller.
//!
//! There is one HTTP side and two codecs behind it: [`rust_codec`] knows only the Rust API, [`c_codec`] is a C program
//! that knows only `tracebaton.h`.

mod call;
mod field;
mod instruction;
mod service;

pub mod c_codec;
pub mod rust_codec;

pub use field::Field;
pub use service::serve;

use std::io;

/// Decides what the callbacks of one request carry: from the fields of the request, the trace headers of each of so many
/// callbacks, which have a parent-id of their own.
///
/// # Errors
///
/// The system has no random bytes to give.
pub type Codec = fn(received: &[Field], count: usize) -> io::Result<Vec<Vec<Field>>>;
