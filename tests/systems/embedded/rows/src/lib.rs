//! Conformance vectors for machines without memory to parse JSON: packed by the host, read in place.
//!
//! A file of packed rows is the four bytes `rows`, the number of rows, the size of the pool, the pool, and the rows one
//! after the other. Numbers are varints: seven bits a byte, the lowest first, the highest bit set on all but the last.
//! All the rest is made of [`Atom`]s:
//!
//! | byte | atom | what follows |
//! | ---: | --- | --- |
//! | 0 | end | |
//! | 1 | null | |
//! | 2, 3 | false, true | |
//! | 4 | integer | a zig-zag varint |
//! | 5 | bytes | where they begin in the pool, and how many they are |
//! | 6, 7 | a list opens, closes | |
//!
//! A row is its size in bytes, and then: its id; its file; the operation, `extract` or a name in the README of the
//! vectors; the arguments and an end; and until the row's own end what is expected, each a path such as
//! `tracestate.members`, its value, and an end. Of an object inside of a list the members stand in the order in which
//! the README names them, one that is missing as null.
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
