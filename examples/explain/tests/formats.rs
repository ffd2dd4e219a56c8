//! Every vector of one format that is not W3C's: the finding has its verdict and its ids, or names the layers under which
//! a value that is refused would be accepted.

mod run;

use run::run;
use serde_json::{Value, json};
use tracebaton_rows::{FormatOperation, Header, Row, format_rows, header_list};

/// The rows that read one format, with its name and their headers.
fn rows() -> Vec<(Row<FormatOperation>, String, Vec<Header>)> {
    let chosen = |row: Row<FormatOperation>| match &row.case {
        FormatOperation::Choose { formats, headers, .. } => match formats.as_slice() {
            [format] if format != "tracecontext" => {
                let (format, headers) = (format.clone(), headers.clone());
                Some((row, format, headers))
            }
            _ => None,
        },
        _ => None,
    };
    let is_ours = |header: &Header| header.0.eq_ignore_ascii_case(b"traceparent");
    let rows = format_rows().unwrap().into_iter().filter_map(chosen);
    rows.filter(|(_, _, headers)| !headers.iter().any(is_ours)).collect()
}

#[test]
fn verdicts_and_ids() {
    let rows = rows();
    let line = |headers: &[Header]| {
        let headers = header_list(headers.iter().map(|(name, value)| (&**name, value.as_deref())));
        json!({ "headers": headers }).to_string()
    };
    let lines: Vec<_> = rows.iter().map(|(_, _, headers)| line(headers)).collect();
    let run = run(&[], lines.join("\n"));
    assert_eq!((run.errors.as_str(), run.exit_code, run.lines().len()), ("", Some(0), rows.len()));
    let (mut accepted, mut refused) = (0, 0);
    for ((row, format, _), line) in rows.iter().zip(run.lines()) {
        let line: Value = serde_json::from_str(line).unwrap();
        let findings = line["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding.get("format") == Some(&json!(format)));
        let member = |name: &str| finding.and_then(|finding| finding.get(name)).cloned().unwrap_or_default();
        let expected = &row.expect["value"];
        let other = &expected["others"][0];
        if expected["arrived_as"] == json!(format) {
            // Only the members that are there are compared.
            for name in ["trace_id", "span_id", "sampling"] {
                assert_eq!(expected.get(name).unwrap_or(&member(name)), &member(name), "{}: {name}", row.id);
            }
            assert_eq!(member("verdict"), "accepted", "{}", row.id);
            accepted += 1;
        } else if other["outcome"] == "refused" {
            let is_encoded = findings.iter().any(|finding| finding["code"] == "encoded");
            let is_refused = (member("verdict"), member("rule")) == (json!("refused"), other["rule"].clone());
            assert!(is_encoded || is_refused, "{}: {line}", row.id);
            refused += 1;
        }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(accepted > 100 && refused > 150, "{accepted} accepted, {refused} refused");
}
