//! The headers of a record: which count and how they are read (R1 to R11), and injecting a context into other headers
//! (W1 to W6, C1).

use crate::carrier::{Full, Outgoing, borrowed, extract, injected};
use crate::{Hop, Record, baggage, traceparent, tracestate};
use arrayvec::ArrayVec;
use oracle::{Carry, Verdict};
use tracebaton::{
    BaggageRule, CarrierFull, Extracted, Header, Injected, Injection, JOINED_LENGTH, OwnedHeader, SpanId,
    TraceStateRule, Violation, extract_joined,
};
use tracebaton_oracle as oracle;

/// Reads the incoming record, forwards it, makes a child, and injects its context into the outgoing record.
///
/// # Panics
///
/// If a property does not hold.
pub fn headers(hop: &Hop) {
    hop.run(&[
        read,
        forwarded,
        lists_joined,
        child,
        stripped,
        injected_in_full,
        injected_if_absent,
        carriers,
    ]);
}

/// Reads the headers, and forwards them.
///
/// # Panics
///
/// If a property does not hold.
pub fn headers_forwarded(headers: &[oracle::Header]) {
    let hop = Hop { source: Record { headers: headers.to_vec() }, ..Hop::default() };
    hop.run(&[read, forwarded, |hop| joined(&hop.source.headers)]);
}

fn read(hop: &Hop) {
    reading(&extract(&hop.source.headers), &hop.source.headers);
}

fn forwarded(hop: &Hop) {
    let headers = &hop.source.headers[..];
    assert_eq!(injected(&extract(headers).forward(), headers), oracle::forward(headers), "W5");
}

fn lists_joined(hop: &Hop) {
    joined(&hop.source.headers);
    joined_into(&hop.source.headers, usize::from(hop.size).min(JOINED_LENGTH));
}

/// The injection of the incoming context: all headers, or some of them.
fn injection_of(hop: &Hop) -> (Injection<'_>, oracle::Context, Carry) {
    let all = extract(&hop.source.headers).context().injection();
    let (injection, carry) = match hop.choice % 3 {
        0 => (all, Carry::All),
        1 => (all.trace_context_only(), Carry::TraceContext),
        _ => (all.baggage_only(), Carry::Baggage),
    };
    (injection, plain_context(&hop.source.headers), carry)
}

fn injected_in_full(hop: &Hop) {
    let (injection, context, carry) = injection_of(hop);
    injecting(&injection, &context, carry, &hop.target.headers, hop.room.into());
}

fn injected_if_absent(hop: &Hop) {
    let (injection, context, carry) = injection_of(hop);
    injecting_unless_present(&injection, &context, carry, &hop.target.headers);
}

fn carriers(hop: &Hop) {
    fixed_carriers(&injection_of(hop).0, &hop.target.headers);
}

/// Reads the headers with their lists joined (R11), and forwards them.
fn joined(headers: &[oracle::Header]) {
    let (mut buffer, record) = ([0; JOINED_LENGTH], oracle::joined(headers));
    let seen = extract_joined(borrowed(headers), &mut buffer);
    reading(&seen, &record);
    assert_eq!(injected(&seen.forward(), headers), oracle::forward(&record), "R11, W5");
}

/// A buffer of this length gives the same verdicts, but refuses a joined list that has no room.
fn joined_into(headers: &[oracle::Header], length: usize) {
    let (mut whole, mut short) = ([0; JOINED_LENGTH], vec![0; length]);
    let expected = extract_joined(borrowed(headers), &mut whole);
    let seen = extract_joined(borrowed(headers), &mut short);
    assert_eq!(seen.traceparent, expected.traceparent, "R11");
    let lists = headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(b"traceparent"));
    let most: usize = lists.filter_map(|(_, value)| value.as_ref()).map(|value| value.len() + 1).sum();
    if most <= length {
        assert_eq!((seen.tracestate, seen.baggage), (expected.tracestate, expected.baggage), "R11");
        return;
    }
    let is_too_long = seen.tracestate.error().is_some_and(|error| error.rule == TraceStateRule::TooLong);
    assert!(seen.tracestate == expected.tracestate || is_too_long, "R11");
    let is_too_long = seen.baggage.error().is_some_and(|error| error.rule == BaggageRule::TooLong);
    assert!(seen.baggage == expected.baggage || is_too_long, "R11");
}

/// This reading is the oracle's.
fn reading(seen: &Extracted<'_>, headers: &[oracle::Header]) {
    let expected = oracle::extract(headers);
    let parent = verdict(&seen.traceparent, headers, traceparent::plain, |rule| rule.name());
    assert_eq!(parent, expected.traceparent, "R1 to R6");
    let state = verdict(&seen.tracestate, headers, tracestate::members, |rule| rule.name());
    assert_eq!(state, expected.tracestate, "R1 to R4, R7");
    let baggage = verdict(&seen.baggage, headers, baggage::read, |rule| rule.name());
    assert_eq!(baggage, expected.baggage, "R1 to R4, R8");
}

/// A verdict of the codec in the oracle's form.
fn verdict<T: Copy, C, R>(
    verdict: &tracebaton::Verdict<T, Violation<R>>,
    headers: &[oracle::Header],
    content: impl Fn(T) -> C,
    name: impl Fn(&R) -> &'static str,
) -> Verdict<C> {
    match verdict {
        tracebaton::Verdict::Absent => Verdict::Absent,
        tracebaton::Verdict::Accepted { index, value, .. } => {
            let bytes = headers[*index].1.clone().expect("R4: null is absent");
            Verdict::Accepted { index: *index, value: bytes, content: content(*value) }
        }
        tracebaton::Verdict::Refused { index, error, .. } => {
            Verdict::Refused { index: *index, rule: name(&error.rule), offset: error.offset }
        }
    }
}

fn child(hop: &Hop) {
    let source = &hop.source.headers[..];
    let Some(span_id) = SpanId::from_bytes(hop.span_id) else { return };
    let sampled = hop.chose(6).then(|| hop.chose(7));
    let mut child = extract(source).context().child(span_id);
    if let (Some(child), Some(sampled)) = (&mut child, sampled) {
        child.span_context = child.span_context.map(|context| context.with_sampled(sampled));
    }
    let seen = child.map(|child| injected(&child.injection(), source));
    assert_eq!(seen, oracle::child(source, hop.span_id, sampled), "C1");
}

/// The context of these headers, as it is written into others.
pub(crate) fn plain_context(headers: &[oracle::Header]) -> oracle::Context {
    let read = oracle::extract(headers);
    let parent = match &read.traceparent {
        Verdict::Accepted { content, .. } => Some(content.to_version_00()),
        _ => None,
    };
    oracle::Context {
        traceparent: parent,
        tracestate: read.tracestate.accepted_value().map(<[u8]>::to_vec),
        baggage: read.baggage.accepted_value().map(<[u8]>::to_vec),
    }
}

/// The headers after injecting a context with this much room, and whether it fitted (W6).
pub(crate) fn plain_injected(
    headers: &[oracle::Header],
    context: &oracle::Context,
    carry: Carry,
    room: usize,
) -> (Vec<oracle::Header>, bool) {
    let all = oracle::inject(headers, context, carry);
    let none = oracle::inject_nothing(headers, context, carry);
    let fits = all.len() == none.len() || all.len() <= room;
    (if fits { all } else { none }, fits)
}

/// The names that an unrestricted injection writes (W2).
pub(crate) fn plain_done(context: &oracle::Context, carry: Carry) -> Injected {
    match carry {
        Carry::All | Carry::TraceContext if context.traceparent.is_some() => Injected::Parent,
        _ => Injected::NoParent,
    }
}

fn stripped(hop: &Hop) {
    let target = &hop.target.headers[..];
    let mut record = Outgoing::new(target, usize::MAX);
    assert_eq!(tracebaton::strip(&mut record), Ok(()));
    assert_eq!(record.headers, oracle::strip(target), "W2");
    let nothing = injection_of(hop).0.trace_context_only().baggage_only();
    assert_eq!(injected(&nothing, target), target, "restricted to both, nothing is written");
}

fn injecting(
    injection: &Injection<'_>,
    context: &oracle::Context,
    carry: Carry,
    target: &[oracle::Header],
    room: usize,
) {
    let expected = oracle::inject(target, context, carry);
    assert_eq!(injected(injection, target), expected, "W1, W2, W3, R10");
    assert_eq!(injected(injection, &expected), expected, "W1: a second injection changes nothing");
    let (expected, fits) = plain_injected(target, context, carry, room);
    let mut record = Outgoing::new(target, room);
    let done = plain_done(context, carry);
    assert_eq!(tracebaton::inject(injection, &mut record), if fits { Ok(done) } else { Err(Full) }, "W2, W6");
    assert_eq!(record.headers, expected, "W6: all or none");
}

fn injecting_unless_present(
    injection: &Injection<'_>,
    context: &oracle::Context,
    carry: Carry,
    target: &[oracle::Header],
) {
    let mut record = Outgoing::new(target, usize::MAX);
    let put_in = tracebaton::inject_if_absent(injection, &mut record);
    assert_eq!(record.headers, oracle::inject_unless_present(target, context, carry), "W4");
    let is_present = matches!(oracle::extract(target).traceparent, Verdict::Accepted { .. });
    assert_eq!(put_in, Ok(if is_present { Injected::Kept } else { plain_done(context, carry) }), "W4");
}

/// The codec's fixed-size carriers end with the same headers as this crate's carrier with as much room.
fn fixed_carriers(injection: &Injection<'_>, target: &[oracle::Header]) {
    const ROOM: usize = 5;
    let mut record = Outgoing::new(&target[..target.len().min(ROOM)], ROOM);
    let before = record.headers.clone();
    let result = tracebaton::inject(injection, &mut record).is_ok();

    let mut array: ArrayVec<Header<'_>, ROOM> = borrowed(&before).collect();
    assert_eq!(tracebaton::inject(injection, &mut array).is_ok(), result, "W6");
    assert!(array.iter().copied().eq(borrowed(&record.headers)), "W6");

    let mut heapless: heapless::Vec<Header<'_>, ROOM> = borrowed(&before).collect();
    assert_eq!(tracebaton::inject(injection, heapless.as_mut_view()).is_ok(), result, "W6");
    assert!(heapless.iter().copied().eq(borrowed(&record.headers)), "W6");
    owning_carrier(injection, &before, &record.headers, result);
}

/// A carrier that owns its headers has the same headers, or none of the injected ones if a name or value is too long for it.
fn owning_carrier(
    injection: &Injection<'_>,
    before: &[oracle::Header],
    expected: &[oracle::Header],
    result: bool,
) {
    type Owned = OwnedHeader<16, 128>;
    let owned = |headers| borrowed(headers).map(|header| Owned::copy(&header)).collect::<Result<_, _>>();
    let Ok(mut record): Result<heapless::Vec<Owned, 5>, CarrierFull> = owned(before) else { return };
    let fits = injection.headers().all(|header| Owned::copy(&header).is_ok());
    assert_eq!(tracebaton::inject(injection, &mut record).is_ok(), result && fits, "W6");
    let kept: Vec<_> = borrowed(before).filter(|header| !injection.replaces(header.name)).collect();
    let seen = record.iter().map(OwnedHeader::as_borrowed);
    assert!(if fits { seen.eq(borrowed(expected)) } else { seen.eq(kept) }, "W6");
}
