//! Compares deviations of programs with the table of expected ones, in both directions.

use super::compare::Field;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The direction in which a context was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the program's library to the wire.
    Sends,
    /// From the wire to the program's library.
    Receives,
    /// The same for a relay, where the program may use another part of its library.
    ReceivesToSendOn,
    /// From one topic to the next, through a relay.
    SendsOn,
}

/// One field of one record, as handled by one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The program.
    pub program: String,
    /// The direction.
    pub direction: Direction,
    /// The program or wire at the other end.
    pub other: String,
    /// The case.
    pub case: String,
    /// The field.
    pub field: Field,
    /// The actual value, if it is not the expected one.
    pub gives: Option<String>,
}

/// An expected deviation and its reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The program.
    pub program: String,
    /// The directions.
    pub directions: BTreeSet<Direction>,
    /// The cases in which it occurs.
    pub cases: BTreeSet<String>,
    /// The field.
    pub field: Field,
    /// The actual value.
    pub gives: String,
    /// The reason, in one sentence.
    pub reason: String,
    /// The documentation or code that confirms it.
    pub source: String,
}

/// Reads the table from this file.
pub fn read(path: &Path) -> Result<Vec<Row>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Returns deviations that the table does not list, and rows that did not occur. Both are failures.
///
/// A row must occur in each of its cases, for every program at the other end. Rows of programs that did not run are
/// ignored.
pub fn check(observations: &[Observation], rows: &[Row]) -> Vec<String> {
    let ran: BTreeSet<&str> = observations.iter().map(|seen| seen.program.as_str()).collect();
    let rows = || rows.iter().filter(|row| ran.contains(row.program.as_str()));
    let is_listed = |seen: &&Observation| rows().any(|row| row.tells_of(seen));
    let unlisted = grouped(observations.iter().filter(|seen| seen.gives.is_some() && !is_listed(seen)));
    unlisted.into_iter().chain(rows().flat_map(|row| row.missing(observations))).collect()
}

/// One line for all cases and all programs at the other end.
fn grouped<'a>(unlisted: impl Iterator<Item = &'a Observation>) -> Vec<String> {
    let mut lines = BTreeMap::<String, (BTreeSet<&str>, BTreeSet<&str>)>::new();
    for seen in unlisted {
        let Observation { program, direction, field, gives, .. } = seen;
        let gives = gives.as_deref().unwrap_or_default();
        let line = format!("{program} {direction:?}: {field:?} is unexpectedly {gives:?}");
        let (cases, others) = lines.entry(line).or_default();
        cases.insert(&seen.case);
        others.insert(&seen.other);
    }
    lines.into_iter().map(|(line, (cases, others))| format!("{line}: {cases:?} with {others:?}")).collect()
}

impl Row {
    /// Whether the row describes this observation.
    pub fn tells_of(&self, seen: &Observation) -> bool {
        self.is_about(seen) && self.cases.contains(&seen.case) && seen.gives.as_ref() == Some(&self.gives)
    }

    fn is_about(&self, seen: &Observation) -> bool {
        (&seen.program, seen.field) == (&self.program, self.field)
            && self.directions.contains(&seen.direction)
    }

    /// The observations that the row predicts and that did not occur.
    fn missing(&self, observations: &[Observation]) -> Vec<String> {
        let Self { program, field, gives, .. } = self;
        let mut missing = Vec::new();
        for (direction, case) in
            self.directions.iter().flat_map(|way| self.cases.iter().map(move |case| (way, case)))
        {
            let is_place = |seen: &&Observation| {
                self.is_about(seen) && (seen.direction, &seen.case) == (*direction, case)
            };
            let places: Vec<&Observation> = observations.iter().filter(is_place).collect();
            let without: BTreeSet<&str> =
                places.iter().filter(|seen| !self.tells_of(seen)).map(|seen| seen.other.as_str()).collect();
            if places.is_empty() || !without.is_empty() {
                let line =
                    format!("{program} {direction:?} {case}: {field:?} should be {gives:?}, but is not");
                missing.push(format!("{line}, with {without:?}"));
            }
        }
        missing
    }
}
