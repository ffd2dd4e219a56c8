use super::*;

const OLD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NEW: &str = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff-more";
const CHILD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-0102030405060708-03";
const SPAN: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

fn headers(rows: &[(&str, Option<&str>)]) -> Vec<Header> {
    rows.iter()
        .map(|(name, value)| {
            let value = value.map(|value| value.as_bytes().to_vec());
            (name.as_bytes().to_vec(), value)
        })
        .collect()
}

/// For each name the index of the header that counts, `None` if it is absent, and the rule that it breaks.
fn verdicts(rows: &[(&str, Option<&str>)]) -> [Option<(usize, &'static str)>; 3] {
    fn brief<T>(verdict: &Verdict<T>) -> Option<(usize, &'static str)> {
        match verdict {
            Verdict::Absent => None,
            Verdict::Accepted { index, .. } => Some((*index, "")),
            Verdict::Refused { index, rule, .. } => Some((*index, rule)),
        }
    }
    let read = extract(&headers(rows));
    [brief(&read.traceparent), brief(&read.tracestate), brief(&read.baggage)]
}

#[test]
fn the_last_header_with_a_value_counts() {
    let t = "traceparent";
    assert_eq!(verdicts(&[]), [None, None, None], "R1");
    assert_eq!(verdicts(&[(t, Some(OLD)), (t, Some(NEW))])[0], Some((1, "")), "R3: the last");
    assert_eq!(verdicts(&[(t, Some(OLD)), (t, None)])[0], Some((0, "")), "R3: the last that has a value");
    assert_eq!(verdicts(&[(t, None)])[0], None, "R4: null is absent");
    assert_eq!(verdicts(&[(t, Some(OLD)), (t, Some(""))])[0], Some((1, "too_short")), "R3, R4");
    assert_eq!(verdicts(&[("TraceParent", Some(OLD))])[0], Some((0, "")), "R2: any case");
    for other in ["traceparent\0x", "traceparen", "trace-parent", "ce_traceparent", " traceparent", ""] {
        assert_eq!(verdicts(&[(other, Some(OLD))])[0], None, "R2, R10: {other:?} is another name");
    }
}

#[test]
fn what_depends_on_what() {
    let (t, s, b) = ("traceparent", "tracestate", "baggage");
    assert_eq!(verdicts(&[(s, Some("a=1"))]), [None, None, None], "R7: no traceparent");
    assert_eq!(verdicts(&[(t, Some("x")), (s, Some("a=1"))])[1], None, "R7: a refused traceparent");
    assert_eq!(
        verdicts(&[(s, Some("a")), (t, Some(OLD))])[..2],
        [Some((1, "")), Some((0, "equals_missing"))],
        "R7"
    );
    assert_eq!(
        verdicts(&[(t, Some(OLD)), (s, Some(" ,")), (b, Some(""))])[1..],
        [Some((1, "")), Some((2, ""))],
        "R4"
    );
    assert_eq!(
        verdicts(&[(t, Some("x")), (b, Some("a=1"))]),
        [Some((0, "version")), None, Some((1, ""))],
        "R8"
    );
}

#[test]
fn forwarding() {
    let before = headers(&[
        ("Baggage", Some("k = v")),
        ("a", None),
        ("TRACEPARENT", Some(OLD)),
        ("tracestate", Some(" x=1 ,")),
        ("\u{fc}", Some("\u{0}")),
        ("traceparent", Some(NEW)),
        ("baggage", None),
        ("a", Some("")),
    ]);
    let after = headers(&[
        ("a", None),
        ("\u{fc}", Some("\u{0}")),
        ("a", Some("")),
        ("traceparent", Some(NEW)),
        ("tracestate", Some(" x=1 ,")),
        ("baggage", Some("k = v")),
    ]);
    assert_eq!(forward(&before), after, "W1, W5: byte for byte, at the end, in this order");
    assert_eq!(forward(&after), after, "W1: writing again changes nothing");
    let refused = headers(&[
        ("traceparent", Some("x")),
        ("tracestate", Some("x=1")),
        ("baggage", Some("\n")),
        ("a", None),
    ]);
    assert_eq!(forward(&refused), headers(&[("a", None)]), "W5: refused headers are dropped");
    let empty = headers(&[("traceparent", Some(OLD)), ("tracestate", Some(" ,\t")), ("baggage", Some(""))]);
    assert_eq!(forward(&empty), headers(&[("traceparent", Some(OLD))]), "W2: no empty list");
    let malformed = headers(&[("baggage", Some("=, ;"))]);
    assert_eq!(forward(&malformed), malformed, "R8: malformed members are not fatal");
}

#[test]
fn children() {
    let before = headers(&[
        ("traceparent", Some(NEW)),
        ("baggage", Some("k=v")),
        ("a", None),
        ("tracestate", Some("x=1")),
    ]);
    let after = |traceparent: &str| {
        Some(headers(&[
            ("a", None),
            ("traceparent", Some(traceparent)),
            ("tracestate", Some("x=1")),
            ("baggage", Some("k=v")),
        ]))
    };
    assert_eq!(child(&before, SPAN, None), after(CHILD), "C1, W3");
    assert_eq!(
        child(&before, SPAN, Some(false)),
        after(&CHILD.replace("-03", "-02")),
        "C1: the random flag is kept"
    );
    let unsampled = headers(&[("traceparent", Some(&OLD.replace("-01", "-00")))]);
    let sampled = format!("00-{}-0102030405060708-01", &OLD[3..35]);
    assert_eq!(child(&unsampled, SPAN, Some(true)), Some(headers(&[("traceparent", Some(&sampled))])), "C1");
    assert_eq!(
        child(&headers(&[("tracestate", Some("x=1"))]), SPAN, None),
        None,
        "C1: there is no trace to continue"
    );
}

#[test]
fn injecting() {
    let before = headers(&[
        ("Traceparent", Some(OLD)),
        ("tracestate", Some("x=1")),
        ("BAGGAGE", None),
        ("a", Some("1")),
    ]);
    let context =
        Context { traceparent: Some(CHILD.into()), tracestate: None, baggage: Some(b"k=v".to_vec()) };
    let all = headers(&[("a", Some("1")), ("traceparent", Some(CHILD)), ("baggage", Some("k=v"))]);
    assert_eq!(inject(&before, &context, Carry::All), all, "W1, W2: no tracestate of another trace");
    assert_eq!(inject(&all, &context, Carry::All), all, "W1: injecting again changes nothing");
    let trace_context = headers(&[("BAGGAGE", None), ("a", Some("1")), ("traceparent", Some(CHILD))]);
    assert_eq!(
        inject(&before, &context, Carry::TraceContext),
        trace_context,
        "W1: other names are unchanged"
    );
    let baggage = [&before[..2], &before[3..], &all[2..]].concat();
    assert_eq!(inject(&before, &context, Carry::Baggage), baggage, "W1: other names are unchanged");
    let orphan = Context { traceparent: None, tracestate: Some(b"x=2".to_vec()), baggage: None };
    assert_eq!(inject(&before, &orphan, Carry::All), before, "W2; Level 2, 2.3");
    let bare = Context { baggage: Some(b"k=v".to_vec()), ..Context::default() };
    assert_eq!(inject(&before, &bare, Carry::All), baggage, "W2: the record keeps its trace");
    assert_eq!(inject(&before, &bare, Carry::TraceContext), before, "W2");
    assert_eq!(inject_nothing(&before, &bare, Carry::All), baggage[..3], "W6");
    assert_eq!(strip(&before), headers(&[("a", Some("1"))]), "W2");
    assert_eq!(inject_unless_present(&before, &context, Carry::All), before, "W4");
    let refused = headers(&[("traceparent", Some(OLD)), ("traceparent", Some("x"))]);
    assert_eq!(
        inject_unless_present(&refused, &context, Carry::All),
        all[1..],
        "W4: a refused traceparent is replaced"
    );
}
