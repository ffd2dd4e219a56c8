//! Runs every row through a runner.

use crate::{FormatOperation, Row, Tally, format_rows, rows};
use serde_json::Value;
use std::env;
use std::io::{self, Write as _};

fn selection() -> Option<String> {
    env::var("TRACEBATON_ROW").ok()
}

/// Whether the row is to run: all are, unless `TRACEBATON_ROW` is set; then only those whose id contains its text.
pub fn is_selected<C>(row: &Row<C>) -> bool {
    selection().is_none_or(|text| row.id.contains(&text))
}

/// Runs every row about W3C's headers, prints the count for each requirement, and compares the outcomes.
///
/// A runner returns `None` for a row that it cannot run; at most `skips` rows may be skipped.
///
/// If `TRACEBATON_ROW=TEXT` is in the environment, only rows whose id contains the text are run, and their outcomes are
/// printed.
///
/// # Panics
///
/// If a row fails, more than `skips` are skipped, none is run, or the vectors cannot be read.
pub fn check(runner: &str, skips: usize, run: impl FnMut(&Row) -> Option<Value>) {
    check_rows(runner, skips, rows().expect("the vectors"), run);
}

/// [`check`] for the rows about other formats.
///
/// # Panics
///
/// As [`check`].
pub fn check_formats(runner: &str, skips: usize, run: impl FnMut(&Row<FormatOperation>) -> Option<Value>) {
    check_rows(runner, skips, format_rows().expect("the vectors"), run);
}

fn check_rows<C>(
    runner: &str,
    skips: usize,
    rows: Vec<Row<C>>,
    mut run: impl FnMut(&Row<C>) -> Option<Value>,
) {
    let prints = selection().is_some();
    let mut tally = Tally::default();
    for row in rows.into_iter().filter(is_selected) {
        match run(&row) {
            Some(outcome) => {
                if prints {
                    // Written to stderr directly, since the test harness captures the output of tests that pass.
                    let _ = writeln!(io::stderr(), "\n{}: {outcome:#}", row.id);
                }
                tally.compare(&row, &outcome);
            }
            None => tally.skip(&row),
        }
    }
    tally.announce(runner);
    assert!(tally.failures().is_empty(), "{}", tally.failures().join("\n"));
    assert!(tally.ran() > 0, "no row was run; TRACEBATON_ROW is {:?}", selection());
    assert!(tally.skipped() <= skips, "{} rows were skipped", tally.skipped());
}
