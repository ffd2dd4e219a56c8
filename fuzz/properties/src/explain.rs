//! `explain`: whatever the text of a tool is, the reports are well-formed and agree with the oracle.

use explain::{Report, reports};
use serde_json::Value;
use tracebaton::SpanId;
use tracebaton_oracle as oracle;

/// Explains the records in a text.
///
/// # Panics
///
/// If a property does not hold.
pub fn explain(text: &[u8]) {
    let span_id = SpanId::from_bytes(*b"a span i").expect("not zero");
    let Report { records, json, pretty, page, problems } = reports(text, span_id).expect("written to memory");
    let lines: Vec<_> = json.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), records.len(), "one line of JSON for each record");
    for (line, headers) in lines.into_iter().zip(&records) {
        let line = serde_json::from_slice(line).expect("JSON");
        judged(&line, headers);
        let findings = line["findings"].as_array().expect("a list of findings");
        assert!(findings.len() < 64, "{line}");
    }
    steers_no_terminal(&pretty);
    problems.iter().for_each(|problem| steers_no_terminal(problem.as_bytes()));
    runs_no_script(&page);
}

/// The verdicts are the oracle's, and so are the headers that a relay and a child write.
fn judged(line: &Value, headers: &[oracle::Header]) {
    let expected = oracle::extract(headers);
    assert_eq!(verdict(&line["traceparent"]), plain(&expected.traceparent));
    assert_eq!(verdict(&line["tracestate"]), plain(&expected.tracestate));
    assert_eq!(verdict(&line["baggage"]), plain(&expected.baggage));
    let has_parent = matches!(expected.traceparent, oracle::Verdict::Accepted { .. });
    assert_eq!(line["child"].is_null(), !has_parent, "C1: a child has a parent");
}

fn verdict(judged: &Value) -> (&str, u64, Option<&str>) {
    let text = |name: &str| judged[name].as_str();
    (text("verdict").expect("a verdict"), judged["offset"].as_u64().unwrap_or(0), text("rule"))
}

fn plain<T>(expected: &oracle::Verdict<T>) -> (&str, u64, Option<&str>) {
    match expected {
        oracle::Verdict::Absent => ("absent", 0, None),
        oracle::Verdict::Accepted { .. } => ("accepted", 0, None),
        oracle::Verdict::Refused { rule, offset, .. } => ("refused", *offset as u64, Some(rule)),
    }
}

/// Every byte is printable.
fn steers_no_terminal(report: &[u8]) {
    let bad = report.iter().find(|byte| !matches!(byte, b'\n' | b' '..=b'~'));
    assert_eq!(bad, None, "{}", report.escape_ascii());
}

/// The page has its own tags only.
fn runs_no_script(page: &[u8]) {
    const TAGS: &[&str] = &[
        "!doctype", "b", "body", "code", "dd", "details", "div", "dl", "dt", "h1", "head", "header", "html",
        "i", "li", "main", "mark", "meta", "p", "small", "span", "style", "summary", "table", "td", "th",
        "title", "tr", "ul",
    ];
    let page = str::from_utf8(page).expect("UTF-8");
    for tag in page.split('<').skip(1) {
        let name = tag
            .trim_start_matches('/')
            .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '!')
            .next();
        assert!(
            name.is_some_and(|name| TAGS.contains(&name)),
            "<{}",
            tag.chars().take(80).collect::<String>()
        );
    }
}
