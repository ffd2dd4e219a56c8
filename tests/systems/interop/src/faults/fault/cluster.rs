//! Each of three brokers is killed, frozen or restarted, while records pass two hops whose group has a changing member.

use crate::broker::Broker;
use crate::cleanup;
use crate::faults::clients::{self, Events, Producer};
use crate::faults::fault::Seen;
use crate::faults::hop::{self, Hop};
use crate::faults::language::Language;
use crate::faults::ledger::Ledger;
use crate::faults::setting::{PATIENCE, Setting, until};
use crate::faults::source;
use crate::faults::topics;
use anyhow::{Context, Result};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::metadata::Metadata;
use rdkafka::producer::Producer as _;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const TOPICS: [&str; 3] = ["cluster-in", "cluster-middle", "cluster-out"];
const PARTITIONS: i32 = 3;
const BROKERS: usize = 3;
/// Longer than the session of a broker, so that the others elect new leaders for its partitions.
const FROZEN: Duration = Duration::from_secs(8);
/// How long the changing member stays in the group, and how long it is away.
const VISIT: Duration = Duration::from_secs(2);
/// One part of the records is sent for each step.
const STEPS: u64 = 8;

/// A failing cluster, which is started for this fault.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    let brokers = Broker::cluster(&cleanup::folder()?, BROKERS)?;
    let addresses: Vec<_> = brokers.iter().map(Broker::address).collect();
    let setting = Setting { brokers: addresses.join(","), broker: None, ..*setting };
    for topic in TOPICS {
        topics::create(&setting, topic, PARTITIONS, &[])?;
    }
    let producer = clients::producer(&setting, &[])?;
    let [first, second] = [(Language::Rust, 0), (Language::C, 1)]
        .map(|(language, stage)| join(&setting, ledger, language, stage));
    let (first, second, allowed, is_over) = (first?, second?, AtomicU64::new(0), AtomicBool::new(false));
    let cluster =
        Cluster { brokers: &brokers, ledger, allowed: &allowed, client: clients::consumer(&setting, &[])? };
    let (words, visits) = thread::scope(|scope| {
        let source = scope.spawn(|| source::steadily(&setting, ledger, &producer, TOPICS[0], &allowed));
        let services = [&first, &second].map(|hop| scope.spawn(|| hop.run()));
        let visitor = scope.spawn(|| visit(&setting, ledger, &is_over));
        let words = cluster.fail();
        // The source must be able to end in every case.
        allowed.store(ledger.records(), Ordering::Relaxed);
        let sent = source.join().expect("the source does not panic");
        is_over.store(true, Ordering::Relaxed);
        let visits = visitor.join().expect("the visitor does not panic");
        let all = cluster.until_read(ledger.records());
        [&first, &second].iter().for_each(|hop| hop.stop.store(true, Ordering::Relaxed));
        for service in services {
            service.join().expect("a hop does not panic")?;
        }
        let words = words?;
        sent.and(all)?;
        anyhow::Ok((words, visits?))
    })?;
    topics::read_whole(&setting, TOPICS[2], PARTITIONS, &[], |message| {
        ledger.read("consumer", hop::identity(message)?, &Language::Rust.read(message));
        Ok(())
    })?;
    for stage in [TOPICS[0], TOPICS[1], "consumer"] {
        ledger.arrived(stage, |_| true);
    }
    let seen = seen(&setting, ledger, words, visits, [&first, &second].map(Hop::events), &producer);
    brokers.iter().try_for_each(Broker::kill)?;
    seen
}

/// A member of the group between two topics; its stage is the topic that it reads.
fn join<'a>(setting: &Setting, ledger: &'a Ledger, language: Language, stage: usize) -> Result<Hop<'a>> {
    let settings = [("heartbeat.interval.ms", "200"), ("session.timeout.ms", "6000")];
    let hop = Hop::join(setting, ledger, language, [TOPICS[stage], TOPICS[stage + 1]], &settings)?;
    Ok(hop.at(TOPICS[stage]))
}

/// A second member of the first group joins and leaves, again and again. Returns how many times it had partitions.
fn visit(setting: &Setting, ledger: &Ledger, is_over: &AtomicBool) -> Result<u64> {
    let mut visits = 0;
    while !is_over.load(Ordering::Relaxed) {
        let visitor = join(setting, ledger, Language::C, 0)?;
        thread::scope(|scope| {
            let service = scope.spawn(|| visitor.run());
            thread::sleep(VISIT);
            visitor.stop.store(true, Ordering::Relaxed);
            service.join().expect("the visitor does not panic")
        })?;
        visits += u64::from(visitor.events().partitions.load(Ordering::Relaxed) > 0);
        thread::sleep(VISIT);
    }
    Ok(visits)
}

/// The brokers, and how far the records have come.
struct Cluster<'a> {
    brokers: &'a [Broker],
    ledger: &'a Ledger,
    allowed: &'a AtomicU64,
    client: BaseConsumer<Events>,
}

impl Cluster<'_> {
    /// Lets every fault happen. Returns a summary.
    fn fail(&self) -> Result<String> {
        self.proceed(1)?;
        let leader = self.leader(TOPICS[0])?;
        let away = self.without(leader, 2, Broker::kill)?;
        let controller = self.controller()?;
        let controller_away = self.without(controller, 3, Broker::kill)?;
        let frozen = self.leader(TOPICS[1])?;
        let begin = Instant::now();
        self.brokers[frozen].freeze()?;
        let proceeded = self.proceed(4);
        thread::sleep(FROZEN.saturating_sub(begin.elapsed()));
        self.brokers[frozen].thaw()?;
        let frozen_for = begin.elapsed();
        proceeded?;
        self.until_whole()?;
        for broker in 0..BROKERS {
            self.without(broker, 5 + broker as u64, Broker::stop)?;
        }
        let [leader, controller, frozen] = [leader, controller, frozen].map(|broker| broker + 1);
        Ok(format!(
            "leader {leader} killed with `kill -9`, back after {:.1} s; controller {controller} killed, back after {:.1} s; \
             leader {frozen} frozen for {:.1} s; all restarted in turn",
            away.as_secs_f64(),
            controller_away.as_secs_f64(),
            frozen_for.as_secs_f64()
        ))
    }

    /// Ends a broker, lets the records of a step pass without it, and starts it again. Returns how long it was away.
    fn without(&self, broker: usize, step: u64, end: fn(&Broker) -> Result<()>) -> Result<Duration> {
        let begin = Instant::now();
        end(&self.brokers[broker])?;
        let proceeded = self.proceed(step);
        self.brokers[broker].restart()?;
        let away = begin.elapsed();
        self.until_whole()?;
        proceeded.map(|()| away).with_context(|| format!("without broker {}", broker + 1))
    }

    /// Sends the records of a step, and waits until half of them have passed both hops.
    fn proceed(&self, step: u64) -> Result<()> {
        let part = self.ledger.records() / STEPS;
        self.allowed.store(step * part, Ordering::Relaxed);
        self.until_read(step * part - part / 2).with_context(|| format!("step {step}"))
    }

    fn until_read(&self, count: u64) -> Result<()> {
        until("the second hop has read the records", || self.ledger.seen(TOPICS[1]) >= count).with_context(
            || {
                format!(
                    "{} of {count}, {} through the first",
                    self.ledger.seen(TOPICS[1]),
                    self.ledger.seen(TOPICS[0])
                )
            },
        )
    }

    /// Waits until every partition has all its replicas in sync. Only then may the next broker fail.
    fn until_whole(&self) -> Result<()> {
        until("all replicas are in sync", || self.metadata().is_ok_and(|metadata| is_whole(&metadata)))
    }

    fn metadata(&self) -> Result<Metadata> {
        Ok(self.client.fetch_metadata(None, PATIENCE)?)
    }

    /// The index of the broker that leads the first partition of a topic.
    fn leader(&self, topic: &str) -> Result<usize> {
        let metadata = self.metadata()?;
        let topic = metadata.topics().iter().find(|it| it.name() == topic).context("no topic")?;
        let leader = topic.partitions().first().context("no partition")?.leader();
        usize::try_from(leader - 1).context("no leader")
    }

    /// The index of the active controller: the one that has announced the latest epoch in its log.
    fn controller(&self) -> Result<usize> {
        let epoch = |broker: &Broker| -> Option<u64> {
            let log = fs::read(broker.log()).ok()?;
            let log = String::from_utf8_lossy(&log);
            let announced = log.rsplit("Becoming the active controller at epoch ").next()?;
            announced.split(',').next()?.parse().ok()
        };
        let latest = (0..BROKERS).max_by_key(|broker| epoch(&self.brokers[*broker]));
        latest.filter(|broker| epoch(&self.brokers[*broker]).is_some()).context("no controller")
    }
}

fn is_whole(metadata: &Metadata) -> bool {
    let partitions = metadata.topics().iter().flat_map(|topic| topic.partitions());
    metadata.brokers().len() == BROKERS
        && partitions.into_iter().all(|partition| partition.isr().len() == BROKERS)
}

fn seen(
    setting: &Setting,
    ledger: &Ledger,
    words: String,
    visits: u64,
    hops: [&Events; 2],
    producer: &Producer,
) -> Result<Seen> {
    let rebalances = hops[0].rebalances.load(Ordering::Relaxed);
    let mut seen = Seen::of(format!("{words}; {visits} visits of a third member, {rebalances} rebalances"));
    seen.again = ledger.again(TOPICS[0]) + ledger.again(TOPICS[1]);
    let errors = [hops[0], hops[1], producer.context()].map(|events| events.errors.load(Ordering::Relaxed));
    seen.require(errors.iter().all(|errors| *errors > 0), "each client reported errors");
    seen.require(visits >= 2 && rebalances > visits, "partitions moved between members meanwhile");
    let written = topics::length(setting, TOPICS[0], PARTITIONS)?;
    seen.require(written == ledger.records(), "the idempotent producer wrote each record once");
    Ok(seen)
}
