//! The codec's part of a firmware, with nothing else to be measured. Each use is linked alone.
#![no_std]

use core::fmt::{self, Write as _};
use tracebaton::{
    Baggage, BaggageError, CarrierFull, Context, DoesNotFit, Extracted, Header, Injected, Injection,
    OwnedContext, SpanContext, SpanId, TraceParent, TraceState, TraceStateError,
};

/// Parses the value of a `traceparent`.
#[unsafe(no_mangle)]
pub fn figures_parse(value: &[u8]) -> Option<TraceParent> {
    TraceParent::parse(value).ok()
}

/// Formats a `traceparent`.
#[unsafe(no_mangle)]
pub fn figures_format(parent: &TraceParent, value: &mut [u8; TraceParent::LENGTH]) {
    *value = parent.format();
}

/// Extracts the `traceparent` alone, and prepares the injection of a child of its span.
#[unsafe(no_mangle)]
pub fn figures_ids(headers: &[Header<'_>], span_id: SpanId) -> Option<Injection<'static>> {
    let parent = tracebaton::extract_traceparent(headers.iter().copied()).accepted()?;
    let child = SpanContext::remote(&parent, TraceState::EMPTY).child(span_id);
    Some(Context::from(child).injection())
}

/// Extracts from the headers of a record.
#[unsafe(no_mangle)]
pub fn figures_extract<'a>(headers: &[Header<'a>]) -> Extracted<'a> {
    tracebaton::extract(headers.iter().copied())
}

/// Makes a child of the extracted context, and prepares its injection.
#[unsafe(no_mangle)]
pub fn figures_child<'a>(extracted: &Extracted<'a>, span_id: SpanId) -> Option<Injection<'a>> {
    extracted.context().child(span_id).map(|child| child.injection())
}

/// Injects into a record of at most 16 headers.
#[unsafe(no_mangle)]
pub fn figures_inject<'a>(
    injection: &'a Injection<'_>,
    record: &mut heapless::Vec<Header<'a>, 16>,
) -> Result<Injected, CarrierFull> {
    tracebaton::inject(injection, record)
}

/// Keeps a context for later.
#[unsafe(no_mangle)]
pub fn figures_keep(slot: &mut OwnedContext<512, 256>, context: &Context<'_>) -> Result<(), DoesNotFit> {
    slot.assign(context)
}

/// Adds a member to a `tracestate`.
#[unsafe(no_mangle)]
pub fn figures_insert<'b>(
    state: &TraceState<'_>,
    value: &[u8],
    buffer: &'b mut [u8],
) -> Result<TraceState<'b>, TraceStateError> {
    state.insert("vendor", value, buffer)
}

/// Sets a member of a `baggage`.
#[unsafe(no_mangle)]
pub fn figures_set<'b>(
    baggage: &Baggage<'_>,
    value: &[u8],
    buffer: &'b mut [u8],
) -> Result<Baggage<'b>, BaggageError> {
    baggage.set("tenant", value, buffer)
}

/// Writes the name of a broken rule.
#[unsafe(no_mangle)]
pub fn figures_name(extracted: &Extracted<'_>) -> &'static str {
    extracted.traceparent.error().map_or("", |error| error.rule.name())
}

/// Writes an error as a sentence.
#[unsafe(no_mangle)]
pub fn figures_sentence(extracted: &Extracted<'_>, log: &mut dyn fmt::Write) -> fmt::Result {
    match extracted.traceparent.error() {
        Some(error) => write!(log, "{error}"),
        None => Ok(()),
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
