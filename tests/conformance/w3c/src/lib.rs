//! The service that W3C's trace-context test suite drives. It calls the given URLs with the trace headers of a
//! service that continues its caller's trace.
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

/// Decides the trace headers of the callbacks: from the fields of the request, the headers of each of this many
/// callbacks, which have a parent-id each.
///
/// # Errors
///
/// The system has no random bytes.
pub type Codec = fn(received: &[Field], count: usize) -> io::Result<Vec<Vec<Field>>>;
