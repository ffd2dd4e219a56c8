//! What programs do otherwise, as the table of expected deviations has it: no more than that, and no less.

use crate::compare::Field;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Which way a context went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the program's library onto the wire.
    Sends,
    /// From the wire into the program's library.
    Receives,
    /// From one topic to the next.
    Relays,
}

/// What one program made of one field of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The program.
    pub program: String,
    /// Which way.
    pub direction: Direction,
    /// Who is at the other end.
    pub other: String,
    /// The case.
    pub case: String,
    /// The field.
    pub field: Field,
    /// What it gives instead of what it should; none if it is as it should be.
    pub gives: Option<String>,
}

/// A deviation that is known, and why it is there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The program.
    pub program: String,
    /// Which way.
    pub direction: Direction,
    /// The cases in which it shows.
    pub cases: BTreeSet<String>,
    /// The field.
    pub field: Field,
    /// What the program gives.
    pub gives: String,
    /// Why, in one sentence.
    pub reason: String,
    /// Where its documentation or its code says so.
    pub source: String,
}

/// The table in this file.
pub fn read(path: &Path) -> Result<Vec<Row>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// What is not as the table has it: deviations that it does not list, and rows that did not occur. Both fail.
///
/// A row occurs if it does in each of its cases, whoever is at the other end. Rows of programs that did not run say
/// nothing.
pub fn check(observations: &[Observation], rows: &[Row]) -> Vec<String> {
    let ran: BTreeSet<&str> = observations.iter().map(|seen| seen.program.as_str()).collect();
    let rows = || rows.iter().filter(|row| ran.contains(row.program.as_str()));
    let is_listed =
        |seen: &&Observation| rows().any(|row| row.cases.contains(&seen.case) && is_of(seen, row));
    let unlisted = grouped(observations.iter().filter(|seen| seen.gives.is_some() && !is_listed(seen)));
    unlisted.into_iter().chain(rows().flat_map(|row| missing(observations, row))).collect()
}

/// One line for all who are at the other end.
fn grouped<'a>(unlisted: impl Iterator<Item = &'a Observation>) -> Vec<String> {
    let mut lines = BTreeMap::<String, Vec<&str>>::new();
    for seen in unlisted {
        let Observation { program, direction, case, field, gives, .. } = seen;
        let gives = gives.as_deref().unwrap_or_default();
        let line =
            format!("{program} {direction:?} {case}: {field:?} gives {gives:?}, which is not expected");
        lines.entry(line).or_default().push(&seen.other);
    }
    lines.into_iter().map(|(line, others)| format!("{line} ({})", others.join(", "))).collect()
}

fn missing(observations: &[Observation], row: &Row) -> Vec<String> {
    let is_place = |seen: &&Observation, case: &str| {
        (&seen.program, seen.direction, seen.field) == (&row.program, row.direction, row.field)
            && seen.case == case
    };
    let complaint = |case: &String| {
        let mut places = observations.iter().filter(|seen| is_place(seen, case)).peekable();
        let never = places.peek().is_none();
        let without: Vec<&str> =
            places.filter(|seen| !is_of(seen, row)).map(|seen| seen.other.as_str()).collect();
        (never || !without.is_empty()).then(|| {
            let Row { program, direction, field, gives, .. } = row;
            let others = if never { "never asked".to_owned() } else { without.join(", ") };
            format!(
                "{program} {direction:?} {case}: {field:?} should give {gives:?}, and does not ({others})"
            )
        })
    };
    row.cases.iter().filter_map(complaint).collect()
}

/// Whether the row tells of this, its cases aside.
pub fn is_of(seen: &Observation, row: &Row) -> bool {
    (&seen.program, seen.direction, seen.field) == (&row.program, row.direction, row.field)
        && seen.gives.as_ref() == Some(&row.gives)
}
