//! Deliberate faults, which the checks must find.

use super::ledger::{Identity, Ledger};
use clap::ValueEnum;

/// The fault of one record in a hundred.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Sabotage {
    /// It has no context.
    Lose,
    /// It has its context twice.
    Double,
    /// It has the context of the previous record.
    Swap,
}

/// The contexts for the headers of a record: its own, unless this record gets a fault.
pub fn contexts(sabotage: Option<Sabotage>, ledger: &Ledger, own: Identity) -> Vec<Identity> {
    match sabotage {
        Some(how) if own.sequence % 100 == 99 => match how {
            Sabotage::Lose => vec![],
            Sabotage::Double => vec![own, own],
            Sabotage::Swap => vec![ledger.source(own.sequence - 1).unwrap_or(own)],
        },
        _ => vec![own],
    }
}
