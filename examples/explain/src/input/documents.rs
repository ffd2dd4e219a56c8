//! Splits the input into documents: a line each, or a JSON text of several lines.

use super::json_end::{End, Progress};
use super::lines::{Line, Lines, MAX_LENGTH};
use std::io::{self, Read};

/// The documents of an input.
pub struct Documents<R> {
    lines: Lines<R>,
    /// An incomplete JSON text, and the number of its first line.
    open: Vec<u8>,
    began: u64,
    end: End,
    /// The line that cannot continue the incomplete text.
    again: Option<(u64, Vec<u8>)>,
}

/// One document.
pub struct Document<'a> {
    /// Number of its first line, from 1.
    pub number: u64,
    /// Bytes of the document; `None` if there are too many.
    pub bytes: Option<&'a [u8]>,
}

impl<R: Read> Documents<R> {
    /// Starts at the beginning of this input.
    pub fn of(input: R) -> Self {
        Self { lines: Lines::of(input), open: Vec::new(), began: 0, end: End::default(), again: None }
    }

    /// Whether the next line has not arrived, so that reading it may block.
    pub fn may_wait(&self) -> bool {
        self.again.is_none() && self.lines.may_wait()
    }

    /// Reads the next document. `None` at the end of the input.
    pub fn read(&mut self) -> io::Result<Option<Document<'_>>> {
        self.open.clear();
        if let Some((number, bytes)) = self.again.take() {
            return self.read_from(number, bytes);
        }
        let Some(Line { number, bytes }) = self.lines.read()? else { return Ok(None) };
        self.end = End::default();
        let goes_on = bytes.filter(|bytes| may_go_on(bytes) && self.end.feed(bytes) == Progress::Open);
        if let Some(bytes) = goes_on {
            let bytes = bytes.to_vec();
            self.began = number;
            return self.go_on(bytes);
        }
        let is_kept = bytes.is_some();
        Ok(Some(Document { number, bytes: self.lines.current(is_kept) }))
    }

    fn read_from(&mut self, number: u64, bytes: Vec<u8>) -> io::Result<Option<Document<'_>>> {
        self.end = End::default();
        if may_go_on(&bytes) && self.end.feed(&bytes) == Progress::Open {
            self.began = number;
            return self.go_on(bytes);
        }
        self.open = bytes;
        Ok(Some(Document { number, bytes: Some(&self.open) }))
    }

    /// Adds lines until the text is complete or is not JSON.
    fn go_on(&mut self, first: Vec<u8>) -> io::Result<Option<Document<'_>>> {
        self.open = first;
        while let Some(Line { number, bytes }) = self.lines.read()? {
            let Some(bytes) = bytes.filter(|bytes| self.open.len() + bytes.len() < MAX_LENGTH) else {
                return Ok(Some(Document { number: self.began, bytes: None }));
            };
            match self.end.feed(bytes) {
                Progress::Invalid => {
                    self.again = Some((number, bytes.to_vec()));
                    break;
                }
                progress => {
                    self.open.push(b'\n');
                    self.open.extend_from_slice(bytes);
                    if progress == Progress::Ended {
                        break;
                    }
                }
            }
        }
        Ok(Some(Document { number: self.began, bytes: Some(&self.open) }))
    }
}

/// Whether a line may begin a JSON text of several lines. Most lines are whole objects, so this test is fast.
fn may_go_on(line: &[u8]) -> bool {
    match (line.trim_ascii_start().first(), line.trim_ascii_end().last()) {
        (Some(b'{'), Some(last)) => *last != b'}',
        (Some(b'['), _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_texts_over_several_lines() {
        for (input, expected) in [
            ("{}\n{}", &[(1, "{}"), (2, "{}")][..]),
            ("{\n}\n{}", &[(1, "{\n}"), (3, "{}")]),
            ("[\n{\"a\":\n1}\n]\nx", &[(1, "[\n{\"a\":\n1}\n]"), (5, "x")]),
            ("{\"a\":[\"b\"]\n{}\n{}", &[(1, "{\"a\":[\"b\"]"), (2, "{}"), (3, "{}")]),
            ("{\"a\n{}", &[(1, "{\"a"), (2, "{}")]),
            ("{\n{\n}", &[(1, "{"), (2, "{\n}")]),
            ("[1] x\n{}", &[(1, "[1] x"), (2, "{}")]),
            ("{", &[(1, "{")]),
            ("", &[]),
        ] {
            let mut documents = Documents::of(input.as_bytes());
            let mut found = Vec::new();
            while let Some(Document { number, bytes }) = documents.read().unwrap() {
                found.push((number, String::from_utf8(bytes.unwrap().to_vec()).unwrap()));
            }
            let found: Vec<_> = found.iter().map(|(number, text)| (*number, text.as_str())).collect();
            assert_eq!(found, expected, "{input:?}");
        }
    }
}
