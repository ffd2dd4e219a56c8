//! A chain is whole if it is one trace, and each program is below the previous one.

use pipeline::report;
use pipeline::spans::Span as Drawn;
use tracebaton_interop::driver::spans::Seen;
use tracebaton_interop::protocol::{Kind, Link, Span, TimestampType};

const WAY: [&str; 4] = ["ours/rust/tracebaton", "peers/java/kafka-clients", "peers/kcat/kcat", "ours/c/glue"];
const TRACE: char = 'a';

fn id(digit: char, size: usize) -> String {
    digit.to_string().repeat(size)
}

/// A span of the chain: its id, that of its parent, and the topic of its record.
fn span(kind: Kind, own: char, parent: Option<char>, topic: &str) -> Span {
    Span {
        trace_id: id(TRACE, 32),
        span_id: id(own, 16),
        parent: parent.map(|parent| id(parent, 16)),
        links: Vec::new(),
        name: topic.to_owned(),
        kind,
        start_us: i64::from(u32::from(own)),
        end_us: 1_000,
        topic: Some(topic.to_owned()),
        key: Some("chain-0001".to_owned()),
        queue_time_ms: (kind == Kind::Consumer).then_some(3),
        timestamp_type: Some(TimestampType::CreateTime),
    }
}

/// The spans of each program: the first produces, Java relays, kcat has no spans, C consumes.
fn whole() -> [Vec<Span>; 4] {
    let java = vec![span(Kind::Consumer, '2', Some('1'), "one"), span(Kind::Producer, '3', Some('2'), "two")];
    let c = vec![span(Kind::Consumer, '4', Some('3'), "three"), span(Kind::Producer, '5', Some('4'), "four")];
    [vec![span(Kind::Producer, '1', None, "one")], java, Vec::new(), c]
}

fn seen(reported: &[Vec<Span>]) -> Seen {
    let mut seen = Seen::of(WAY.map(str::to_owned).to_vec(), Default::default());
    for (program, spans) in WAY.iter().zip(reported) {
        seen.take(program, "a language", spans).unwrap();
    }
    seen
}

#[test]
fn each_below_the_one_before_it_is_whole() {
    let seen = seen(&whole());
    assert_eq!((seen.broken(), seen.count(), report::orphans(&seen.spans)), (Vec::<String>::new(), 1, 0));
}

#[test]
fn a_program_below_an_earlier_one_is_broken() {
    let mut reported = whole();
    reported[3][0].parent = Some(id('1', 16));
    let seen = seen(&reported);
    assert_eq!((seen.broken().len(), report::orphans(&seen.spans)), (1, 0));
}

#[test]
fn a_program_in_another_trace_is_broken_and_an_orphan() {
    let mut reported = whole();
    reported[3].iter_mut().for_each(|span| span.trace_id = id('b', 32));
    let seen = seen(&reported);
    assert_eq!((seen.broken().len(), report::orphans(&seen.spans)), (1, 1));
}

#[test]
fn a_program_without_spans_is_broken() {
    let mut reported = whole();
    reported[1].clear();
    let seen = seen(&reported);
    assert_eq!((seen.broken().len(), report::orphans(&seen.spans)), (1, 1));
}

#[test]
fn spans_that_only_link_are_drawn_below_what_they_link_to() {
    let mut reported = whole();
    let link = Link { trace_id: id(TRACE, 32), span_id: id('1', 16) };
    let receive = Span { trace_id: id('c', 32), links: vec![link], ..span(Kind::Consumer, '6', None, "one") };
    let inner = Span { trace_id: id('c', 32), ..span(Kind::Consumer, '7', Some('6'), "one") };
    reported[1].extend([receive, inner]);
    let seen = seen(&reported);
    assert_eq!((seen.broken().len(), report::orphans(&seen.spans)), (0, 0));
    assert_eq!(seen.linked.get(WAY[1]), Some(&1));
}

#[test]
fn spans_that_neither_link_nor_have_a_parent_are_orphans() {
    let mut reported = whole();
    reported[1].push(Span { trace_id: id('c', 32), ..span(Kind::Consumer, '6', None, "one") });
    let seen = seen(&reported);
    assert_eq!((seen.broken().len(), report::orphans(&seen.spans)), (1, 1));
}

#[test]
fn a_record_is_counted_as_waiting_once() {
    let mut reported = whole();
    reported[1].push(span(Kind::Consumer, '6', Some('2'), "one"));
    let seen = seen(&reported);
    let waits = |span: &&Drawn| span.record.as_ref().is_some_and(|record| record.queue_time.is_some());
    let waiting: Vec<String> = seen.spans.iter().filter(waits).map(|span| span.span_id.to_string()).collect();
    assert_eq!(waiting, [id('2', 16), id('4', 16)]);
}
