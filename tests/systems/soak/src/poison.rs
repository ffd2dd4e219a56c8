//! Malformed and unusual headers.

use crate::cases::Case;
use crate::clients::MESSAGE_MAX_BYTES;
use crate::pattern::{Pattern, SPAN_ID, TRACE_ID};
use crate::well_formed::header;
use tracebaton_oracle::{Header, Verdict, extract};

/// The kind of these headers: the first broken rule, or another oddity.
pub fn kind(headers: &[Header]) -> &'static str {
    let ours = |name: &[u8]| {
        [&b"traceparent"[..], b"tracestate", b"baggage"].into_iter().find(|of| name.eq_ignore_ascii_case(of))
    };
    let found: Vec<_> = headers.iter().filter_map(|(name, value)| Some((ours(name)?, name, value))).collect();
    let is_repeated = |at: usize| found[at + 1..].iter().any(|other| other.0 == found[at].0);
    if let Some(kind) = refused(headers) {
        kind
    } else if found.iter().any(|(.., value)| value.is_none()) {
        "null value"
    } else if (0..found.len()).any(is_repeated) {
        "one name, several headers"
    } else if found.iter().any(|(exact, name, _)| exact != name) {
        "name in other case"
    } else if found.is_empty() {
        "no trace header"
    } else {
        "odd but legal"
    }
}

/// The first broken rule.
fn refused(headers: &[Header]) -> Option<&'static str> {
    let extracted = extract(headers);
    if let Verdict::Refused { rule, .. } = extracted.traceparent {
        return Some(named(&TRACEPARENT, rule));
    }
    if let Verdict::Refused { rule, .. } = extracted.tracestate {
        return Some(named(&TRACESTATE, rule));
    }
    match extracted.baggage {
        Verdict::Refused { rule, .. } => Some(named(&BAGGAGE, rule)),
        Verdict::Accepted { content, .. } if content.skipped > 0 => Some("baggage: member skipped"),
        _ => None,
    }
}

fn named(kinds: &[&'static str], rule: &str) -> &'static str {
    let ends = |kind: &&&str| kind.rsplit(' ').next() == Some(rule);
    kinds.iter().find(ends).copied().unwrap_or("another rule")
}

const TRACEPARENT: [&str; 10] = [
    "traceparent: too_short",
    "traceparent: version",
    "traceparent: version_forbidden",
    "traceparent: separator",
    "traceparent: trace_id",
    "traceparent: trace_id_zero",
    "traceparent: parent_id",
    "traceparent: parent_id_zero",
    "traceparent: trace_flags",
    "traceparent: trailing",
];
const TRACESTATE: [&str; 9] = [
    "tracestate: too_long",
    "tracestate: key_start",
    "tracestate: key",
    "tracestate: key_too_long",
    "tracestate: equals_missing",
    "tracestate: value",
    "tracestate: value_empty",
    "tracestate: value_too_long",
    "tracestate: too_many_members",
];
const BAGGAGE: [&str; 2] = ["baggage: too_long", "baggage: control_byte"];

/// Several headers of each name, each in another case, with valid and invalid values and nulls.
pub fn names_in_other_case() -> Vec<Case> {
    const KIND: &str = "one name, several cases";
    let (good, bad) = (parent(), "00-smuggled-01".to_owned());
    let traceparents = |values: [&String; 3]| -> Vec<Header> {
        let names = ["traceparent", "TRACEPARENT", "TraceParent"];
        names.into_iter().zip(values).map(|(name, value)| header(name, value)).collect()
    };
    let mut lists = traceparents([&bad, &bad, &good]);
    lists.extend([header("tracestate", "a=1"), header("Tracestate", "b=2")]);
    lists.extend([header("baggage", "k=old"), header("BAGGAGE", "k=new"), (b"Baggage".to_vec(), None)]);
    let mut nulls = traceparents([&good, &bad, &good]);
    nulls[1].1 = None;
    nulls.push((b"tracePARENT".to_vec(), None));
    [
        ("case-last-is-good", traceparents([&bad, &bad, &good])),
        ("case-last-is-bad", traceparents([&good, &good, &bad])),
        ("case-all-three", lists),
        ("case-nulls-between", nulls),
    ]
    .map(|(id, headers)| Case::new(id, KIND, &headers))
    .into()
}

/// Expensive records: huge values, thousands of headers, and no room for a context.
pub fn large() -> Vec<Case> {
    const HUGE: usize = 100_000;
    let huge = |text: &str| text.repeat(HUGE / text.len());
    let context = || header("traceparent", &parent());
    let values = [
        ("huge-traceparent", vec![header("traceparent", &huge("0"))]),
        (
            "huge-traceparent-of-a-later-version",
            vec![header("traceparent", &format!("cc{}-{}", &parent()[2..], huge("x")))],
        ),
        ("huge-tracestate", vec![context(), header("tracestate", &huge("k=v,"))]),
        ("huge-baggage", vec![context(), header("baggage", &huge("k=v,"))]),
        ("huge-other", vec![header("blob", &huge("\u{1}")), context()]),
    ];
    let mut all: Vec<Case> =
        values.iter().map(|(id, headers)| Case::new(id, "huge value", headers)).collect();
    let counts = [
        ("thousands-of-others", around(|nth| (format!("h{nth}").into_bytes(), Some(b"v".to_vec())), 3_000)),
        ("thousands-of-nulls", around(|_| (b"traceparent".to_vec(), None), 3_000)),
        ("thousands-of-ours", around(|nth| header(["Baggage", "BAGGAGE"][nth % 2], "k=v"), 1_000)),
    ];
    all.extend(counts.iter().map(|(id, headers)| Case::new(id, "thousands of headers", headers)));
    all.push(no_room());
    all
}

/// A context between two halves of these headers.
fn around(made: impl Fn(usize) -> Header, count: usize) -> Vec<Header> {
    let mut headers: Vec<Header> = (0..count).map(made).collect();
    headers.insert(count / 2, header("traceparent", &parent()));
    headers
}

/// A record that is too large with a context; a hop sends it without one (W6).
fn no_room() -> Case {
    /// librdkafka's largest overhead for a message when it checks the size.
    const OVERHEAD: usize = 36;
    const SPARE: usize = 30;
    let value_size = MESSAGE_MAX_BYTES - OVERHEAD - SPARE;
    let case = Case::new("no-room", "no room for a context", &[]);
    Case { passed: Pattern::of(&[]), value_size, ..case }
}

fn parent() -> String {
    format!("00-{TRACE_ID}-{SPAN_ID}-01")
}
