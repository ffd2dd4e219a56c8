//! Counts rows and collects the failures.

use crate::{Row, difference};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;

/// The rows that a runner ran. Displays their count for each rule and requirement, and the failures.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    ran: usize,
    skipped: usize,
    by_requirement: BTreeMap<(String, u32), usize>,
    failures: Vec<String>,
}

impl Tally {
    /// Compares the outcome of a row with the expected one, and counts the row.
    pub fn compare<C>(&mut self, row: &Row<C>, actual: &Value) {
        self.ran += 1;
        for id in &row.requirement {
            *self.by_requirement.entry(sort_key(id)).or_default() += 1;
        }
        let unexpected = actual.get("error").filter(|_| row.expect.get("error").is_none());
        if let Some(difference) = difference(&row.expect, actual) {
            self.failures.push(format!("{}: {difference} ({})", row.id, row.source));
        } else if let Some(error) = unexpected {
            self.failures.push(format!("{}: the error {error} is not expected ({})", row.id, row.source));
        }
    }

    /// Counts a row that this runner cannot run.
    pub fn skip<C>(&mut self, _row: &Row<C>) {
        self.skipped += 1;
    }

    /// How many rows were compared.
    pub fn ran(&self) -> usize {
        self.ran
    }

    /// How many rows were skipped.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Prints the count of rows for each rule. Written to stderr directly, since the test harness captures the output
    /// of tests that pass.
    pub fn announce(&self, runner: &str) {
        let _ = writeln!(std::io::stderr(), "\nvectors through {runner}: {self}");
    }

    /// The rows that failed, each with its first difference.
    pub fn failures(&self) -> &[String] {
        &self.failures
    }
}

/// Sorts `R10` after `R9`, `TC-010` before `TC-100`.
fn sort_key(id: &str) -> (String, u32) {
    let digits = id.find(|character: char| character.is_ascii_digit()).unwrap_or(id.len());
    let (prefix, number) = id.split_at(digits);
    (prefix.to_owned(), number.parse().unwrap_or_default())
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} rows ran, {} skipped, {} failed", self.ran, self.skipped, self.failures.len())?;
        let mut family = None;
        for ((prefix, number), rows) in &self.by_requirement {
            if family.replace(prefix) != Some(prefix) {
                write!(f, "\nrows for each {}:", prefix.trim_end_matches('-'))?;
            }
            write!(f, " {number}: {rows},")?;
        }
        writeln!(f)?;
        self.failures.iter().try_for_each(|failure| writeln!(f, "FAILED {failure}"))
    }
}
