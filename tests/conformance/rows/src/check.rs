//! Running every row through a runner.

use crate::{Row, Tally, rows};
use serde_json::Value;
use std::env;
use std::io::{self, Write as _};

/// Runs every row, prints how many there were for each requirement, and compares. A runner returns `None` for a row that it
/// has no way to run; at most `skips` rows may be skipped.
///
/// With `TRACEBATON_ROW=TEXT` in the environment, only the rows whose id contains the text are run, and the outcome of each is
/// printed.
///
/// # Panics
///
/// A row fails, more than `skips` are skipped, or none is run; the vectors cannot be read.
pub fn check(runner: &str, skips: usize, mut run: impl FnMut(&Row) -> Option<Value>) {
    let selected = env::var("TRACEBATON_ROW").ok();
    let mut tally = Tally::default();
    for row in rows().expect("the vectors") {
        if selected.as_ref().is_some_and(|text| !row.id.contains(text)) {
            continue;
        }
        match run(&row) {
            Some(outcome) => {
                if selected.is_some() {
                    // Past the test harness, which shows only what fails.
                    let _ = writeln!(io::stderr(), "\n{}: {outcome:#}", row.id);
                }
                tally.compare(&row, &outcome);
            }
            None => tally.skip(&row),
        }
    }
    tally.announce(runner);
    assert!(tally.failures().is_empty(), "{}", tally.failures().join("\n"));
    assert!(tally.ran() > 0, "no row was run; TRACEBATON_ROW is {selected:?}");
    assert!(tally.skipped() <= skips, "{} rows were skipped", tally.skipped());
}
