//! Frames on the wire, encoded with COBS (Cheshire and Baker, 1999): a zero byte ends each frame and occurs nowhere
//! else.
//!
//! After lost or garbled bytes, the next zero starts a new frame.

use core::fmt;

/// Maximum size of a frame in bytes.
pub const MOST_FRAME: usize = 1024;
/// Maximum count of bytes between two zeros on the wire.
const MOST_ENCODED: usize = MOST_FRAME + MOST_FRAME / LONGEST_RUN + 1;
const LONGEST_RUN: usize = 254;

/// Collects received bytes up to the end of a frame.
#[derive(Debug, Default)]
pub struct Frames {
    encoded: heapless::Vec<u8, MOST_ENCODED>,
    is_too_long: bool,
}

/// Why the received bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The frame has more than [`MOST_FRAME`] bytes.
    TooLong,
    /// The frame is not valid COBS.
    Encoding,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "frame too long",
            Self::Encoding => "frame not encoded",
        })
    }
}

impl Frames {
    /// Starts without any byte.
    pub const fn new() -> Self {
        Self { encoded: heapless::Vec::new(), is_too_long: false }
    }

    /// Adds a byte. If it ends a frame, calls `handle` with it. There may be any number of zeros between frames.
    pub fn push(&mut self, byte: u8, handle: impl FnOnce(Result<&[u8], FrameError>)) {
        if byte != 0 {
            self.is_too_long |= self.encoded.push(byte).is_err();
            return;
        }
        if self.is_too_long {
            handle(Err(FrameError::TooLong));
        } else if !self.encoded.is_empty() {
            handle(decode(&mut self.encoded));
        }
        self.encoded.clear();
        self.is_too_long = false;
    }
}

/// Decodes runs: each is its length plus one, and its bytes. A zero follows each run that is not of maximum length.
fn decode(bytes: &mut [u8]) -> Result<&[u8], FrameError> {
    let (mut from, mut to) = (0, 0);
    while let Some(code) = bytes.get(from) {
        let (start, length) = (from + 1, usize::from(*code).saturating_sub(1));
        from = start + length;
        if from > bytes.len() {
            return Err(FrameError::Encoding);
        }
        bytes.copy_within(start..from, to);
        to += length;
        if length < LONGEST_RUN && from < bytes.len() {
            *bytes.get_mut(to).ok_or(FrameError::Encoding)? = 0;
            to += 1;
        }
    }
    match bytes.get(..to) {
        Some(frame) if to <= MOST_FRAME => Ok(frame),
        _ => Err(FrameError::TooLong),
    }
}

/// Sends a frame byte by byte, with the zero at its end.
pub fn send(frame: &[u8], mut byte: impl FnMut(u8)) {
    for part in frame.split(|byte| *byte == 0) {
        let mut runs = part.chunks_exact(LONGEST_RUN);
        for run in runs.by_ref() {
            byte(u8::MAX);
            run.iter().for_each(|value| byte(*value));
        }
        // A run never exceeds its maximum length, so it fits.
        byte(runs.remainder().len() as u8 + 1);
        runs.remainder().iter().for_each(|value| byte(*value));
    }
    byte(0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn sent(frame: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        send(frame, |byte| bytes.push(byte));
        bytes
    }

    fn received(bytes: &[u8]) -> Vec<Result<Vec<u8>, FrameError>> {
        let (mut frames, mut all) = (Frames::new(), Vec::new());
        for byte in bytes {
            frames.push(*byte, |frame| all.push(frame.map(<[u8]>::to_vec)));
        }
        all
    }

    #[test]
    fn what_is_sent_is_received() {
        for length in [1, 2, 253, 254, 255, 508, 509, MOST_FRAME] {
            for zeros in [1, 2, 7, 255, 2000] {
                let frame: Vec<u8> = (0..length).map(|at| u8::from(at % zeros != 0)).collect();
                let bytes = sent(&frame);
                assert_eq!(bytes.iter().position(|byte| *byte == 0), Some(bytes.len() - 1));
                assert_eq!(received(&bytes), [Ok(frame)]);
            }
        }
    }

    #[test]
    fn an_encoding_of_the_paper() {
        assert_eq!(sent(&[0x11, 0x22, 0, 0x33]), [3, 0x11, 0x22, 2, 0x33, 0]);
        assert_eq!(sent(&[0]), [1, 1, 0]);
    }

    #[test]
    fn what_is_no_frame_does_not_harm_the_next() {
        let good = sent(b"good");
        assert_eq!(
            received(&[&[9, 1, 0], good.as_slice()].concat()),
            [Err(FrameError::Encoding), Ok(b"good".to_vec())]
        );
        let long = [&[7; 5000], &[0][..], &[0], &good].concat();
        assert_eq!(received(&long), [Err(FrameError::TooLong), Ok(b"good".to_vec())]);
        assert_eq!(received(&sent(&[7; MOST_FRAME + 1])), [Err(FrameError::TooLong)]);
    }
}
