//! Records of public bug reports, and what is found in each: `cases.jsonl`, a row a line, with the source of each.

mod run;

use run::run;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn rows() -> Vec<Value> {
    include_str!("cases.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The input of a row: a text as a tool prints it, or a list of headers.
fn input(row: &Value) -> String {
    row["text"].as_str().map_or_else(|| json!({ "headers": row["headers"] }).to_string(), str::to_owned)
}

fn findings(row: &Value) -> Vec<Value> {
    let run = run(&[], input(row));
    assert_eq!((run.errors.as_str(), run.exit_code), ("", Some(0)), "{}", row["id"]);
    let lines = run.lines().into_iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.flat_map(|line| line["findings"].as_array().unwrap().clone()).collect()
}

#[test]
fn every_case_has_its_findings() {
    let mut ids = BTreeMap::new();
    for row in rows() {
        let found = findings(&row);
        let member =
            |name: &str| found.iter().filter_map(|finding| finding.get(name).cloned()).collect::<Vec<_>>();
        let formats: Vec<Value> = found
            .iter()
            .filter_map(|finding| {
                Some(json!(format!("{} {}", finding.get("format")?.as_str()?, finding["verdict"].as_str()?)))
            })
            .collect();
        let expected =
            |name: &str| row.get(name).map_or_else(Vec::new, |list| list.as_array().unwrap().clone());
        assert_eq!(member("code"), expected("codes"), "{}: {found:#?}", row["id"]);
        assert_eq!(member("layers"), expected("layers"), "{}: {found:#?}", row["id"]);
        assert_eq!(formats, expected("formats"), "{}: {found:#?}", row["id"]);
        assert!(row["source"].as_str().unwrap().starts_with("https://"), "{}", row["id"]);
        *ids.entry(row["id"].to_string()).or_insert(0) += 1;
    }
    assert!(ids.values().all(|count| *count == 1), "{ids:?}");
}

#[test]
fn a_finding_says_what_is_wrong_and_what_to_do() {
    for row in rows() {
        for finding in findings(&row) {
            let text = finding["text"].as_str().unwrap();
            assert!(text.len() > 20 && text.ends_with('.') && text.is_ascii(), "{}: {text}", row["id"]);
            let effect = finding["effect"].as_str().unwrap();
            assert!(["breaks", "differs", "hint"].contains(&effect), "{}: {effect}", row["id"]);
            let fix = finding.get("fix").map(|fix| fix.as_str().unwrap());
            assert!(
                fix.is_some_and(|fix| fix.len() > 20 && fix.is_ascii()) || effect == "hint",
                "{}: {finding}",
                row["id"]
            );
        }
    }
}

/// Where the headers name an id, the finding has it.
#[test]
fn ids_of_other_formats() {
    for (id, trace_id, span_id, sampling) in [
        ("b3-in-quotes", "5d5e68b48c8c725b37ce966d36fdeb82", "37ce966d36fdeb82", "accept"),
        ("datadog-names-another-trace", "000000000000000073971a01849325a4", "5b5169fcb8f26096", "defer"),
        ("elastic-alone", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "accept"),
        ("instana", "00000000000000008448eb211c80319c", "b7ad6b7169203331", "accept"),
        ("x-ray", "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8", "accept"),
        ("cloud-event-in-the-payload", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "accept"),
    ] {
        let row = rows().into_iter().find(|row| row["id"] == id).unwrap();
        let found = findings(&row);
        let finding = found
            .iter()
            .find(|finding| finding.get("trace_id").is_some())
            .unwrap_or_else(|| panic!("{id}: {found:?}"));
        let ids = [&finding["trace_id"], &finding["span_id"], &finding["sampling"]];
        assert_eq!(ids, [&json!(trace_id), &json!(span_id), &json!(sampling)], "{id}");
    }
}

#[test]
fn the_line_of_a_record_in_a_text_of_several_lines() {
    let row = rows().into_iter().find(|row| row["id"] == "pretty-printed-array").unwrap();
    let run = run(&[], format!("{{}}\n{}\n{{}}", input(&row)));
    let lines =
        run.lines().into_iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].clone());
    assert_eq!(lines.collect::<Vec<_>>(), [json!(1), json!(3), json!(12), json!(22)]);
}

#[test]
fn fail_on() {
    let broken = json!({"headers": ["b3", "0"]}).to_string();
    let differs = json!({"headers": ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "baggage", "a=+"]}).to_string();
    for (arguments, input, exit_code) in [
        (&["--fail-on", "breaks"][..], &broken, 3),
        (&["--fail-on", "breaks"], &differs, 0),
        (&["--fail-on", "differs"], &differs, 3),
        (&["--fail-on=differs", "--pretty"], &broken, 3),
        (&["--fail-on", "hint"], &differs, 3),
        (&[], &broken, 0),
        (&["--fail-on", "breaks"], &format!("{broken}\nnonsense"), 2),
    ] {
        assert_eq!(run(arguments, input).exit_code, Some(exit_code), "{arguments:?} {input}");
    }
}
