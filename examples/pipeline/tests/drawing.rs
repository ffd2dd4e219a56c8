//! Tests the drawing with hand-made spans.

use pipeline::spans::{Kind, MILLISECOND, Nanoseconds, Record, Span};
use pipeline::svg;
use pipeline::text::{self, Page};
use pipeline::waterfall::{Activity, Row, Waterfall, duration, tick_label, ticks, whole_milliseconds};
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};

const PAGE: Page = Page { width: 100, color: false };
const EPOCH: Nanoseconds = 1_700_000_000_000 * MILLISECOND;

struct Made<'a> {
    trace: u8,
    id: u8,
    parent: Option<u8>,
    service: &'a str,
    name: &'a str,
    /// In milliseconds from the start of the run.
    time: (i64, i64),
    kind: Kind,
    /// The topic, and the milliseconds that the record waited.
    record: Option<(&'a str, Option<i64>)>,
}

fn span(made: Made<'_>) -> Span {
    let waited = |milliseconds| QueueTime { milliseconds, kind: TimestampKind::CreateTime };
    Span {
        trace_id: TraceId::from_bytes([made.trace; 16]).unwrap(),
        span_id: SpanId::from_bytes([made.id; 8]).unwrap(),
        parent: made.parent.and_then(|parent| SpanId::from_bytes([parent; 8])),
        service: made.service.to_owned(),
        language: "Rust".to_owned(),
        name: made.name.to_owned(),
        kind: made.kind,
        start: EPOCH + made.time.0 * MILLISECOND,
        end: EPOCH + made.time.1 * MILLISECOND,
        record: made.record.map(|(topic, queue_time)| Record {
            topic: topic.to_owned(),
            key: "order-1".to_owned(),
            queue_time: queue_time.map(waited),
        }),
    }
}

/// Two services; the second continues the trace of the first only if `connected`.
fn spans(connected: bool) -> Vec<Span> {
    let (trace, parent) = if connected { (1, Some(2)) } else { (2, None) };
    vec![
        span(Made {
            trace: 1,
            id: 1,
            parent: None,
            service: "shop",
            name: "place order",
            time: (0, 4),
            kind: Kind::Internal,
            record: None,
        }),
        span(Made {
            trace: 1,
            id: 2,
            parent: Some(1),
            service: "shop",
            name: "send orders",
            time: (3, 4),
            kind: Kind::Producer,
            record: Some(("orders", None)),
        }),
        span(Made {
            trace,
            id: 3,
            parent,
            service: "bank",
            name: "process orders",
            time: (53, 60),
            kind: Kind::Consumer,
            record: Some(("orders", Some(50))),
        }),
    ]
}

#[test]
fn one_trace_is_one_waterfall_with_the_wait_between_the_services() {
    let waterfall = Waterfall::of_key(&spans(true), "order-1");
    let lane = |row: &Row| waterfall.lanes[row.lane].name.clone();
    let rows: Vec<_> = waterfall
        .rows
        .iter()
        .map(|row| (lane(row), row.activity, row.measured / MILLISECOND, row.cause))
        .collect();
    assert_eq!(
        rows,
        [
            ("shop".to_owned(), Activity::Processing, 4, None),
            ("shop".to_owned(), Activity::Sending, 1, Some(0)),
            ("orders".to_owned(), Activity::Queueing, 50, Some(1)),
            ("bank".to_owned(), Activity::Processing, 7, Some(2)),
        ]
    );
    assert_eq!(waterfall.traces.len(), 1);
    assert_eq!(waterfall.length, 60 * MILLISECOND);
    assert_eq!(waterfall.total(Activity::Queueing), 50 * MILLISECOND);
    assert_eq!(waterfall.total(Activity::Processing), 11 * MILLISECOND);
    assert!((1..4).all(|row| !waterfall.begins_trace(row)));
}

#[test]
fn a_broken_trace_shows_its_parts() {
    let waterfall = Waterfall::of_key(&spans(false), "order-1");
    assert_eq!(waterfall.traces.len(), 2);
    assert!(waterfall.begins_trace(2), "the wait of the second trace is the first that is seen of it");
    let drawn = text::render(&waterfall, PAGE);
    assert!(drawn.contains(&"02".repeat(16)) && drawn.contains("not connected to the row above"), "{drawn}");
}

#[test]
fn text_fits_its_page_and_draws_to_scale() {
    let drawn = text::render(&Waterfall::of_key(&spans(true), "order-1"), PAGE);
    assert!(drawn.lines().all(|line| line.chars().count() <= 100), "{drawn}");
    let length = |mark: char| drawn.lines().map(|line| line.matches(mark).count()).max().unwrap();
    let (waited, worked) = (length('░'), length('█'));
    assert!((6..9).contains(&(waited / worked)), "{waited} columns of waiting, {worked} of work\n{drawn}");
}

#[test]
fn a_clock_that_runs_ahead_shows_as_a_negative_wait() {
    let mut spans = spans(true);
    spans[2].record.as_mut().unwrap().queue_time.as_mut().unwrap().milliseconds = -20;
    let waterfall = Waterfall::of_key(&spans, "order-1");
    assert_eq!(waterfall.rows[2].measured, -20 * MILLISECOND);
    assert!(waterfall.rows[2].end < waterfall.rows[2].start);
    assert!(text::render(&waterfall, PAGE).contains("-20 ms"));
    assert!(svg::render(&waterfall).contains("-20 ms"));
}

/// Left end, right end and height of each label in a picture.
fn labels(svg: &str) -> Vec<(f64, f64, f64)> {
    let label = |line: &str| {
        let class = line.split('"').nth(1)?;
        let number =
            |name: &str| line.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse::<f64>().ok();
        let content = line.split('>').nth(1)?.split('<').next()?;
        let (x, width) = (number("x")?, 7.0 * content.chars().count() as f64);
        let x = if line.contains("\"end\"") { x - width } else { x };
        (class.ends_with("-label") || class == "orphan").then_some((x, x + width, number("y")?))
    };
    svg.lines().filter(|line| line.starts_with("<text")).filter_map(label).collect()
}

#[test]
fn labels_of_spans_at_one_place_are_kept_apart() {
    for connected in [true, false] {
        let mut spans = spans(connected);
        for (id, time) in [(4, (53, 60)), (5, (54, 57)), (6, (10, 12))] {
            let (start, end) = time;
            let mut other = spans[2].clone();
            other.span_id = SpanId::from_bytes([id; 8]).unwrap();
            (other.start, other.end) = (EPOCH + start * MILLISECOND, EPOCH + end * MILLISECOND);
            spans.push(other);
        }
        let labels = labels(&svg::render(&Waterfall::of_key(&spans, "order-1")));
        assert!(labels.len() > 6, "{labels:?}");
        for (index, one) in labels.iter().enumerate() {
            for other in &labels[..index] {
                let apart = one.1 < other.0 || other.1 < one.0 || (one.2 - other.2).abs() > 12.0;
                assert!(apart, "{one:?} and {other:?}");
            }
        }
    }
}

#[test]
fn nothing_to_draw_is_drawn_all_the_same() {
    let waterfall = Waterfall::of_key(&[], "order-1");
    assert!(waterfall.rows.is_empty());
    assert!(svg::render(&waterfall).ends_with("</svg>\n"));
    text::render(&waterfall, PAGE);
}

#[test]
fn spans_that_name_each_other_as_parents_end() {
    let mut spans = spans(true);
    spans[0].parent = Some(spans[1].span_id);
    assert_eq!(Waterfall::of_key(&spans, "order-1").rows.len(), 0);
}

#[test]
fn names_are_escaped_in_the_picture() {
    let mut spans = spans(true);
    spans[0].service = "<a&\"b>\u{1b}".to_owned();
    let drawn = svg::render(&Waterfall::of_key(&spans, "order-1"));
    assert!(drawn.contains("&lt;a&amp;&quot;b&gt;\u{fffd}") && !drawn.contains('\u{1b}'));
}

#[test]
fn durations_and_ticks_are_round() {
    let texts = [0, 420_000, 999_999, 7_340_000, 84_200_000, -3_000_000, 1_484_000_000].map(duration);
    assert_eq!(texts, ["0.00 ms", "0.42 ms", "1.0 ms", "7.3 ms", "84 ms", "-3.0 ms", "1.48 s"]);
    assert_eq!(ticks(84 * MILLISECOND), [0, 20, 40, 60, 80].map(|tick| tick * MILLISECOND));
    assert!((1..60).all(|length| (2..=8).contains(&ticks(length * 37 * MILLISECOND / 10).len())));
    assert_eq!(ticks(0), [0]);
    assert_eq!(
        [7, -20, 1_480].map(|time| whole_milliseconds(time * MILLISECOND)),
        ["7 ms", "-20 ms", "1.48 s"]
    );
    assert_eq!([0, 500_000, 20_000_000, 1_500_000_000].map(tick_label), ["0", "0.5 ms", "20 ms", "1.5 s"]);
}
