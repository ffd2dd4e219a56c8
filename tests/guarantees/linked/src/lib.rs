//! Builds the archive of the library in every way that its users may, reads its symbols, and links it to see what is
//! reached: no panic, no allocator, no `std`, nothing but the functions of the header and those that compilers call.
//!
//! `archive/` is the library with every function of Rust beside those of C, and with a panic handler that is a missing
//! symbol. A copy of the sources in which something is deliberately wrong shows that each check would find it.

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
