//! Rows, one after the other.

use crate::atom::{Atoms, varint};

/// All rows of a packed file.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    pool: &'a [u8],
    rest: &'a [u8],
    left: u64,
}

/// One conformance vector.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Its name, unique and stable.
    pub id: &'a str,
    /// The name of the file that it is from.
    pub file: &'a str,
    /// What is to be done.
    pub operation: &'a [u8],
    /// The arguments of the operation.
    pub arguments: Atoms<'a>,
    /// What comes of it.
    pub(crate) expected: Atoms<'a>,
}

impl<'a> Rows<'a> {
    /// The rows in these bytes, which may have more after them; none if they are no rows.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"rows")?;
        let left = varint(&mut rest)?;
        let (pool, rest) = sized(&mut rest)?;
        Some(Self { pool, rest, left })
    }

    fn row(&mut self) -> Option<Row<'a>> {
        let (bytes, rest) = sized(&mut self.rest)?;
        self.rest = rest;
        let mut atoms = Atoms::new(self.pool, bytes);
        let id = core::str::from_utf8(atoms.bytes()?).ok()?;
        let file = core::str::from_utf8(atoms.bytes()?).ok()?;
        let operation = atoms.bytes()?;
        let arguments = atoms;
        atoms.skip_to_end();
        Some(Row { id, file, operation, arguments, expected: atoms })
    }
}

impl<'a> Iterator for Rows<'a> {
    /// A row, or nothing if the bytes are damaged.
    type Item = Option<Row<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let row = self.row();
        if row.is_none() {
            self.left = 0;
        }
        Some(row)
    }
}

/// As many bytes as a size before them says, and what comes after them.
fn sized<'a>(bytes: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let size = usize::try_from(varint(bytes)?).ok()?;
    bytes.split_at_checked(size)
}
