//! A second member joins a group while records flow, and leaves it.

use crate::faults::clients;
use crate::faults::fault::Seen;
use crate::faults::hop::{self, Hop, STAGE};
use crate::faults::language::Language;
use crate::faults::ledger::Ledger;
use crate::faults::setting::{Setting, until};
use crate::faults::source;
use crate::faults::topics;
use anyhow::Result;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

const PARTITIONS: i32 = 4;

/// Who assigns the partitions to the members.
#[derive(Clone, Copy)]
pub enum Protocol {
    /// The first member.
    Classic,
    /// The broker.
    Consumer,
}

impl Protocol {
    fn topics(self) -> [&'static str; 2] {
        match self {
            Self::Classic => ["classic-in", "classic-out"],
            Self::Consumer => ["consumer-in", "consumer-out"],
        }
    }

    fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Classic => &[("group.protocol", "classic"), ("heartbeat.interval.ms", "200")],
            Self::Consumer => &[("group.protocol", "consumer")],
        }
    }
}

/// A changing group.
pub fn run(setting: &Setting, ledger: &Ledger, protocol: Protocol) -> Result<Seen> {
    let topics @ [from, to] = protocol.topics();
    for topic in topics {
        topics::create(setting, topic, PARTITIONS, &[])?;
    }
    let producer = clients::producer(setting, &[])?;
    let first = Hop::join(setting, ledger, Language::Rust, topics, protocol.settings())?;
    let allowed = AtomicU64::new(0);
    let by_second = thread::scope(|scope| {
        let source = scope.spawn(|| source::steadily(setting, ledger, &producer, from, &allowed));
        let service = scope.spawn(|| first.run());
        let by_second = visit(setting, ledger, protocol, &first, &allowed);
        // The source must be able to end in every case.
        allowed.store(ledger.records(), Ordering::Relaxed);
        let sent = source.join().expect("the source does not panic");
        let all =
            until("all records are read", || ledger.seen(STAGE) == ledger.records() || service.is_finished());
        first.stop.store(true, Ordering::Relaxed);
        service.join().expect("the hop does not panic")?;
        sent.and(all).and(by_second)
    })?;
    topics::read_whole(setting, to, PARTITIONS, &[], |message| {
        ledger.read("consumer", hop::identity(message)?, &Language::C.read(message));
        Ok(())
    })?;
    ledger.arrived(STAGE, |_| true);
    ledger.arrived("consumer", |_| true);
    Ok(seen(ledger, by_second, first.events().rebalances.load(Ordering::Relaxed)))
}

/// A second member joins, works and leaves; returns how many records it has read.
fn visit(
    setting: &Setting,
    ledger: &Ledger,
    protocol: Protocol,
    first: &Hop<'_>,
    allowed: &AtomicU64,
) -> Result<u64> {
    let part = |eighths| ledger.records() * eighths / 8;
    let partitions = |of: &Hop<'_>| of.events().partitions.load(Ordering::Relaxed);
    allowed.store(part(2), Ordering::Relaxed);
    until("the first member reads", || ledger.seen(STAGE) > part(1))?;
    let second = Hop::join(setting, ledger, Language::C, protocol.topics(), protocol.settings())?;
    thread::scope(|scope| {
        let service = scope.spawn(|| second.run());
        let shared = until("the members share the partitions", || partitions(&second) > 0);
        allowed.store(part(6), Ordering::Relaxed);
        let read = shared.and_then(|()| {
            until("the second member reads", || second.read.load(Ordering::Relaxed) > part(1))
        });
        second.stop.store(true, Ordering::Relaxed);
        service.join().expect("the hop does not panic")?;
        read
    })?;
    let by_second = second.read.load(Ordering::Relaxed);
    drop(second);
    until("the first member has all partitions again", || partitions(first) == PARTITIONS as u64)?;
    Ok(by_second)
}

fn seen(ledger: &Ledger, by_second: u64, rebalances: u64) -> Seen {
    let mut seen = Seen::of(format!(
        "the member in C read {by_second} records; the other's partitions changed {rebalances} times"
    ));
    seen.again = ledger.again(STAGE);
    seen.require(rebalances >= 3, "the first member got all partitions, gave some away, and got them back");
    seen.require(by_second < ledger.records(), "both members read records");
    seen.require(seen.again > 0, "records were read again");
    seen
}
