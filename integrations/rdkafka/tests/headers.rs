//! Header lists as librdkafka has them: names and values that are null, empty, repeated, cut off at a NUL, not UTF-8.

use rdkafka::Timestamp;
use rdkafka::message::{Headers, OwnedHeaders, OwnedMessage};
use std::time::{Duration, Instant, UNIX_EPOCH};
use tracebaton::{
    Carrier, Context, Header, Injected, SpanContext, SpanId, TimestampKind, TraceFlags, TraceId, Verdict,
};
use tracebaton_rdkafka::{
    HeadersMut, extract, headers, inject, inject_if_absent, owned_headers, queue_time, strip,
};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";
const OTHER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const INJECTED: &str = "00-01010101010101010101010101010101-0202020202020202-01";

type Pairs = Vec<(Vec<u8>, Option<Vec<u8>>)>;

fn list(headers: &[(&[u8], Option<&[u8]>)]) -> OwnedHeaders {
    let mut list = OwnedHeaders::new();
    for (name, value) in headers {
        HeadersMut::new(&mut list).add(Header { name, value: *value }).unwrap();
    }
    list
}

fn pairs(list: &OwnedHeaders) -> Pairs {
    headers(list).map(|header| (header.name.to_vec(), header.value.map(<[u8]>::to_vec))).collect()
}

fn parent_of(list: &OwnedHeaders) -> Option<String> {
    extract(list).context().span_context.map(|context| context.span_id.to_string())
}

fn context() -> Context<'static> {
    let trace_id = TraceId::from_bytes([1; 16]).unwrap();
    let root = SpanContext::root(trace_id, SpanId::from_bytes([2; 8]).unwrap(), TraceFlags::SAMPLED);
    Context::from(root)
}

#[test]
fn reads_what_rdkafka_panics_at() {
    let list = list(&[(b"\xff\xfe", Some(b"\0")), (b"TraceParent", Some(PARENT.as_bytes())), (b"", None)]);
    assert!(
        std::panic::catch_unwind(|| list.iter().count()).is_err(),
        "rdkafka no longer panics: remove the limitation from the docs"
    );
    assert_eq!(parent_of(&list).unwrap(), "b7ad6b7169203331");
    assert_eq!(pairs(&list)[0], (b"\xff\xfe".to_vec(), Some(b"\0".to_vec())));
    assert_eq!(pairs(&list)[2], (Vec::new(), None));
}

#[test]
fn last_value_that_is_not_null_wins() {
    let (old, new) = (Some(OTHER.as_bytes()), Some(PARENT.as_bytes()));
    let list = list(&[(b"traceparent", old), (b"Traceparent", new), (b"traceparent", None)]);
    assert!(matches!(extract(&list).traceparent, Verdict::Accepted { index: 1, .. }));
}

#[test]
fn name_cut_off_at_a_nul_is_another_name() {
    let (good, bad) = (Some(PARENT.as_bytes()), Some(OTHER.as_bytes()));
    let cut = list(&[(b"traceparent\0x", bad)]);
    assert_eq!(extract(&cut).traceparent, Verdict::Absent);
    assert_eq!(pairs(&cut)[0].0, b"traceparent\0");
    let both = list(&[(b"traceparent", good), (b"traceparent\0x", bad), (b"traceparent\0", bad)]);
    assert!(matches!(extract(&both).traceparent, Verdict::Accepted { index: 0, .. }));
    let between = list(&[(b"traceparent", bad), (b"traceparent\0x", bad), (b"traceparent", good)]);
    assert_eq!(pairs(&between).iter().filter(|(name, _)| name == b"traceparent").count(), 2);
    assert!(matches!(extract(&between).traceparent, Verdict::Accepted { index: 2, .. }));
}

#[test]
fn many_duplicates_still_let_the_last_win() {
    let mut headers: Vec<(&[u8], Option<&[u8]>)> = vec![(b"traceparent", Some(OTHER.as_bytes())); 500];
    headers.push((b"traceparent", Some(PARENT.as_bytes())));
    assert_eq!(parent_of(&list(&headers)).unwrap(), "b7ad6b7169203331");
}

#[test]
fn names_that_are_not_ours_do_not_win_however_many() {
    let mut headers: Vec<(&[u8], Option<&[u8]>)> = vec![(b"traceparent\0x", Some(OTHER.as_bytes())); 500];
    headers.insert(200, (b"traceparent", Some(PARENT.as_bytes())));
    assert_eq!(parent_of(&list(&headers)).unwrap(), "b7ad6b7169203331");
}

#[test]
fn names_made_to_be_looked_up_cost_no_more_than_a_bounded_number_of_passes() {
    let headers: Vec<(&[u8], Option<&[u8]>)> = vec![(b"traceparent\0x", Some(b"")); 100_000];
    let mut list = list(&headers);
    let start = Instant::now();
    let _ = extract(&list);
    inject(&context().injection(), &mut list).unwrap();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

/// W1 and R9: one removal moves the rest of the list, so that many would take the square of their number.
#[test]
fn many_headers_are_replaced_in_linear_time() {
    for count in [0, 1, 63, 64, 65, 200_000] {
        let (ours, other) = ((&b"TraceParent"[..], Some(OTHER.as_bytes())), (&b"\xff"[..], None));
        let headers: Vec<_> = [ours, other].into_iter().cycle().take(2 * count).collect();
        let mut list = list(&headers);
        let start = Instant::now();
        inject(&context().injection(), &mut list).unwrap();
        assert!(start.elapsed() < Duration::from_secs(3), "{count}: {:?}", start.elapsed());
        let mut expected: Pairs = vec![(other.0.to_vec(), None); count];
        expected.push((b"traceparent".to_vec(), Some(INJECTED.as_bytes().to_vec())));
        assert!(pairs(&list) == expected, "{count}");
    }
}

/// Only a list that is built anew loses a name that librdkafka cut off, since it cannot be copied.
#[test]
fn a_name_with_a_nul_stays_unless_the_list_is_built_anew() {
    let (theirs, value) = ((&b"key\0x"[..], Some(&b"v"[..])), Some(OTHER.as_bytes()));
    for (count, kept) in [(1, 1), (64, 1), (65, 0)] {
        let mut headers = vec![(&b"traceparent"[..], value); count];
        headers.push(theirs);
        headers.push((b"key", Some(b"mine")));
        let mut list = list(&headers);
        inject(&context().injection(), &mut list).unwrap();
        assert_eq!(list.count(), kept + 2, "{count}");
        assert_eq!(pairs(&list)[kept], (b"key".to_vec(), Some(b"mine".to_vec())));
    }
}

/// W2: nothing is removed unless there is something to write; to remove has a name of its own.
#[test]
fn a_context_without_a_span_leaves_the_trace_alone() {
    let received: &[(&[u8], Option<&[u8]>)] = &[
        (b"TraceParent", Some(PARENT.as_bytes())),
        (b"tracestate", Some(b"rojo=1")),
        (b"baggage", Some(b"tenant=7")),
        (b"key", None),
    ];
    let (mut list, before) = (list(received), pairs(&list(received)));
    inject(&Context::default().injection(), &mut list).unwrap();
    assert_eq!(pairs(&list), before);
    let baggage = tracebaton::Baggage::parse(b"tenant=8").unwrap();
    inject(&Context::new(None, baggage).injection(), &mut list).unwrap();
    assert_eq!(pairs(&list)[..2], before[..2]);
    assert_eq!(pairs(&list)[3], (b"baggage".to_vec(), Some(b"tenant=8".to_vec())));
    let copy = owned_headers(&list);
    strip(&mut list).unwrap();
    assert_eq!(pairs(&list), before[3..]);
    assert_eq!(copy.count(), 4);
}

#[test]
fn replaces_every_spelling_and_touches_no_other_header() {
    let mut list = list(&[
        (b"traceparent", Some(b"stale")),
        (b"a", Some(b"\xff")),
        (b"TRACEPARENT", None),
        (b"Baggage", Some(b"k=v")),
        (b"a", None),
        (b"traceparent", Some(b"staler")),
        (b"\xff", Some(b"")),
    ]);
    for _ in 0..5 {
        inject(&context().injection(), &mut list).unwrap();
        let expected: Pairs = vec![
            (b"a".to_vec(), Some(b"\xff".to_vec())),
            (b"a".to_vec(), None),
            (b"\xff".to_vec(), Some(Vec::new())),
            (b"traceparent".to_vec(), Some(INJECTED.as_bytes().to_vec())),
        ];
        assert_eq!(pairs(&list), expected);
    }
}

#[test]
fn keeps_a_header_whose_name_goes_on_after_a_nul() {
    let mut list = list(&[(b"traceparent\0x", Some(b"theirs"))]);
    inject(&context().injection(), &mut list).unwrap();
    assert_eq!(list.count(), 2);
    assert_eq!(parent_of(&list).unwrap(), "0202020202020202");
}

#[test]
fn keeps_the_context_of_a_creator() {
    let mut kept = list(&[(b"traceparent", Some(PARENT.as_bytes()))]);
    assert_eq!(inject_if_absent(&context().injection(), &mut kept), Ok(Injected::Kept));
    assert_eq!(parent_of(&kept).unwrap(), "b7ad6b7169203331");
    let mut refused = list(&[(b"traceparent", Some(b"00-"))]);
    assert_eq!(inject_if_absent(&context().injection(), &mut refused), Ok(Injected::Parent));
    assert_eq!(parent_of(&refused).unwrap(), "0202020202020202");
}

#[test]
fn queue_time_is_signed_and_says_its_clock() {
    let at = |timestamp| OwnedMessage::new(None, None, "t".into(), timestamp, 0, 0, None);
    let consumed = UNIX_EPOCH + Duration::from_millis(1_000);
    let waited = queue_time(&at(Timestamp::LogAppendTime(1_500)), consumed).unwrap();
    assert_eq!((waited.milliseconds, waited.kind), (-500, TimestampKind::LogAppendTime));
    assert_eq!(queue_time(&at(Timestamp::NotAvailable), consumed), None);
    assert_eq!(queue_time(&at(Timestamp::CreateTime(-1)), consumed), None);
    let before_epoch = UNIX_EPOCH - Duration::from_millis(5);
    assert_eq!(queue_time(&at(Timestamp::CreateTime(5)), before_epoch).unwrap().milliseconds, -10);
}
