//! Finds ids that several records share: one parent for a whole batch, or a trace that never ends. Uses constant
//! memory.

use crate::finding::{Code, Effect, Finding};
use tracebaton::{SpanId, TraceId, TraceParent};

/// The traces of the last records, and the most frequent ids.
#[derive(Default)]
pub struct Repeated {
    /// The traces seen last, newest first. There are as many as a consumer of several partitions sees interleaved.
    recent: Vec<Trace>,
    /// The parent of most records in a row.
    parent: Option<Most>,
    /// The trace of most records in a row, if they had more than one parent.
    trace: Option<Most>,
}

/// Number of traces that are remembered.
const RECENT: usize = 16;
/// Number of records of one trace in a row that is reported.
const MANY: u64 = 3;

/// A trace that was seen.
#[derive(Clone, Copy)]
struct Trace {
    trace_id: TraceId,
    span_id: SpanId,
    /// Number of records with the trace, number with this parent, and the line of the first of each.
    count: u64,
    first: u64,
    parents: u64,
    first_parent: u64,
}

/// An id that many records share.
#[derive(Clone, Copy)]
struct Most {
    trace_id: TraceId,
    span_id: SpanId,
    count: u64,
    first: u64,
}

impl Repeated {
    /// The finding about the parent of the record in this line.
    pub fn add(&mut self, line: u64, parent: &TraceParent) -> Option<Finding> {
        let known = self.recent.iter().position(|trace| trace.trace_id == parent.trace_id);
        let mut trace = match known {
            Some(place) => self.recent.remove(place),
            None => {
                self.recent.truncate(RECENT - 1);
                let (trace_id, span_id) = (parent.trace_id, parent.parent_id);
                Trace { trace_id, span_id, count: 0, first: line, parents: 0, first_parent: line }
            }
        };
        if trace.span_id != parent.parent_id {
            (trace.span_id, trace.parents, trace.first_parent) = (parent.parent_id, 0, line);
        }
        trace.count += 1;
        trace.parents += 1;
        self.recent.insert(0, trace);
        self.finding(&trace)
    }

    /// The most frequent ids, as sentences with advice.
    pub fn sentences(&self) -> impl Iterator<Item = (String, &'static str)> {
        let parent = self.parent.map(|Most { trace_id, span_id, count, first }| {
            format!(
                "Span {span_id} of trace {trace_id} is the parent of {count} records, the first in \
                line {first}."
            )
        });
        let trace = self.trace.map(|Most { trace_id, count, first, .. }| {
            format!("Trace {trace_id} has {count} records, the first in line {first}.")
        });
        [(parent, FIX_PARENT), (trace, FIX_TRACE)]
            .into_iter()
            .filter_map(|(sentence, fix)| Some((sentence?, fix)))
    }

    fn finding(&mut self, trace: &Trace) -> Option<Finding> {
        let Trace { trace_id, span_id, count, first, parents, first_parent } = *trace;
        let more = |most: &Option<Most>, count| most.is_none_or(|most| count > most.count);
        if parents > 1 {
            if more(&self.parent, parents) {
                self.parent = Some(Most { trace_id, span_id, count: parents, first: first_parent });
            }
            let text = format!(
                "Span {span_id} is the parent of {parents} records, the first in line {first_parent}."
            );
            return Some(Finding::new(Code::RepeatedParent, Effect::Hint, text, FIX_PARENT));
        }
        if count >= MANY {
            if more(&self.trace, count) {
                self.trace = Some(Most { trace_id, span_id, count, first });
            }
            let text = format!("{count} records belong to trace {trace_id}, the first in line {first}.");
            return Some(Finding::new(Code::RepeatedTrace, Effect::Hint, text, FIX_TRACE));
        }
        None
    }
}

/// Advice about a repeated parent, and about a repeated trace.
const FIX_PARENT: &str = "This is normal for a batch that one span sends. Otherwise make a producer span for each \
    record, and inject \
    into new headers: a reused list of headers keeps the old context.";
const FIX_TRACE: &str = "This is normal if one request sends many records. Otherwise a span never ends, or a \
    context stays current in \
    a thread or a timer: start a new trace for each unit of work.";

#[cfg(test)]
mod tests {
    use super::*;

    fn parent(trace: u128, span: u64) -> TraceParent {
        TraceParent::parse(format!("00-{trace:032x}-{span:016x}-01").as_bytes()).unwrap()
    }

    fn codes(ids: &[(u128, u64)]) -> Vec<Option<&'static str>> {
        let mut repeated = Repeated::default();
        let line =
            |(line, (trace, span)): (usize, &(u128, u64))| repeated.add(line as u64, &parent(*trace, *span));
        ids.iter().enumerate().map(line).map(|finding| finding.map(|finding| finding.code.name())).collect()
    }

    #[test]
    fn parents_and_traces_that_are_repeated() {
        let (parent, trace) = (Some("repeated_parent"), Some("repeated_trace"));
        for (ids, expected) in [
            (&[(1, 1), (1, 1), (1, 1)][..], vec![None, parent, parent]),
            (&[(1, 1), (2, 2), (1, 1), (2, 2)], vec![None, None, parent, parent]),
            (&[(1, 1), (1, 2), (1, 3), (1, 4)], vec![None, None, trace, trace]),
            (&[(1, 1), (2, 1), (3, 1)], vec![None; 3]),
        ] {
            assert_eq!(codes(ids), expected, "{ids:?}");
        }
    }

    #[test]
    fn memory_is_constant() {
        let mut repeated = Repeated::default();
        for line in 1..100_000 {
            repeated.add(line, &parent(u128::from(line), line));
        }
        assert_eq!(repeated.recent.len(), RECENT);
        assert!(repeated.parent.is_none() && repeated.trace.is_none());
        (1..=500).for_each(|line| drop(repeated.add(line, &parent(7, 7))));
        assert_eq!(repeated.parent.map(|most| (most.count, most.first)), Some((500, 1)));
    }
}
