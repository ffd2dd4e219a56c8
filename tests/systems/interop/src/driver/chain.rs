//! One trace through all runtimes in turn, repeated many times while all of them run.

use super::program::Program;
use super::runtime::CHAIN;
use super::spans::Seen;
use crate::protocol::{BaggageMember, Command, Context, Produced, Record, Relayed};
use crate::{broker, cleanup, kafka};
use anyhow::{Context as _, Error, Result, anyhow, bail};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// No chain takes this long.
const PATIENCE: Duration = Duration::from_secs(600);
/// How many chains are sent in one batch.
const BATCH: usize = 4;
/// How many chains may be in flight: few enough for every program to keep up.
const ON_THE_WAY: usize = 24;
/// How long a broker may take to report the counts of records.
const TELLS: Duration = Duration::from_secs(2);
/// The interval between checks for arrived chains.
const LOOK: Duration = Duration::from_millis(1);

/// One run of many chains.
struct Run<'a> {
    brokers: &'a str,
    chains: usize,
    topics: Vec<String>,
    arrived: AtomicUsize,
    /// The first failure, which may have caused the others.
    failure: OnceLock<Error>,
}

/// Sends this many chains through these programs.
pub fn run(programs: &mut [Program], brokers: &str, chains: usize) -> Result<Seen> {
    let mut way: Vec<&mut Program> =
        programs.iter_mut().filter(|program| place(&program.name).is_some()).collect();
    way.sort_by_key(|program| place(&program.name));
    let topics: Vec<String> = (1..=way.len()).map(|hop| format!("hop-{hop:02}")).collect();
    let new: Vec<_> = topics.iter().map(|name| broker::topic(name, 1)).collect();
    broker::create_topics(brokers, &new)?;

    let run = Run { brokers, chains, topics, arrived: AtomicUsize::new(0), failure: OnceLock::new() };
    let begun = Instant::now();
    let (produced, relayed) = run.send(&mut way)?;
    let names = way.iter().map(|program| program.name.clone()).collect();
    let mut seen = Seen::of(names, begun.elapsed());
    seen.last = relayed.last().map(|relayed| relayed.relayed.clone()).unwrap_or_default();
    let all = [produced.spans].into_iter().chain(relayed.into_iter().map(|relayed| relayed.spans));
    for (program, spans) in way.iter().zip(all) {
        seen.take(&program.name, &program.ready.language, &spans)?;
    }
    seen.spans.sort_by_key(|span| span.start);
    Ok(seen)
}

fn place(name: &str) -> Option<usize> {
    CHAIN.iter().position(|place| *place == name)
}

/// The baggage of every chain, which must arrive at its last program.
pub fn baggage() -> Vec<BaggageMember> {
    vec![BaggageMember { key: "tenant".to_owned(), value: "Café 17".to_owned(), metadata: String::new() }]
}

impl Run<'_> {
    /// Runs all programs in parallel; the first failure stops them.
    fn send(self, way: &mut [&mut Program]) -> Result<(Produced, Vec<Relayed>)> {
        let (first, relays) = way.split_first_mut().context("a chain needs a program")?;
        let sent = thread::scope(|scope| {
            let run = &self;
            let hops = relays.iter_mut().zip(run.topics.windows(2));
            let threads: Vec<_> = hops
                .map(|(program, hop)| scope.spawn(|| run.keep(relay(program, hop, run.chains))))
                .collect();
            let counter = scope.spawn(|| run.keep(run.count()));
            let produced = run.keep(run.produce(first));
            let relayed: Option<Vec<Relayed>> =
                threads.into_iter().map(|thread| thread.join().ok()?).collect();
            counter.join().ok()??;
            produced.zip(relayed)
        });
        let so_far = self.has_failed().then(|| self.so_far());
        match self.failure.into_inner().zip(so_far) {
            Some((failure, so_far)) => Err(failure.context(so_far)),
            None => sent.ok_or_else(|| anyhow!("a panic")),
        }
    }

    /// Returns the result. The first error is stored, and stops all programs.
    fn keep<T>(&self, result: Result<T>) -> Option<T> {
        match result {
            Ok(result) => Some(result),
            Err(error) => {
                if self.failure.set(error).is_ok() {
                    cleanup::stop_groups();
                }
                None
            }
        }
    }

    fn has_failed(&self) -> bool {
        self.failure.get().is_some()
    }

    fn produce(&self, program: &mut Program) -> Result<Produced> {
        let mut all = Produced::default();
        while all.produced.len() < self.chains && !self.has_failed() {
            let sent = all.produced.len();
            if sent >= self.arrived.load(Ordering::Relaxed) + ON_THE_WAY {
                thread::sleep(LOOK);
                continue;
            }
            let records = (sent + 1..=(sent + BATCH).min(self.chains)).map(record).collect();
            let command = Command::Produce { topic: self.topics[0].clone(), records };
            let answer: Produced = program.ask(&command, PATIENCE)?;
            all.produced.extend(answer.produced);
            all.spans.extend(answer.spans);
        }
        Ok(all)
    }

    /// Counts the records in the last topic until all have arrived.
    fn count(&self) -> Result<()> {
        let last = self.topics.last().context("a chain needs a topic")?;
        let consumer = kafka::consumer(&kafka::client(self.brokers, "counter"), last)?;
        while self.arrived.load(Ordering::Relaxed) < self.chains && !self.has_failed() {
            if let Some(message) = consumer.poll(Duration::from_millis(100)) {
                message.with_context(|| format!("cannot read {last}"))?;
                self.arrived.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// The progress of the chains, if the broker still answers.
    fn so_far(&self) -> String {
        let count = |topic: &String| broker::length(self.brokers, topic, 1, TELLS);
        match self.topics.iter().map(count).collect::<Result<Vec<_>>>() {
            Ok(counts) => format!("the chain stopped; the counts of records in its topics are {counts:?}"),
            Err(error) => {
                format!("the chain stopped, and the broker does not report the counts of records ({error:#})")
            }
        }
    }
}

fn record(number: usize) -> Record {
    let context = Context { baggage: baggage(), ..Context::default() };
    Record { key: format!("chain-{number:04}"), value: "an order".to_owned(), context }
}

fn relay(program: &mut Program, hop: &[String], count: usize) -> Result<Relayed> {
    let [from, to] = hop else { bail!("a hop needs two topics") };
    program.ask(&Command::Relay { from: from.clone(), to: to.clone(), count }, PATIENCE)
}
