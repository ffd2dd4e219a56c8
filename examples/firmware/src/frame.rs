//! Frames on the wire: a sequence number, a content and a checksum. They are encoded with COBS (Cheshire and Baker,
//! 1999): a zero byte ends each frame and occurs nowhere else.
//!
//! After lost or garbled bytes, the next zero starts a new frame. The checksum detects the loss.

use core::fmt;
use crc::{CRC_32_ISO_HDLC, Crc};

/// Maximum size of the content of a received frame in bytes.
pub const MOST_CONTENT: usize = 1024;
/// Maximum count of bytes between two zeros on the wire.
const MOST_ENCODED: usize = MOST_FRAME + MOST_FRAME / LONGEST_RUN + 1;
const MOST_FRAME: usize = 1 + MOST_CONTENT + CHECKSUM;
const LONGEST_RUN: usize = 254;
/// Size of the checksum in bytes.
const CHECKSUM: usize = 4;
/// The checksum of Ethernet and zip.
const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// A received frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The number that the sender chose, 1 to 255. The answer has the same.
    pub sequence: u8,
    /// The bytes between the number and the checksum.
    pub content: &'a [u8],
}

/// Collects received bytes up to the end of a frame.
#[derive(Debug, Default)]
pub struct Frames {
    encoded: heapless::Vec<u8, MOST_ENCODED>,
    is_too_long: bool,
}

/// Why the received bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The content has more than [`MOST_CONTENT`] bytes.
    TooLong,
    /// The frame is not valid COBS.
    Encoding,
    /// The checksum is missing or wrong: bytes were changed or lost.
    Checksum,
}

impl FrameError {
    /// What is wrong, as the answer has it.
    pub const fn message(self) -> &'static str {
        match self {
            Self::TooLong => "frame too long",
            Self::Encoding => "frame not encoded",
            Self::Checksum => "frame with a wrong checksum",
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl Frames {
    /// Starts without any byte.
    pub const fn new() -> Self {
        Self { encoded: heapless::Vec::new(), is_too_long: false }
    }

    /// Adds a byte. If it ends a frame, calls `handle` with it. There may be any number of zeros between frames.
    pub fn push(&mut self, byte: u8, handle: impl FnOnce(Result<Frame<'_>, FrameError>)) {
        if byte != 0 {
            self.is_too_long |= self.encoded.push(byte).is_err();
            return;
        }
        if self.is_too_long {
            handle(Err(FrameError::TooLong));
        } else if !self.encoded.is_empty() {
            handle(decode(&mut self.encoded).and_then(checked));
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

/// The parts of a frame whose checksum is right.
fn checked(bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    let Some((rest, checksum)) = bytes.split_last_chunk::<CHECKSUM>() else {
        return Err(FrameError::Checksum);
    };
    match rest {
        [sequence, content @ ..] if CRC.checksum(rest) == u32::from_le_bytes(*checksum) => {
            Ok(Frame { sequence: *sequence, content })
        }
        _ => Err(FrameError::Checksum),
    }
}

/// Sends a frame byte by byte, with its checksum and the zero at its end.
pub fn send(sequence: u8, content: &[u8], mut byte: impl FnMut(u8)) {
    let mut digest = CRC.digest();
    digest.update(&[sequence]);
    digest.update(content);
    let checksum = digest.finalize().to_le_bytes();
    let (mut run, mut length) = ([0; LONGEST_RUN], 0);
    let mut end_run = |run: &[u8]| {
        // A run never exceeds its maximum length, so it fits.
        byte(run.len() as u8 + 1);
        run.iter().for_each(|value| byte(*value));
    };
    for value in [sequence].iter().chain(content).chain(&checksum) {
        if *value != 0
            && let Some(place) = run.get_mut(length)
        {
            *place = *value;
            length += 1;
        }
        if *value == 0 || length == LONGEST_RUN {
            end_run(run.get(..length).unwrap_or_default());
            length = 0;
        }
    }
    end_run(run.get(..length).unwrap_or_default());
    byte(0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn sent(content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        send(7, content, |byte| bytes.push(byte));
        bytes
    }

    fn received(bytes: &[u8]) -> Vec<Result<(u8, Vec<u8>), FrameError>> {
        let (mut frames, mut all) = (Frames::new(), Vec::new());
        for byte in bytes {
            frames.push(*byte, |frame| all.push(frame.map(|frame| (frame.sequence, frame.content.to_vec()))));
        }
        all
    }

    #[test]
    fn what_is_sent_is_received() {
        for length in [0, 1, 2, 248, 249, 250, 253, 254, 255, 508, 509, MOST_CONTENT] {
            for zeros in [1, 2, 7, 255, 2000] {
                let content: Vec<u8> = (0..length).map(|at| u8::from(at % zeros != 0)).collect();
                let bytes = sent(&content);
                assert_eq!(bytes.iter().position(|byte| *byte == 0), Some(bytes.len() - 1));
                assert_eq!(received(&bytes), [Ok((7, content))]);
            }
        }
    }

    /// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(CRC.checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_flipped_bit_is_detected() {
        let good = sent(b"good\0content");
        for bit in 0..8 * (good.len() - 1) {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(received(&bytes).iter().all(Result::is_err), "bit {bit}");
        }
    }

    #[test]
    fn what_is_no_frame_does_not_harm_the_next() {
        let good = sent(b"good");
        let ok = || Ok((7, b"good".to_vec()));
        assert_eq!(received(&[&[9, 1, 0], good.as_slice()].concat()), [Err(FrameError::Encoding), ok()]);
        let long = [&[7; 5000], &[0][..], &[0], &good].concat();
        assert_eq!(received(&long), [Err(FrameError::TooLong), ok()]);
        assert_eq!(received(&sent(&[7; MOST_CONTENT + 1])), [Err(FrameError::TooLong)]);
        assert_eq!(received(&[2, 7, 0]), [Err(FrameError::Checksum)]);
    }
}
