//! The library as C programs get it: the archive and the shared object, what they export and need, what they cost, and C
//! programs that are linked against them and run.

mod built;
mod examples;
mod growth;
mod programs;
mod symbols;
