//! What a real tracer behind a service of ours continues, when the headers of a tracer before it stay in the record.

use super::case::{self, Case};
use super::migration::program;
use super::ours::{self, Way};
use super::peer::Peer;
use super::protocol::{Command, Record, Relayed, Sent, Told};
use crate::driver::program::Program;
use crate::{broker, kafka};
use anyhow::{Context as _, Result, bail, ensure};
use comfy_table::{Table, presets};
use std::time::Duration;
use tracebaton::formats::{Format, Formats, Outcome, Sampling, choose};

const PATIENCE: Duration = Duration::from_secs(120);

/// One service of ours between two others that have the same tracer.
struct Row {
    tracer: &'static str,
    format: Format,
    said: [&'static str; 2],
    way: Way,
    /// What the tracer must continue, and what the record must show.
    should: [&'static str; 2],
}

const W3C: Formats = Formats::of(&[Format::TraceContext]);
const OLD: &str = "the old span, past this service";
const NEW: &str = "the span of this service";
const CONFLICT: &str = "another trace";
const SAME: &str = "the same trace";

/// Reads W3C alone, and replaces W3C's headers alone.
const BEFORE: Way = Way { reads: &[Format::TraceContext], writes: W3C, removes: Formats::NONE };

const ROWS: [Row; 4] = [
    Row {
        tracer: "formats/java/brave",
        format: Format::B3,
        said: ["`b3` of Brave", "before: reads and writes W3C alone"],
        way: BEFORE,
        should: [OLD, CONFLICT],
    },
    Row {
        tracer: "formats/java/brave",
        format: Format::B3,
        said: ["`b3` of Brave", "now: reads W3C and B3, writes both"],
        way: Way {
            reads: &[Format::TraceContext, Format::B3],
            writes: Formats::of(&[Format::TraceContext, Format::B3]),
            removes: Formats::of(&[Format::B3Multi]),
        },
        should: [NEW, SAME],
    },
    Row {
        tracer: "formats/python/ddtrace",
        format: Format::Datadog,
        said: ["`x-datadog-*` of ddtrace", "before: restarts the trace, writes W3C alone"],
        way: BEFORE,
        should: [OLD, CONFLICT],
    },
    Row {
        tracer: "formats/python/ddtrace",
        format: Format::Datadog,
        said: ["`x-datadog-*` of ddtrace", "now: strips all formats, restarts, writes W3C and Datadog"],
        way: Way {
            reads: &[],
            writes: Formats::of(&[Format::TraceContext, Format::Datadog]),
            removes: Formats::ALL,
        },
        should: [NEW, SAME],
    },
];

/// Runs all rows and gives their table; fails if one is not as it must be.
pub fn run(programs: &mut [(Peer, Program)], brokers: &str) -> Result<String> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["record", "this service", "the tracer behind continues", "the record has it beside"]);
    for (number, row) in ROWS.iter().enumerate() {
        let is = row.run(programs, brokers, &format!("conflict-{number}"))?;
        ensure!(is == row.should, "{:?} should give {:?}, and gives {is:?}", row.said, row.should);
        table.add_row(row.said.into_iter().chain(is));
    }
    Ok(table.to_string())
}

impl Row {
    fn run(&self, programs: &mut [(Peer, Program)], brokers: &str, name: &str) -> Result<[&'static str; 2]> {
        let [before, behind, last] = ["before", "behind", "last"].map(|place| format!("{name}-{place}"));
        let new = [&before, &behind, &last].map(|name| broker::topic(name, 1));
        broker::create_topics(brokers, &new)?;
        let format = self.format.name();
        let case = Case::new("order", case::trace_id(), Sampling::Accept);
        let tracer = program(programs, self.tracer)?;
        let send = Command::Send { format, topic: before.clone(), records: vec![Record::of(&case)] };
        tracer.ask::<Sent>(&send, PATIENCE)?;
        let hops = ours::relay(brokers, &before, &behind, self.way, 1)?;
        let relay = Command::Relay { format, from: behind.clone(), to: last, count: 1 };
        let Relayed { relayed } = tracer.ask(&relay, PATIENCE)?;
        let continued = relayed.first().and_then(|record| record.context.as_ref());
        let sent = &hops.first().context("a record")?.sent;
        Ok([which(continued, &case.told(), sent)?, beside(brokers, &behind, self.format)?])
    }
}

fn which(continued: Option<&Told>, old: &Told, new: &Told) -> Result<&'static str> {
    match continued.map(|told| &told.span_id) {
        Some(id) if *id == old.span_id => Ok(OLD),
        Some(id) if *id == new.span_id => Ok(NEW),
        other => bail!("{other:?} is continued, neither {old:?} nor {new:?}"),
    }
}

/// What a reader of ours finds in this format beside W3C.
fn beside(brokers: &str, topic: &str, format: Format) -> Result<&'static str> {
    let mut found = None;
    kafka::read(&kafka::client(brokers, "ours"), topic, 1, |message| {
        let order = [Format::TraceContext, format];
        let choice = choose(tracebaton_rdkafka::headers(message), &order);
        found = choice.others().next().map(|other| other.outcome);
        Ok(())
    })?;
    match found {
        Some(Outcome::OtherTrace(_)) => Ok(CONFLICT),
        Some(Outcome::SameTrace(_)) => Ok(SAME),
        other => bail!("{format} is {other:?} beside W3C"),
    }
}
