//! Each program produces for each of ours, consumes from each of ours, and forwards records of ours.

use super::case::{self, Case};
use super::compare::{self, Field};
use super::expected::{Direction, Observation};
use super::program::Program;
use super::runtime::is_ours;
use super::wire::{self, Wire};
use crate::broker;
use crate::protocol::{Command, Consumed, Context, Kind, Produced, Received, Relation, Relayed, Span};
use anyhow::{Result, anyhow, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

/// Longer than a program may wait for a record.
const PATIENCE: Duration = Duration::from_secs(120);

/// The observations of a run.
#[derive(Debug, Default)]
pub struct Seen {
    /// The observations of every field of every record.
    pub observations: Vec<Observation>,
    /// The relation of a received context to the consumer spans of each program.
    pub relations: BTreeMap<String, BTreeSet<&'static str>>,
}

/// The records that one program has produced.
#[derive(Debug)]
struct Sent {
    program: String,
    topic: String,
    cases: Vec<Case>,
    produced: Produced,
    wire: Vec<Wire>,
}

/// The records that one program has forwarded.
#[derive(Debug)]
struct SentOn {
    from: String,
    by: String,
    topic: String,
    relayed: Relayed,
    wire: Vec<Wire>,
}

/// Runs the matrix.
pub fn run(programs: &mut [Program], brokers: &str) -> Result<Seen> {
    let names: Vec<String> = programs.iter().map(|program| program.name.clone()).collect();
    let topics = topics(&names);
    let new: Vec<_> = topics.iter().map(|name| broker::topic(name, 1)).collect();
    broker::create_topics(brokers, &new)?;
    let mut seen = Seen::default();

    let sent = in_parallel(programs, |program| produce(program, brokers))?;
    sent.iter().try_for_each(|sent| seen.sends(sent))?;

    let received = in_parallel(programs, |program| {
        let ours = is_ours(&program.name);
        let sent = sent.iter().filter(|sent| ours || is_ours(&sent.program));
        sent.map(|sent| Ok((sent, consume(program, &sent.topic, &sent.wire)?))).collect::<Result<Vec<_>>>()
    })?;
    for (program, received) in names.iter().zip(&received) {
        for (sent, consumed) in received {
            seen.receives((program, Direction::Receives, &sent.program), &sent.wire, consumed);
            seen.relations(program, &sent.wire, consumed);
        }
    }

    let sent_on = in_parallel(programs, |program| {
        let sent = sent.iter().filter(|sent| is_ours(&sent.program));
        sent.map(|sent| relay(program, sent, brokers)).collect::<Result<Vec<_>>>()
    })?;
    for (program, sent_on) in names.iter().zip(&sent_on) {
        for (sent, sent_on) in sent.iter().filter(|sent| is_ours(&sent.program)).zip(sent_on) {
            let way = (program.as_str(), Direction::ReceivesToSendOn, sent.program.as_str());
            seen.receives(way, &sent.wire, &sent_on.relayed.relayed);
            seen.sends_on(program, sent, sent_on);
        }
    }

    let read = in_parallel(programs, |program| {
        let name = program.name.clone();
        let own = sent_on.iter().flatten().filter(|sent_on| sent_on.from == name);
        own.map(|sent_on| Ok((sent_on, consume(program, &sent_on.topic, &sent_on.wire)?)))
            .collect::<Result<Vec<_>>>()
    })?;
    for (program, read) in names.iter().zip(&read) {
        for (sent_on, read) in read {
            seen.receives((program, Direction::Receives, &sent_on.by), &sent_on.wire, read);
        }
    }
    Ok(seen)
}

fn topics(names: &[String]) -> Vec<String> {
    let ours = || names.iter().filter(|name| is_ours(name));
    let relayed = names.iter().flat_map(|name| ours().map(|from| relayed_topic(from, name)));
    names.iter().map(|name| topic(name)).chain(relayed).collect()
}

fn topic(program: &str) -> String {
    format!("from-{}", program.replace(['/', '+'], "-"))
}

fn relayed_topic(from: &str, by: &str) -> String {
    format!("{}-by-{}", topic(from), by.replace('/', "-"))
}

/// Calls `work` with all programs in parallel; the results are in the sequence of the programs.
fn in_parallel<T: Send>(
    programs: &mut [Program],
    work: impl Fn(&mut Program) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = programs.iter_mut().map(|program| scope.spawn(move || work(program))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, Result<T>>| {
            thread.join().map_err(|_| anyhow!("a panic"))?
        };
        threads.into_iter().map(join).collect()
    })
}

fn produce(program: &mut Program, brokers: &str) -> Result<Sent> {
    let (topic, cases) = (topic(&program.name), case::all(&program.name));
    let records = cases.iter().map(Case::record).collect();
    let produced: Produced = program.ask(&Command::Produce { topic: topic.clone(), records }, PATIENCE)?;
    let wire = wire::read(brokers, &topic, cases.len())?;
    let keys = cases.iter().map(|case| case.name);
    same_keys(&program.name, keys.clone(), produced.produced.iter().map(|sent| sent.key.as_str()))?;
    same_keys(&program.name, keys, wire.iter().map(|record| record.key.as_str()))?;
    Ok(Sent { program: program.name.clone(), topic, cases, produced, wire })
}

fn consume(program: &mut Program, topic: &str, wire: &[Wire]) -> Result<Vec<Received>> {
    let command = Command::Consume { topic: topic.to_owned(), count: wire.len() };
    let consumed = program.ask::<Consumed>(&command, PATIENCE)?.consumed;
    same_keys(&program.name, keys(wire), consumed.iter().map(|received| received.key.as_str()))?;
    Ok(consumed)
}

fn relay(program: &mut Program, sent: &Sent, brokers: &str) -> Result<SentOn> {
    let topic = relayed_topic(&sent.program, &program.name);
    let command = Command::Relay { from: sent.topic.clone(), to: topic.clone(), count: sent.wire.len() };
    let relayed: Relayed = program.ask(&command, PATIENCE)?;
    let wire = wire::read(brokers, &topic, sent.wire.len())?;
    same_keys(&program.name, keys(&sent.wire), relayed.relayed.iter().map(|received| received.key.as_str()))?;
    same_keys(&program.name, keys(&sent.wire), keys(&wire))?;
    Ok(SentOn { from: sent.program.clone(), by: program.name.clone(), topic, relayed, wire })
}

fn keys(wire: &[Wire]) -> impl Iterator<Item = &str> {
    wire.iter().map(|record| record.key.as_str())
}

fn same_keys<'a>(
    program: &str,
    should: impl Iterator<Item = &'a str>,
    is: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let (should, is): (Vec<_>, Vec<_>) = (should.collect(), is.collect());
    if should != is {
        bail!("{program}: the records should be {should:?}, and are {is:?}");
    }
    Ok(())
}

impl Seen {
    fn add(
        &mut self,
        (program, direction, other): (&str, Direction, &str),
        case: &str,
        outcomes: Vec<compare::Outcome>,
    ) {
        self.observations.extend(outcomes.into_iter().map(|(field, gives)| Observation {
            program: program.to_owned(),
            direction,
            other: other.to_owned(),
            case: case.to_owned(),
            field,
            gives,
        }));
    }

    /// Compares the contexts given to a library with those on the wire.
    fn sends(&mut self, sent: &Sent) -> Result<()> {
        for ((case, wire), answer) in sent.cases.iter().zip(&sent.wire).zip(&sent.produced.produced) {
            let (should, is) = (&case.context, &wire.context);
            let own = own_span(&sent.produced.spans, &sent.topic, case.name);
            let said = answer.context.as_ref().and_then(|context| context.span_id.as_deref());
            if let Some(root) = own.map(|own| root_parent(&sent.produced.spans, own))
                && root != should.span_id.as_deref()
            {
                bail!(
                    "{} {}: the span's parent is {root:?}, not {:?}",
                    sent.program,
                    case.name,
                    should.span_id
                );
            }
            let own_trace = own.map(|own| own.trace_id.as_str());
            let trace_id = should.trace_id.as_deref().or(own_trace).or(is.trace_id.as_deref());
            let span_id = own.map(|own| own.span_id.as_str()).or(said).or(is.span_id.as_deref());
            let mut outcomes = vec![
                (Field::TraceId, compare::id(trace_id, is.trace_id.as_deref())),
                (Field::Parent, compare::id(span_id, is.span_id.as_deref())),
                (Field::Headers, wire.doubled.clone()),
            ];
            outcomes.extend(compare::rest(should, is));
            self.add((&sent.program, Direction::Sends, "the wire"), case.name, outcomes);
        }
        Ok(())
    }

    /// Compares the contexts on the wire with those that a library reads.
    fn receives(&mut self, way: (&str, Direction, &str), wire: &[Wire], received: &[Received]) {
        for (wire, received) in wire.iter().zip(received) {
            self.add(way, &wire.key, compare::contexts(&wire.context, &received.context));
        }
    }

    /// The relations of the received contexts to the program's spans.
    fn relations(&mut self, program: &str, wire: &[Wire], received: &[Received]) {
        let with_span = wire.iter().zip(received).filter(|(wire, _)| wire.context.trace_id.is_some());
        let relations = with_span.map(|(_, received)| match received.relation {
            Some(Relation::Parent) => "parent",
            Some(Relation::Link) => "link",
            Some(Relation::None) | None => "none",
        });
        self.relations.entry(program.to_owned()).or_default().extend(relations);
    }

    /// Compares received records with forwarded ones: the trace is the same, and the parent is the span of the relay.
    fn sends_on(&mut self, program: &str, sent: &Sent, sent_on: &SentOn) {
        for (came, went) in sent.wire.iter().zip(&sent_on.wire) {
            let own = own_span(&sent_on.relayed.spans, &sent_on.topic, &came.key);
            let (came_in, went_out) = (&came.context, &went.context);
            let mut outcomes = vec![
                (Field::TraceId, compare::id(came_in.trace_id.as_deref(), went_out.trace_id.as_deref())),
                (Field::Parent, survivor(came_in, went_out, own)),
                (Field::Headers, went.doubled.clone()),
            ];
            outcomes.extend(compare::rest(came_in, went_out));
            self.add((program, Direction::SendsOn, &sent.program), &came.key, outcomes);
        }
    }
}

/// The span that our readers find, if it is not the relay's.
fn survivor(came: &Context, went: &Context, own: Option<&Span>) -> Option<String> {
    let (came, went) = (came.span_id.as_deref(), went.span_id.as_deref());
    match (went, own) {
        (None, _) => came.map(|_| "none".to_owned()),
        (went, _) if went == came => Some("the span that was received".to_owned()),
        (Some(went), Some(own)) if went != own.span_id => Some("another".to_owned()),
        _ => None,
    }
}

/// The producer span of a record, if its program has reported one.
fn own_span<'a>(spans: &'a [Span], topic: &str, key: &str) -> Option<&'a Span> {
    spans.iter().find(|span| {
        let about = (span.topic.as_deref(), span.key.as_deref());
        span.kind == Kind::Producer && about == (Some(topic), Some(key))
    })
}

/// The parent of the outermost ancestor among these spans.
fn root_parent<'a>(spans: &'a [Span], span: &'a Span) -> Option<&'a str> {
    let parent = span.parent.as_deref()?;
    match spans.iter().find(|other| other.span_id == parent) {
        Some(outer) => root_parent(spans, outer),
        None => Some(parent),
    }
}
