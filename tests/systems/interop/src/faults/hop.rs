//! A service between two topics: reads records as a member of a group, and forwards each one in the same trace.

use super::clients::{self, Events, Producer};
use super::language::Language;
use super::ledger::{Identity, Ledger};
use super::setting::Setting;
use anyhow::{Context, Result};
use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::message::BorrowedMessage;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// The stage at which a hop reads a record, unless it is given another.
pub const STAGE: &str = "hop";

/// The identity in the value of a record.
pub fn identity(message: &BorrowedMessage<'_>) -> Result<Identity> {
    message.payload().and_then(Identity::read).context("the value is not that of a sent record")
}

/// A member of a group.
pub struct Hop<'a> {
    ledger: &'a Ledger,
    language: Language,
    stage: &'static str,
    to: &'a str,
    consumer: BaseConsumer<Events>,
    producer: Producer,
    /// It commits after this many records.
    commit_after: u64,
    /// Records that it has read.
    pub read: AtomicU64,
    /// Set when it must end.
    pub stop: AtomicBool,
}

impl<'a> Hop<'a> {
    /// Joins the group that is named after the topic.
    pub fn join(
        setting: &Setting,
        ledger: &'a Ledger,
        language: Language,
        [from, to]: [&'a str; 2],
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let consumer = clients::consumer(
            setting,
            &[&[("group.id", from), ("enable.auto.offset.store", "false")], settings].concat(),
        )?;
        consumer.subscribe(&[from])?;
        Ok(Self {
            ledger,
            language,
            stage: STAGE,
            to,
            consumer,
            producer: clients::producer(setting, &[])?,
            commit_after: (ledger.records() / 20).max(1),
            read: AtomicU64::new(0),
            stop: AtomicBool::new(false),
        })
    }

    /// The same hop at another stage.
    pub fn at(self, stage: &'static str) -> Self {
        Self { stage, ..self }
    }

    /// The events of its consumer.
    pub fn events(&self) -> &Events {
        self.consumer.context()
    }

    /// Works until it must end, then leaves the group.
    pub fn run(&self) -> Result<()> {
        while !self.stop.load(Ordering::Relaxed) {
            match self.consumer.poll(Duration::from_millis(20)) {
                Some(Ok(message)) => self.work(&message)?,
                // While the broker is down, only errors arrive.
                Some(Err(_)) => drop(self.events().errors.fetch_add(1, Ordering::Relaxed)),
                None => {}
            }
        }
        clients::flush(&self.producer)
    }

    fn work(&self, message: &BorrowedMessage<'_>) -> Result<()> {
        self.carry(message)?;
        let read = self.read.fetch_add(1, Ordering::Relaxed) + 1;
        if read.is_multiple_of(self.commit_after) {
            clients::flush(&self.producer)?;
            // If a commit fails, for example during a rebalance, records are read again.
            let _ = self.consumer.commit_consumer_state(CommitMode::Sync);
        }
        // The final commit is done here, so that a member that leaves has always read an uncommitted record. It fails
        // if the partition is no longer this member's.
        let _ = self.consumer.store_offset_from_message(message);
        Ok(())
    }

    fn carry(&self, message: &BorrowedMessage<'_>) -> Result<()> {
        let says = identity(message)?;
        let reading = self.language.read(message);
        self.ledger.read(self.stage, says, &reading);
        let next = self.ledger.below(says, &reading);
        self.language.send_on(message, &self.producer, self.to, &next.to_string(), next.span_id)
    }
}
