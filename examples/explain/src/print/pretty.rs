//! The report for people: a block for each record, and a summary.

use super::summary::{Count, Status, Summary, plural};
use super::{Explanation, table};
use crate::advice;
use crate::escape::{Escaped, EscapedChars, Excerpt};
use crate::finding::{Code, Effect, Finding};
use crate::record::Origin;
use std::fmt::Write as _;
use std::io::{self, Write};
use tracebaton::{Injection, SpanContext};

/// Width of the report in columns. Only a table with many headers is a little wider.
const WIDTH: usize = 100;
/// Column at which the text after a label begins.
const INDENT: usize = 12;
/// Width of a name in columns.
const NAME_WIDTH: usize = 24;
/// Minimum width of a value in columns, enough for a `traceparent`.
const VALUE_WIDTH: usize = 58;
/// Maximum count of baggage members, and of characters of each value, in the report.
const MEMBERS: usize = 8;
const VALUE_CHARS: usize = 40;

/// Colours of the report.
#[derive(Clone, Copy)]
pub struct Paint {
    /// Whether colours are used.
    pub is_on: bool,
}

#[derive(Clone, Copy)]
enum Colour {
    Good = 32,
    Bad = 31,
    Half = 33,
    Faint = 2,
    Bold = 1,
}

impl Paint {
    fn text(self, colour: Colour, text: &str) -> String {
        if self.is_on && !text.trim().is_empty() {
            format!("\x1b[{}m{text}\x1b[0m", colour as u8)
        } else {
            text.to_owned()
        }
    }
}

fn colour(status: Status) -> Colour {
    match status {
        Status::Connected => Colour::Good,
        Status::Differs | Status::NotSampled => Colour::Half,
        Status::Broken | Status::NoTrace => Colour::Bad,
    }
}

/// Writes the block of the record in this line.
pub fn record(
    line: u64,
    status: Status,
    explanation: &Explanation<'_>,
    paint: Paint,
    output: &mut impl Write,
) -> io::Result<()> {
    let (headline, rest) = status.headline();
    let headline = paint.text(colour(status), headline);
    writeln!(output, "line {line}{}: {headline}: {rest}", origin(&explanation.record.origin))?;
    headers(explanation, paint, output)?;
    writeln!(output)?;
    for Finding { effect, text, .. } in shown(explanation) {
        match effect {
            Effect::Hint => paragraph("note", Colour::Faint, text, paint, output)?,
            Effect::Differs => paragraph("differs", Colour::Half, text, paint, output)?,
            Effect::Breaks => paragraph("why", Colour::Bad, text, paint, output)?,
        }
    }
    paragraph("consumer", Colour::Faint, &consumer(explanation), paint, output)?;
    sent_on("forward", &explanation.forward, paint, output)?;
    if let Some(child) = &explanation.child {
        sent_on("child", child, paint, output)?;
    }
    for (fix, accepted) in next(explanation) {
        let accepted = accepted.map_or(String::new(), |value| format!(" It would then be accepted: {value}"));
        paragraph("next", Colour::Bold, &format!("{fix}{accepted}"), paint, output)?;
    }
    writeln!(output)
}

/// The findings that are not in the summary.
pub fn shown<'e>(explanation: &'e Explanation<'_>) -> impl Iterator<Item = &'e Finding> {
    let is_summed = |code| matches!(code, Code::Connected | Code::RepeatedParent | Code::RepeatedTrace);
    explanation.findings.iter().filter(move |finding| !is_summed(finding.code))
}

/// Each advice once, with the value that would then be accepted.
fn next<'e>(explanation: &'e Explanation<'_>) -> Vec<(&'e str, Option<&'e str>)> {
    let mut steps: Vec<(&str, Option<&str>)> = Vec::new();
    for finding in shown(explanation).filter(|finding| !finding.fix.is_empty()) {
        match steps.iter_mut().find(|(fix, _)| *fix == finding.fix) {
            Some((_, accepted)) => *accepted = None, // of several values none is shown
            None => steps.push((&finding.fix, finding.accepted())),
        }
    }
    steps
}

/// Position in kcat's notation: ` (orders [0] at offset 42)`.
pub fn origin(origin: &Origin) -> String {
    let partition = origin.partition.map_or(String::new(), |partition| format!(" [{partition}]"));
    let offset = origin.offset.map_or(String::new(), |offset| format!(" at offset {offset}"));
    match &origin.topic {
        Some(topic) => format!(" ({}{partition}{offset})", Excerpt::beginning(topic.as_bytes(), 60)),
        None if partition.is_empty() => String::new(),
        None => format!(" ({}{offset})", partition.trim_start()),
    }
}

fn headers(explanation: &Explanation<'_>, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let rows = table::rows(explanation);
    if rows.is_empty() {
        return Ok(());
    }
    let digits = rows.last().map_or(1, |row| row.index.to_string().len());
    let name = |row: &table::Row<'_>| Excerpt::beginning(row.header.name, NAME_WIDTH);
    let name_width = rows.iter().map(|row| name(row).len()).max().unwrap_or(0).max(6);
    let before = 2 + digits + 2 + 8 + 2 + name_width + 2;
    let value_width = WIDTH.saturating_sub(before).max(VALUE_WIDTH);
    let title = format!("  {:>digits$}  {:8}  {:name_width$}  value", "#", "verdict", "header");
    writeln!(output, "\n{}", paint.text(Colour::Faint, &title))?;
    for row in &rows {
        let value = match row.header.value {
            Some([]) => Excerpt { text: "(empty)".into(), column: 0 },
            Some(value) => Excerpt::around(value, row.offset.unwrap_or(0), value_width),
            None => Excerpt { text: "(null)".into(), column: 0 },
        };
        let verdict = format!("{:8}", row.verdict);
        let verdict = match row.verdict {
            "accepted" => paint.text(Colour::Good, &verdict),
            "REFUSED" => paint.text(Colour::Bad, &verdict),
            _ => paint.text(Colour::Half, &verdict),
        };
        let line = format!("  {:>digits$}  {verdict}  {:name_width$}  {}", row.index, name(row), value.text);
        writeln!(output, "{}", line.trim_end())?;
        if let Some(offset) = row.offset {
            let pointer = paint.text(Colour::Bad, &format!("^ byte {offset}"));
            writeln!(output, "{:1$}{pointer}", "", before + value.column)?;
        }
    }
    match explanation.record.count() - rows.len() {
        0 => Ok(()),
        1 => writeln!(output, "  and 1 more header"),
        hidden => writeln!(output, "  and {hidden} more headers"),
    }
}

/// What a consumer of the record does.
pub fn consumer(explanation: &Explanation<'_>) -> String {
    let context = explanation.extracted.context();
    let mut text = match context.span_context {
        None => "finds no parent and starts a new trace".to_owned(),
        Some(SpanContext { trace_id, span_id, trace_flags, .. }) => {
            let sampled = if trace_flags.is_sampled() { "sampled" } else { "not sampled" };
            format!("continues trace {trace_id}, {sampled}, below span {span_id}")
        }
    };
    let mut members = context.baggage.members();
    for (place, member) in members.by_ref().take(MEMBERS).enumerate() {
        let value = EscapedChars(member.value().chars().take(VALUE_CHARS));
        let more = if member.value().chars().nth(VALUE_CHARS).is_some() { "..." } else { "" };
        let separator = if place == 0 { ", with baggage" } else { "," };
        let _ = write!(text, "{separator} {} = {value}{more}", Excerpt::beginning(member.key(), 40));
    }
    match members.count() {
        0 => {}
        more => {
            let _ = write!(text, ", and {more} more");
        }
    }
    text
}

/// Writes the headers that an injection adds to a record.
fn sent_on(label: &str, injection: &Injection<'_>, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let mut label = label;
    for header in injection.headers() {
        let name = Escaped(header.name).to_string();
        let value = Excerpt::beginning(header.value.unwrap_or_default(), WIDTH - INDENT - 13);
        let padded = format!("{label:<width$}", width = INDENT - 2);
        writeln!(output, "  {}{name:<13}{value}", paint.text(Colour::Faint, &padded))?;
        label = "";
    }
    if label.is_empty() {
        Ok(())
    } else {
        paragraph(label, Colour::Faint, "nothing of the context", paint, output)
    }
}

/// Writes a label and text beside it, in lines of [`WIDTH`] columns.
fn paragraph(
    label: &str,
    colour: Colour,
    text: &str,
    paint: Paint,
    output: &mut impl Write,
) -> io::Result<()> {
    let padded = format!("{label:<width$}", width = INDENT - 2);
    write!(output, "  {}", paint.text(colour, &padded))?;
    let mut column = INDENT;
    for (place, word) in text.split(' ').enumerate() {
        if place > 0 && column + 1 + word.len() > WIDTH {
            write!(output, "\n{:INDENT$}", "")?;
            column = INDENT;
        } else if place > 0 {
            write!(output, " ")?;
            column += 1;
        }
        write!(output, "{word}")?;
        column += word.len();
    }
    writeln!(output)
}

/// Writes the summary: the number of records of each status with the first line of each, the broken rules, the
/// repeated ids, and advice if the headers are valid.
pub fn summary(summary: &Summary, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let (total, unread) = (summary.total(), summary.unread);
    let width = total.max(unread).to_string().len();
    writeln!(output, "{total} record{}", plural(total))?;
    for status in Status::ALL {
        let Count { count, first } = summary.records(status);
        if count > 0 {
            let name = paint.text(colour(status), &format!("{:32}", status.counted()));
            writeln!(output, "  {count:>width$}  {name}  first in line {first}")?;
        }
        if status == Status::Broken {
            for (rule, count) in summary.refused() {
                writeln!(output, "  {:width$}    {count} by {}: {rule}", "", rule.name())?;
            }
        }
    }
    if unread > 0 {
        writeln!(output, "  {unread:>width$}  line{} could not be read", plural(unread))?;
    }
    for (sentence, fix) in summary.repeated() {
        writeln!(output)?;
        paragraph("note", Colour::Half, &sentence, paint, output)?;
        paragraph("next", Colour::Bold, fix, paint, output)?;
    }
    if summary.records(Status::Connected).count > 0 {
        writeln!(output)?;
        for (place, question) in advice::CONNECTED.split_inclusive('?').enumerate() {
            let label = if place == 0 { "connected" } else { "" };
            paragraph(label, Colour::Good, question.trim(), paint, output)?;
        }
    }
    Ok(())
}
