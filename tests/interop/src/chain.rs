//! One trace through all runtimes in turn, many times, while all of them run.

use crate::broker;
use crate::program::Program;
use crate::runtime::{self, CHAIN};
use anyhow::{Context as _, Result, anyhow, bail};
use pipeline::spans;
use rdkafka::message::Message;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};
use tracebaton_interop_ours::kafka;
use tracebaton_interop_protocol::{
    BaggageMember, Command, Context, Kind, Produced, Received, Record, Relayed,
};
use tracebaton_interop_protocol::{Span, TimestampType};

/// Longer than any chain takes.
const PATIENCE: Duration = Duration::from_secs(600);
/// How many chains are sent at once.
const BATCH: usize = 4;
/// How many chains may be on their way: few enough for every program to keep up.
const ON_THE_WAY: usize = 24;

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// The spans of all programs, in the order in which they began.
    pub spans: Vec<spans::Span>,
    /// How many consumers' spans only link to the sending; each is drawn below it.
    pub linked: BTreeMap<String, usize>,
    /// What the last program has received.
    pub last: Vec<Received>,
    /// The programs, in the order of the chain.
    pub way: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// Sends so many chains through these programs.
pub fn run(programs: &mut [Program], brokers: &str, chains: usize) -> Result<Seen> {
    let mut way: Vec<&mut Program> =
        programs.iter_mut().filter(|program| place(&program.name).is_some()).collect();
    way.sort_by_key(|program| place(&program.name));
    let topics: Vec<String> = (1..=way.len()).map(|hop| format!("hop-{hop:02}")).collect();
    broker::create_topics(brokers, &topics)?;
    let last = topics.last().context("a chain needs a program")?;

    let mut seen = Seen { way: way.iter().map(|program| program.name.clone()).collect(), ..Seen::default() };
    let (arrived, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let begun = Instant::now();
    let answers = thread::scope(|scope| {
        let (arrived, stop) = (&arrived, &stop);
        let (first, relays) = way.split_first_mut().context("a chain needs a program")?;
        let threads: Vec<_> = relays
            .iter_mut()
            .zip(topics.windows(2))
            .map(|(program, hop)| scope.spawn(move || stopping(stop, relay(program, hop, chains))))
            .collect();
        let counter = scope.spawn(move || stopping(stop, count(brokers, last, chains, arrived, stop)));
        let produced = stopping(stop, produce(first, &topics[0], chains, arrived, stop));
        let relayed: Result<Vec<Relayed>> = threads.into_iter().map(join).collect();
        // Why a program failed says more than that its records did not come.
        let (relayed, ()) = (relayed?, join(counter)?);
        Ok::<_, anyhow::Error>((produced?, relayed))
    });
    let (produced, relayed) = answers?;
    seen.took = begun.elapsed();
    seen.last = relayed.last().map(|relayed| relayed.relayed.clone()).unwrap_or_default();
    let all: Vec<Vec<Span>> =
        [produced.spans].into_iter().chain(relayed.into_iter().map(|relayed| relayed.spans)).collect();
    for (program, spans) in way.iter().zip(&all) {
        seen.take(program, spans)?;
    }
    seen.spans.sort_by_key(|span| span.start);
    Ok(seen)
}

fn place(name: &str) -> Option<usize> {
    CHAIN.iter().position(|place| *place == name)
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().map_err(|_| anyhow!("a panic"))?
}

fn stopping<T>(stop: &AtomicBool, result: Result<T>) -> Result<T> {
    if result.is_err() {
        stop.store(true, Ordering::Relaxed);
    }
    result
}

/// The key of a chain.
fn key(number: usize) -> String {
    format!("chain-{number:04}")
}

/// What every chain carries from its first program to its last.
pub fn baggage() -> Vec<BaggageMember> {
    vec![BaggageMember { key: "tenant".to_owned(), value: "Café 17".to_owned(), metadata: String::new() }]
}

fn produce(
    program: &mut Program,
    topic: &str,
    chains: usize,
    arrived: &AtomicUsize,
    stop: &AtomicBool,
) -> Result<Produced> {
    let mut all = Produced::default();
    while all.produced.len() < chains && !stop.load(Ordering::Relaxed) {
        let sent = all.produced.len();
        if sent >= arrived.load(Ordering::Relaxed) + ON_THE_WAY {
            thread::sleep(Duration::from_millis(1));
            continue;
        }
        let context = Context { baggage: baggage(), ..Context::default() };
        let numbers = sent + 1..=(sent + BATCH).min(chains);
        let record =
            |number| Record { key: key(number), value: "an order".to_owned(), context: context.clone() };
        let records = numbers.map(record).collect();
        let answer: Produced =
            program.ask(&Command::Produce { topic: topic.to_owned(), records }, PATIENCE)?;
        all.produced.extend(answer.produced);
        all.spans.extend(answer.spans);
    }
    Ok(all)
}

fn relay(program: &mut Program, hop: &[String], count: usize) -> Result<Relayed> {
    let [from, to] = hop else { bail!("a hop goes from one topic to another") };
    program.ask(&Command::Relay { from: from.clone(), to: to.clone(), count }, PATIENCE)
}

/// Counts what arrives in the last topic.
fn count(brokers: &str, topic: &str, chains: usize, arrived: &AtomicUsize, stop: &AtomicBool) -> Result<()> {
    let mut keys = HashSet::new();
    kafka::read(&kafka::client(brokers, "counter"), topic, chains, |message| {
        if stop.load(Ordering::Relaxed) {
            bail!("stopped");
        }
        if !keys.insert(message.key().unwrap_or_default().to_vec()) {
            bail!("a record has arrived twice");
        }
        arrived.fetch_add(1, Ordering::Relaxed);
        Ok(())
    })
}

impl Seen {
    /// Takes what a program has reported, as the demo's renderer has it.
    fn take(&mut self, program: &Program, reported: &[Span]) -> Result<()> {
        for span in reported {
            let parent = span.parent.clone().or_else(|| self.linked_parent(program, span));
            let span =
                to_span(program, span, parent).with_context(|| format!("{}: {span:?}", program.name))?;
            self.spans.push(span);
        }
        Ok(())
    }

    /// The one span of the same trace that a consumer's span without a parent is linked to.
    fn linked_parent(&mut self, program: &Program, span: &Span) -> Option<String> {
        let [link] = &span.links[..] else { return None };
        if span.kind != Kind::Consumer || link.trace_id != span.trace_id {
            return None;
        }
        *self.linked.entry(program.name.clone()).or_default() += 1;
        Some(link.span_id.clone())
    }

    /// The keys whose spans are of more than one trace, or do not reach from the first program to the last.
    pub fn broken(&self) -> Vec<String> {
        let mut traces = HashMap::<&str, (HashSet<TraceId>, HashSet<&str>)>::new();
        for span in &self.spans {
            let Some(record) = &span.record else { continue };
            let (ids, services) = traces.entry(&record.key).or_default();
            ids.insert(span.trace_id);
            services.insert(&span.service);
        }
        let ends =
            [self.way.first(), self.way.last()].map(|name| runtime::label(name.map_or("", String::as_str)));
        let is_whole = |(ids, services): &(HashSet<TraceId>, HashSet<&str>)| {
            ids.len() == 1 && ends.iter().all(|end| services.contains(end))
        };
        let mut broken: Vec<String> =
            traces.iter().filter(|(_, trace)| !is_whole(trace)).map(|(key, _)| (*key).to_owned()).collect();
        broken.sort();
        broken
    }
}

fn to_span(program: &Program, span: &Span, parent: Option<String>) -> Option<spans::Span> {
    let record = span.topic.as_ref().zip(span.key.as_ref()).map(|(topic, key)| spans::Record {
        topic: topic.clone(),
        key: key.clone(),
        queue_time: span.queue_time_ms.map(|milliseconds| QueueTime {
            milliseconds,
            kind: match span.timestamp_type {
                Some(TimestampType::LogAppendTime) => TimestampKind::LogAppendTime,
                _ => TimestampKind::CreateTime,
            },
        }),
    });
    Some(spans::Span {
        trace_id: TraceId::from_hex(span.trace_id.as_bytes())?,
        span_id: SpanId::from_hex(span.span_id.as_bytes())?,
        parent: parent
            .map(|parent| SpanId::from_hex(parent.as_bytes()))
            .map_or(Some(None), |id| id.map(Some))?,
        service: runtime::label(&program.name).to_owned(),
        language: program.ready.language.clone(),
        name: span.name.clone(),
        kind: match span.kind {
            Kind::Producer => spans::Kind::Producer,
            Kind::Consumer => spans::Kind::Consumer,
            Kind::Internal | Kind::Client => spans::Kind::Internal,
        },
        start: span.start_us * 1000,
        end: span.end_us * 1000,
        record,
    })
}
