//! The conventional traits: printing, parsing, comparing and converting.

use std::collections::BTreeSet;
use std::fmt::{self, Write};
use tracebaton::*;

const TRACE_ID: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID: &str = "b7ad6b7169203331";
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn ids_are_parsed_and_shown() {
    let (trace_id, span_id): (TraceId, SpanId) = (TRACE_ID.parse().unwrap(), SPAN_ID.parse().unwrap());
    assert_eq!(
        format!("{trace_id} {trace_id:x} {trace_id:#x}"),
        format!("{TRACE_ID} {TRACE_ID} 0x{TRACE_ID}")
    );
    assert_eq!(format!("{span_id:>20}|{span_id:#020x}"), format!("    {SPAN_ID}|0x00{SPAN_ID}"));
    assert_eq!(format!("{trace_id:?} {span_id:?}"), format!("TraceId({TRACE_ID}) SpanId({SPAN_ID})"));
    assert_eq!(
        (u128::from(trace_id), u64::from(span_id)),
        (0x0af7651916cd43dd8448eb211c80319c, 0xb7ad6b7169203331)
    );
    assert_eq!(TraceId::try_from(u128::from(trace_id)), Ok(trace_id));
    assert_eq!(SpanId::try_from(u64::from(span_id)), Ok(span_id));
    assert_eq!(TraceId::try_from(<[u8; 16]>::from(trace_id)), Ok(trace_id));
    assert_eq!(SpanId::try_from(<[u8; 8]>::from(span_id)), Ok(span_id));
}

#[test]
fn an_invalid_id_has_a_reason() {
    use TraceParentRule::*;
    for (text, rule, offset) in [
        ("", TraceId, 0),
        ("0af7", TraceId, 4),
        ("0AF7651916CD43DD8448EB211C80319C", TraceId, 1),
        ("0af7651916cd43dd8448eb211c80319c0", TraceId, 32),
        ("00000000000000000000000000000000", TraceIdZero, 0),
        ("000000000000000000000000000000000", TraceId, 32),
    ] {
        let error = TraceParentError::new(rule, offset);
        assert_eq!(text.parse::<tracebaton::TraceId>(), Err(error), "{text}");
    }
    assert_eq!("b7ad6b716920333g".parse::<SpanId>(), Err(TraceParentError::new(ParentId, 15)));
    assert_eq!("0000000000000000".parse::<SpanId>(), Err(TraceParentError::new(ParentIdZero, 0)));
    assert_eq!(SpanId::try_from(0), Err(TraceParentError::new(ParentIdZero, 0)));
    assert_eq!(SpanId::try_from([0; 8]), Err(TraceParentError::new(ParentIdZero, 0)));
    assert_eq!(tracebaton::TraceId::try_from(0), Err(TraceParentError::new(TraceIdZero, 0)));
    assert_eq!(tracebaton::TraceId::try_from([0; 16]), Err(TraceParentError::new(TraceIdZero, 0)));
}

#[test]
fn ids_sort_like_their_digits() {
    let texts =
        ["0000000000000001", "0000000000000100", "00ff000000000000", "0100000000000000", "ff00000000000000"];
    let ids: BTreeSet<SpanId> = texts.iter().rev().map(|text| text.parse().unwrap()).collect();
    assert!(ids.iter().map(SpanId::to_string).eq(texts));
    let [low, high] = [1_u128, 1 << 100].map(|number| TraceId::try_from(number).unwrap());
    assert!(low < high);
    assert_eq!(high.max(low), high);
    assert_eq!(low.partial_cmp(&low), Some(std::cmp::Ordering::Equal));
}

#[test]
fn a_traceparent_is_parsed_and_shown() {
    let parent: TraceParent = PARENT.parse().unwrap();
    assert_eq!(parent.to_string(), PARENT);
    assert_eq!(format!("{parent:.2}"), "00", "precision truncates, as for a string");
    let higher: TraceParent = format!("cc{}-more", &PARENT[2..]).parse().unwrap();
    assert_eq!(higher.to_string(), PARENT, "W3: version 00 is written");
    let error = "00-".parse::<TraceParent>().unwrap_err();
    assert_eq!((error.rule, error.offset), (TraceParentRule::TooShort, 3));
    assert_eq!(
        (u8::from(TraceFlags::from(0xff)), format!("{:#04x}", TraceFlags::RANDOM)),
        (3, "0x02".into())
    );
}

#[test]
fn lists_are_shown_and_iterated() {
    let state = TraceState::parse(b" a=1,\tb= 2").unwrap();
    assert_eq!((state.to_string().as_str(), state.as_str()), (" a=1,\tb= 2", " a=1,\tb= 2"));
    assert_eq!(format!("{state:?}"), r#"TraceState(" a=1,\tb= 2")"#);
    let pairs = |members: TraceStateMembers<'static>| -> Vec<_> {
        members.map(|member| (member.key_str(), member.value_str())).collect()
    };
    for members in [state.iter(), state.members(), state.into_iter(), (&state).into_iter()] {
        assert_eq!(pairs(members), [("a", "1"), ("b", " 2")]);
    }

    let baggage = Baggage::parse(b"user=Am%C3%A9lie;ttl=30, \xff\xfe,k=").unwrap();
    assert_eq!(baggage.to_string(), "user=Am%C3%A9lie;ttl=30, \u{fffd}\u{fffd},k=");
    assert_eq!(format!("{baggage:?}"), r#"Baggage("user=Am%C3%A9lie;ttl=30, \xff\xfe,k=")"#);
    for members in [baggage.iter(), baggage.members(), baggage.into_iter(), (&baggage).into_iter()] {
        assert!(members.map(|member| member.key_str()).eq(["user", "k"]));
    }
    let user = baggage.get("user").unwrap();
    assert_eq!((baggage.len(), user.value().as_str()), (2, "Am%C3%A9lie"));
    assert_eq!(user.properties().next().unwrap().key_str(), "ttl");
}

#[test]
fn debug_is_text() {
    let headers = [
        Header::new("traceparent", PARENT),
        Header::new("tracestate", "a=1"),
        Header::new("baggage", "k=v;p=1"),
        Header { name: b"\x00n", value: None },
    ];
    let extracted = extract(headers);
    let mut reader = Reader::new();
    headers.into_iter().for_each(|header| reader.add(header));
    let (context, mut buffer) = (extracted.context(), [0; 8]);
    let mut builder = BaggageBuilder::new(&mut buffer);
    builder.add("k", "v").unwrap();
    let mut links = Links::<2, 3>::default();
    links.insert(context.span_context);
    let member = context.baggage.get("k").unwrap();
    for (shown, text) in [
        (format!("{headers:?}"), PARENT),
        (format!("{:?}", headers[3]), r#"Header { name: "\x00n", value: None }"#),
        (format!("{extracted:?}"), PARENT),
        (format!("{reader:?}"), "k=v;p=1"),
        (format!("{context:?}"), TRACE_ID),
        (format!("{:?}", context.injection()), PARENT),
        (format!("{:?}", extracted.forward()), PARENT),
        (format!("{:?}", extracted.tracestate.accepted().map(|state| state.members().next())), "(a=1)"),
        (format!("{:?}", context.baggage.members()), "k=v;p=1"),
        (format!("{member:?}"), "k=v;p=1"),
        (format!("{:?}", member.value()), r#"BaggageValue("v")"#),
        (format!("{:?}", member.value().chars()), r#"DecodedChars("v")"#),
        (format!("{:?}", member.properties().next()), "p=1"),
        (format!("{builder:?}"), "k=v"),
        (format!("{:?}", OwnedContext::<8, 8>::copy(&context)), "k=v;p=1"),
        (format!("{:?}", context.into_owned()), "k=v;p=1"),
        (format!("{:?}", OwnedHeader::<16, 64>::copy(&headers[0])), PARENT),
        (format!("{links:?}"), "a=1"),
    ] {
        assert!(shown.contains(text), "{shown}");
        assert!(!shown.contains(", 1") && !shown.contains("[0") && !shown.contains("[1"), "bytes in {shown}");
    }
}

#[test]
fn a_verdict_is_asked_and_mapped() {
    let extracted = extract([Header::new("traceparent", PARENT), Header::new("baggage", "a=\n")]);
    let parent = extracted.traceparent.map(|parent| parent.parent_id);
    assert_eq!((parent.is_accepted(), parent.error()), (true, None));
    assert_eq!(parent.accepted().map(|id| id.to_string()).as_deref(), Some(SPAN_ID));
    let baggage = extracted.baggage.map(|_| ());
    assert_eq!((baggage.is_accepted(), baggage.error().map(|error| error.offset)), (false, Some(2)));
    assert_eq!(extracted.tracestate.map(|_| ()), Verdict::Absent);
    assert_eq!((extracted.tracestate.is_accepted(), extracted.tracestate.error()), (false, None));
}

#[test]
fn a_queue_time_is_shown() {
    for (kind, text) in [
        (TimestampKind::CreateTime, "-250 ms (create_time)"),
        (TimestampKind::LogAppendTime, "-250 ms (log_append_time)"),
    ] {
        assert_eq!(QueueTime::between(1250, kind, 1000).unwrap().to_string(), text);
    }
    assert_eq!(HeaderName::TraceParent.to_string(), "traceparent");
}

/// A writer that accepts this many bytes of text.
struct Short(usize);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[test]
fn an_error_of_the_writer_ends_what_is_shown() {
    let baggage = Baggage::parse(b"k=\xff;p").unwrap();
    let whole = baggage.to_string().len();
    for room in 0..whole + 2 {
        assert_eq!(write!(Short(room), "{baggage}").is_ok(), room >= whole, "{room}");
    }
}
