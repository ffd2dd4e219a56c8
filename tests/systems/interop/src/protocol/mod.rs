//! What the programs of the matrix are told, and what they answer: one JSON object a line, each way.
//!
//! The page beside the driver says it in words. [`serve`] is the loop of a program that is written in Rust.

mod context;
mod message;
mod serve;
mod span;

pub use context::{BaggageMember, Context};
pub use message::{Answer, Command, Consumed, Produced, Ready, Received, Record, Relation, Relayed, Sent};
pub use serve::{Program, serve};
pub use span::{Kind, Link, Span, TimestampType};
