//! The codec's part of a firmware that extracts a context and injects a child, with nothing else to be measured.
#![no_std]

use tracebaton::{CarrierFull, Extracted, Header, Injected, Injection, SpanId};

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

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
