//! The tables, on the terminal and in the README.

use crate::compare::{FIELDS, Field};
use crate::expected::{Direction, Observation, Row, is_of};
use crate::matrix::Seen;
use crate::runtime;
use comfy_table::{Table, presets};
use std::collections::{BTreeMap, BTreeSet};
use tracebaton_interop_protocol::Ready;

/// Who ran.
pub type Programs = Vec<(String, Ready)>;

/// Field by field: in how many of the cases it survives, each way.
pub fn matrix(programs: &Programs, seen: &Seen) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_BORDERS_ONLY_CONDENSED);
    let names = FIELDS.iter().map(|field| name(*field).to_owned());
    table.set_header(
        ["", "", "at the other end"].map(str::to_owned).into_iter().chain(names).chain(["span".to_owned()]),
    );
    for (program, _) in programs {
        for direction in [Direction::Sends, Direction::Receives, Direction::Relays] {
            let of = |seen: &&Observation| seen.program == *program && seen.direction == direction;
            let mut others = BTreeMap::<&str, Vec<&Observation>>::new();
            for seen in seen.observations.iter().filter(of) {
                others.entry(&seen.other).or_default().push(seen);
            }
            for (other, cells) in others {
                let verb = format!("{direction:?}").to_lowercase();
                let relation = match direction {
                    Direction::Receives => relations(seen, program),
                    _ => String::new(),
                };
                let cells = FIELDS.iter().map(|field| cell(*field, &cells)).chain([relation]);
                table.add_row([program.clone(), verb, other.to_owned()].into_iter().chain(cells));
            }
        }
    }
    table.to_string()
}

fn relations(seen: &Seen, program: &str) -> String {
    seen.relations
        .get(program)
        .map(|all| all.iter().cloned().collect::<Vec<_>>().join(", "))
        .unwrap_or_default()
}

/// `11 of 12`, or `all`.
fn cell(field: Field, observations: &[&Observation]) -> String {
    let of: Vec<_> = observations.iter().filter(|seen| seen.field == field).collect();
    let kept = of.iter().filter(|seen| seen.gives.is_none()).count();
    match of.len() {
        0 => String::new(),
        all if all == kept => format!("all {all}"),
        all => format!("{kept} of {all}"),
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::TraceId => "trace id",
        Field::Parent => "parent",
        Field::Sampled => "sampled",
        Field::Random => "random",
        Field::Tracestate => "tracestate",
        Field::Baggage => "baggage",
        Field::Headers => "one header",
    }
}

/// The table of the README: a row for each program, and a note for each deviation.
pub fn readme(programs: &Programs, seen: &Seen, expected: &[Row]) -> String {
    let mut notes = Vec::new();
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["program", "sends to ours", "receives from ours", "sends ours on"]);
    for (program, ready) in programs {
        let cell = |direction, notes: &mut Vec<String>| {
            let of = |row: &&Row| row.program == *program && row.direction == direction;
            let rows: Vec<&Row> = expected.iter().filter(of).collect();
            readme_cell(&rows, &seen.observations, notes)
        };
        let cells =
            [Direction::Sends, Direction::Receives, Direction::Relays].map(|way| cell(way, &mut notes));
        table.add_row([title(program, ready)].into_iter().chain(cells));
    }
    let notes = notes.iter().enumerate().map(|(index, note)| format!("{}. {note}\n", index + 1));
    format!("{table}\n\n{}", notes.collect::<String>())
}

fn title(program: &str, ready: &Ready) -> String {
    let libraries: Vec<String> =
        ready.libraries.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let whose = if runtime::is_ours(program) { "**ours**, " } else { "" };
    format!("{whose}{}: {}", ready.language, libraries.join(", "))
}

/// What survives, with the numbers of the notes on what does not.
fn readme_cell(rows: &[&Row], observations: &[Observation], notes: &mut Vec<String>) -> String {
    let occurs =
        |row: &&&Row| observations.iter().any(|seen| row.cases.contains(&seen.case) && is_of(seen, row));
    let mut lost = BTreeMap::<Field, BTreeSet<usize>>::new();
    for row in rows.iter().filter(occurs) {
        let index = notes.iter().position(|note| *note == row.reason).unwrap_or_else(|| {
            notes.push(row.reason.clone());
            notes.len() - 1
        });
        lost.entry(row.field).or_default().insert(index + 1);
    }
    if lost.is_empty() {
        return "everything".to_owned();
    }
    let numbers = |all: &BTreeSet<usize>| all.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let but: Vec<String> =
        lost.iter().map(|(field, all)| format!("{} ({})", name(*field), numbers(all))).collect();
    format!("all but {}", but.join(", "))
}
