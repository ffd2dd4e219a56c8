//! The library as C programs get it: what the archive and the shared object cost, and C programs that are linked against
//! them and run. What they export and need is in tests/guarantees/linked.

mod alone;
mod built;
mod cpp;
mod diagnostics;
mod examples;
mod growth;
mod programs;
