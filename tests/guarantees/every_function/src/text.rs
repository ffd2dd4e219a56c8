//! Printing by `Display` and `Debug`.

use crate::keep;
use core::fmt::{self, Write};
use tracebaton::{
    Baggage, Header, HeaderName, QueueTime, SpanId, TimestampKind, TraceFlags, TraceId, TraceParent,
    TraceState, extract,
};

/// A writer that discards its text.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        keep(text);
        Ok(())
    }
}

/// Prints the errors of a value.
pub fn text_of_errors(value: &[u8]) {
    if let Err(error) = TraceParent::parse(value) {
        keep(write!(Nowhere, "{error} {}", error.rule));
    }
    if let Err(error) = TraceState::parse(value) {
        keep(write!(Nowhere, "{error} {}", error.rule));
    }
    if let Err(error) = Baggage::parse(value) {
        keep(write!(Nowhere, "{error} {}", error.rule));
    }
    keep(write!(Nowhere, "{} {}", tracebaton::CarrierFull, tracebaton::DoesNotFit::Both));
}

/// Prints ids and flags.
pub fn text_of_ids(bytes: &[u8]) {
    let trace_id = TraceId::from_hex(bytes).unwrap_or(TraceId::generate(|id| id.fill(1)));
    let span_id = SpanId::from_hex(bytes).unwrap_or(SpanId::generate(|id| id.fill(1)));
    let flags = TraceFlags::from_byte(bytes.first().copied().unwrap_or_default());
    keep(write!(Nowhere, "{trace_id} {span_id} {flags} {trace_id:?} {span_id:?} {flags:?}"));
    keep(write!(
        Nowhere,
        "{trace_id:x} {span_id:x} {flags:x} {}",
        TraceParent::new(trace_id, span_id, flags)
    ));
}

/// Prints lists, their members, and a record.
pub fn text_of_values(value: &[u8]) {
    let (state, baggage) =
        (TraceState::parse(value).unwrap_or_default(), Baggage::parse(value).unwrap_or_default());
    keep(write!(Nowhere, "{state} {state:?} {baggage} {baggage:?} {:?}", state.members()));
    let header = Header::new(HeaderName::Baggage.as_str(), value);
    let extracted = extract([header]);
    keep(write!(Nowhere, "{header:?} {extracted:?} {:?} {}", extracted.forward(), HeaderName::Baggage));
    if let Some(waited) = QueueTime::between(0, TimestampKind::CreateTime, value.len() as i64) {
        keep(write!(Nowhere, "{waited}"));
    }
    for member in Baggage::parse(value).unwrap_or_default().members() {
        keep(write!(Nowhere, "{} {:?}", member.value(), member.value()));
    }
}
