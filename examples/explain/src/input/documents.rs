//! Documents: a line each, or a JSON text over several lines.

use super::json_end::{End, Progress};
use super::lines::{Line, Lines, MAX_LENGTH};
use std::io::{self, Read};

/// The documents of an input.
pub struct Documents<R> {
    lines: Lines<R>,
    /// A JSON text that has not ended, and the line it began in.
    open: Vec<u8>,
    began: u64,
    end: End,
    /// The line that could not go on the text before it.
    again: Option<(u64, Vec<u8>)>,
}

/// One document.
pub struct Document<'a> {
    /// The number of its first line, from 1.
    pub number: u64,
    /// Its bytes; none if there are too many.
    pub bytes: Option<&'a [u8]>,
}

impl<R: Read> Documents<R> {
    /// The documents of this input, from its beginning.
    pub fn of(input: R) -> Self {
        Self { lines: Lines::of(input), open: Vec::new(), began: 0, end: End::default(), again: None }
    }

    /// Whether the next line is not here yet, so that reading it may wait for whoever writes it.
    pub fn may_wait(&self) -> bool {
        self.again.is_none() && self.lines.may_wait()
    }

    /// Reads the next document. None at the end.
    pub fn read(&mut self) -> io::Result<Option<Document<'_>>> {
        self.open.clear();
        if let Some((number, bytes)) = self.again.take() {
            return self.read_from(number, bytes);
        }
        let Some(Line { number, bytes }) = self.lines.read()? else { return Ok(None) };
        let goes_on = bytes.is_some_and(|bytes| {
            self.end = End::default();
            let first = bytes.trim_ascii_start().first();
            // Most lines end as they begin, and need no second look.
            matches!((first, bytes.trim_ascii_end().last()), (Some(b'{' | b'['), Some(last)) if !matches!((first, last), (Some(b'{'), b'}')))
                && self.end.feed(bytes) == Progress::Open
        });
        if goes_on {
            let bytes = bytes.unwrap_or_default().to_vec();
            self.began = number;
            return self.go_on(bytes);
        }
        // The borrow of the line ends with this call: give it again.
        Ok(Some(Document { number, bytes: self.lines.current(bytes.is_some()) }))
    }

    fn read_from(&mut self, number: u64, bytes: Vec<u8>) -> io::Result<Option<Document<'_>>> {
        self.end = End::default();
        if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) && self.end.feed(&bytes) == Progress::Open {
            self.began = number;
            return self.go_on(bytes);
        }
        self.open = bytes;
        Ok(Some(Document { number, bytes: Some(&self.open) }))
    }

    /// Adds lines until the text ends, or can no longer be JSON.
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
