//! Other formats than W3C's: each tracer sends in its own, ours read and answer, and the tracer continues.

pub mod case;
pub mod conflict;
pub mod matrix;
pub mod migration;
pub mod ours;
pub mod peer;
pub mod picture;
pub mod protocol;
pub mod table;
