//! What the README shows is what the program prints.

mod run;

use run::run;
use serde_json::Value;

/// The blocks of the README in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let begin = format!("```{language}\n");
    let parts = include_str!("../README.md").split(&*begin.leak()).skip(1);
    parts.map(|part| part.split_once("```").unwrap().0).collect()
}

#[test]
fn the_report() {
    let [records, _] = blocks("json")[..] else { panic!("two blocks of JSON") };
    let [report] = blocks("text")[..] else { panic!("one report") };
    let run = run(&["--pretty"], records);
    assert_eq!((run.output.as_str(), run.errors.as_str(), run.exit_code), (report, "", Some(0)));
}

#[test]
fn the_line_for_programs() {
    let [records, line] = blocks("json")[..] else { panic!("two blocks of JSON") };
    let run = run(&["--span-id", "00f067aa0ba902b7"], records);
    let shown: Value = serde_json::from_str(line).unwrap();
    let printed: Value = serde_json::from_str(run.lines()[2]).unwrap();
    assert_eq!(printed, shown);
    let members = |line: &str| {
        let mut at: Vec<_> =
            shown.as_object().unwrap().keys().map(|key| (line.find(&format!("{key:?}:")), key)).collect();
        at.sort();
        at.into_iter().map(|(_, key)| key.clone()).collect::<Vec<_>>()
    };
    assert_eq!(members(run.lines()[2]), members(line));
}
