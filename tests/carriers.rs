//! Carriers: replace (W1), write no empty value (W2), keep a present context (W4), all or none (W6).

use arrayvec::ArrayVec;
use tracebaton::*;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";
const OLD: &str = "00-11111111111111111111111111111111-2222222222222222-00";
const STATE: &str = "rojo=1";
const BAGGAGE: &str = "k=v";

type Pairs = Vec<(Vec<u8>, Option<Vec<u8>>)>;

fn pairs<'a>(headers: impl IntoIterator<Item = Header<'a>>) -> Pairs {
    headers.into_iter().map(|header| (header.name.to_vec(), header.value.map(<[u8]>::to_vec))).collect()
}

fn row(headers: &[Named<'_>]) -> Pairs {
    headers
        .iter()
        .map(|(name, value)| (name.as_bytes().to_vec(), value.map(|value| value.as_bytes().to_vec())))
        .collect()
}

fn context() -> Context<'static> {
    let [parent, state, baggage] = [("traceparent", PARENT), ("tracestate", STATE), ("baggage", BAGGAGE)]
        .map(|(name, value)| Header::new(name, value));
    extract([parent, state, baggage]).context()
}

type Named<'a> = (&'a str, Option<&'a str>);

/// Headers of a record, and those that are kept when a whole context is injected.
const REPLACED: &[(&[Named<'_>], &[&str])] = &[
    (&[], &[]),
    (&[("a", Some("1")), ("b", None)], &["a", "b"]),
    (&[("traceparent", Some(OLD)), ("a", Some("1"))], &["a"]),
    (&[("TraceParent", Some(OLD)), ("a", Some("1")), ("traceparent", None), ("BAGGAGE", Some(""))], &["a"]),
    (
        &[("trace-parent", Some(OLD)), ("ce_traceparent", Some(OLD)), ("traceparent\0", Some(OLD))],
        &["trace-parent", "ce_traceparent", "traceparent\0"],
    ),
    (&[("a", Some("2")), ("tracestate", Some("x=1")), ("a", Some("1"))], &["a", "a"]),
];

#[test]
fn present_headers_are_replaced_in_every_carrier() {
    let injection = context().injection();
    for (before, kept) in REPLACED {
        let before = row(before);
        let borrow = || before.iter().map(|(name, value)| Header { name, value: value.as_deref() });
        let mut array: ArrayVec<_, 8> = borrow().collect();
        let mut vector: heapless::Vec<_, 8> = borrow().collect();
        let mut owned: heapless::Vec<OwnedHeader<16, 64>, 8> =
            borrow().map(|header| OwnedHeader::copy(&header).unwrap()).collect();
        for times in 1..=3 {
            inject(&injection, &mut array).unwrap();
            inject(&injection, &mut vector).unwrap();
            inject(&injection, &mut owned).unwrap();
            let after = pairs(array.iter().copied());
            assert_eq!(after, pairs(vector.iter().copied()));
            assert_eq!(after, pairs(owned.headers()));
            let (theirs, ours) = after.split_at(kept.len());
            assert!(theirs.iter().map(|(name, _)| name).eq(kept.iter().map(|name| name.as_bytes())));
            let expected = [("traceparent", PARENT), ("tracestate", STATE), ("baggage", BAGGAGE)];
            assert_eq!(ours, row(&expected.map(|(name, value)| (name, Some(value)))), "{times} times");
        }
    }
}

#[test]
fn empty_headers_are_removed_and_not_written() {
    let root = context().span_context.unwrap().with_trace_state(TraceState::EMPTY);
    for (context, written) in [
        (Context::from(root), vec!["traceparent"]),
        (Context::new(Some(root), Baggage::parse(b" , ").unwrap()), vec!["traceparent"]),
    ] {
        let injection = context.injection();
        let stale = [
            Header::new("tracestate", "x=1"),
            Header::new("baggage", "x=1"),
            Header::new("traceparent", OLD),
        ];
        let mut headers = ArrayVec::<_, 4>::from_iter(stale);
        inject(&injection, &mut headers).unwrap();
        assert!(
            headers.iter().map(|header| header.name).eq(written.iter().map(|name| name.as_bytes())),
            "{written:?}"
        );
    }
}

#[test]
fn without_a_span_context_the_record_keeps_its_trace() {
    let stale =
        [Header::new("TraceState", "x=1"), Header::new("baggage", "x=1"), Header::new("traceparent", OLD)];
    for (baggage, expected) in [
        (context().baggage, vec![("TraceState", "x=1"), ("traceparent", OLD), ("baggage", BAGGAGE)]),
        (Baggage::EMPTY, vec![("TraceState", "x=1"), ("baggage", "x=1"), ("traceparent", OLD)]),
    ] {
        let injection = Context::new(None, baggage).injection();
        let mut headers = ArrayVec::<_, 4>::from_iter(stale);
        assert_eq!(inject(&injection, &mut headers), Ok(Injected::NoParent));
        assert_eq!(
            pairs(headers),
            row(&expected.iter().map(|(name, value)| (*name, Some(*value))).collect::<Vec<_>>())
        );
    }
    let mut nothing_changes = Worn { changes: 0, headers: row(&[("traceparent", Some(OLD))]) };
    assert_eq!(inject(&Context::default().injection(), &mut nothing_changes), Ok(Injected::NoParent));
}

#[test]
fn forwarding_no_context_removes_all_three() {
    let stale =
        [Header::new("tracestate", "x=1"), Header::new("Baggage", "x=1"), Header::new("traceparent", OLD)];
    let forward = extract([Header::new("traceparent", "00-"), Header::new("tracestate", "x=1")]).forward();
    let (mut forwarded, mut stripped) =
        (ArrayVec::<_, 3>::from_iter(stale), ArrayVec::<_, 3>::from_iter(stale));
    assert_eq!(inject(&forward, &mut forwarded), Ok(Injected::NoParent));
    strip(&mut stripped).unwrap();
    assert!(forwarded.is_empty() && stripped.is_empty());
}

#[test]
fn only_written_names_are_replaced() {
    let all = context().injection();
    let stale =
        [Header::new("baggage", "x=1"), Header::new("tracestate", "x=1"), Header::new("traceparent", OLD)];
    let untouched = [("baggage", "x=1"), ("tracestate", "x=1"), ("traceparent", OLD)];
    for (injection, expected) in [
        (all.trace_context_only().baggage_only(), untouched),
        (all.baggage_only().trace_context_only(), untouched),
        (all.trace_context_only(), [("baggage", "x=1"), ("traceparent", PARENT), ("tracestate", STATE)]),
        (all.baggage_only(), [("tracestate", "x=1"), ("traceparent", OLD), ("baggage", BAGGAGE)]),
    ] {
        let mut headers = ArrayVec::<_, 4>::from_iter(stale);
        inject(&injection, &mut headers).unwrap();
        assert_eq!(pairs(headers), row(&expected.map(|(name, value)| (name, Some(value)))));
    }
}

#[test]
fn a_present_context_is_kept_on_request() {
    let injection = context().injection();
    for (value, kept) in [(Some(OLD), true), (Some("00-"), false), (Some(""), false), (None, false)] {
        let header = Header { name: b"Traceparent", value: value.map(str::as_bytes) };
        let mut headers = ArrayVec::<_, 4>::from_iter([header]);
        assert_eq!(
            inject_if_absent(&injection, &mut headers),
            Ok(if kept { Injected::Kept } else { Injected::Parent }),
            "{value:?}"
        );
        let sent = if kept { value.unwrap() } else { PARENT };
        assert_eq!(
            extract(headers.iter().copied()).traceparent.accepted().unwrap().format(),
            sent.as_bytes()
        );
        assert_eq!(headers.len(), if kept { 1 } else { 3 });
    }
}

/// A carrier that accepts this many changes.
struct Worn {
    changes: usize,
    headers: Pairs,
}

impl Worn {
    fn wear(&mut self) -> Result<(), usize> {
        self.changes = self.changes.checked_sub(1).ok_or(self.headers.len())?;
        Ok(())
    }
}

impl Carrier<'_> for Worn {
    type Error = usize;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), usize> {
        self.wear()?;
        self.headers.retain(|(name, _)| !unwanted(name));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), usize> {
        self.wear()?;
        self.headers.extend(pairs([header]));
        Ok(())
    }
}

#[test]
fn the_error_is_the_carriers_own() {
    let injection = context().injection();
    for (changes, outcome, left) in
        [(0, Err(2), 2), (1, Err(1), 1), (2, Err(2), 2), (3, Err(3), 3), (4, Ok(Injected::Parent), 4)]
    {
        let headers = row(&[("a", Some("1")), ("baggage", Some("x=1"))]);
        let mut worn = Worn { changes, headers };
        assert_eq!(inject(&injection, &mut worn), outcome, "{changes} changes");
        assert_eq!(worn.headers.len(), left, "{changes} changes");
    }
}

#[test]
fn a_full_carrier_has_all_headers_or_none() {
    let injection = context().injection();
    for room in 0..=4 {
        let mut borrowed = heapless::Vec::<Header<'_>, 8>::new();
        for _ in room..8 {
            borrowed.push(Header::new("other", "kept")).unwrap();
        }
        let done = inject(&injection, &mut borrowed);
        assert_eq!(done, if room < 3 { Err(CarrierFull) } else { Ok(Injected::Parent) }, "room for {room}");
        let ours = borrowed.iter().filter(|header| HeaderName::of(header.name).is_some()).count();
        assert_eq!(ours, if room < 3 { 0 } else { 3 }, "room for {room}");
        assert_eq!(borrowed.len() - ours, 8 - room, "no other header is lost");
    }
    let mut small = heapless::Vec::<OwnedHeader<16, 54>, 8>::new();
    assert_eq!(inject(&injection, &mut small), Err(CarrierFull), "a value of 55 bytes does not fit");
    assert!(small.is_empty());
    let mut short = heapless::Vec::<OwnedHeader<10, 64>, 8>::new();
    assert_eq!(inject(&injection, &mut short), Err(CarrierFull), "a name of 11 bytes does not fit");
    assert!(short.is_empty());
}

/// The header lists of other clients, with several types of names and values (W1, R10).
#[test]
fn lists_of_names_and_values_are_carriers() {
    fn replaced<N, V>(name: N, other: N, value: V, null: V) -> Vec<(Vec<u8>, Option<Vec<u8>>)>
    where
        N: AsRef<[u8]> + for<'n> From<&'n str>,
        V: HeaderValue,
    {
        let mut list = vec![(name, value), (other, null)];
        let forward = extract([Header::new("baggage", "tenant=7")]).forward();
        assert_eq!(HeaderList::new(&mut list).headers().count(), 2);
        assert!(HeaderList::new(&mut list).headers().all(|header| header.name.len() > 2));
        assert_eq!(inject(&forward, &mut HeaderList::new(&mut list)), Ok(Injected::NoParent));
        let owned = |(name, value): &(N, V)| (name.as_ref().to_vec(), value.bytes().map(<[u8]>::to_vec));
        list.iter().map(owned).collect()
    }
    let (name, value) = ("Baggage", || b"stale".to_vec());
    let expected = |null: Option<&[u8]>| {
        vec![(b"key".to_vec(), null.map(<[u8]>::to_vec)), (b"baggage".to_vec(), Some(b"tenant=7".to_vec()))]
    };
    assert_eq!(replaced(name.to_owned(), "key".to_owned(), Some(value()), None), expected(None));
    assert_eq!(replaced(Vec::from(name), Vec::from("key"), value(), vec![]), expected(Some(b"")));
    let shared = |bytes: Vec<u8>| std::sync::Arc::<[u8]>::from(bytes);
    assert_eq!(
        replaced(name.to_owned(), "key".to_owned(), shared(value()), shared(vec![1])),
        expected(Some(&[1]))
    );
    let boxed = value().into_boxed_slice();
    assert_eq!(replaced(Vec::from(name), Vec::from("key"), Some(boxed), None), expected(None));
}

#[test]
fn a_reader_of_no_header_has_seen_none() {
    let none: [Header<'_>; 0] = [];
    assert_eq!(Reader::of_slice(&none, |header| header.name.len(), |header| *header), Reader::new());
}
