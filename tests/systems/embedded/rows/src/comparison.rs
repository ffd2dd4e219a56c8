//! Compares the outcome of a row with the expected one, without allocating memory for either.

use crate::atom::{Atom, Atoms};
use crate::row::Row;
use core::fmt;

/// The expected outcome of a row, compared with the outcome piece by piece.
///
/// A runner names [each path](Self::field) of the outcome and gives its value [atom by atom](Self::is). Paths that the
/// row does not expect are ignored, except `error`: the row then fails. The first difference is reported.
pub struct Comparison<'a> {
    row: Row<'a>,
    report: &'a mut dyn fmt::Write,
    /// The current path and the rest of its expected value; `None` if it is not expected.
    current: Option<(&'a [u8], Atoms<'a>)>,
    seen: u64,
    failed: bool,
}

impl<'a> Comparison<'a> {
    /// Compares the outcome of this row; the first difference is written to `report`.
    pub fn new(row: Row<'a>, report: &'a mut dyn fmt::Write) -> Self {
        Self { row, report, current: None, seen: 0, failed: false }
    }

    /// The value of this path follows.
    pub fn field(&mut self, path: &str) -> &mut Self {
        self.finish_value();
        let mut expected = self.row.expected;
        for index in 0_u32.. {
            match expected.bytes() {
                // Other fields may have any value; an error that is not expected must have none.
                None => {
                    self.current = (path == "error").then_some((b"error".as_slice(), expected));
                    break;
                }
                Some(name) if name == path.as_bytes() => {
                    self.seen |= 1 << index;
                    self.current = Some((name, expected));
                    break;
                }
                Some(_) => expected.skip_to_end(),
            }
        }
        self
    }

    /// The next piece of the value.
    pub fn is(&mut self, actual: Atom<'_>) -> &mut Self {
        let Some((path, expected)) = &mut self.current else { return self };
        let (path, expected) = (*path, expected.take());
        if expected != actual {
            self.differs(path, expected, actual);
        }
        self
    }

    /// The next piece of the value, a text or null.
    pub fn is_optional(&mut self, actual: Option<&[u8]>) -> &mut Self {
        self.is(actual.map_or(Atom::Null, Atom::Bytes))
    }

    /// Fails the row for a reason that is not a value.
    pub fn refuse(&mut self, reason: &str) {
        self.fail(format_args!("{reason}"));
    }

    /// Whether every expected value was given.
    pub fn passed(mut self) -> bool {
        self.finish_value();
        let mut expected = self.row.expected;
        for index in 0_u32.. {
            match expected.bytes() {
                None => break,
                Some(_) if self.seen & 1 << index != 0 => expected.skip_to_end(),
                Some(path) => {
                    self.fail(format_args!("{} is missing", path.escape_ascii()));
                    break;
                }
            }
        }
        !self.failed
    }

    fn finish_value(&mut self) {
        self.is(Atom::End);
        self.current = None;
    }

    fn differs(&mut self, path: &[u8], expected: Atom<'_>, actual: Atom<'_>) {
        self.current = None;
        self.fail(format_args!("{} should be {expected}, is {actual}", path.escape_ascii()));
    }

    fn fail(&mut self, difference: fmt::Arguments<'_>) {
        if !self.failed {
            self.failed = true;
            // The row fails even if the difference cannot be written.
            let _ = writeln!(self.report, "FAILED {}: {difference}", self.row.id);
        }
    }
}
