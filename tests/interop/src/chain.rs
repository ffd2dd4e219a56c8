//! One trace through all runtimes in turn, many times, while all of them run.

use crate::broker;
use crate::program::Program;
use crate::runtime::{self, CHAIN};
use anyhow::{Context as _, Result, anyhow, bail};
use pipeline::spans;
use rdkafka::message::Message;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};
use tracebaton_interop_ours::kafka;
use tracebaton_interop_protocol::{BaggageMember, Command, Context, Kind, Link, Produced, Received, Record};
use tracebaton_interop_protocol::{Relayed, Span, TimestampType};

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
    /// In how many traces of its own a program has spans that only link to the sending; they are drawn below it.
    pub linked: BTreeMap<String, usize>,
    /// What the last program has received.
    pub last: Vec<Received>,
    /// The programs, in the order of the chain.
    pub way: Vec<String>,
    /// The programs that have reported spans, as the waterfall calls them.
    pub services: BTreeSet<String>,
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
    let (produced, relayed) = answers.with_context(|| so_far(brokers, &topics))?;
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

/// How far the chains have come.
fn so_far(brokers: &str, topics: &[String]) -> String {
    let counts = topics.iter().map(|topic| match broker::count(brokers, topic) {
        Ok(count) => format!("{topic} {count}"),
        Err(error) => format!("{topic}: {error:#}"),
    });
    format!("the chain stops; records in each topic: {}", counts.collect::<Vec<_>>().join(", "))
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
        let linked = linked(reported);
        if !linked.is_empty() {
            self.linked.insert(program.name.clone(), linked.len());
        }
        let mut waited = HashSet::new();
        for span in in_order(reported) {
            let mut span = span.clone();
            // A record waits once, however many spans tell of it.
            if span.queue_time_ms.is_some() && !waited.insert((span.topic.clone(), span.key.clone())) {
                span.queue_time_ms = None;
            }
            if let Some(link) = linked.get(span.trace_id.as_str()) {
                span.trace_id.clone_from(&link.trace_id);
                span.parent.get_or_insert_with(|| link.span_id.clone());
            }
            let taken = to_span(program, &span).with_context(|| format!("{}: {span:?}", program.name))?;
            self.services.insert(taken.service.clone());
            self.spans.push(taken);
        }
        Ok(())
    }

    /// The chains that are not of one trace, or in which a program's parent is not the one before it.
    pub fn broken(&self) -> Vec<String> {
        let by_id: HashMap<SpanId, &spans::Span> =
            self.spans.iter().map(|span| (span.span_id, span)).collect();
        let mut chains = BTreeMap::<&str, Vec<&spans::Span>>::new();
        for span in &self.spans {
            if let Some(record) = &span.record {
                chains.entry(&record.key).or_default().push(span);
            }
        }
        let mut broken = Vec::new();
        for (key, spans) in chains {
            let traces: HashSet<TraceId> = spans.iter().map(|span| span.trace_id).collect();
            let services: HashSet<&str> = spans.iter().map(|span| span.service.as_str()).collect();
            let parent = |span: &&&spans::Span| span.parent.and_then(|parent| by_id.get(&parent));
            let hops = spans
                .iter()
                .filter_map(|span| Some((parent(&span)?.service.as_str(), span.service.as_str())));
            if traces.len() != 1
                || !self.is_in_turn(hops.filter(|(from, to)| from != to).collect(), &services)
            {
                broken.push(key.to_owned());
            }
        }
        broken
    }

    /// Whether these are the hops from each program that has spans to the next.
    fn is_in_turn(&self, hops: BTreeSet<(&str, &str)>, services: &HashSet<&str>) -> bool {
        let all: Vec<&str> = self.way.iter().map(|name| runtime::label(name)).collect();
        let with_spans: Vec<&str> = all.into_iter().filter(|label| self.services.contains(*label)).collect();
        let should = with_spans.windows(2).map(|hop| (hop[0], hop[1])).collect();
        services.len() == with_spans.len() && hops == should
    }
}

/// In the order in which they began, outer ones first.
fn in_order(spans: &[Span]) -> Vec<&Span> {
    let mut spans: Vec<&Span> = spans.iter().collect();
    spans.sort_by_key(|span| (span.start_us, -span.end_us));
    spans
}

/// The traces in which a program's consumers begin anew, each with the one span elsewhere that it is linked to.
fn linked(spans: &[Span]) -> HashMap<&str, &Link> {
    let is_consumer = |span: &&Span| span.kind == Kind::Consumer && span.links.len() == 1;
    let links = spans.iter().filter(is_consumer).map(|span| (span.trace_id.as_str(), &span.links[0]));
    links.filter(|(trace_id, link)| *trace_id != link.trace_id).collect()
}

fn to_span(program: &Program, span: &Span) -> Option<spans::Span> {
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
        parent: span.parent.as_ref().and_then(|parent| SpanId::from_hex(parent.as_bytes())),
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
