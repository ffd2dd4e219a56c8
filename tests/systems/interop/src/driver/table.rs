//! The tables, on the terminal and in README.md.

use super::compare::{FIELDS, Field};
use super::expected::{Direction, Observation, Row};
use super::matrix::Seen;
use super::runtime::{self, Runtime};
use crate::protocol::Ready;
use comfy_table::{Table, presets};
use std::collections::{BTreeMap, BTreeSet};

/// Who ran.
pub type Programs = Vec<(String, Ready)>;

/// Pair by pair and field by field: how many of the records survive.
pub fn matrix(programs: &Programs, seen: &Seen) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_BORDERS_ONLY_CONDENSED);
    let names = FIELDS.iter().map(|field| name(*field));
    table.set_header(["", "", ""].into_iter().chain(names).chain(["to its span"]));
    for (program, _) in programs {
        for direction in
            [Direction::Sends, Direction::Receives, Direction::ReceivesToSendOn, Direction::SendsOn]
        {
            let mut others = BTreeMap::<&str, Vec<&Observation>>::new();
            let is_of = |seen: &&Observation| seen.program == *program && seen.direction == direction;
            for seen in seen.observations.iter().filter(is_of) {
                others.entry(&seen.other).or_default().push(seen);
            }
            for (other, cells) in others {
                let cells = FIELDS.iter().map(|field| cell(*field, &cells));
                let begin = [short(program), verb(direction), short(other)].map(str::to_owned);
                table.add_row(begin.into_iter().chain(cells).chain([relations(direction, seen, program)]));
            }
        }
    }
    table.to_string()
}

fn short(program: &str) -> &str {
    program.strip_prefix("peers/").unwrap_or(program)
}

fn verb(direction: Direction) -> &'static str {
    match direction {
        Direction::Sends => "sends onto",
        Direction::Receives => "receives from",
        Direction::ReceivesToSendOn => "reads, to forward, from",
        Direction::SendsOn => "forwards from",
    }
}

fn relations(direction: Direction, seen: &Seen, program: &str) -> String {
    let all = seen.relations.get(program).filter(|_| direction == Direction::Receives);
    all.map(|all| all.iter().copied().collect::<Vec<_>>().join(", ")).unwrap_or_default()
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

/// The table of README.md: a row for each program, and a note for each deviation.
pub fn readme(programs: &Programs, seen: &Seen, expected: &[Row]) -> String {
    let mut notes = Vec::new();
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["program", "as producer for ours", "as consumer of ours", "as relay for ours"]);
    for (program, ready) in programs {
        let mut cell = |ways: &[Direction]| {
            let is_of =
                |row: &&Row| row.program == *program && ways.iter().any(|way| row.directions.contains(way));
            let rows: Vec<&Row> = expected.iter().filter(is_of).collect();
            readme_cell(&rows, &seen.observations, &mut notes)
        };
        let cells = [
            cell(&[Direction::Sends]),
            cell(&[Direction::Receives, Direction::ReceivesToSendOn]),
            cell(&[Direction::SendsOn]),
        ];
        table.add_row([title_of(program, ready)].into_iter().chain(cells));
    }
    let notes = notes.iter().enumerate().map(|(index, note)| format!("{}. {note}\n", index + 1));
    format!("{table}\n\n{}", notes.collect::<String>())
}

fn title_of(program: &str, ready: &Ready) -> String {
    let found = runtime::ALL.iter().find(|other| other.name == program);
    found.map_or(program.to_owned(), |Runtime { title: (name, libraries), .. }| title(name, libraries, ready))
}

/// A name, and those of its libraries whose versions are told.
pub fn title(name: &str, libraries: &[&str], ready: &Ready) -> String {
    let versions = libraries.iter().filter_map(|name| {
        let short = name.strip_suffix("/v2").unwrap_or(name).rsplit('/').next().unwrap_or(name);
        Some(format!("{short} {}", ready.libraries.get(*name)?.trim_start_matches('v')))
    });
    format!("{name}: {}", versions.collect::<Vec<_>>().join(", "))
}

/// What survives, with the numbers of the notes on what does not.
fn readme_cell(rows: &[&Row], observations: &[Observation], notes: &mut Vec<String>) -> String {
    let occurs = |row: &&&Row| observations.iter().any(|seen| row.tells_of(seen));
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
