//! The codec reads and writes the headers of a record like the oracle (`PROFILE.md` R1 to R10, W1 to W6, C1).

mod generated;

use generated::{baggage, bytes, cases, form, some, traceparent, tracestate};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tracebaton_fuzz_properties::{Hop, Record, headers, headers_forwarded};
use tracebaton_oracle as oracle;

/// Names of other headers, some of them similar to ours.
const OTHERS: &[&str] = &[
    "",
    "key",
    "ce_traceparent",
    "traceparent\0",
    "traceparen",
    "trace-parent",
    " baggage",
    "tracestat\u{e9}",
];

fn name() -> impl Strategy<Value = Vec<u8>> {
    let own = select(&["traceparent", "tracestate", "baggage"][..]);
    let any_case = (own.clone(), any::<u16>()).prop_map(|(name, upper)| {
        let case = |(place, byte): (usize, u8)| match upper >> place & 1 {
            1 => byte.to_ascii_uppercase(),
            _ => byte,
        };
        name.bytes().enumerate().map(case).collect::<Vec<u8>>()
    });
    prop_oneof![
        6 => own.prop_map(|name| name.as_bytes().to_vec()),
        2 => any_case,
        2 => select(OTHERS).prop_map(|name| name.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..12),
    ]
}

fn header() -> impl Strategy<Value = oracle::Header> {
    let values = (
        some(prop_oneof![6 => traceparent::valid(), 1 => traceparent::near_valid()]),
        some(prop_oneof![3 => tracestate::valid(), 1 => tracestate::near_valid()]),
        some(prop_oneof![3 => baggage::valid(), 1 => baggage::near_valid()]),
        prop_oneof![bytes(), form("[ ,\\t]{0,3}").prop_map(String::into_bytes)],
    );
    // The choice of its value; most often the one that fits the name.
    let which = prop_oneof![8 => Just("own"), 1 => Just("other"), 1 => Just("null")];
    (name(), values, which).prop_map(|(name, (traceparent, tracestate, baggage, other), which)| {
        let own = match &name.to_ascii_lowercase()[..] {
            b"traceparent" => traceparent,
            b"tracestate" => tracestate,
            b"baggage" => baggage,
            _ => other.clone(),
        };
        let value = match which {
            "own" => Some(own),
            "other" => Some(other),
            _ => None,
        };
        (name, value)
    })
}

fn record() -> impl Strategy<Value = Record> {
    vec(header(), 0..9).prop_map(|headers| Record { headers })
}

#[test]
fn every_byte_at_every_position_of_the_names() {
    let parent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_vec();
    for own in ["traceparent", "tracestate", "baggage", "TRACEPARENT", "TraceState", "BAGGAGE"] {
        for (place, byte) in (0..own.len()).flat_map(|place| (0..=u8::MAX).map(move |byte| (place, byte))) {
            let mut name = own.as_bytes().to_vec();
            name[place] = byte;
            let shorter = name[..place].to_vec();
            let longer = [&name[..], &[byte]].concat();
            for name in [name, shorter, longer] {
                // A tracestate is read only beside an accepted traceparent. `k=v` is a tracestate and a baggage, but
                // not a traceparent.
                let headers =
                    [(b"traceparent".to_vec(), Some(parent.clone())), (name, Some(b"k=v".to_vec()))];
                headers_forwarded(&headers);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(7_500))]

    #[test]
    fn hops(source in record(), target in record(), span_id in any::<[u8; 8]>(), choice in any::<u8>(), room in 0..12_u8) {
        headers(&Hop { source, target, span_id, choice, room, ..Hop::default() });
    }
}
