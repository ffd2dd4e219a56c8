//! A gateway's hop: the headers of a record come in over a wire, its trace is continued, and they go out again.
//!
//! [`Frames`] finds the frames in what comes in, [`hop`] makes the answer to one, [`send`] sends it. The README says what
//! the bytes mean.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod frame;
mod headers;
mod hop;

pub use frame::{FrameError, Frames, MOST_FRAME, send};
pub use headers::{MOST_HEADERS, RecordError};
pub use hop::{Answer, hop};
