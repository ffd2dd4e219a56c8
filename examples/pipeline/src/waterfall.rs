//! Waterfall: the model of one record's way through the services over time, for text and picture.

use crate::spans::{Kind, MILLISECOND, Nanoseconds, Span};
use std::collections::{HashMap, HashSet};
use tracebaton::{SpanId, TraceId};

const SECOND: Nanoseconds = 1000 * MILLISECOND;

/// Activity during the time of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A service processed.
    Processing,
    /// A service sent a record to Kafka.
    Sending,
    /// A record waited in its topic.
    Queueing,
}

/// A lane of bars: a service, or a topic between two services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// Language of a service; `None` for a topic.
    pub language: Option<String>,
}

/// One bar.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its lane: an index into [`Waterfall::lanes`].
    pub lane: usize,
    /// Name of the activity.
    pub label: String,
    /// Kind of the activity.
    pub activity: Activity,
    /// Start, from the start of the waterfall.
    pub start: Nanoseconds,
    /// End, from the start of the waterfall. It may be before `start` if two clocks disagree.
    pub end: Nanoseconds,
    /// Measured duration. Waiting in a topic is measured in whole milliseconds, signed (C7).
    pub measured: Nanoseconds,
    /// Number of spans of the same service around it.
    pub depth: usize,
    /// Its trace: an index into [`Waterfall::traces`].
    pub trace: usize,
    /// The row that caused this one, if a trace shows it.
    pub cause: Option<usize>,
}

impl Row {
    /// The most precise duration.
    pub fn time(&self) -> String {
        match self.activity {
            Activity::Queueing => whole_milliseconds(self.measured),
            _ => duration(self.measured),
        }
    }
}

/// All spans of the records with one key.
#[derive(Clone, Debug, Default)]
pub struct Waterfall {
    /// The key.
    pub key: String,
    /// The traces of these spans: one, unless the trace was broken.
    pub traces: Vec<TraceId>,
    /// Duration from the first start to the last end.
    pub length: Nanoseconds,
    /// The lanes from top to bottom.
    pub lanes: Vec<Lane>,
    /// The bars, each below its cause.
    pub rows: Vec<Row>,
}

impl Waterfall {
    /// The waterfall of the records with this key, from all spans of a run; it is empty if no span has the key.
    pub fn of_key(spans: &[Span], key: &str) -> Self {
        let of_key: HashSet<TraceId> =
            spans.iter().filter(|span| span.has_key(key)).map(|span| span.trace_id).collect();
        let mut spans: Vec<&Span> = spans.iter().filter(|span| of_key.contains(&span.trace_id)).collect();
        spans.sort_by_key(|span| span.start);
        let mut builder = Builder::new(&spans);
        let roots: Vec<&Span> = spans.iter().copied().filter(|span| builder.is_root(span)).collect();
        for root in roots {
            builder.add(root, 0, None);
        }
        let mut waterfall = builder.waterfall;
        waterfall.length = waterfall.rows.iter().map(|row| row.end).max().unwrap_or(0);
        waterfall.key = key.to_owned();
        waterfall
    }

    /// Time spent in this activity. Time inside a row belongs to that row.
    pub fn total(&self, activity: Activity) -> Nanoseconds {
        let rows = self.rows.iter().filter(|row| row.activity == activity && row.depth == 0);
        rows.map(|row| row.end - row.start).sum()
    }

    /// Whether this row is the first of its trace.
    pub fn begins_trace(&self, index: usize) -> bool {
        self.rows[..index].iter().all(|before| before.trace != self.rows[index].trace)
    }
}

struct Builder<'a> {
    start: Nanoseconds,
    children: HashMap<SpanId, Vec<&'a Span>>,
    known: HashSet<SpanId>,
    waterfall: Waterfall,
}

impl<'a> Builder<'a> {
    fn new(spans: &[&'a Span]) -> Self {
        let mut children: HashMap<SpanId, Vec<&Span>> = HashMap::new();
        for span in spans {
            if let Some(parent) = span.parent {
                children.entry(parent).or_default().push(span);
            }
        }
        let start = spans.first().map_or(0, |span| span.start);
        let known = spans.iter().map(|span| span.span_id).collect();
        Self { start, children, known, waterfall: Waterfall::default() }
    }

    fn is_root(&self, span: &Span) -> bool {
        span.parent.is_none_or(|parent| !self.known.contains(&parent))
    }

    /// Adds a span and everything that it caused, after its wait in a topic.
    fn add(&mut self, span: &'a Span, depth: usize, cause: Option<usize>) {
        let (start, end) = (span.start - self.start, span.end - self.start);
        let trace = self.trace(span.trace_id);
        let cause = self.add_wait(span, trace, start, cause).or(cause);
        let lane = self.lane(&span.service, Some(&span.language));
        let activity = if span.kind == Kind::Producer { Activity::Sending } else { Activity::Processing };
        let (label, measured) = (span.name.clone(), end - start);
        let row = self.push(Row { lane, label, activity, start, end, measured, depth, trace, cause });
        for child in self.children.remove(&span.span_id).unwrap_or_default() {
            let depth = if child.service == span.service { depth + 1 } else { 0 };
            self.add(child, depth, Some(row));
        }
    }

    /// The wait that ended at `end`. Timestamps are in milliseconds, so it starts at the sending if that is less than
    /// one off.
    fn add_wait(
        &mut self,
        span: &Span,
        trace: usize,
        end: Nanoseconds,
        cause: Option<usize>,
    ) -> Option<usize> {
        let record = span.record.as_ref()?;
        let measured = record.queue_time?.milliseconds.saturating_mul(MILLISECOND);
        let sent = cause.map(|cause| self.waterfall.rows[cause].start);
        let start = match sent {
            Some(sent) if (sent - (end - measured)).abs() < MILLISECOND => sent,
            _ => end - measured,
        };
        let lane = self.lane(&record.topic, None);
        let (label, activity) = ("waits in the topic".to_owned(), Activity::Queueing);
        Some(self.push(Row { lane, label, activity, start, end, measured, depth: 0, trace, cause }))
    }

    fn push(&mut self, row: Row) -> usize {
        self.waterfall.rows.push(row);
        self.waterfall.rows.len() - 1
    }

    fn lane(&mut self, name: &str, language: Option<&str>) -> usize {
        let lane = Lane { name: name.to_owned(), language: language.map(str::to_owned) };
        index_of(&mut self.waterfall.lanes, lane)
    }

    fn trace(&mut self, trace_id: TraceId) -> usize {
        index_of(&mut self.waterfall.traces, trace_id)
    }
}

/// Index of the item, which is added if it is missing.
fn index_of<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}

/// Formats a duration in whole milliseconds, the unit of Kafka's timestamps: `84 ms`; from a second on `1.48 s`.
pub fn whole_milliseconds(nanoseconds: Nanoseconds) -> String {
    match nanoseconds.abs() {
        SECOND.. => duration(nanoseconds),
        _ => format!("{} ms", nanoseconds / MILLISECOND),
    }
}

/// Formats a duration for people: `0.42 ms`, `7.3 ms`, `84 ms`, `1.48 s`.
pub fn duration(nanoseconds: Nanoseconds) -> String {
    let value = nanoseconds as f64 / MILLISECOND as f64;
    match value.abs() {
        0.0..0.995 => format!("{value:.2} ms"),
        0.995..9.95 => format!("{value:.1} ms"),
        9.95..999.5 => format!("{value:.0} ms"),
        _ => format!("{:.2} s", value / 1000.0),
    }
}

/// Marks of a time axis with this length: at most eight, at round numbers of milliseconds.
pub fn ticks(length: Nanoseconds) -> Vec<Nanoseconds> {
    let steps =
        (0..).flat_map(|power| [1, 2, 5].map(|step| step * 10_i64.saturating_pow(power) * MILLISECOND / 10));
    let step = steps.into_iter().find(|step| length / step < 8).unwrap_or(i64::MAX);
    (0..=length / step).map(|tick| tick * step).collect()
}

/// The label of a mark: `0`, `20 ms`, `0.5 ms`, `1.5 s`.
pub fn tick_label(tick: Nanoseconds) -> String {
    match tick {
        0 => "0".to_owned(),
        SECOND.. => format!("{} s", tick as f64 / SECOND as f64),
        _ => format!("{} ms", tick as f64 / MILLISECOND as f64),
    }
}
