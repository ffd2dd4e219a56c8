//! The table of a record's headers, with the verdict on each.

use super::Explanation;
use crate::names::{Role, role};
use tracebaton::{Extracted, Header, HeaderName, Verdict};

/// Maximum count of headers without a finding in the table.
const OTHERS_SHOWN: usize = 12;
/// Maximum count of headers in the table that were replaced by a later one, are near matches, or have another format.
const NOTABLE_SHOWN: usize = 24;

/// One header in the table.
pub struct Row<'a> {
    pub index: usize,
    pub header: Header<'a>,
    /// Verdict; empty for a header other than traceparent, tracestate and baggage.
    pub verdict: &'static str,
    /// Offset of the byte at fault.
    pub offset: Option<usize>,
}

/// Selects the headers to show.
pub fn rows<'a>(explanation: &Explanation<'a>) -> Vec<Row<'a>> {
    let judged = judged(&explanation.extracted);
    let (mut others, mut notable) = (0, 0);
    let mut rows = Vec::new();
    for (index, header) in explanation.record.headers().enumerate() {
        let counts = judged.iter().flatten().find(|judged| judged.index == index);
        let is_found = || explanation.findings.iter().any(|finding| finding.header == Some(index));
        let ours = HeaderName::of(header.name).is_some();
        let is_shown = if counts.is_some() {
            true
        } else if ours || is_found() || role(header.name) != Role::Other {
            notable += 1;
            notable <= NOTABLE_SHOWN
        } else {
            others += 1;
            others <= OTHERS_SHOWN
        };
        let (verdict, offset) = match counts {
            Some(judged) => (judged.verdict, judged.offset),
            None if ours => ("not read", None),
            None => ("", None),
        };
        if is_shown {
            rows.push(Row { index, header, verdict, offset });
        }
    }
    rows
}

/// The verdict on the header that counts.
struct Judged {
    index: usize,
    verdict: &'static str,
    offset: Option<usize>,
}

fn judged(extracted: &Extracted<'_>) -> [Option<Judged>; 3] {
    fn of<T, Rule>(verdict: &Verdict<T, tracebaton::Violation<Rule>>) -> Option<Judged> {
        Some(match verdict {
            Verdict::Absent => return None,
            Verdict::Accepted { index, .. } => Judged { index: *index, verdict: "accepted", offset: None },
            Verdict::Refused { index, error, .. } => {
                Judged { index: *index, verdict: "REFUSED", offset: Some(error.offset) }
            }
        })
    }
    [of(&extracted.traceparent), of(&extracted.tracestate), of(&extracted.baggage)]
}
