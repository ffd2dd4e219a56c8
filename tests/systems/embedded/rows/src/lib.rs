//! Conformance vectors for machines that cannot parse JSON: packed by the host, and read in place.
//!
//! A file of packed rows has the four bytes `rows`, the number of rows, the size of the pool, the pool, and the rows.
//! Numbers are varints: seven bits a byte, lowest first, with the highest bit set on all but the last byte. Everything
//! else consists of [`Atom`]s:
//!
//! | byte | atom | what follows |
//! | ---: | --- | --- |
//! | 0 | end | |
//! | 1 | null | |
//! | 2, 3 | false, true | |
//! | 4 | integer | a zig-zag varint |
//! | 5 | bytes | their offset in the pool, and their size |
//! | 6, 7 | a list opens, closes | |
//!
//! A row is its size in bytes, its id, its file, the operation, the arguments, an end, and the expected outcome up to
//! the row's own end.
//!
//! The operation is `extract` or a name in the README of the vectors. The expected outcome is a sequence of paths, such
//! as `tracestate.members`, each followed by its value and an end.
//!
//! The members of an object in a list have the sequence of the README; a missing one is null.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod atom;
mod comparison;
mod row;

pub use atom::{Atom, Atoms};
pub use comparison::Comparison;
pub use row::{Row, Rows};
