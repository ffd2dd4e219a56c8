//! The functions as C calls them, called from Rust: tables of rows, and what a careless program may pass.

mod baggage;
mod change;
mod extract;
mod formats;
mod inject;
mod kept;
mod laws;
mod layout;
mod misuse;
mod owned;
mod small;
mod status;
mod support;
mod tracestate;
