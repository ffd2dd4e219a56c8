//! The table of formats by implementation.

use super::peer::Peer;
use crate::driver::compare::Field;
use crate::driver::expected::{Direction, Observation, Row};
use crate::driver::table::title;
use crate::protocol::Ready;
use comfy_table::{Table, presets};
use std::collections::BTreeSet;
use tracebaton::formats::Format;

/// The columns.
const FORMATS: [Format; 8] = [
    Format::B3,
    Format::B3Multi,
    Format::Jaeger,
    Format::Datadog,
    Format::Elastic,
    Format::Instana,
    Format::Xray,
    Format::TraceContext,
];

/// A row for each implementation, and a note for each deviation that was seen.
pub fn render(ran: &[(Peer, Ready)], seen: &[Observation], expected: &[Row]) -> String {
    let mut notes = Vec::new();
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let names = FORMATS.iter().map(|format| format!("`{format}`"));
    table.set_header(["implementation".to_owned()].into_iter().chain(names));
    table.add_row(["**tracebaton**".to_owned()].into_iter().chain(FORMATS.iter().map(|format| own(*format))));
    for (peer, ready) in ran {
        let cells = FORMATS.iter().map(|format| cell(peer, *format, seen, expected, &mut notes));
        let title = title(peer.title, peer.libraries, ready);
        table.add_row([title].into_iter().chain(cells).collect::<Vec<_>>());
    }
    let notes = notes.iter().enumerate().map(|(index, note)| format!("{}. {note}\n", index + 1));
    format!("{table}\n\n{}", notes.collect::<String>())
}

fn own(format: Format) -> String {
    if Format::WRITABLE.contains(format) { "both" } else { "reads" }.to_owned()
}

fn cell(
    peer: &Peer,
    format: Format,
    seen: &[Observation],
    expected: &[Row],
    notes: &mut Vec<String>,
) -> String {
    let prefix = format!("{format} ");
    let of: Vec<&Observation> =
        seen.iter().filter(|seen| seen.program == peer.name && seen.case.starts_with(&prefix)).collect();
    let works = |way| of.iter().any(|seen| seen.direction == way && is_parent_kept(seen));
    let word = match (works(Direction::Sends), works(Direction::Receives)) {
        (true, true) => "both",
        (true, false) => "to ours",
        (false, true) => "from ours",
        (false, false) if of.is_empty() => return "–".to_owned(),
        (false, false) => "neither",
    };
    let mut numbers = BTreeSet::new();
    for row in expected.iter().filter(|row| of.iter().any(|seen| row.tells_of(seen))) {
        let index = notes.iter().position(|note| *note == row.reason).unwrap_or_else(|| {
            notes.push(row.reason.clone());
            notes.len() - 1
        });
        numbers.insert(index + 1);
    }
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    if numbers.is_empty() { word.to_owned() } else { format!("{word} ({})", numbers.join(", ")) }
}

fn is_parent_kept(seen: &Observation) -> bool {
    seen.field == Field::Parent && seen.gives.is_none()
}
