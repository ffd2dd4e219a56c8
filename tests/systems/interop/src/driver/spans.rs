//! The spans of all programs, in the form of the demo's renderer.

use super::runtime;
use crate::protocol::{Kind, Link, Received, Span, TimestampType};
use anyhow::{Context as _, Result};
use pipeline::spans;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};

/// The results of the chains.
#[derive(Debug, Default)]
pub struct Seen {
    /// The spans of all programs, in the sequence of their begin.
    pub spans: Vec<spans::Span>,
    /// For each program, the count of its own traces that only link to the producer's span. They are drawn below that
    /// span.
    pub linked: BTreeMap<String, usize>,
    /// The records that the last program has received.
    pub last: Vec<Received>,
    /// The programs, in the sequence of the chain.
    pub way: Vec<String>,
    /// The duration.
    pub took: Duration,
}

impl Seen {
    /// Results without spans, of these programs.
    pub fn of(way: Vec<String>, took: Duration) -> Self {
        Self { way, took, ..Self::default() }
    }

    /// Adds the reported spans of a program in the form of the demo's renderer.
    pub fn take(&mut self, program: &str, language: &str, reported: &[Span]) -> Result<()> {
        let linked = linked(reported);
        if !linked.is_empty() {
            self.linked.insert(program.to_owned(), linked.len());
        }
        let mut waits = waits(reported);
        for span in in_order(reported) {
            let mut span = span.clone();
            let wait =
                waits.remove(&(span.topic.clone(), span.key.clone())).filter(|_| span.kind == Kind::Consumer);
            (span.queue_time_ms, span.timestamp_type) = wait.unwrap_or_default();
            if let Some(link) = linked.get(span.trace_id.as_str()) {
                span.trace_id.clone_from(&link.trace_id);
                span.parent.get_or_insert_with(|| link.span_id.clone());
            }
            let taken = to_span(program, language, &span).with_context(|| format!("{program}: {span:?}"))?;
            self.spans.push(taken);
        }
        Ok(())
    }

    /// The spans of each chain, by the key of its records.
    fn chains(&self) -> BTreeMap<&str, Vec<&spans::Span>> {
        let mut chains = BTreeMap::<&str, Vec<&spans::Span>>::new();
        for span in &self.spans {
            if let Some(record) = &span.record {
                chains.entry(&record.key).or_default().push(span);
            }
        }
        chains
    }

    /// The chains that consist of several traces, or in which the parent of a program is not the previous program.
    pub fn broken(&self) -> Vec<String> {
        let by_id: HashMap<SpanId, &spans::Span> =
            self.spans.iter().map(|span| (span.span_id, span)).collect();
        let is_whole = |spans: &[&spans::Span]| {
            let traces: HashSet<TraceId> = spans.iter().map(|span| span.trace_id).collect();
            let hops = spans.iter().filter_map(|span| {
                let parent = by_id.get(&span.parent?)?;
                Some((parent.service.as_str(), span.service.as_str()))
            });
            traces.len() == 1 && hops.filter(|(from, to)| from != to).collect::<BTreeSet<_>>() == self.hops()
        };
        let broken = self.chains().into_iter().filter(|(_, spans)| !is_whole(spans));
        broken.map(|(key, _)| key.to_owned()).collect()
    }

    /// The count of chains with spans.
    pub fn count(&self) -> usize {
        self.chains().len()
    }

    /// The hops from each program with spans to the next.
    fn hops(&self) -> BTreeSet<(&str, &str)> {
        let with_spans = self.way.iter().filter(|name| !runtime::CARRIERS.contains(&name.as_str()));
        let labels: Vec<&str> = with_spans.map(|name| runtime::label(name)).collect();
        labels.windows(2).map(|hop| (hop[0], hop[1])).collect()
    }
}

type Wait = (Option<i64>, Option<TimestampType>);

/// The queue time of each record, once, even if several spans have it.
fn waits(spans: &[Span]) -> HashMap<(Option<String>, Option<String>), Wait> {
    let waits = spans.iter().filter(|span| span.queue_time_ms.is_some());
    waits
        .map(|span| ((span.topic.clone(), span.key.clone()), (span.queue_time_ms, span.timestamp_type)))
        .collect()
}

/// Sorted by begin; outer spans first.
fn in_order(spans: &[Span]) -> Vec<&Span> {
    let mut spans: Vec<&Span> = spans.iter().collect();
    spans.sort_by_key(|span| (span.start_us, -span.end_us));
    spans
}

/// The traces that a program's consumers begin, each with the one span elsewhere that it links to.
fn linked(spans: &[Span]) -> HashMap<&str, &Link> {
    let is_consumer = |span: &&Span| span.kind == Kind::Consumer && span.links.len() == 1;
    let links = spans.iter().filter(is_consumer).map(|span| (span.trace_id.as_str(), &span.links[0]));
    links.filter(|(trace_id, link)| *trace_id != link.trace_id).collect()
}

fn to_span(program: &str, language: &str, span: &Span) -> Option<spans::Span> {
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
        service: runtime::label(program).to_owned(),
        language: language.to_owned(),
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
