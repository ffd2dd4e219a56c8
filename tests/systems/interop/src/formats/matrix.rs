//! Each tracer sends to ours in each of its formats, and continues what ours have sent.

use super::case::{self, Case};
use super::ours;
use super::peer::Peer;
use super::protocol::{Command, Received, Record, Relayed, Sent, Told};
use crate::broker;
use crate::driver::compare::{self, Field, Outcome};
use crate::driver::expected::{Direction, Observation};
use crate::driver::program::Program;
use anyhow::{Context as _, Result, anyhow, ensure};
use std::thread;
use std::time::Duration;
use tracebaton::formats::Format;

/// Longer than a program may wait for a record.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs all programs in parallel; the observations are in the order of the programs.
pub fn run(programs: &mut [(Peer, Program)], brokers: &str) -> Result<Vec<Observation>> {
    let pairs =
        || programs.iter().flat_map(|(peer, _)| peer.formats.iter().map(move |format| (peer, *format)));
    let names: Vec<String> = pairs().flat_map(|(peer, format)| Topics::of(peer, format).all()).collect();
    broker::create_topics(brokers, &names.iter().map(|name| broker::topic(name, 1)).collect::<Vec<_>>())?;
    thread::scope(|scope| {
        let of = |(peer, program): &mut (Peer, Program)| {
            let mut seen = Vec::new();
            for format in peer.formats {
                seen.extend(observe(peer, program, *format, brokers).with_context(|| peer.name)?);
            }
            Ok(seen)
        };
        let threads: Vec<_> = programs.iter_mut().map(|pair| scope.spawn(move || of(pair))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, Result<Vec<Observation>>>| {
            thread.join().map_err(|_| anyhow!("a panic"))?
        };
        // All have ended before the first error is given.
        let seen: Vec<_> = threads.into_iter().map(join).collect();
        Ok(seen.into_iter().collect::<Result<Vec<_>>>()?.concat())
    })
}

struct Topics {
    theirs: String,
    ours: String,
    relayed: String,
}

impl Topics {
    fn of(peer: &Peer, format: Format) -> Self {
        let name = |what: &str| format!("{}-{format}-{what}", peer.name.replace('/', "-"));
        Self { theirs: name("sent"), ours: name("ours"), relayed: name("relayed") }
    }

    fn all(self) -> [String; 3] {
        [self.theirs, self.ours, self.relayed]
    }
}

fn observe(peer: &Peer, program: &mut Program, format: Format, brokers: &str) -> Result<Vec<Observation>> {
    let topics = Topics::of(peer, format);
    let cases = case::all(format);
    let mut seen = Observed { peer, format, all: Vec::new() };
    sends(&mut seen, program, brokers, &topics, &cases)?;
    if Format::WRITABLE.contains(format) {
        ours::write(brokers, &topics.ours, format, &cases)?;
        receives(&mut seen, program, brokers, &topics, &cases)?;
    }
    Ok(seen.all)
}

fn sends(
    seen: &mut Observed<'_>,
    program: &mut Program,
    brokers: &str,
    topics: &Topics,
    cases: &[Case],
) -> Result<()> {
    let (format, topic) = (seen.format.name(), topics.theirs.clone());
    let command = Command::Send { format, topic, records: cases.iter().map(Record::of).collect() };
    let Sent { sent } = program.ask(&command, PATIENCE)?;
    ensure!(sent == cases.len(), "{sent} records were sent");
    let read = ours::read(brokers, &topics.theirs, seen.format, cases.len())?;
    for case in cases {
        let is = read.get(&case.name).with_context(|| format!("{} did not arrive", case.name))?;
        seen.add(Direction::Sends, case, outcomes(&case.told(), is.as_ref()));
    }
    Ok(())
}

fn receives(
    seen: &mut Observed<'_>,
    program: &mut Program,
    brokers: &str,
    topics: &Topics,
    cases: &[Case],
) -> Result<()> {
    let (from, to) = (topics.ours.clone(), topics.relayed.clone());
    let command = Command::Relay { format: seen.format.name(), from, to, count: cases.len() };
    let Relayed { relayed } = program.ask(&command, PATIENCE)?;
    let read = ours::read(brokers, &topics.relayed, seen.format, cases.len())?;
    for case in cases {
        let of_case = |received: &&Received| received.key == case.name;
        let received = relayed.iter().find(of_case).with_context(|| format!("{} is missing", case.name))?;
        seen.add(Direction::Receives, case, outcomes(&case.told(), received.context.as_ref()));
        let Some(child) = &received.sent else { continue };
        let mut should = case.told();
        should.span_id.clone_from(&child.span_id);
        let is = read.get(&case.name).with_context(|| format!("{} did not arrive", case.name))?.as_ref();
        let mut all = outcomes(&should, is);
        if should.sampling == "defer" {
            // The tracer that continues decides.
            all.retain(|(field, _)| *field != Field::Sampled);
        }
        seen.add(Direction::SendsOn, case, all);
    }
    Ok(())
}

/// What should be there, and what is.
fn outcomes(should: &Told, is: Option<&Told>) -> Vec<Outcome> {
    let mut outcomes = vec![
        (Field::TraceId, compare::id(Some(&should.trace_id), is.map(|is| is.trace_id.as_str()))),
        (Field::Parent, compare::id(Some(&should.span_id), is.map(|is| is.span_id.as_str()))),
    ];
    if let Some(is) = is {
        let differs = (is.sampling != should.sampling).then(|| is.sampling.clone());
        outcomes.push((Field::Sampled, differs));
    }
    outcomes
}

struct Observed<'a> {
    peer: &'a Peer,
    format: Format,
    all: Vec<Observation>,
}

impl Observed<'_> {
    fn add(&mut self, direction: Direction, case: &Case, outcomes: Vec<Outcome>) {
        self.all.extend(outcomes.into_iter().map(|(field, gives)| Observation {
            program: self.peer.name.to_owned(),
            direction,
            other: "ours".to_owned(),
            case: format!("{} {}", self.format, case.name),
            field,
            gives,
        }));
    }
}
