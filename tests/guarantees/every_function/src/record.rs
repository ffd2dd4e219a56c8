//! The headers of a record: extraction, and injection into the carriers that come with the codec.

use crate::keep;
use arrayvec::ArrayVec;
use tracebaton::{
    Baggage, Carrier, CarrierFull, Extracted, Header, HeaderName, Injection, OwnedHeader, Reader,
    TraceParent, TraceState, Verdict, extract, extract_joined, extract_slice, extract_traceparent, inject,
    inject_if_absent, strip,
};

/// Reads a record, and looks at the headers that would be written.
pub fn record(headers: &[Header<'_>]) {
    let extracted = extract(headers.iter().copied());
    let (traceparent, tracestate, baggage) = (extracted.traceparent, extracted.tracestate, extracted.baggage);
    keep((traceparent.accepted(), tracestate.accepted(), baggage.accepted()));
    keep((traceparent.is_accepted(), tracestate.error(), baggage.map(|baggage| baggage.len())));
    if let Verdict::Refused { index, error, .. } = baggage {
        keep((index, error.offset));
    }
    for header in headers {
        keep(HeaderName::of(header.name).map(|name| (name.as_bytes(), name.as_str())));
        keep(Header::new(header.name, header.value.unwrap_or_default()));
    }
    let mut reader = Reader::new();
    headers.iter().for_each(|header| reader.add(*header));
    headers.iter().for_each(|header| reader.add_at(headers.len(), header.name, || header.value));
    keep((reader.finish().context(), extracted.traceparent_bytes()));
    let mut found = reader.finish_small();
    reader.finish_into(&mut found);
    keep((
        found.context().injection_parts(&mut [0; TraceParent::LENGTH]).replaces_baggage,
        reader.finish_traceparent(),
    ));
    let name_length = |header: &Header<'_>| header.name.len();
    keep(Reader::of_slice(headers, name_length, |header| *header));
    keep(extract_joined(headers.iter().copied(), &mut [0; 64]).context());
    keep((Reader::trim_others(headers, name_length, |header| *header), extract_slice(headers)));
    keep(extract_traceparent(headers.iter().copied()));
    for value in headers.iter().filter_map(|header| header.value) {
        let (state, baggage) = (TraceState::from_validated(value), Baggage::from_validated(value));
        keep((state.members().last(), baggage.members().last()));
        Injection::forward_validated(value, state, baggage).headers().for_each(keep);
    }
    for injection in injections(&extracted) {
        injection.headers().for_each(keep);
        Injection::from_validated_parts(injection.parts()).headers().for_each(keep);
        keep(injection.replaces_name(HeaderName::Baggage));
        headers.iter().for_each(|header| keep(injection.replaces(header.name)));
    }
}

fn injections<'a>(extracted: &Extracted<'a>) -> [Injection<'a>; 4] {
    let all = extracted.context().injection();
    [extracted.forward(), all, all.trace_context_only(), all.baggage_only()]
}

/// Injects the context of a record into a carrier, looks at its headers, and removes them.
pub fn inject_into<'v, C: Carrier<'v> + ?Sized>(injection: &'v Injection<'_>, carrier: &mut C) {
    keep(inject(injection, carrier).is_ok());
    keep(inject_if_absent(injection, carrier).is_ok());
    keep(carrier.headers().count());
    keep(strip(carrier).is_ok());
    keep(carrier.remove(<[u8]>::is_empty).is_ok());
}

/// Injects into an `ArrayVec` that holds as many headers as fit.
pub fn arrayvec(headers: &[Header<'_>]) {
    for injection in injections(&extract(headers.iter().copied())) {
        let mut carrier = ArrayVec::<Header<'_>, 4>::new();
        keep(headers.iter().try_for_each(|header| Carrier::add(&mut carrier, *header)));
        inject_into(&injection, &mut carrier);
    }
}

/// Injects into a `heapless::Vec` that borrows as many headers as fit.
pub fn heapless(headers: &[Header<'_>]) {
    for injection in injections(&extract(headers.iter().copied())) {
        let mut carrier = heapless::Vec::<Header<'_>, 4>::new();
        keep(headers.iter().try_for_each(|header| Carrier::add(&mut carrier, *header)));
        inject_into(&injection, &mut carrier);
        inject_into(&injection, carrier.as_mut_view());
    }
}

/// Injects into a `heapless::Vec` that owns as many headers as fit.
pub fn refilled(headers: &[Header<'_>]) {
    for injection in injections(&extract(headers.iter().copied())) {
        let mut carrier = heapless::Vec::<OwnedHeader<16, 64>, 4>::new();
        keep(headers.iter().try_for_each(|header| copied(&mut carrier, header)));
        inject_into(&injection, &mut carrier);
    }
}

fn copied(
    carrier: &mut heapless::Vec<OwnedHeader<16, 64>, 4>,
    header: &Header<'_>,
) -> Result<(), CarrierFull> {
    let owned = OwnedHeader::<16, 64>::copy(header)?;
    carrier.add(owned.as_borrowed())
}
