//! A gateway's hop: receives the headers of a record over a wire, continues its trace, and sends the headers back.
//!
//! [`Frames`] finds the frames in the received bytes, [`hop`] makes the answer to a frame, and [`send`] sends it. The
//! README describes the bytes.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod frame;
mod headers;
mod hop;
mod random;

pub use frame::{Frame, FrameError, Frames, MOST_CONTENT, send};
pub use headers::{MOST_HEADERS, RecordError};
pub use hop::{Answer, hop};
pub use random::Random;
