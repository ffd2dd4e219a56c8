//! A page for a support ticket: the records, the verdicts, the byte at fault and the findings. The page has no script
//! and loads nothing. Every byte of a record is escaped twice, for the terminal and for HTML.

use super::pretty::{consumer, origin, shown};
use super::summary::{Count, Status, Summary, plural};
use super::{Explanation, table};
use crate::advice;
use crate::escape::{Escaped, Excerpt};
use crate::finding::{Effect, Finding};
use std::fmt;
use std::io::{self, Write};
use tracebaton::Injection;

/// A page that is written record by record. Its summary is written last and shown first.
pub struct Page<W> {
    output: W,
    written: [u64; Status::ALL.len()],
}

/// Maximum count of records of each status on the page; the others are only counted.
const RECORDS: u64 = 200;
/// Maximum count of characters of a value on the page.
const VALUE_CHARS: usize = 400;

const HEAD: &str = concat!(
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    "<title>Why is my trace broken?</title>\n<style>\n",
    include_str!("page.css"),
    "</style>\n</head>\n<body>\n<main>\n"
);

/// Text with the five special characters of HTML escaped.
struct Html<T>(T);

impl<T: fmt::Display> fmt::Display for Html<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Escape<'a, 'f>(&'a mut fmt::Formatter<'f>);
        impl fmt::Write for Escape<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                text.chars().try_for_each(|character| match character {
                    '&' => self.0.write_str("&amp;"),
                    '<' => self.0.write_str("&lt;"),
                    '>' => self.0.write_str("&gt;"),
                    '"' => self.0.write_str("&quot;"),
                    '\'' => self.0.write_str("&#39;"),
                    _ => fmt::Write::write_char(self.0, character),
                })
            }
        }
        fmt::write(&mut Escape(f), format_args!("{}", self.0))
    }
}

/// CSS class of a status.
const fn class(status: Status) -> &'static str {
    match status {
        Status::Connected => "good",
        Status::Differs | Status::NotSampled => "half",
        Status::Broken | Status::NoTrace => "bad",
    }
}

impl<W: Write> Page<W> {
    /// Starts a page.
    pub fn begin(mut output: W) -> io::Result<Self> {
        output.write_all(HEAD.as_bytes())?;
        Ok(Self { output, written: [0; Status::ALL.len()] })
    }

    /// Writes the record of this line, unless there are enough of its status.
    pub fn record(&mut self, line: u64, status: Status, explanation: &Explanation<'_>) -> io::Result<()> {
        self.written[status as usize] += 1;
        if self.written[status as usize] > RECORDS {
            return Ok(());
        }
        let (output, class) = (&mut self.output, class(status));
        let (headline, rest) = status.headline();
        let open = if status == Status::Connected { "" } else { " open" };
        writeln!(output, "<details class=\"record {class}\"{open}>")?;
        let place = origin(&explanation.record.origin);
        let place = place.trim().trim_matches(['(', ')']);
        writeln!(
            output,
            "<summary><b class=\"chip\">{headline}</b> <span class=\"line\">line {line}</span> <span class=\"place\">{}</span><span class=\"rest\">{rest}</span></summary>",
            Html(place)
        )?;
        headers(output, explanation)?;
        output.write_all(b"<ul class=\"findings\">\n")?;
        let mut said = Vec::new();
        for found in shown(explanation) {
            finding(output, found, said.contains(&&found.fix))?;
            said.push(&found.fix);
        }
        output.write_all(b"</ul>\n<dl>\n")?;
        writeln!(output, "<dt>A consumer</dt><dd>{}</dd>", Html(consumer(explanation)))?;
        sent_on(output, "A relay forwards", &explanation.forward)?;
        if let Some(child) = &explanation.child {
            sent_on(output, "A child carries", child)?;
        }
        output.write_all(b"</dl>\n</details>\n")
    }

    /// Ends the page with the summary.
    pub fn end(mut self, summary: &Summary) -> io::Result<()> {
        let output = &mut self.output;
        let total = summary.total();
        writeln!(output, "</main>\n<header>\n<h1>Why is my trace broken?</h1>")?;
        writeln!(
            output,
            "<p class=\"lead\">{total} Kafka record{}, read by tracebaton-explain {}</p>",
            plural(total),
            env!("CARGO_PKG_VERSION")
        )?;
        bar(output, summary)?;
        writeln!(output, "<ul class=\"counts\">")?;
        for status in Status::ALL {
            let Count { count, first } = summary.records(status);
            if count > 0 {
                writeln!(
                    output,
                    "<li class=\"{}\"><b>{count}</b> {}<small>first in line {first}</small></li>",
                    class(status),
                    status.counted()
                )?;
            }
        }
        if summary.unread > 0 {
            writeln!(output, "<li class=\"bad\"><b>{}</b> could not be read</li>", summary.unread)?;
        }
        writeln!(output, "</ul>")?;
        findings(output, summary)?;
        let hidden: u64 = self.written.iter().map(|written| written.saturating_sub(RECORDS)).sum();
        if hidden > 0 {
            writeln!(
                output,
                "<p class=\"more\">{hidden} more record{} counted above but not shown. The page shows the first {RECORDS} of each status.</p>",
                plural(hidden)
            )?;
        }
        writeln!(output, "</header>\n</body>\n</html>")?;
        output.flush()
    }
}

fn bar(output: &mut impl Write, summary: &Summary) -> io::Result<()> {
    output.write_all(b"<div class=\"bar\">")?;
    for status in Status::ALL {
        let Count { count, .. } = summary.records(status);
        if count > 0 {
            write!(
                output,
                "<i class=\"{}\" style=\"flex-grow:{count}\" title=\"{count} {}\"></i>",
                class(status),
                status.counted()
            )?;
        }
    }
    output.write_all(b"</div>\n")
}

/// Writes the codes of all findings, the repeated ids, and advice if the headers are valid.
fn findings(output: &mut impl Write, summary: &Summary) -> io::Result<()> {
    output.write_all(b"<table class=\"codes\">\n<tr><th>finding</th><th>records</th><th>first in line</th><th>what it is</th></tr>\n")?;
    for (code, Count { count, first }) in summary.codes() {
        write!(output, "<tr><td><code>{}</code></td><td>{count}</td><td>{first}</td><td>", code.name())?;
        sentence(output, code.meaning())?;
        output.write_all(b"</td></tr>\n")?;
    }
    output.write_all(b"</table>\n")?;
    for (sentence, fix) in summary.repeated() {
        writeln!(output, "<p class=\"note\"><b>{}</b> {}</p>", Html(sentence), Html(fix))?;
    }
    if summary.records(Status::Connected).count > 0 {
        writeln!(
            output,
            "<p class=\"note\"><b>If the headers are valid:</b> {}</p>",
            Html(advice::CONNECTED)
        )?;
    }
    Ok(())
}

fn headers(output: &mut impl Write, explanation: &Explanation<'_>) -> io::Result<()> {
    let rows = table::rows(explanation);
    if rows.is_empty() {
        return Ok(());
    }
    output.write_all(b"<div class=\"scroll\"><table class=\"headers\">\n<tr><th>#</th><th>verdict</th><th>header</th><th>value</th></tr>\n")?;
    for table::Row { index, header, verdict, offset } in &rows {
        let class = match *verdict {
            "accepted" => "good",
            "REFUSED" => "bad",
            "" => "none",
            _ => "half",
        };
        write!(
            output,
            "<tr><td>{index}</td><td class=\"{class}\">{verdict}</td><td><code>{}</code></td><td>",
            Html(Excerpt::beginning(header.name, 80))
        )?;
        match header.value {
            None => output.write_all(b"<i>null</i>")?,
            Some([]) => output.write_all(b"<i>empty</i>")?,
            Some(value) => bytes(output, value, *offset)?,
        }
        if let Some(offset) = offset {
            write!(output, "<small class=\"bad\">byte {offset}</small>")?;
        }
        output.write_all(b"</td></tr>\n")?;
    }
    output.write_all(b"</table></div>\n")?;
    match explanation.record.count() - rows.len() {
        0 => Ok(()),
        hidden => writeln!(output, "<p class=\"more\">and {hidden} more header{}</p>", plural(hidden as u64)),
    }
}

/// Writes a value with the byte at fault marked.
fn bytes(output: &mut impl Write, value: &[u8], offset: Option<usize>) -> io::Result<()> {
    let Some(offset) = offset else {
        return write!(output, "<code>{}</code>", Html(Excerpt::beginning(value, VALUE_CHARS)));
    };
    let start = offset.saturating_sub(VALUE_CHARS / 2).min(value.len());
    let offset = offset.min(value.len());
    let fault_end = (offset + 1).min(value.len());
    let end = (fault_end + VALUE_CHARS / 2).min(value.len());
    let fault =
        if offset == fault_end { " ".to_owned() } else { Escaped(&value[offset..fault_end]).to_string() };
    let dots = |is_cut: bool| if is_cut { "..." } else { "" };
    write!(
        output,
        "<code>{}{}<mark>{}</mark>{}{}</code>",
        dots(start > 0),
        Html(Escaped(&value[start..offset])),
        Html(fault),
        Html(Escaped(&value[fault_end..end])),
        dots(end < value.len())
    )
}

/// Writes a finding, with its advice unless that was already written.
fn finding(output: &mut impl Write, finding: &Finding, is_said: bool) -> io::Result<()> {
    let class = match finding.effect {
        Effect::Breaks => "bad",
        Effect::Differs => "half",
        Effect::Hint => "none",
    };
    write!(
        output,
        "<li class=\"{class}\"><code class=\"chip\">{}</code> {}",
        finding.code.name(),
        Html(&finding.text)
    )?;
    if let Some(value) = finding.accepted() {
        write!(output, "<p class=\"fix\">Would be accepted: <code>{}</code></p>", Html(value))?;
    }
    if !finding.fix.is_empty() && !is_said {
        write!(output, "<p class=\"fix\">{}</p>", Html(&finding.fix))?;
    }
    output.write_all(b"</li>\n")
}

/// Writes a sentence with names between backticks.
fn sentence(output: &mut impl Write, text: &str) -> io::Result<()> {
    for (place, part) in text.split('`').enumerate() {
        match place % 2 {
            0 => write!(output, "{}", Html(part))?,
            _ => write!(output, "<code>{}</code>", Html(part))?,
        }
    }
    Ok(())
}

fn sent_on(output: &mut impl Write, label: &str, injection: &Injection<'_>) -> io::Result<()> {
    write!(output, "<dt>{label}</dt><dd>")?;
    let mut is_empty = true;
    for header in injection.headers() {
        is_empty = false;
        let value = Excerpt::beginning(header.value.unwrap_or_default(), VALUE_CHARS);
        write!(output, "<div><code>{}: {}</code></div>", Html(Escaped(header.name)), Html(value))?;
    }
    writeln!(output, "{}</dd>", if is_empty { "nothing of the context" } else { "" })
}
