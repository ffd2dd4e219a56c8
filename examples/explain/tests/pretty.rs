//! The report for people.

mod run;

use run::run;
use serde_json::{Value, json};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Advice that is in the summary, once.
fn summary(headers: &[Value]) -> String {
    let lines: Vec<_> = headers.iter().map(|headers| json!({ "headers": headers }).to_string()).collect();
    let run = run(&["--pretty"], lines.join("\n"));
    run.output[run.output.rfind(&format!("\n{} records\n", headers.len())).unwrap()..].to_owned()
}

fn report(headers: &Value) -> String {
    let run = run(&["--pretty"], json!({ "headers": headers }).to_string());
    assert_eq!((run.errors.as_str(), run.exit_code), ("", Some(0)), "{headers}");
    run.output
}

/// Records that break a trace in practice, and texts that the report on each must contain.
#[test]
fn it_says_why_and_what_to_do() {
    for (headers, said) in [
        (json!([]), &["line 1: NO TRACE", "why       The record has no headers at all.", "every relay"][..]),
        (
            json!(["a", "b"]),
            &[
                "line 1: NO TRACE",
                "No header is named traceparent.",
                "next      Check that the producer injects",
            ],
        ),
        (
            json!(["traceparent", PARENT]),
            &[
                "line 1: CONNECTED: ",
                "consumer  continues trace 0af7651916cd43dd8448eb211c80319c, sampled, below span b7ad6b7169203331",
                "child     traceparent  00-0af7651916cd43dd8448eb211c80319c-0123456789abcdef-01",
            ],
        ),
        (
            json!(["traceparent", PARENT.to_uppercase()]),
            &["line 1: BROKEN: ", "byte 4 is A [trace_id]", "upper case: write them in lower case", PARENT],
        ),
        (
            json!(["traceparent", format!("\"{PARENT}\"")]),
            &["byte 0 is \" [version]", "a JSON string in quotes around a valid traceparent", PARENT],
        ),
        (
            json!(["traceparent", format!("{PARENT}\n")]),
            &["byte 55 is \\n [trailing]", "White space or a NUL is around", PARENT],
        ),
        (json!(["traceparent", ""]), &["(empty)", "the value ends at byte 0", "leave the header out"]),
        (json!(["traceparent", &PARENT[..52]]), &["the value ends at byte 52", "-01 if the span is"]),
        (json!(["traceparent", &PARENT[..40]]), &["the value ends at byte 40", "cut off"]),
        (
            json!(["traceparent", "00-00000000000000000000000000000000-0000000000000000-00"]),
            &["byte 3 is 0", "[trace_id_zero]", "no span is active"],
        ),
        (
            json!(["traceparent", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1"]),
            &["looks like a value of B3 (Zipkin)", "OTEL_PROPAGATORS"],
        ),
        (
            json!(["traceparent", "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:1"]),
            &["looks like a value of Jaeger", "OTEL_PROPAGATORS"],
        ),
        (
            json!(["traceparent", PARENT.replace("-01", "-00")]),
            &["line 1: NOT SAMPLED: ", "sampled flag is off", "sampler of the service that started it"],
        ),
        (
            json!(["traceparent", PARENT.replace("0af7", "aaaa"), "x", "y", "traceparent", PARENT]),
            &[
                "CONNECTED, BUT NOT FOR EVERY CONSUMER",
                "0  not read  traceparent",
                "2  accepted  traceparent",
                "2 headers are named traceparent, with different values",
                "replace the existing",
            ],
        ),
        (
            json!(["TraceParent", PARENT]),
            &["NOT FOR EVERY CONSUMER", "named TraceParent: letter case", "in lower case"],
        ),
        (
            json!(["traceparent", format!("cc{}-x", &PARENT[2..])]),
            &["The version is cc", "refuse every version but 00"],
        ),
        (json!(["traceparent", null]), &["(null)", "Header 0, traceparent, is null"]),
        (
            json!(["trace-parent", PARENT]),
            &["Header 0, trace-parent, is not traceparent", "The value is valid."],
        ),
        (json!(["traceparent\0", PARENT]), &["Header 0, traceparent\\x00, is not traceparent"]),
        (json!(["ce_traceparent", PARENT]), &["the origin of an event in CloudEvents"]),
        (
            json!(["X-B3-TraceId", "1", "x-b3-spanid", "2"]),
            &["is refused as a header of B3 (Zipkin)", "OTEL_PROPAGATORS=tracecontext"],
        ),
        (
            json!(["x-datadog-trace-id", "1", "uber-trace-id", "2"]),
            &["a header of Datadog", "DD_TRACE_PROPAGATION_STYLE", "a header of Jaeger"],
        ),
        (
            json!(["traceparent", "x", "tracestate", "a=1"]),
            &["note      Header 1, tracestate, is read only together"],
        ),
        (
            json!(["traceparent", PARENT, "tracestate", "a=1,B=2"]),
            &[
                "CONNECTED: ",
                "differs   Header 1, tracestate, is refused",
                "byte 4 is B [key_start]",
                "The trace continues without tracestate",
            ],
        ),
        (
            json!(["traceparent", PARENT, "baggage", "a=1\u{1b}[31m"]),
            &["byte 3 is \\x1b", "[control_byte]", "Percent-encode control bytes"],
        ),
        (
            json!(["traceparent", PARENT, "baggage", "user name=x,k=%C3%A9,=2"]),
            &[
                "skipped, 2 in all: \"user name=x\", \"=2\"",
                "with baggage k = \\u{e9}",
                "forward   traceparent",
            ],
        ),
    ] {
        let report = report(&headers);
        let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
        for sentence in said {
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(&sentence), "{headers}: no {sentence:?} in\n{report}");
        }
    }
}

#[test]
fn the_offending_byte_is_pointed_at() {
    for (value, byte) in [
        (PARENT.replace("-01", "-0X"), "X"),
        (PARENT.replace("b7ad", "b7Ad"), "A"),
        (format!("00-{}", "\u{1b}".repeat(60)), "\\x1b"),
        (format!("{PARENT}-more"), "-more"),
    ] {
        let report = report(&json!(["content-type", "text", "traceparent", value]));
        let lines: Vec<_> = report.lines().collect();
        let pointer = lines.iter().position(|line| line.trim_start().starts_with("^ byte ")).unwrap();
        let column = lines[pointer].find('^').unwrap();
        assert!(lines[pointer - 1][column..].starts_with(byte), "{report}");
    }
    let long = format!("a={},B=1", "x".repeat(200));
    let report = report(&json!(["traceparent", PARENT, "tracestate", long]));
    let lines: Vec<_> = report.lines().collect();
    let pointer = lines.iter().position(|line| line.ends_with("^ byte 203")).unwrap();
    assert!(lines[pointer - 1].ends_with("xxx,B=1") && lines[pointer - 1].contains("  ...xxx"), "{report}");
    assert_eq!(lines[pointer - 1].rfind('B'), lines[pointer].find('^'), "{report}");
}

#[test]
fn columns_line_up() {
    let report = report(&json!(["a", "1", "traceparent", PARENT, "a-longer-name", "2", "n".repeat(50), "3"]));
    let table: Vec<_> = report.lines().skip_while(|line| !line.contains("verdict")).take(5).collect();
    let value = table[0].find("value").unwrap();
    for (line, start) in table[1..].iter().zip(["1", "00-", "2", "3"]) {
        assert!(line[value..].starts_with(start) && line[..value].ends_with("  "), "{report}");
    }
}

#[test]
fn nothing_reaches_the_terminal_but_printable_ascii() {
    let hostile: String =
        (0..=0x9f).filter_map(char::from_u32).chain("\u{202e}\u{feff}é😀".chars()).collect();
    for headers in [
        json!([&hostile, &hostile]),
        json!(["traceparent", &hostile, "tracestate", &hostile, "baggage", &hostile]),
        json!([
            "traceparent",
            PARENT,
            "tracestate",
            &hostile,
            "baggage",
            "k=%1B%5B31m%C2%9B%E2%80%AE,\u{202e}=1"
        ]),
        json!(["traceparent", PARENT, format!("b3{hostile}"), "x", format!("traceparent{hostile}"), "y"]),
        json!([format!("x-b3-{hostile}"), "x", format!("traceparent{}", &hostile[..40]), PARENT]),
    ] {
        let line = json!({"topic": &hostile, "partition": 1, "offset": 2, "headers": headers});
        let run = run(&["--pretty"], line.to_string());
        let bad = run.output.bytes().find(|byte| !matches!(byte, b'\n' | b' '..=b'~'));
        assert_eq!((bad, run.errors.as_str()), (None, ""), "{}", run.output.escape_debug());
    }
    for line in [
        &b"\x1b[31m"[..],
        b"{\"headers\":\"\\u001b[31m\"}",
        b"\"\\u001b[31m\"",
        b"{\"headers\":[[\"\\u001b\"]]}",
    ] {
        let run = run(&["--pretty"], line);
        let bad = run.errors.bytes().find(|byte| !matches!(byte, b'\n' | b' '..=b'~'));
        assert_eq!((bad, run.errors.contains("31m")), (None, false), "{}", run.errors.escape_debug());
    }
}

#[test]
fn a_record_of_many_headers_stays_short() {
    let mut headers = vec![json!(["h", "v".repeat(200)]); 5_000];
    headers[4_000] = json!(["traceparent", PARENT]);
    headers.extend(vec![json!(["Baggage", "k=".to_owned() + &"v".repeat(500)]); 1_000]);
    headers.extend(vec![json!(["trace-parent", PARENT]); 1_000]);
    let report = report(&Value::Array(headers));
    assert!(report.contains("4000  accepted  traceparent"), "{report}");
    assert!(report.contains("5999  accepted  Baggage"), "{report}");
    assert!(report.contains("and 6962 more headers"), "{report}");
    assert!(report.lines().count() < 80, "{report}");
    assert!(report.lines().all(|line| line.len() <= 110), "{report}");
}

#[test]
fn the_place_of_a_record_and_the_summary() {
    let lines = [
        json!({"topic": "orders", "partition": 2, "offset": 7, "headers": ["traceparent", PARENT]})
            .to_string(),
        json!({"topic": "orders", "headers": ["traceparent", PARENT.to_uppercase()]}).to_string(),
        json!({"topic": ["x"], "offset": "y", "headers": ["traceparent", ""]}).to_string(),
        json!({"headers": ["traceparent", PARENT.to_uppercase()]}).to_string(),
        "oops".to_owned(),
        json!({"topic": "t", "partition": 1e99, "key": null, "payload": null}).to_string(),
    ];
    let run = run(&["--pretty"], lines.join("\n"));
    let headlines: Vec<_> = run.lines().into_iter().filter(|line| line.starts_with("line ")).collect();
    let starts = [
        "line 1 (orders [2] at offset 7): CONNECTED: ",
        "line 2 (orders): BROKEN: ",
        "line 3: BROKEN: ",
        "line 4: BROKEN: ",
        "line 6: NO TRACE: ",
    ];
    assert_eq!(headlines.len(), starts.len(), "{}", run.output);
    for (headline, start) in headlines.iter().zip(starts) {
        assert!(headline.starts_with(start), "{headline}");
    }
    let summary = [
        "5 records",
        "  1  connected                         first in line 1",
        "  3  broken                            first in line 2",
        "       1 by too_short: the traceparent has fewer than 55 bytes",
        "       2 by trace_id: the trace-id is not 32 lower-case hexadecimal digits",
        "  1  without a trace                   first in line 6",
        "  1  line could not be read",
        "",
        "  connected If the trace is still broken, check the consumer.",
    ];
    assert!(run.output.contains(&summary.join("\n")), "{}", run.output);
    assert_eq!(run.exit_code, Some(2));
    assert_eq!(run::run(&["--pretty"], "").output, "0 records\n");
}

#[test]
fn what_all_records_have_in_common() {
    let record = |trace: &str, span: u32| {
        json!(["traceparent", format!("00-{trace}7651916cd43dd8448eb211c80319c-{span:016x}-01")])
    };
    let alike = vec![record("0af", 7); 500];
    let text = summary(&alike);
    let words = "note Span 0000000000000007 of trace 0af7651916cd43dd8448eb211c80319c is the parent of 500 records, the first in line 1.";
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{text}");
    assert_eq!(text.matches("check the consumer").count(), 1, "{text}");

    let one_trace: Vec<_> = (1..=10).map(|span| record("0af", span)).collect();
    let text = summary(&one_trace);
    assert!(
        text.contains("Trace 0af7651916cd43dd8448eb211c80319c has 10 records, the first in line 1."),
        "{text}"
    );
    let own_traces: Vec<_> = (1..=10).map(|span| record(&format!("{span:03x}"), span)).collect();
    assert!(!summary(&own_traces).contains("note"));
}

#[test]
fn colours_are_asked_for() {
    let line = json!({"headers": ["traceparent", PARENT]}).to_string();
    let plain = run(&["--pretty"], &line).output;
    assert_eq!(run(&["--pretty", "--color", "never"], &line).output, plain);
    let colour = run(&["--pretty", "--color=always"], &line).output;
    assert!(colour.contains("\x1b[32mCONNECTED\x1b[0m") && !plain.contains('\x1b'), "{colour}");
    let without = colour
        .split('\x1b')
        .enumerate()
        .map(|(place, part)| if place == 0 { part } else { part.split_once('m').unwrap().1 });
    assert_eq!(without.collect::<String>(), plain);
}
