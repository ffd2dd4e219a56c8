//! The pieces of a row.

use core::fmt;

/// One piece of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom<'a> {
    /// The end of the arguments, of a value, or of the row.
    End,
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Integer(i64),
    /// A text.
    Bytes(&'a [u8]),
    /// A list begins.
    Open,
    /// A list ends.
    Close,
}

impl fmt::Display for Atom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 120;
        match self {
            Self::End => f.write_str("nothing more"),
            Self::Null => f.write_str("null"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Bytes(bytes) => match bytes.get(..MOST) {
                Some(first) => write!(f, "\"{}\"... of {} bytes", first.escape_ascii(), bytes.len()),
                None => write!(f, "\"{}\"", bytes.escape_ascii()),
            },
            Self::Open => f.write_str("a list"),
            Self::Close => f.write_str("the end of the list"),
        }
    }
}

/// Atoms in sequence; after the last one, and after invalid bytes, there are only [ends](Atom::End).
#[derive(Clone, Copy, Debug)]
pub struct Atoms<'a> {
    pool: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Atoms<'a> {
    /// The atoms in these bytes, whose texts are in a pool.
    pub(crate) const fn new(pool: &'a [u8], bytes: &'a [u8]) -> Self {
        Self { pool, rest: bytes }
    }

    /// Whether no atom is left.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next atom.
    pub fn take(&mut self) -> Atom<'a> {
        self.checked().unwrap_or(Atom::End)
    }

    /// The next atom, if it is a text.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        self.optional_bytes().flatten()
    }

    /// The next atom, if it is a text or null.
    pub fn optional_bytes(&mut self) -> Option<Option<&'a [u8]>> {
        match self.take() {
            Atom::Bytes(bytes) => Some(Some(bytes)),
            Atom::Null => Some(None),
            _ => None,
        }
    }

    /// The next atom, if it is a number.
    pub fn integer(&mut self) -> Option<i64> {
        match self.take() {
            Atom::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The next atom, if it is a size or null.
    pub fn optional_size(&mut self) -> Option<Option<usize>> {
        match self.take() {
            Atom::Integer(number) => Some(Some(usize::try_from(number).ok()?)),
            Atom::Null => Some(None),
            _ => None,
        }
    }

    /// The next atom, if it is true, false or null.
    pub fn optional_bool(&mut self) -> Option<Option<bool>> {
        match self.take() {
            Atom::Bool(truth) => Some(Some(truth)),
            Atom::Null => Some(None),
            _ => None,
        }
    }

    /// Skips the next atoms, up to and including an end.
    pub(crate) fn skip_to_end(&mut self) {
        while self.take() != Atom::End {}
    }

    fn checked(&mut self) -> Option<Atom<'a>> {
        let (kind, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(match kind {
            1 => Atom::Null,
            2 => Atom::Bool(false),
            3 => Atom::Bool(true),
            4 => {
                let zigzag = self.varint()?;
                Atom::Integer((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
            }
            5 => {
                let (start, length) = (self.size()?, self.size()?);
                Atom::Bytes(self.pool.get(start..)?.get(..length)?)
            }
            6 => Atom::Open,
            7 => Atom::Close,
            _ => Atom::End,
        })
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }

    fn varint(&mut self) -> Option<u64> {
        varint(&mut self.rest)
    }
}

/// Reads the number at the beginning of some bytes, and removes it from them.
pub(crate) fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
