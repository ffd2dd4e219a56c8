//! The broker is killed and restarted while a source and a hop run.

use crate::faults::clients::{self, Producer};
use crate::faults::fault::Seen;
use crate::faults::hop::{self, Hop, STAGE};
use crate::faults::language::Language;
use crate::faults::ledger::Ledger;
use crate::faults::setting::{Setting, until};
use crate::faults::source;
use crate::faults::topics;
use anyhow::{Context, Result};
use rdkafka::producer::Producer as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const TOPICS: [&str; 2] = ["crash-in", "crash-out"];
const PARTITIONS: i32 = 3;
/// How long the broker is down, in addition to its start time.
const AWAY: Duration = Duration::from_secs(1);

/// A killed broker.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    for topic in TOPICS {
        topics::create(setting, topic, PARTITIONS, &[])?;
    }
    let producer = clients::producer(setting, &[])?;
    let hop = Hop::join(setting, ledger, Language::C, TOPICS, &[])?;
    let allowed = AtomicU64::new(ledger.records() / 2);
    let crash = thread::scope(|scope| {
        let source = scope.spawn(|| source::steadily(setting, ledger, &producer, TOPICS[0], &allowed));
        let service = scope.spawn(|| hop.run());
        let crash = crash(setting, ledger, &producer, &allowed);
        // The source must be able to end in every case.
        allowed.store(ledger.records(), Ordering::Relaxed);
        let source = source.join().expect("the source does not panic");
        let all = until("the hop has read all records", || {
            ledger.seen(STAGE) == ledger.records() || service.is_finished()
        });
        hop.stop.store(true, Ordering::Relaxed);
        service.join().expect("the hop does not panic")?;
        source.and(all).and(crash)
    })?;
    topics::read_whole(setting, TOPICS[1], PARTITIONS, &[], |message| {
        ledger.read("consumer", hop::identity(message)?, &Language::Rust.read(message));
        Ok(())
    })?;
    ledger.arrived(STAGE, |_| true);
    ledger.arrived("consumer", |_| true);
    seen(setting, ledger, &crash, hop.events().errors.load(Ordering::Relaxed))
}

/// The records in flight when the broker was killed, and how long it was down.
struct Crash {
    delivered: u64,
    queued: i32,
    read: u64,
    away: Duration,
}

/// Kills the broker in the third quarter of the records; the last quarter is sent while it is down.
fn crash(setting: &Setting, ledger: &Ledger, producer: &Producer, allowed: &AtomicU64) -> Result<Crash> {
    let broker = setting.broker.as_ref().context("only a broker that was started here can be killed")?;
    let counter = &producer.context().delivered;
    let quarter = ledger.records() / 4;
    until("the hop is under way", || ledger.seen(STAGE) > quarter)?;
    allowed.store(3 * quarter, Ordering::Relaxed);
    until("more than half of the records are delivered", || counter.load(Ordering::Relaxed) > 2 * quarter)?;
    let begin = Instant::now();
    broker.kill()?;
    allowed.store(ledger.records(), Ordering::Relaxed);
    thread::sleep(AWAY);
    let (delivered, queued) = (counter.load(Ordering::Relaxed), producer.in_flight_count());
    let read = ledger.seen(STAGE);
    broker.restart()?;
    Ok(Crash { delivered, queued, read, away: begin.elapsed() })
}

fn seen(setting: &Setting, ledger: &Ledger, crash: &Crash, errors: u64) -> Result<Seen> {
    let written = topics::length(setting, TOPICS[0], PARTITIONS)?;
    let Crash { delivered, queued, read, away } = crash;
    let mut seen = Seen::of(format!(
        "`kill -9` with {delivered} records delivered, {queued} waiting in the producer and {read} through the hop; down for {:.1} s",
        away.as_secs_f64()
    ));
    seen.again = ledger.again(STAGE);
    seen.require(
        *delivered < ledger.records() && *queued > 0,
        "records waited in the producer while the broker was down",
    );
    seen.require(errors > 0, "the consumer reported errors");
    seen.require(written == ledger.records(), "the idempotent producer wrote each record once");
    Ok(seen)
}
