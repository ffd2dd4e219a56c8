//! The service that W3C's trace-context test suite drives. The suite tells it which URLs to call. The service calls
//! them with the trace headers of a service that continues its caller's trace.
//!
//! One HTTP server has two codecs behind it: [`rust_codec`] uses only the Rust API; [`c_codec`] is a C program that
//! uses only `tracebaton.h`.

mod call;
mod field;
mod instruction;
mod service;

pub mod c_codec;
pub mod rust_codec;

pub use field::Field;
pub use service::serve;

use std::io;

/// Makes the trace headers of this many callbacks from the fields of the request. Each callback has a parent-id of its
/// own.
///
/// # Errors
///
/// If the system has no random bytes.
pub type Codec = fn(received: &[Field], count: usize) -> io::Result<Vec<Vec<Field>>>;
