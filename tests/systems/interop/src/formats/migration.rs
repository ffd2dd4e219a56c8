//! Services that move from B3 to W3C, one after the other, while records flow.

use super::case::{self, Case};
use super::ours::{self, Way};
use super::peer::Peer;
use super::protocol::{Command, Record, Relayed, Sent, Told};
use crate::broker;
use crate::driver::program::Program;
use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeMap;
use std::time::Duration;
use tracebaton::formats::{Format, Formats, Sampling};

const PATIENCE: Duration = Duration::from_secs(120);

/// How many traces go through all services in each round.
pub const TRACES: usize = 20;

/// The services in the order in which a record passes them, each with the tracer that it has at first.
pub const SERVICES: [(&str, &str); 4] = [
    ("shop", "formats/java/brave"),
    ("billing", "formats/go/opentelemetry"),
    ("stock", "formats/python/opentelemetry"),
    ("mail", "formats/node/opentelemetry"),
];

/// Where a service is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its tracer reads and writes `b3` alone.
    B3,
    /// It reads W3C, then B3, and writes both.
    Both,
    /// It reads W3C, then B3, and writes W3C alone; the B3 headers that it received are removed.
    WritesW3c,
    /// It reads and writes W3C alone.
    W3c,
}

impl Step {
    /// What the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::B3 => "B3",
            Self::Both => "1: both",
            Self::WritesW3c => "2: writes W3C",
            Self::W3c => "3: W3C",
        }
    }

    /// What a service of ours does; none if the service still has its old tracer.
    fn way(self) -> Option<Way> {
        const READS: &[Format] = &[Format::TraceContext, Format::B3, Format::B3Multi];
        let both = Format::TraceContext | Format::B3;
        let w3c = Formats::from(Format::TraceContext);
        let b3 = Format::B3 | Format::B3Multi;
        Some(match self {
            Self::B3 => return None,
            Self::Both => Way { reads: READS, writes: both, removes: b3 },
            Self::WritesW3c => Way { reads: READS, writes: w3c, removes: b3 },
            Self::W3c => Way { reads: &[Format::TraceContext], writes: w3c, removes: Formats::NONE },
        })
    }
}

/// What came of one round.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Where the services are.
    pub steps: [Step; SERVICES.len()],
    /// In how many arrivals the parent was read from B3.
    pub as_b3: usize,
    /// In how many from W3C.
    pub as_w3c: usize,
    /// How many traces have all services in one line.
    pub whole: usize,
}

/// The rounds: one service moves in each, in an order that is not that of the records.
fn rounds() -> Vec<[Step; SERVICES.len()]> {
    let mut steps = [Step::B3; SERVICES.len()];
    let mut rounds = vec![steps];
    for (step, order) in
        [(Step::Both, [2, 0, 3, 1]), (Step::WritesW3c, [3, 2, 0, 1]), (Step::W3c, [1, 3, 0, 2])]
    {
        for service in order {
            steps[service] = step;
            rounds.push(steps);
        }
    }
    rounds
}

/// Runs all rounds; fails if a trace breaks, or B3 still arrives at the end.
pub fn run(programs: &mut [(Peer, Program)], brokers: &str) -> Result<Vec<Round>> {
    let mut seen = Vec::new();
    for (number, steps) in rounds().into_iter().enumerate() {
        let round = round(programs, brokers, &format!("move-{number:02}"), steps)?;
        ensure!(round.whole == TRACES, "{steps:?}: {} of {TRACES} traces are whole", round.whole);
        seen.push(round);
    }
    let last = seen.last().context("there are rounds")?;
    ensure!(last.as_b3 == 0, "{} records arrive as B3 at the end", last.as_b3);
    Ok(seen)
}

/// A service that reads W3C alone too early, which must break every trace.
pub fn too_early(programs: &mut [(Peer, Program)], brokers: &str) -> Result<Round> {
    let steps = [Step::B3, Step::W3c, Step::Both, Step::B3];
    let round = round(programs, brokers, "move-too-early", steps)?;
    ensure!(round.whole == 0, "{} traces are whole where none can be", round.whole);
    Ok(round)
}

/// What happened to one record at one service.
struct Arrival {
    arrived_as: Option<Format>,
    received: Option<Told>,
    sent: Option<Told>,
}

fn round(
    programs: &mut [(Peer, Program)],
    brokers: &str,
    name: &str,
    steps: [Step; SERVICES.len()],
) -> Result<Round> {
    let topics: Vec<String> = SERVICES.iter().map(|(service, _)| format!("{name}-from-{service}")).collect();
    broker::create_topics(brokers, &topics.iter().map(|name| broker::topic(name, 1)).collect::<Vec<_>>())?;
    let new = |number| Case::new(&format!("order-{number}"), case::trace_id(), Sampling::Accept);
    let cases: Vec<Case> = (0..TRACES).map(new).collect();
    let (first, rest) = topics.split_first().context("there are services")?;
    begin(programs, brokers, first, steps[0], &cases)?;

    let mut last: BTreeMap<String, Option<Told>> =
        cases.iter().map(|case| (case.name.clone(), Some(case.told()))).collect();
    let (mut as_b3, mut as_w3c, mut from) = (0, 0, first);
    for ((step, (_, tracer)), to) in steps.iter().zip(&SERVICES).skip(1).zip(rest) {
        for (key, arrival) in pass(programs, brokers, tracer, [from, to], *step)? {
            let before = last.get_mut(&key).with_context(|| format!("{key} comes from nowhere"))?;
            let is_whole = before.is_some() && is_same_span(before.as_ref(), arrival.received.as_ref());
            *before = arrival.sent.filter(|_| is_whole);
            as_b3 += usize::from(matches!(arrival.arrived_as, Some(Format::B3 | Format::B3Multi)));
            as_w3c += usize::from(arrival.arrived_as == Some(Format::TraceContext));
        }
        from = to;
    }
    let is_of_its_trace = |case: &&Case| {
        last[&case.name].as_ref().is_some_and(|told| told.trace_id == case.trace_id.to_string())
    };
    Ok(Round { steps, as_b3, as_w3c, whole: cases.iter().filter(is_of_its_trace).count() })
}

fn is_same_span(sent: Option<&Told>, received: Option<&Told>) -> bool {
    let ids = |told: &Told| (told.trace_id.clone(), told.span_id.clone());
    sent.map(ids) == received.map(ids)
}

/// The first service sends.
fn begin(
    programs: &mut [(Peer, Program)],
    brokers: &str,
    topic: &str,
    step: Step,
    cases: &[Case],
) -> Result<()> {
    if let Some(way) = step.way() {
        return ours::write(brokers, topic, way.writes, cases);
    }
    let records = cases.iter().map(Record::of).collect();
    let command = Command::Send { format: Format::B3.name(), topic: topic.to_owned(), records };
    program(programs, SERVICES[0].1)?.ask::<Sent>(&command, PATIENCE).map(drop)
}

/// A service receives and forwards.
fn pass(
    programs: &mut [(Peer, Program)],
    brokers: &str,
    tracer: &str,
    [from, to]: [&str; 2],
    step: Step,
) -> Result<Vec<(String, Arrival)>> {
    if let Some(way) = step.way() {
        let hops = ours::relay(brokers, from, to, way, TRACES)?;
        let arrival = |hop: ours::Hop| {
            (hop.key, Arrival { arrived_as: hop.arrived_as, received: hop.received, sent: Some(hop.sent) })
        };
        return Ok(hops.into_iter().map(arrival).collect());
    }
    let (from, to) = (from.to_owned(), to.to_owned());
    let command = Command::Relay { format: Format::B3.name(), from, to, count: TRACES };
    let Relayed { relayed } = program(programs, tracer)?.ask(&command, PATIENCE)?;
    let arrival = |record: super::protocol::Received| {
        let arrived_as = record.context.is_some().then_some(Format::B3);
        (record.key, Arrival { arrived_as, received: record.context, sent: record.sent })
    };
    Ok(relayed.into_iter().map(arrival).collect())
}

/// The program with this name.
pub fn program<'a>(programs: &'a mut [(Peer, Program)], name: &str) -> Result<&'a mut Program> {
    let found = programs.iter_mut().find(|(peer, _)| peer.name == name);
    found.map(|(_, program)| program).with_context(|| format!("{name} does not run"))
}
