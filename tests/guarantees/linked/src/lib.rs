//! Builds the archive of the library in every way that users may build it, reads its symbols, and links it. The
//! linked code must have no panic, no allocator, no `std`, and only the functions of the header and those that
//! compilers call.
//!
//! `archive/` is the library with every Rust function beside the C functions, and with a panic handler that is a
//! missing symbol. Copies of the sources with a deliberate fault show that each check detects its fault.

mod build;
mod compilers;
mod header;
mod reached;
mod sources;
mod symbols;

pub use build::{Build, Failed, OPT_LEVELS};
pub use compilers::{compilers, has_sanitizers, is_installed, skip};
pub use header::declared;
pub use reached::Reached;
pub use sources::{Copy, project};
pub use symbols::{CALLED_BY_COMPILERS, Symbols, archive_symbols, object_symbols};
