//! Reads lines of bytes, one at a time and in bounded memory.

use std::io::{self, BufRead, BufReader, Read};

/// Maximum length of a line in bytes. A longer line is an error, and is skipped without being kept.
pub const MAX_LENGTH: usize = 64 << 20;

/// The lines of an input.
pub struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
}

/// One line.
pub struct Line<'a> {
    /// Number of the line, from 1.
    pub number: u64,
    /// Bytes of the line, without the line feed; `None` if there are more than [`MAX_LENGTH`].
    pub bytes: Option<&'a [u8]>,
}

impl<R: Read> Lines<R> {
    /// Starts at the beginning of this input.
    pub fn of(input: R) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), line: Vec::new(), number: 0 }
    }

    /// Whether the next line has not arrived, so that reading it may block.
    pub fn may_wait(&self) -> bool {
        !self.input.buffer().contains(&b'\n')
    }

    /// The bytes of the last line that was read, if they are `kept`.
    pub fn current(&self, kept: bool) -> Option<&[u8]> {
        kept.then_some(&self.line)
    }

    /// Reads the next line. The last line need not end in a line feed. `None` at the end of the input.
    pub fn read(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let limit = MAX_LENGTH as u64 + 1;
        if self.input.by_ref().take(limit).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if self.line.len() > MAX_LENGTH {
            self.input.skip_until(b'\n')?;
            return Ok(Some(Line { number: self.number, bytes: None }));
        }
        Ok(Some(Line { number: self.number, bytes: Some(&self.line) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(input: &[u8]) -> Vec<Option<usize>> {
        let mut lines = Lines::of(input);
        let mut lengths = Vec::new();
        while let Some(line) = lines.read().unwrap() {
            lengths.push(line.bytes.map(<[u8]>::len));
            assert_eq!(line.number, lengths.len() as u64);
        }
        lengths
    }

    #[test]
    fn the_last_line_needs_no_line_feed() {
        assert_eq!(lengths(b""), []);
        assert_eq!(lengths(b"\n"), [Some(0)]);
        assert_eq!(lengths(b"a\n\nbc"), [Some(1), Some(0), Some(2)]);
        assert_eq!(lengths(b"a\r\n"), [Some(2)]);
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped() {
        let mut input = vec![b'a'; MAX_LENGTH];
        input.push(b'\n');
        input.extend(vec![b'b'; MAX_LENGTH + 1]);
        input.extend(b"\ncc\n");
        assert_eq!(lengths(&input), [Some(MAX_LENGTH), None, Some(2)]);
    }
}
