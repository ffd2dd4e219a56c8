//! The codec reads and writes the headers of a record as the plain reading does (`PROFILE.md` R1 to R10, W1 to W6, C1).

mod generated;

use generated::{baggage, bytes, cases, form, some, traceparent, tracestate};
use oracle::{Carry, Verdict};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tracebaton::{Carrier, Context, Extracted, Header, Injection, SpanId, Violation};
use tracebaton_oracle as oracle;

/// A record's headers, with room for only so many.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    headers: Vec<oracle::Header>,
    room: usize,
}

impl Record {
    fn new(headers: &[oracle::Header]) -> Self {
        Self { headers: headers.to_vec(), room: usize::MAX }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Full;

impl Carrier<'_> for Record {
    type Error = Full;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        borrowed(&self.headers)
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Full> {
        self.headers.retain(|(name, _)| !unwanted(name));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Full> {
        if self.headers.len() >= self.room {
            return Err(Full);
        }
        self.headers.push((header.name.to_vec(), header.value.map(<[u8]>::to_vec)));
        Ok(())
    }
}

fn borrowed(headers: &[oracle::Header]) -> impl Iterator<Item = Header<'_>> {
    headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
}

fn extract(headers: &[oracle::Header]) -> Extracted<'_> {
    tracebaton::extract(borrowed(headers))
}

/// A verdict of the codec, told as the plain reading tells it.
fn plain<T: Copy, C, R>(
    verdict: &tracebaton::Verdict<T, Violation<R>>,
    headers: &[oracle::Header],
    content: impl Fn(T) -> C,
    name: impl Fn(&R) -> &'static str,
) -> Verdict<C> {
    match verdict {
        tracebaton::Verdict::Absent => Verdict::Absent,
        tracebaton::Verdict::Accepted { index, value } => Verdict::Accepted {
            index: *index,
            value: headers[*index].1.clone().unwrap(),
            content: content(*value),
        },
        tracebaton::Verdict::Refused { index, error } => {
            Verdict::Refused { index: *index, rule: name(&error.rule), offset: error.offset }
        }
    }
}

/// The same verdict with its content as bytes; what they say is compared where values are.
fn bytes_only<T>(verdict: Verdict<T>) -> Verdict<Vec<u8>> {
    match verdict {
        Verdict::Absent => Verdict::Absent,
        Verdict::Refused { index, rule, offset } => Verdict::Refused { index, rule, offset },
        Verdict::Accepted { index, value, .. } => Verdict::Accepted { index, content: value.clone(), value },
    }
}

/// Both readings of `headers` are the same.
fn compare_reading(headers: &[oracle::Header]) {
    let seen = extract(headers);
    let expected = oracle::extract(headers);
    let parent = |read: tracebaton::TraceParent| oracle::TraceParent {
        version: read.version(),
        trace_id: read.trace_id.to_bytes(),
        parent_id: read.parent_id.to_bytes(),
        flags: read.trace_flags.to_byte(),
    };
    let parent = plain(&seen.traceparent, headers, parent, |rule| rule.name());
    assert_eq!(parent, expected.traceparent, "{headers:?}");
    let state = plain(&seen.tracestate, headers, |state| state.as_bytes().to_vec(), |rule| rule.name());
    assert_eq!(state, bytes_only(expected.tracestate), "{headers:?}");
    let baggage = plain(&seen.baggage, headers, |baggage| baggage.as_bytes().to_vec(), |rule| rule.name());
    assert_eq!(baggage, bytes_only(expected.baggage), "{headers:?}");
}

fn injected(injection: &Injection<'_>, headers: &[oracle::Header]) -> Vec<oracle::Header> {
    let mut record = Record::new(headers);
    tracebaton::inject(injection, &mut record).unwrap();
    record.headers
}

/// Names that are not ours, some of them almost.
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
    // Which of the values it has: most often the one that fits the name.
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

fn record() -> impl Strategy<Value = Vec<oracle::Header>> {
    vec(header(), 0..9)
}

fn span_id() -> impl Strategy<Value = SpanId> {
    (1..=u64::MAX).prop_map(|id| SpanId::from_bytes(id.to_be_bytes()).unwrap())
}

/// What the context of these headers writes into others.
fn plain_context(headers: &[oracle::Header]) -> oracle::Context {
    let read = oracle::extract(headers);
    let Verdict::Accepted { content, .. } = &read.traceparent else {
        return oracle::Context {
            baggage: read.baggage.accepted_value().map(<[u8]>::to_vec),
            ..Default::default()
        };
    };
    oracle::Context {
        traceparent: Some(content.to_version_00()),
        tracestate: read.tracestate.accepted_value().map(<[u8]>::to_vec),
        baggage: read.baggage.accepted_value().map(<[u8]>::to_vec),
    }
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
                // An accepted traceparent makes a tracestate be read; `k=v` is one, and a baggage, but no traceparent.
                let headers =
                    [(b"traceparent".to_vec(), Some(parent.clone())), (name, Some(b"k=v".to_vec()))];
                compare_reading(&headers);
                let forwarded = injected(&extract(&headers).forward(), &headers);
                assert_eq!(forwarded, oracle::forward(&headers), "{headers:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(2_500))]

    #[test]
    fn reading(headers in record()) {
        compare_reading(&headers);
    }

    #[test]
    fn forwarding(headers in record()) {
        let seen = injected(&extract(&headers).forward(), &headers);
        prop_assert_eq!(&seen, &oracle::forward(&headers));
        prop_assert_eq!(injected(&extract(&seen).forward(), &seen), seen, "twice is once");
    }

    #[test]
    fn children(headers in record(), span_id in span_id(), sampled in any::<Option<bool>>()) {
        let mut child = extract(&headers).context().child(span_id);
        if let (Some(child), Some(sampled)) = (&mut child, sampled) {
            child.span_context = child.span_context.map(|context| context.with_sampled(sampled));
        }
        let seen = child.map(|child| injected(&child.injection(), &headers));
        prop_assert_eq!(seen, oracle::child(&headers, span_id.to_bytes(), sampled));
    }

    #[test]
    fn injecting(source in record(), target in record(), room in 0..12_usize) {
        let context: Context<'_> = extract(&source).context();
        let plain = plain_context(&source);
        for (injection, carry) in [
            (context.injection(), Carry::All),
            (context.injection().trace_context_only(), Carry::TraceContext),
            (context.injection().baggage_only(), Carry::Baggage),
        ] {
            let expected = oracle::inject(&target, &plain, carry);
            prop_assert_eq!(injected(&injection, &target), &expected[..]);
            prop_assert_eq!(injected(&injection, &expected), &expected[..], "twice is once");

            let mut record = Record::new(&target);
            let put_in = tracebaton::inject_if_absent(&injection, &mut record);
            prop_assert_eq!(&record.headers, &oracle::inject_unless_present(&target, &plain, carry));
            let present = matches!(oracle::extract(&target).traceparent, Verdict::Accepted { .. });
            prop_assert_eq!(put_in, Ok(!present));

            let without = oracle::inject(&target, &oracle::Context::default(), carry);
            let mut record = Record { room, ..Record::new(&target) };
            let added = expected.len() - without.len();
            if added == 0 || expected.len() <= room {
                prop_assert_eq!(tracebaton::inject(&injection, &mut record), Ok(()));
                prop_assert_eq!(record.headers, expected);
            } else {
                prop_assert_eq!(tracebaton::inject(&injection, &mut record), Err(Full));
                prop_assert_eq!(record.headers, without, "W6: all or none");
            }
        }
    }
}
