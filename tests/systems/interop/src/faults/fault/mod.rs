//! The faults, and situations such as retries and compaction.

mod append_time;
mod cluster;
mod codecs;
mod compaction;
mod crash;
mod many_headers;
mod rebalance;
mod retry;
mod transactions;

use crate::faults::ledger::Ledger;
use crate::faults::setting::Setting;
use anyhow::Result;
use clap::ValueEnum;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// The broker is killed, and started again.
    Crash,
    /// A member joins a group of the classic protocol, and leaves it.
    Rebalance,
    /// The same in a group of the protocol of KIP-848.
    RebalanceByBroker,
    /// Failed records are retried, and moved to a dead letter topic at last.
    Retry,
    /// Records are forwarded in transactions, some of which are aborted.
    Transactions,
    /// Records are compressed.
    Codecs,
    /// A topic keeps only the last record of each key, including tombstones.
    Compaction,
    /// The broker sets the timestamps.
    AppendTime,
    /// Records have 1,000 headers.
    ManyHeaders,
    /// In a cluster of three brokers, each is killed, frozen or restarted.
    Cluster,
}

/// The result of a fault.
#[derive(Debug, Default)]
pub struct Seen {
    /// A summary.
    pub words: String,
    /// How many records were read more than once.
    pub again: u64,
    /// Failed requirements that are not about contexts.
    pub unmet: Vec<String>,
}

impl Seen {
    /// What was seen.
    pub fn of(words: String) -> Self {
        Self { words, ..Self::default() }
    }

    /// Adds a failure unless the requirement holds.
    pub fn require(&mut self, holds: bool, what: &str) {
        if !holds {
            self.unmet.push(format!("not met: {what}"));
        }
    }
}

impl Fault {
    /// These faults, or all but those that are skipped and those that need a broker started here if there is none.
    pub fn chosen(only: &[Self], skip: &[Self], own_broker: bool) -> Vec<Self> {
        let chosen = |fault: &Self| (only.is_empty() || only.contains(fault)) && !skip.contains(fault);
        let all = Self::value_variants().iter().copied();
        all.filter(|fault| chosen(fault) && (own_broker || *fault != Self::Crash)).collect()
    }

    /// Its name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crash => "broker killed and restarted",
            Self::Rebalance => "rebalance, classic protocol",
            Self::RebalanceByBroker => "rebalance, KIP-848",
            Self::Retry => "retries and dead letters",
            Self::Transactions => "transactions, some aborted",
            Self::Codecs => "compression",
            Self::Compaction => "compaction with tombstones",
            Self::AppendTime => "log-append time",
            Self::ManyHeaders => "1,000 headers",
            Self::Cluster => "cluster of three brokers",
        }
    }

    /// The count of records for it.
    pub fn records(self, setting: &Setting) -> u64 {
        setting.records
            / match self {
                Self::Crash | Self::Codecs | Self::Cluster => 1,
                Self::Rebalance | Self::RebalanceByBroker | Self::Transactions => 2,
                Self::Retry => 5,
                Self::Compaction | Self::AppendTime => 10,
                Self::ManyHeaders => 20,
            }
    }

    /// Lets it happen.
    pub fn run(self, setting: &Setting, ledger: &Ledger) -> Result<Seen> {
        match self {
            Self::Crash => crash::run(setting, ledger),
            Self::Rebalance => rebalance::run(setting, ledger, rebalance::Protocol::Classic),
            Self::RebalanceByBroker => rebalance::run(setting, ledger, rebalance::Protocol::Consumer),
            Self::Retry => retry::run(setting, ledger),
            Self::Transactions => transactions::run(setting, ledger),
            Self::Codecs => codecs::run(setting, ledger),
            Self::Compaction => compaction::run(setting, ledger),
            Self::AppendTime => append_time::run(setting, ledger),
            Self::ManyHeaders => many_headers::run(setting, ledger),
            Self::Cluster => cluster::run(setting, ledger),
        }
    }
}
