//! Summary of all records: counts of each status, all findings, and repeated ids.

use super::Explanation;
use crate::finding::{Code, Effect, Finding};
use crate::findings::Repeated;
use tracebaton::{HeaderName, TraceParentRule, Verdict};

/// Status of a record: its effect on the trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Connected,
    Differs,
    NotSampled,
    Broken,
    NoTrace,
}

impl Status {
    /// Every status, in the order of the summary.
    pub const ALL: [Self; 5] =
        [Self::Connected, Self::Differs, Self::NotSampled, Self::Broken, Self::NoTrace];

    /// The status of a record.
    pub fn of(explanation: &Explanation<'_>) -> Self {
        match &explanation.extracted.traceparent {
            Verdict::Accepted { value, .. } if !value.trace_flags.is_sampled() => Self::NotSampled,
            Verdict::Accepted { .. }
                if explanation.findings.iter().any(|finding| is_of_parent(explanation, finding)) =>
            {
                Self::Differs
            }
            Verdict::Accepted { .. } => Self::Connected,
            Verdict::Refused { .. } => Self::Broken,
            Verdict::Absent => Self::NoTrace,
        }
    }

    /// Headline of a record.
    pub const fn headline(self) -> (&'static str, &'static str) {
        match self {
            Self::Connected => ("CONNECTED", "a consumer continues the trace"),
            Self::Differs => {
                ("CONNECTED, BUT NOT FOR EVERY CONSUMER", "some consumers do not find this parent")
            }
            Self::NotSampled => ("NOT SAMPLED", "a consumer continues the trace, but need not record it"),
            Self::Broken => ("BROKEN", "the traceparent is refused, and a consumer starts a new trace"),
            Self::NoTrace => ("NO TRACE", "there is no traceparent, and a consumer starts a new trace"),
        }
    }

    /// Name in the summary.
    pub const fn counted(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Differs => "not connected for every consumer",
            Self::NotSampled => "not sampled",
            Self::Broken => "broken",
            Self::NoTrace => "without a trace",
        }
    }
}

/// Whether consumers that read differently find another parent.
fn is_of_parent(explanation: &Explanation<'_>, finding: &Finding) -> bool {
    let name = || {
        finding
            .header
            .and_then(|index| explanation.record.header(index))
            .and_then(|header| HeaderName::of(header.name))
    };
    finding.effect == Effect::Differs
        && match finding.code {
            Code::LetterCase | Code::Version | Code::Conflict => true,
            Code::NotRead => name() == Some(HeaderName::TraceParent),
            _ => false,
        }
}

/// A number of records, and the line of the first one.
#[derive(Clone, Copy, Default)]
pub struct Count {
    pub count: u64,
    /// Line of the first record.
    pub first: u64,
}

/// Summary of all records, in constant memory.
#[derive(Default)]
pub struct Summary {
    records: [Count; Status::ALL.len()],
    refused: [u64; TraceParentRule::ALL.len()],
    codes: [Count; Code::ALL.len()],
    worst: Option<Effect>,
    repeated: Repeated,
    /// Number of inputs that could not be read.
    pub unread: u64,
}

impl Summary {
    /// Counts a record, and adds findings about it together with the records before it.
    pub fn add(&mut self, line: u64, explanation: &mut Explanation<'_>) -> Status {
        let status = Status::of(explanation);
        bump(&mut self.records[status as usize], line);
        match &explanation.extracted.traceparent {
            Verdict::Refused { error, .. } => {
                let rule = TraceParentRule::ALL.iter().position(|rule| *rule == error.rule);
                self.refused[rule.unwrap_or_default()] += 1;
            }
            Verdict::Accepted { value, index, .. } => {
                explanation.findings.extend(self.repeated.add(line, value).map(|finding| finding.at(*index)));
            }
            Verdict::Absent => {}
        }
        let mut counted: u64 = 0;
        for finding in &mut explanation.findings {
            let is_general =
                matches!(finding.code, Code::Connected | Code::RepeatedParent | Code::RepeatedTrace);
            if is_general && self.codes[finding.code as usize].count > 0 {
                finding.fix = Default::default(); // it was given once, and is the same for all
            }
            if counted >> finding.code as u64 & 1 == 0 {
                bump(&mut self.codes[finding.code as usize], line);
            }
            counted |= 1 << finding.code as u64;
            self.worst = Some(self.worst.map_or(finding.effect, |worst| worst.min(finding.effect)));
        }
        status
    }

    /// Number of records.
    pub fn total(&self) -> u64 {
        self.records.iter().map(|kind| kind.count).sum()
    }

    /// Number of records with a status, and the line of the first.
    pub fn records(&self, status: Status) -> Count {
        self.records[status as usize]
    }

    /// The rules by which a traceparent was refused, and their counts.
    pub fn refused(&self) -> impl Iterator<Item = (TraceParentRule, u64)> {
        TraceParentRule::ALL.iter().copied().zip(self.refused).filter(|(_, count)| *count > 0)
    }

    /// The codes of all findings, and the number of records with each.
    pub fn codes(&self) -> impl Iterator<Item = (Code, Count)> {
        Code::ALL.iter().copied().zip(self.codes).filter(|(_, count)| count.count > 0)
    }

    /// Whether a finding has this effect or a worse one.
    pub fn has(&self, effect: Effect) -> bool {
        self.worst.is_some_and(|worst| worst <= effect)
    }

    /// The parent and the trace that most records in a row have, with advice.
    pub fn repeated(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.repeated.sentences()
    }
}

fn bump(Count { count, first }: &mut Count, line: u64) {
    *count += 1;
    if *count == 1 {
        *first = line;
    }
}

/// `s` unless the count is 1.
pub fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}
