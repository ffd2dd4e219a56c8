//! The tables of the README.

use crate::comparison::{Comparison, Different};
use crate::differences::Cause;
use crate::named::NAMED;
use crate::page::sdk_version;
use crate::readings::{Header, Reading, propagator};
use std::fmt::{self, Write};

/// How many rows of the vectors a line shows.
const ROWS_SHOWN: usize = 3;
/// How many characters of a value a line shows.
const VALUE_SHOWN: usize = 48;
/// The trace-ids and parent-ids of the vectors, longer ones first.
const IDS: [(&str, &str); 4] = [
    ("0af7651916cd43dd8448eb211c80319c", "T"),
    ("12345678901234567890123456789012", "T"),
    ("b7ad6b7169203331", "P"),
    ("1234567890123456", "P"),
];

/// Writes the tables.
///
/// # Errors
///
/// Errors of the writer.
pub fn write(comparison: &Comparison, to: &mut impl Write) -> fmt::Result {
    let sdk = format!("opentelemetry_sdk {}", sdk_version().unwrap_or_default());
    counts(comparison, &sdk, to)?;
    accepted(comparison, &sdk, to)?;
    refused(comparison, &sdk, to)
}

fn counts(comparison: &Comparison, sdk: &str, to: &mut impl Write) -> fmt::Result {
    writeln!(
        to,
        "\n| generated values | read the same by both | read by neither | read differently by {sdk} |"
    )?;
    writeln!(to, "| --- | ---: | ---: | ---: |")?;
    for (header, counts) in &comparison.generated {
        let [same, nothing, different] = [counts.same, counts.nothing, counts.different];
        writeln!(to, "| `{}` | {same} | {nothing} | {different} |", header.name())?;
    }
    Ok(())
}

fn accepted(comparison: &Comparison, sdk: &str, to: &mut impl Write) -> fmt::Result {
    writeln!(to, "\n**Accepted here, read differently there**\n")?;
    writeln!(to, "| name | what it is | this profile | {sdk} | examples | vectors | generated |")?;
    writeln!(to, "| --- | --- | --- | --- | --- | --- | ---: |")?;
    for named in NAMED {
        let Some(here) = named.here else { continue };
        let (name, header, rule) = (named.name, named.header.name(), named.rule);
        let columns = examples(named.header, comparison.named(named.header, name), value);
        let (what, there) = (named.what, named.there);
        writeln!(to, "| `{name}`<br>`{header}` {rule} | {what} | {here} | {there} | {columns} |")?;
    }
    Ok(())
}

fn refused(comparison: &Comparison, sdk: &str, to: &mut impl Write) -> fmt::Result {
    writeln!(to, "\n**Refused here, read there**\n")?;
    writeln!(to, "| rule broken | examples, and what {sdk} reads | vectors | generated |")?;
    writeln!(to, "| --- | --- | --- | ---: |")?;
    for ((header, cause), different) in &comparison.different {
        if let Cause::Refused(rule) = cause {
            let columns = examples(*header, different, |of| value_and_reading(*header, of));
            writeln!(to, "| `{}`<br>`{rule}` | {columns} |", header.name())?;
        }
    }
    for named in NAMED.iter().filter(|named| named.here.is_none()) {
        let different = comparison.named(named.header, named.name);
        let columns = examples(named.header, different, |of| value_and_reading(named.header, of));
        writeln!(to, "| `{}` member skipped<br>{} | {columns} |", named.header.name(), named.what)?;
    }
    Ok(())
}

/// Examples of values, the rows that contain them (rows about this header first), and the count of generated values.
fn examples(header: Header, different: &Different, shown: impl Fn(&[u8]) -> String) -> String {
    let mut rows: Vec<_> = different.rows.iter().collect();
    rows.sort_by_key(|(id, _)| (!id.starts_with(header.name()), id.len()));
    let more = rows.len().saturating_sub(ROWS_SHOWN);
    rows.truncate(ROWS_SHOWN);
    let mut values: Vec<_> = rows.iter().map(|(_, value)| shown(value)).collect();
    if values.is_empty() {
        values.push(shown(&different.shortest));
    }
    let mut ids: Vec<_> = rows.iter().map(|(id, _)| format!("`{id}`")).collect();
    if more > 0 {
        ids.push(format!("and {more} more"));
    }
    format!("{} | {} | {}", values.join("<br>"), ids.join("<br>"), different.generated)
}

fn value_and_reading(header: Header, bytes: &[u8]) -> String {
    format!("{} → {}", value(bytes), reading(header, &propagator(header, bytes)))
}

/// The ids and flags, or the members.
fn reading(header: Header, reading: &Reading) -> String {
    match header {
        Header::TraceParent => code(&short(reading.join(", "))),
        _ if reading.len() > 2 => format!("{} members", reading.len()),
        Header::TraceState => code(&short(format!("\"{}\"", reading.join(",").escape_debug()))),
        Header::Baggage => code(&short(reading.join(", "))),
    }
}

fn value(value: &[u8]) -> String {
    code(&short(format!("\"{}\"", value.escape_ascii())))
}

/// Writes `T` and `P` for the common ids, and shortens long texts in the middle.
fn short(mut text: String) -> String {
    for (id, letter) in IDS {
        text = text.replace(id, letter);
    }
    let characters: Vec<_> = text.chars().collect();
    let Some(over @ 1..) = characters.len().checked_sub(VALUE_SHOWN) else {
        return text;
    };
    let (start, end) = characters.split_at(VALUE_SHOWN * 2 / 3);
    start.iter().chain(&['…']).chain(&end[over..]).collect()
}

/// The text as code in a Markdown table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|").replace('`', "'"))
}
