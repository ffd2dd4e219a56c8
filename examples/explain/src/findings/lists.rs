//! Findings about the headers `tracestate` and `baggage`.

use super::{NAMED, called, fixes, names, not_read, ours, refusal, shown, words};
use crate::escape::Excerpt;
use crate::finding::{Code, Effect, Finding};
use crate::peel::{self, Peeled};
use crate::record::Record;
use tracebaton::{Baggage, BaggageError, Extracted, HeaderName, TraceState, Verdict};

pub fn findings(record: &Record, extracted: &Extracted<'_>, findings: &mut Vec<Finding>) {
    let has_parent = extracted.traceparent.accepted().is_some();
    if let Some((index, value)) = ours(record, HeaderName::TraceState).last() {
        findings.extend(tracestate(record, index, value, has_parent));
        let fix = "Consumers read the first, the last or all of them: write one header with all members.";
        findings.extend(not_read(record, HeaderName::TraceState, Effect::Differs, fix));
    }
    if let Some((index, value)) = ours(record, HeaderName::Baggage).last() {
        baggage(record, index, value, extracted, findings);
        let fix = "Consumers read the first, the last or all of them: write one header with all members.";
        findings.extend(not_read(record, HeaderName::Baggage, Effect::Differs, fix));
    }
}

fn tracestate(record: &Record, index: usize, value: &[u8], has_parent: bool) -> Option<Finding> {
    let Err(error) = TraceState::parse(value) else {
        let text = format!("{} is read only together with an accepted traceparent.", called(record, index));
        let finding = Finding::new(Code::WithoutTraceparent, Effect::Hint, text, "");
        return (!has_parent).then(|| finding.at(index));
    };
    let is_valid = |bytes: &[u8]| TraceState::parse(bytes).is_ok_and(|state| !state.is_empty());
    if let Some(finding) = encoded(record, index, value, is_valid) {
        return Some(finding);
    }
    let fate = if has_parent {
        "The trace continues without tracestate."
    } else {
        "There is no trace that it belongs to."
    };
    let fix = format!(
        "{fate} Write key=value between commas, at most 32: keys of a-z 0-9 _ - * / @, values of \
         printable ASCII without , and =, each of 1 to 256 bytes."
    );
    let text = refusal(record, index, error.rule, error.rule.name(), error.offset);
    Some(Finding::new(Code::Refused, Effect::Differs, text, fix).at(index).by(error.rule.name()))
}

fn baggage(
    record: &Record,
    index: usize,
    value: &[u8],
    extracted: &Extracted<'_>,
    findings: &mut Vec<Finding>,
) {
    let parsed = Baggage::parse(value);
    let is_suspect = match &parsed {
        Ok(baggage) => skipped(baggage) > 0 || is_one_key(baggage),
        Err(_) => true,
    };
    if is_suspect && let Some(finding) = encoded(record, index, value, is_good_baggage) {
        return findings.push(finding);
    }
    let has_parent = extracted.traceparent.accepted().is_some();
    match parsed {
        Err(error) => findings.push(refused_baggage(record, index, &error, has_parent)),
        Ok(baggage) => {
            findings.extend(skipped_members(&baggage, index));
            findings.extend(unread_members(&baggage, index));
            values(&baggage, index, findings);
        }
    }
    debug_assert!(!matches!(extracted.baggage, Verdict::Absent));
}

fn is_good_baggage(bytes: &[u8]) -> bool {
    let is_text = bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) && bytes.contains(&b'=');
    let is_whole =
        |baggage: Baggage<'_>| skipped(&baggage) == 0 && !baggage.is_empty() && !is_one_key(&baggage);
    is_text && Baggage::parse(bytes).is_ok_and(is_whole)
}

/// Whether the only member has no value, as in base64 with padding.
fn is_one_key(baggage: &Baggage<'_>) -> bool {
    let mut members = baggage.members();
    members.next().is_some_and(|member| member.value().as_bytes().is_empty()) && members.next().is_none()
}

/// Reports a value that is valid under layers.
fn encoded(record: &Record, index: usize, value: &[u8], is_valid: impl Fn(&[u8]) -> bool) -> Option<Finding> {
    let candidates = peel::candidates(value);
    let Some(Peeled { bytes, layers }) = candidates[1..].iter().find(|peeled| is_valid(&peeled.bytes)) else {
        let layer = peel::Layer::JavaArray;
        let text = format!("{} is {}.", called(record, index), layer.meaning());
        let finding = Finding::new(Code::Encoded, Effect::Breaks, text, crate::advice::layer(layer));
        return peel::is_lost(value).then(|| finding.at(index).under(vec![layer.name()], None));
    };
    let text = format!("{} is {} around a valid value.", called(record, index), words(layers));
    Some(
        Finding::new(Code::Encoded, Effect::Breaks, text, fixes(layers))
            .at(index)
            .under(names(layers), shown(bytes)),
    )
}

fn refused_baggage(record: &Record, index: usize, error: &BaggageError, has_parent: bool) -> Finding {
    let text = refusal(record, index, error.rule, error.rule.name(), error.offset);
    let fate =
        if has_parent { "The baggage is lost, but the trace continues." } else { "The baggage is lost." };
    let fix =
        format!("{fate} Percent-encode control bytes (a line feed is %0A), and send at most 8192 bytes.");
    Finding::new(Code::Refused, Effect::Breaks, text, fix).at(index).by(error.rule.name())
}

/// Reports the malformed members that were skipped (R8).
pub fn skipped(baggage: &Baggage<'_>) -> usize {
    let mut members = baggage.members();
    members.by_ref().for_each(drop);
    members.skipped()
}

fn skipped_members(baggage: &Baggage<'_>, index: usize) -> Option<Finding> {
    let count = skipped(baggage);
    let text =
        format!("Malformed members of the baggage are skipped, {count} in all: {}.", malformed(baggage));
    let fix = "Write key=value;property between commas: keys are tokens, and in values a space (%20), \" \
        , ; \\ and all that is \
               not ASCII are percent-encoded.";
    (count > 0).then(|| Finding::new(Code::SkippedMembers, Effect::Differs, text, fix).at(index))
}

/// The first malformed members.
fn malformed(baggage: &Baggage<'_>) -> String {
    let is_malformed = |part: &&[u8]| Baggage::parse(part).is_ok_and(|member| skipped(&member) > 0);
    let parts = baggage.as_bytes().split(|byte| *byte == b',').filter(is_malformed).take(NAMED);
    let parts: Vec<_> =
        parts.map(|part| format!("\"{}\"", Excerpt::beginning(part.trim_ascii(), 40))).collect();
    parts.join(", ")
}

/// Reports members after the 64th.
fn unread_members(baggage: &Baggage<'_>, index: usize) -> Option<Finding> {
    if baggage.members().count() < Baggage::MAX_MEMBERS {
        return None;
    }
    let parts = baggage.as_bytes().split(|byte| *byte == b',');
    let is_member = |part: &[u8]| Baggage::parse(part).is_ok_and(|member| member.members().count() == 1);
    let unread = parts.filter(|part| is_member(part)).count().saturating_sub(Baggage::MAX_MEMBERS);
    let text = format!(
        "The baggage has {} members, of which {unread} are not read: only the first 64 members of a \
         baggage are read.",
        unread + Baggage::MAX_MEMBERS
    );
    let fix = "Send at most 64 members, and remove those that no consumer needs.";
    (unread > 0).then(|| Finding::new(Code::NotRead, Effect::Differs, text, fix).at(index))
}

/// Reports values that readers decode differently.
fn values(baggage: &Baggage<'_>, index: usize, findings: &mut Vec<Finding>) {
    let mut add = |code, key: &[u8], what: &str, fix: &'static str| {
        if !findings.iter().any(|finding| finding.code == code) {
            let text = format!("The value of {} in the baggage has {what}.", Excerpt::beginning(key, 40));
            findings.push(Finding::new(code, Effect::Differs, text, fix).at(index));
        }
    };
    for member in baggage.members() {
        let (key, value) = (member.key(), member.value());
        let value = value.as_bytes();
        if value.contains(&b'+') {
            add(
                Code::PlusSign,
                key,
                "a plus sign, which some readers (Python) decode as a space",
                "Write a space as %20, and a plus sign as %2B.",
            );
        }
        let is_escape =
            |window: &[u8]| window.starts_with(b"%25") && window[3..].iter().all(u8::is_ascii_hexdigit);
        if value.windows(5).any(is_escape) {
            add(
                Code::DoubleEncoded,
                key,
                "an escape that is escaped again (%25), so that a reader gets the escape in place of the \
                 character",
                "Percent-encode the value once: the propagator does it.",
            );
        }
        let decoded: String = member.value().chars().collect();
        let has_escape =
            |escape: &[u8; 3]| value.windows(3).any(|window| window.eq_ignore_ascii_case(escape));
        let is_property = |text: &str| {
            text.split_once(';').is_some_and(|(_, property)| {
                !property.trim().is_empty()
                    && Baggage::parse(format!("k=v;{property}").as_bytes())
                        .is_ok_and(|baggage| skipped(&baggage) == 0)
            })
        };
        if has_escape(b"%3B") && is_property(&decoded) {
            add(
                Code::EncodedProperties,
                key,
                "an encoded semicolon (%3B): its properties are encoded with it, and a reader takes them \
                 for a part of the value",
                "Encode the value alone, and write ; before each property.",
            );
        }
    }
}
