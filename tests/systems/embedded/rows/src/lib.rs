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
//! A row is its size in bytes, its id, its file, the operation (`extract` or a name in the README of the vectors),
//! the arguments and an end. Then follow the expected values up to the row's own end: each is a path such as
//! `tracestate.members`, its value, and an end. The members of an object inside a list are in the README's sequence;
//! a missing one is null.
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
