//! The commands and answers of the matrix programs: one JSON object a line, in both directions.
//!
//! The README of the package describes them. [`serve`] is the loop of a program in Rust.

mod context;
mod message;
mod serve;
mod span;

pub use context::{BaggageMember, Context};
pub use message::{Answer, Command, Consumed, Produced, Ready, Received, Record, Relation, Relayed, Sent};
pub use serve::{Program, serve};
pub use span::{Kind, Link, Span, TimestampType};
