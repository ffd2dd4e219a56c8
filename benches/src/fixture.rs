//! The inputs: records of the same shape, each with its own ids.

use tracebaton::{Header, SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// The headers of one record.
pub type Record = Box<[Header<'static>]>;

/// The count of records of one shape. There are many, so that branch prediction cannot learn one id.
pub const RECORDS: usize = 64;
/// The count of ids where only a traceparent is read or written.
pub const IDS: usize = 512;

/// The span that sends the record with this number; its tracestate has 2 members and 39 bytes.
pub fn span(number: usize) -> SpanContext<'static> {
    let mut state = number as u64;
    let trace_id = TraceId::generate(|bytes| fill(&mut state, bytes));
    let span_id = SpanId::generate(|bytes| fill(&mut state, bytes));
    let trace_state = TraceState::parse(keep(tracestate(number)).as_bytes()).expect("valid");
    SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED).with_trace_state(trace_state)
}

/// SplitMix64: the same bytes in every run, and different ones for every number.
fn fill(state: &mut u64, bytes: &mut [u8]) {
    for chunk in bytes.chunks_mut(8) {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = *state;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(word ^ word >> 31).to_ne_bytes()[..chunk.len()]);
    }
}

/// 16 hexadecimal digits for this number.
pub fn digits(number: usize) -> String {
    let (mut state, mut bytes) = (!(number as u64), [0; 8]);
    fill(&mut state, &mut bytes);
    format!("{:016x}", u64::from_ne_bytes(bytes))
}

/// Bytes that live as long as the program.
pub fn keep(text: impl Into<String>) -> &'static str {
    String::leak(text.into())
}

/// The traceparent of the record with this number.
pub fn traceparent(number: usize) -> String {
    String::from_utf8(span(number).traceparent().format().to_vec()).expect("ASCII")
}

/// 2 members, 39 bytes.
pub fn tracestate(number: usize) -> String {
    format!("rojo={},congo=t61rcWkgMzE", digits(number))
}

/// 2 members, 39 bytes; the keys have every allowed character that is not a letter or a digit.
pub fn tracestate_of_rare_keys(number: usize) -> String {
    format!("4d2f2d0a-1c2b@dt=fw4;1,es_/ro*jo={:.6}", digits(number))
}

/// 2 members, 39 bytes, with a space after the comma.
pub fn tracestate_with_space(number: usize) -> String {
    format!("rojo={}, congo=t61rcWkgMz", digits(number))
}

/// 32 members, 512 bytes.
pub fn long_tracestate(number: usize) -> String {
    list_of_32(",", 512, |index| format!("key{index:02}={:.9}", digits(number + index)))
}

/// 32 members, 512 bytes; the keys have every allowed character that is not a letter or a digit.
pub fn long_tracestate_of_rare_keys(number: usize) -> String {
    list_of_32(",", 512, |index| format!("{index:02}_-*/@t={:.6}", digits(number + index)))
}

/// 32 members, 512 bytes, with a space after each comma.
pub fn long_tracestate_with_spaces(number: usize) -> String {
    list_of_32(", ", 512, |index| format!("key{index:02}={:.8}", digits(number + index)))
}

/// Members whose last one fills the list to this length.
fn list_of_32(separator: &str, length: usize, member: impl Fn(usize) -> String) -> String {
    let mut list = (0..32).map(member).collect::<Vec<_>>().join(separator);
    list.extend(std::iter::repeat_n('0', length - list.len()));
    list
}

/// 3 members, one of them percent-encoded.
pub fn baggage(number: usize) -> String {
    format!("userId=Am%C3%A9lie,session={:.8},isProduction=false", digits(number))
}

const FIRST_FIVE: [(&str, &str); 5] = [
    ("content-type", "application/json"),
    ("schema-id", "4711"),
    ("correlation-id", "5c9e1f0a-33d1-4b5e-9f5c-2f6f1d6f8a10"),
    ("event-type", "order-placed"),
    ("source", "checkout"),
];
const LAST_THREE: [(&str, &str); 3] =
    [("tenant-id", "acme"), ("reply-topic", "orders-reply"), ("retry-count", "0")];

/// Five headers of the application, then these.
fn record(ours: &[(&'static str, &'static str)]) -> Record {
    FIRST_FIVE.iter().chain(ours).map(|(name, value)| Header::new(*name, *value)).collect()
}

/// Eight headers: five of the application, traceparent, tracestate, baggage.
pub fn record_of(traceparent: String, tracestate: String, baggage: &'static str) -> Record {
    record(&[("traceparent", keep(traceparent)), ("tracestate", keep(tracestate)), ("baggage", baggage)])
}

/// The baggage of records from which it is extracted without being parsed.
pub const BAGGAGE: &str = "userId=alice,region=eu-west";

/// A valid record with this tracestate.
pub fn record_with(number: usize, tracestate: fn(usize) -> String) -> Record {
    record_of(traceparent(number), tracestate(number), BAGGAGE)
}

/// One header: traceparent.
pub fn record_of_traceparent(number: usize) -> Record {
    Box::new([Header::new("traceparent", keep(traceparent(number)))])
}

/// Eight headers, none of them ours.
pub fn record_of_others(_: usize) -> Record {
    record(&LAST_THREE)
}

/// Eight headers, one of them `b3`.
pub fn record_of_b3(number: usize) -> Record {
    let [first, second, _] = LAST_THREE;
    let span = span(number);
    let value = format!("{}-{}-1", span.trace_id, span.span_id);
    record(&[first, second, ("b3", keep(value))])
}

/// Eight headers, four of them Datadog's.
pub fn record_of_datadog(number: usize) -> Record {
    let span = span(number);
    let trace = u128::from_be_bytes(span.trace_id.to_bytes());
    let ours = [
        ("x-datadog-trace-id", keep((trace as u64).to_string())),
        ("x-datadog-parent-id", keep(u64::from_be_bytes(span.span_id.to_bytes()).to_string())),
        ("x-datadog-sampling-priority", "1"),
        ("x-datadog-tags", keep(format!("_dd.p.dm=-1,_dd.p.tid={:016x}", trace >> 64))),
    ];
    let [first, second, third, fourth, _] = FIRST_FIVE;
    let all = [first, second, third, fourth].into_iter().chain(ours);
    all.map(|(name, value)| Header::new(name, value)).collect()
}

/// Headers of the application, and a traceparent at the end.
pub fn long_record(number: usize, length: usize) -> Record {
    let others = FIRST_FIVE.iter().chain(&LAST_THREE).cycle().take(length - 1);
    let others = others.map(|(name, value)| Header::new(*name, *value));
    others.chain(record_of_traceparent(number)).collect()
}
