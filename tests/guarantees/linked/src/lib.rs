//! Builds the library's archive in every supported way, reads its symbols, and links it to see which code is reachable.
//!
//! There must be no panic, no allocator and no `std`. The only symbols are the functions of the header and those that
//! compilers call.
//!
//! `archive/` is the library with the Rust functions beside those of C, and with a panic handler that is a missing
//! symbol. Copies of the sources with a deliberate fault show that each check finds it.

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
