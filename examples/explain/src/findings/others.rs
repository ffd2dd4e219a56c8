//! Findings about headers with another name, another format or another trace.

use super::{NAMED, called, names, shown, words};
use crate::finding::{Code, Effect, Finding, Other, OtherVerdict};
use crate::formats::{self, Theirs};
use crate::meaning::{self, Meaning, Understood};
use crate::names::{Role, role};
use crate::peel;
use crate::record::Record;
use tracebaton::{Extracted, Header, HeaderName, TraceParent, Verdict};

/// One pass over all headers. Returns whether the content type is that of a CloudEvent.
pub fn findings(record: &Record, extracted: &Extracted<'_>, findings: &mut Vec<Finding>) -> bool {
    let parent = extracted.traceparent.accepted();
    let mut pass = Pass { record, parent, extracted, findings, is_cloud_event: false, budget: LOOKED_AT };
    let mut theirs = Vec::new();
    for (index, Header { name, value }) in record.headers().enumerate() {
        match (role(name), value) {
            (Role::Format(format), Some(value)) => {
                if theirs.len() == LOOKED_AT {
                    theirs.remove(LOOKED_AT / 2); // the last of a name counts, and the first is named
                }
                theirs.push(Theirs { index, format, name, value });
                pass.decimal(index, format, value);
                if format != "cloudevents" && TraceParent::parse(value).is_ok() {
                    pass.tracing(index, value);
                }
            }
            (Role::Near(ours), Some(value)) => pass.near(index, ours, value),
            (Role::Tracing, Some(value)) => pass.tracing(index, value),
            (Role::Other, Some(value)) => pass.other(index, name, value),
            _ => {}
        }
    }
    for reading in formats::read(&theirs) {
        pass.format(&reading);
    }
    pass.is_cloud_event
}

pub struct Pass<'r, 'f> {
    pub record: &'r Record,
    /// The accepted traceparent.
    pub parent: Option<TraceParent>,
    extracted: &'r Extracted<'r>,
    pub findings: &'f mut Vec<Finding>,
    is_cloud_event: bool,
    /// How many more values may be examined for layers.
    budget: usize,
}

/// Maximum count of values of a record that are examined for layers, and of headers of other formats.
const LOOKED_AT: usize = 64;

impl Pass<'_, '_> {
    /// The meaning of a value, for the first values of a record.
    pub fn meaning(&mut self, value: &[u8]) -> Option<Understood> {
        self.budget = self.budget.checked_sub(1)?;
        meaning::of(value)
    }

    /// Adds a finding, unless there are enough of its code.
    pub fn push(&mut self, finding: Finding) {
        if self.findings.iter().filter(|other| other.code == finding.code).count() < NAMED {
            self.findings.push(finding);
        }
    }

    /// Reports a header that was intended as one of the three.
    fn near(&mut self, index: usize, ours: HeaderName, value: &[u8]) {
        let is_there = match ours {
            HeaderName::TraceParent => self.parent.is_some(),
            HeaderName::TraceState => self.has(ours) || self.parent.is_none(),
            HeaderName::Baggage => self.extracted.baggage != Verdict::Absent,
        };
        if ours == HeaderName::TraceParent && self.parent.is_some() {
            return self.another_trace(index, value);
        }
        let (effect, name) = (
            if is_there { Effect::Hint } else { Effect::Breaks },
            str::from_utf8(ours.as_bytes()).unwrap_or_default(),
        );
        let called = called(self.record, index);
        let text = match self.record.header(index) {
            Some(header) if header.name.eq_ignore_ascii_case(b"correlation-context") => {
                format!("{called} is baggage under its name before W3C.")
            }
            _ => format!("{called} is not {name}, but its name is similar."),
        };
        let is_valid = match ours {
            HeaderName::TraceParent => TraceParent::parse(value).is_ok(),
            HeaderName::TraceState => tracebaton::TraceState::parse(value).is_ok(),
            HeaderName::Baggage => tracebaton::Baggage::parse(value).is_ok_and(|baggage| !baggage.is_empty()),
        };
        let fix = format!(
            "Have the producer write the name {name}, these {} letters and no more.{}",
            name.len(),
            if is_valid { " The value is valid." } else { "" }
        );
        self.push(Finding::new(Code::OtherName, effect, text, fix).at(index));
        if ours == HeaderName::TraceParent && !is_valid {
            self.understand(index, value);
        }
    }

    /// Reports a header about tracing that belongs to no known format.
    fn tracing(&mut self, index: usize, value: &[u8]) {
        if self.parent.is_some() {
            self.another_trace(index, value);
        } else if TraceParent::parse(value).is_ok() {
            self.parent_elsewhere(index);
        } else {
            self.understand(index, value);
        }
    }

    /// Checks any other header; only a value that is certainly a traceparent is reported.
    fn other(&mut self, index: usize, name: &[u8], value: &[u8]) {
        if name.eq_ignore_ascii_case(b"content-type") || name.eq_ignore_ascii_case(b"contenttype") {
            self.is_cloud_event |=
                value.windows(11).any(|window| window.eq_ignore_ascii_case(b"cloudevents"));
        } else if !peel::may_hold_parent(value) {
        } else if self.parent.is_some() {
            self.another_trace(index, value);
        } else if TraceParent::parse(value).is_ok() {
            self.parent_elsewhere(index);
        } else if let Some(understood) = self.meaning(value)
            && understood.meaning == Meaning::Parent
        {
            self.parent_elsewhere(index);
            self.encoded(index, &understood);
        }
    }

    /// Reports a valid traceparent under another name in a record without traceparent.
    fn parent_elsewhere(&mut self, index: usize) {
        let text = format!("{} contains a traceparent under another name.", called(self.record, index));
        let fix = "Have the producer write it as traceparent, these 11 letters and no more, or copy it to \
            that name in the consumer. The value is valid.";
        self.push(Finding::new(Code::OtherName, Effect::Breaks, text, fix).at(index));
    }

    /// Reports a traceparent under another name beside the accepted one.
    fn another_trace(&mut self, index: usize, value: &[u8]) {
        let (Some(parent), Ok(other)) = (self.parent, TraceParent::parse(value)) else { return };
        if parent.trace_id != other.trace_id {
            let text = format!(
                "{} names another trace, {}. Here the traceparent counts.",
                called(self.record, index),
                other.trace_id
            );
            let fix = "If a consumer reads that header, have the producer write both from one span, or \
                remove the stale one.";
            let other = Other {
                format: "tracecontext",
                verdict: OtherVerdict::Accepted,
                trace_id: Some(other.trace_id.to_string()),
                span_id: Some(other.parent_id.to_string()),
                sampling: Some(if other.trace_flags.is_sampled() { "accept" } else { "deny" }),
            };
            self.push(Finding::new(Code::Conflict, Effect::Differs, text, fix).at(index).of(other));
        }
    }

    /// Explains a value that is not a traceparent in a header that was intended as one.
    fn understand(&mut self, index: usize, value: &[u8]) {
        let Some(understood) = self.meaning(value) else { return };
        match understood.meaning {
            Meaning::Parent => {
                if !self.findings.iter().any(|finding| finding.header == Some(index)) {
                    self.parent_elsewhere(index);
                }
                self.encoded(index, &understood);
            }
            _ => {
                let sentence = format!("{} does not contain a traceparent.", called(self.record, index));
                let mut found = Vec::new();
                super::parent::explain(&understood, index, &sentence, None, &mut found);
                found.into_iter().for_each(|finding| self.once(finding));
            }
        }
    }

    /// Adds a finding, unless there is already one of its code.
    pub fn once(&mut self, finding: Finding) {
        if !self.findings.iter().any(|other| other.code == finding.code) {
            self.findings.push(finding);
        }
    }

    fn encoded(&mut self, index: usize, Understood { layers, value, .. }: &Understood) {
        let text = format!("{} is {} around a valid traceparent.", called(self.record, index), words(layers));
        self.push(
            Finding::new(Code::Encoded, Effect::Breaks, text, super::fixes(layers))
                .at(index)
                .under(names(layers), shown(value)),
        );
    }

    fn has(&self, name: HeaderName) -> bool {
        super::ours(self.record, name).next().is_some()
    }
}
