//! The report for people: a block for each record, and a summary.

use crate::advice::{self, Effect, Finding};
use crate::escape::{Escaped, Excerpt};
use crate::foreign;
use crate::record::{Origin, Record};
use crate::verdicts::Explanation;
use std::io::{self, Write};
use tracebaton::{Header, HeaderName, Injection, TraceParentRule, Verdict};

/// Writes blocks, and counts what it wrote.
#[derive(Default)]
pub struct Report {
    records: [Count; Status::ALL.len()],
    refused: [u64; TraceParentRule::ALL.len()],
}

/// How many records there were of a kind.
#[derive(Clone, Copy, Default)]
struct Count {
    count: u64,
    /// The line of the first.
    first: u64,
}

/// What a record means for the trace.
#[derive(Clone, Copy, PartialEq)]
enum Status {
    Connected,
    Differs,
    NotSampled,
    Broken,
    NoTrace,
}

impl Status {
    const ALL: [Self; 5] = [Self::Connected, Self::Differs, Self::NotSampled, Self::Broken, Self::NoTrace];

    fn of(explanation: &Explanation<'_>, findings: &[Finding]) -> Self {
        let differs = findings.iter().any(|finding| finding.effect == Effect::Differs);
        match &explanation.extracted.traceparent {
            Verdict::Accepted { value, .. } if !value.trace_flags.is_sampled() => Self::NotSampled,
            Verdict::Accepted { .. } if differs => Self::Differs,
            Verdict::Accepted { .. } => Self::Connected,
            Verdict::Refused { .. } => Self::Broken,
            Verdict::Absent => Self::NoTrace,
        }
    }

    const fn headline(self) -> &'static str {
        match self {
            Self::Connected => "CONNECTED: a consumer continues the trace",
            Self::Differs => "CONNECTED, BUT NOT FOR EVERY CONSUMER: some do not find this parent",
            Self::NotSampled => "NOT SAMPLED: a consumer continues the trace, but need not record it",
            Self::Broken => "BROKEN: the traceparent is refused, and a consumer begins a new trace",
            Self::NoTrace => "NO TRACE: there is no traceparent, and a consumer begins a new trace",
        }
    }

    const fn counted(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Differs => "not connected for every consumer",
            Self::NotSampled => "not sampled",
            Self::Broken => "broken",
            Self::NoTrace => "without a trace",
        }
    }
}

/// The width of the report, in columns; only a table with many headers is a little wider.
const WIDTH: usize = 100;
/// Where the text of a labelled line begins.
const INDENT: usize = 12;
/// The columns of a name.
const NAME_WIDTH: usize = 24;
/// The least columns of a value: a `traceparent` fits.
const VALUE_WIDTH: usize = 58;
/// How many headers that are not ours are shown.
const OTHERS_SHOWN: usize = 12;
/// How many headers are shown that are ours but do not count, or look like ours.
const NOTABLE_SHOWN: usize = 24;

impl Report {
    /// Writes the block of the record that came in this line.
    pub fn record(
        &mut self,
        (number, line): (u64, &[u8]),
        record: &Record,
        explanation: &Explanation<'_>,
        output: &mut impl Write,
    ) -> io::Result<()> {
        let findings = advice::findings(record, explanation);
        let status = Status::of(explanation, &findings);
        self.count(number, status, explanation);
        writeln!(output, "line {number}{}: {}", origin(&Origin::read(line)), status.headline())?;
        table(record, explanation, output)?;
        writeln!(output)?;
        for Finding { effect, what, .. } in &findings {
            paragraph(if *effect == Effect::None { "note" } else { "why" }, what, output)?;
        }
        paragraph("consumer", &advice::consumer(explanation), output)?;
        sent_on("forward", &explanation.forward, output)?;
        if let Some(child) = &explanation.child {
            sent_on("child", child, output)?;
        }
        for Finding { next, .. } in findings.iter().filter(|finding| !finding.next.is_empty()) {
            paragraph("next", next, output)?;
        }
        writeln!(output)
    }

    /// Writes how many records were of which kind and where the first of them is, and which rules broke the broken ones.
    pub fn summary(&self, unread: u64, output: &mut impl Write) -> io::Result<()> {
        let total: u64 = self.records.iter().map(|kind| kind.count).sum();
        let width = total.max(unread).to_string().len();
        writeln!(output, "{total} record{}", plural(total))?;
        for (status, Count { count, first }) in Status::ALL.iter().zip(self.records) {
            if count > 0 {
                writeln!(output, "  {count:>width$}  {:32}  first in line {first}", status.counted())?;
            }
            for (rule, count) in TraceParentRule::ALL.iter().zip(self.refused) {
                if *status == Status::Broken && count > 0 {
                    writeln!(output, "  {:width$}    {count} by {}: {rule}", "", rule.name())?;
                }
            }
        }
        match unread {
            0 => Ok(()),
            _ => writeln!(output, "  {unread:>width$}  line{} could not be read", plural(unread)),
        }
    }

    fn count(&mut self, number: u64, status: Status, explanation: &Explanation<'_>) {
        let Count { count, first } = &mut self.records[status as usize];
        *count += 1;
        if *count == 1 {
            *first = number;
        }
        if let Verdict::Refused { error, .. } = &explanation.extracted.traceparent {
            let rule = TraceParentRule::ALL.iter().position(|rule| *rule == error.rule);
            self.refused[rule.unwrap_or_default()] += 1;
        }
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// As kcat says it: ` (orders [0] at offset 42)`.
fn origin(origin: &Origin<'_>) -> String {
    let Origin { topic: Some(topic), partition, offset } = origin else {
        return String::new();
    };
    let partition = partition.map_or(String::new(), |partition| format!(" [{partition}]"));
    let offset = offset.map_or(String::new(), |offset| format!(" at offset {offset}"));
    format!(" ({}{partition}{offset})", Excerpt::beginning(topic.as_bytes(), 60))
}

/// A header of the table.
struct Row<'a> {
    index: usize,
    header: Header<'a>,
    verdict: &'static str,
    /// The byte where the broken rule shows.
    offset: Option<usize>,
}

fn table(record: &Record, explanation: &Explanation<'_>, output: &mut impl Write) -> io::Result<()> {
    let (rows, total) = rows(record, explanation);
    if rows.is_empty() {
        return Ok(());
    }
    let digits = rows.last().map_or(1, |row| row.index.to_string().len());
    let name = |row: &Row<'_>| Excerpt::beginning(row.header.name, NAME_WIDTH);
    let name_width = rows.iter().map(|row| name(row).len()).max().unwrap_or(0).max(6);
    let before = 2 + digits + 2 + 8 + 2 + name_width + 2;
    let value_width = WIDTH.saturating_sub(before).max(VALUE_WIDTH);
    writeln!(output, "\n  {:>digits$}  {:8}  {:name_width$}  value", "#", "verdict", "header")?;
    for row in &rows {
        let Row { index, header, verdict, offset } = row;
        let value = match header.value {
            Some([]) => Excerpt { text: "(empty)".into(), column: 0 },
            Some(value) => Excerpt::around(value, offset.unwrap_or(0), value_width),
            None => Excerpt { text: "(null)".into(), column: 0 },
        };
        let line = format!("  {index:>digits$}  {verdict:8}  {:name_width$}  {}", name(row), value.text);
        writeln!(output, "{}", line.trim_end())?;
        if let Some(offset) = offset {
            writeln!(output, "{:1$}^ byte {offset}", "", before + value.column)?;
        }
    }
    match total - rows.len() {
        0 => Ok(()),
        1 => writeln!(output, "  and 1 more header"),
        hidden => writeln!(output, "  and {hidden} more headers"),
    }
}

/// The headers to show, and how many there are.
fn rows<'a>(record: &'a Record, explanation: &Explanation<'_>) -> (Vec<Row<'a>>, usize) {
    let judged = judged(explanation);
    let (mut others, mut notable, mut total) = (0, 0, 0);
    let mut rows = Vec::new();
    for (index, header) in record.headers().enumerate() {
        total += 1;
        let counts = judged.iter().flatten().find(|judged| judged.index == index);
        let ours = HeaderName::of(header.name).is_some();
        let looks_alike =
            || foreign::meant(header.name).is_some() || foreign::format_of(header.name).is_some();
        let is_shown = if counts.is_some() {
            true
        } else if ours || looks_alike() {
            notable += 1;
            notable <= NOTABLE_SHOWN
        } else {
            others += 1;
            others <= OTHERS_SHOWN
        };
        let (verdict, offset) = match counts {
            Some(judged) => (judged.verdict, judged.offset),
            None if ours => ("not read", None),
            None => ("", None),
        };
        if is_shown {
            rows.push(Row { index, header, verdict, offset });
        }
    }
    (rows, total)
}

/// The verdict on a header that counted.
struct Judged {
    index: usize,
    verdict: &'static str,
    offset: Option<usize>,
}

fn judged(explanation: &Explanation<'_>) -> [Option<Judged>; 3] {
    fn of<T, Rule>(verdict: &Verdict<T, tracebaton::Violation<Rule>>) -> Option<Judged> {
        Some(match verdict {
            Verdict::Absent => return None,
            Verdict::Accepted { index, .. } => Judged { index: *index, verdict: "accepted", offset: None },
            Verdict::Refused { index, error, .. } => {
                Judged { index: *index, verdict: "REFUSED", offset: Some(error.offset) }
            }
        })
    }
    let extracted = &explanation.extracted;
    [of(&extracted.traceparent), of(&extracted.tracestate), of(&extracted.baggage)]
}

/// Writes what an injection puts on a record.
fn sent_on(label: &str, injection: &Injection<'_>, output: &mut impl Write) -> io::Result<()> {
    let mut label = label;
    for header in injection.headers() {
        let name = Escaped(header.name).to_string();
        let value = Excerpt::beginning(header.value.unwrap_or_default(), WIDTH - INDENT - 13);
        writeln!(output, "  {label:<width$}{name:<13}{value}", width = INDENT - 2)?;
        label = "";
    }
    if label.is_empty() { Ok(()) } else { paragraph(label, "nothing of the context", output) }
}

/// Writes a label and text beside it, in lines of [`WIDTH`] columns.
fn paragraph(label: &str, text: &str, output: &mut impl Write) -> io::Result<()> {
    write!(output, "  {label:<width$}", width = INDENT - 2)?;
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
