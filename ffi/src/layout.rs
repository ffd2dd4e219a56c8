//! The layout of every struct, as programs that were compiled before count on it.

use crate::{
    BaggageEntry, BaggageMember, BaggageProperty, Context, Cursor, ExtractedContext, Extraction, Header,
    HeaderVerdict, PreparedInjection, QueueTime, TracestateMember, TrustedContext,
};
use core::mem::{offset_of, size_of};

/// The size of a pointer, and of a size.
const WORD: usize = size_of::<usize>();

const _: () = {
    assert!(size_of::<Header>() == 4 * WORD);
    assert!(offset_of!(Header, value) == 2 * WORD);

    assert!(size_of::<Context>() == 32 + 4 * WORD);
    assert!(offset_of!(Context, trace_id) == 0);
    assert!(offset_of!(Context, span_id) == 16);
    assert!(offset_of!(Context, trace_flags) == 24);
    assert!(offset_of!(Context, tracestate) == 32);
    assert!(offset_of!(Context, baggage) == 32 + 2 * WORD);

    assert!(size_of::<TrustedContext>() == 2 * size_of::<Context>());
    assert!(offset_of!(TrustedContext, link) == size_of::<Context>());

    assert!(size_of::<HeaderVerdict>() == 8 + WORD);
    assert!(offset_of!(HeaderVerdict, offset) == 4);
    assert!(offset_of!(HeaderVerdict, index) == 8);

    assert!(size_of::<ExtractedContext>() == 64 + 9 * WORD);
    assert!(offset_of!(ExtractedContext, traceparent) == 32 + 4 * WORD);
    assert!(offset_of!(ExtractedContext, tracestate) == 40 + 5 * WORD);
    assert!(offset_of!(ExtractedContext, baggage) == 48 + 6 * WORD);
    assert!(offset_of!(ExtractedContext, traceparent_value) == 56 + 7 * WORD);
    assert!(offset_of!(ExtractedContext, traceparent_version) == 56 + 9 * WORD);

    assert!(size_of::<Extraction>() == 10 * WORD);

    assert!(size_of::<PreparedInjection>() == 56 + 6 * WORD);
    assert!(offset_of!(PreparedInjection, carries) == 55);
    assert!(offset_of!(PreparedInjection, forwarded_traceparent) == 56);
    assert!(offset_of!(PreparedInjection, baggage) == 56 + 4 * WORD);

    assert!(size_of::<Cursor>() == 3 * WORD);
    assert!(size_of::<TracestateMember>() == 4 * WORD);
    assert!(size_of::<BaggageMember>() == 8 * WORD);
    assert!(size_of::<BaggageProperty>() == 6 * WORD);
    assert!(size_of::<BaggageEntry>() == 8 + 4 * WORD);
    assert!(offset_of!(BaggageEntry, is_property) == 4 * WORD);
    assert!(size_of::<QueueTime>() == 16);
    assert!(offset_of!(QueueTime, kind) == 8);
};
