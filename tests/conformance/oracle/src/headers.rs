//! The headers of one Kafka record: reading those that count, and writing them.

use crate::{Baggage, Pair, TraceParent, baggage, is_ows, traceparent, tracestate};

/// A record header: its name, and its value or Kafka's null.
pub type Header = (Vec<u8>, Option<Vec<u8>>);

/// The verdict on one of the three headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<T> {
    /// No header of that name has a value, or (`tracestate` only) no `traceparent` was accepted.
    Absent,
    /// The header at `index` counts and is valid.
    Accepted {
        /// Its index among all headers, from 0.
        index: usize,
        /// Its value, byte for byte.
        value: Vec<u8>,
        /// The parsed value.
        content: T,
    },
    /// The header at `index` counts and breaks a rule.
    Refused {
        /// Its index among all headers, from 0.
        index: usize,
        /// The name of the first rule that it breaks.
        rule: &'static str,
        /// The index of the first byte of its value that breaks the rule.
        offset: usize,
    },
}

impl<T> Verdict<T> {
    /// The value of an accepted header, byte for byte.
    pub fn accepted_value(&self) -> Option<&[u8]> {
        match self {
            Verdict::Accepted { value, .. } => Some(value),
            _ => None,
        }
    }
}

/// The three headers of a record (`PROFILE.md` R1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The verdict on `traceparent`.
    pub traceparent: Verdict<TraceParent>,
    /// The verdict on `tracestate`.
    pub tracestate: Verdict<Vec<Pair>>,
    /// The verdict on `baggage`.
    pub baggage: Verdict<Baggage>,
}

/// The values that are written into the headers of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The value of `traceparent`.
    pub traceparent: Option<Vec<u8>>,
    /// The value of `tracestate`, never written without a `traceparent` (Level 2, 2.3).
    pub tracestate: Option<Vec<u8>>,
    /// The value of `baggage`.
    pub baggage: Option<Vec<u8>>,
}

/// The names that are written; other headers are unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// All three.
    All,
    /// `traceparent` and `tracestate`.
    TraceContext,
    /// `baggage`.
    Baggage,
}

/// Reads the headers of a record (`PROFILE.md` R1 to R4, R7, R8, R10).
pub fn extract(headers: &[Header]) -> Extracted {
    let traceparent = verdict(headers, "traceparent", traceparent);
    let tracestate = match traceparent {
        Verdict::Accepted { .. } => verdict(headers, "tracestate", tracestate),
        _ => Verdict::Absent,
    };
    let baggage = verdict(headers, "baggage", baggage);
    Extracted { traceparent, tracestate, baggage }
}

/// The record in which the last header of each list has all values of its name, joined: what a reader that joins reads
/// (`PROFILE.md` R11).
pub fn joined(headers: &[Header]) -> Vec<Header> {
    let mut record = headers.to_vec();
    for name in ["tracestate", "baggage"] {
        let counts = |(other, value): &Header| is_named(other, name) && value.is_some();
        let values = headers.iter().filter(|header| counts(header)).filter_map(|(_, value)| value.as_deref());
        let joined = values.collect::<Vec<_>>().join(&b","[..]);
        if let Some((_, value)) = record.iter_mut().rfind(|header| counts(header)) {
            *value = Some(joined);
        }
    }
    record
}

/// The verdict on the last header of that name that has a value (`PROFILE.md` R3).
fn verdict<T>(
    headers: &[Header],
    name: &str,
    read: impl Fn(&[u8]) -> Result<T, crate::Refusal>,
) -> Verdict<T> {
    let counts = |(other, value): &Header| is_named(other, name) && value.is_some();
    let Some(index) = headers.iter().rposition(counts) else {
        return Verdict::Absent;
    };
    let value = headers[index].1.clone().unwrap_or_default();
    match read(&value) {
        Ok(content) => Verdict::Accepted { index, value, content },
        Err((rule, offset)) => Verdict::Refused { index, rule, offset },
    }
}

/// Names are compared as whole byte strings, in any ASCII case (`PROFILE.md` R2).
fn is_named(name: &[u8], wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted.as_bytes())
}

/// Replaces the three headers by those of `context`, at the end of the list (`PROFILE.md` W1, W2).
///
/// A context without a `traceparent` keeps the headers of the record's trace. It also keeps the record's baggage,
/// unless it has one of its own.
pub fn inject(headers: &[Header], context: &Context, carry: Carry) -> Vec<Header> {
    replaced(context, carry).map_or(headers.to_vec(), |carry| replace(headers, context, carry))
}

/// Removes the headers that [`inject`] would replace, as a carrier without room does (`PROFILE.md` W6).
pub fn inject_nothing(headers: &[Header], context: &Context, carry: Carry) -> Vec<Header> {
    replaced(context, carry).map_or(headers.to_vec(), |carry| replace(headers, &Context::default(), carry))
}

/// The headers without the three (`PROFILE.md` W2).
pub fn strip(headers: &[Header]) -> Vec<Header> {
    replace(headers, &Context::default(), Carry::All)
}

/// The names that a context replaces, among those that it may write.
fn replaced(context: &Context, carry: Carry) -> Option<Carry> {
    let has_baggage = context.baggage.as_ref().is_some_and(|list| lists_a_member(list));
    match (&context.traceparent, carry) {
        (Some(_), _) => Some(carry),
        (None, Carry::All | Carry::Baggage) if has_baggage => Some(Carry::Baggage),
        (None, _) => None,
    }
}

/// Replaces the headers that `carry` names by those of `context`.
fn replace(headers: &[Header], context: &Context, carry: Carry) -> Vec<Header> {
    let mut result = headers.to_vec();
    let mut replace = |name: &str, value: Option<Vec<u8>>| {
        result.retain(|(other, _)| !is_named(other, name));
        if value.is_some() {
            result.push((name.into(), value));
        }
    };
    let Context { traceparent, tracestate, baggage } = context.clone();
    if carry != Carry::Baggage {
        let tracestate = tracestate.filter(|list| traceparent.is_some() && lists_a_member(list));
        replace("traceparent", traceparent);
        replace("tracestate", tracestate);
    }
    if carry != Carry::TraceContext {
        replace("baggage", baggage.filter(|list| lists_a_member(list)));
    }
    result
}

/// Whether a list contains more than white space and commas (`PROFILE.md` W2).
fn lists_a_member(list: &[u8]) -> bool {
    list.iter().any(|&byte| !is_ows(byte) && byte != b',')
}

/// Like [`inject`], but leaves a record with an accepted `traceparent` unchanged (`PROFILE.md` W4).
pub fn inject_unless_present(headers: &[Header], context: &Context, carry: Carry) -> Vec<Header> {
    match extract(headers).traceparent {
        Verdict::Accepted { .. } => headers.to_vec(),
        _ => inject(headers, context, carry),
    }
}

/// The headers after forwarding: accepted values byte for byte, no refused ones (`PROFILE.md` W5).
pub fn forward(headers: &[Header]) -> Vec<Header> {
    replace(headers, &accepted(&extract(headers)), Carry::All)
}

/// The headers of a record that the span `span_id` sends as a child of this one (`PROFILE.md` C1). `sampled` sets or
/// clears that flag; `None` keeps it. The result is `None` if there is no trace to continue.
pub fn child(headers: &[Header], span_id: [u8; 8], sampled: Option<bool>) -> Option<Vec<Header>> {
    let extracted = extract(headers);
    let Verdict::Accepted { content, .. } = extracted.traceparent else {
        return None;
    };
    let flags = match sampled {
        Some(true) => content.flags | 1,
        Some(false) => content.flags & !1,
        None => content.flags,
    };
    let own = TraceParent { parent_id: span_id, flags, ..content };
    let context = Context { traceparent: Some(own.to_version_00()), ..accepted(&extracted) };
    Some(inject(headers, &context, Carry::All))
}

/// The accepted values.
fn accepted(extracted: &Extracted) -> Context {
    let copy = |value: Option<&[u8]>| value.map(<[u8]>::to_vec);
    Context {
        traceparent: copy(extracted.traceparent.accepted_value()),
        tracestate: copy(extracted.tracestate.accepted_value()),
        baggage: copy(extracted.baggage.accepted_value()),
    }
}

#[cfg(test)]
mod tests;
