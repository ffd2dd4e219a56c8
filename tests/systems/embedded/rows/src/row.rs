//! Rows in sequence.

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
    /// The name of its file.
    pub file: &'a str,
    /// The operation to run.
    pub operation: &'a [u8],
    /// The arguments of the operation.
    pub arguments: Atoms<'a>,
    /// The expected outcome.
    pub(crate) expected: Atoms<'a>,
}

impl<'a> Rows<'a> {
    /// The rows at the beginning of these bytes; `None` if there are none.
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
    /// A row; `None` if the bytes are damaged.
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

/// Splits after a size and this many bytes; the first part is without the size.
fn sized<'a>(bytes: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let size = usize::try_from(varint(bytes)?).ok()?;
    bytes.split_at_checked(size)
}
