//! The report of the run: totals, time in queues and in services, one waterfall, the headers of one record.

use crate::metrics::Measured;
use crate::shop::{HeaderList, Passage};
use crate::spans::{Kind, MILLISECOND, Nanoseconds, Span};
use crate::text::{self, Page};
use crate::waterfall::{Activity, Waterfall, duration, whole_milliseconds};
use anyhow::Result;
use console::Style;
use statrs::statistics::{Data, OrderStatistics};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::time::Duration;
use tracebaton::{SpanId, TraceId};

/// Data of the report.
pub struct Findings<'a> {
    /// All spans of the run.
    pub spans: &'a [Span],
    /// The metrics of the run.
    pub metrics: &'a [Measured],
    /// The waterfall to show.
    pub waterfall: &'a Waterfall,
    /// The headers to show.
    pub passage: &'a Passage,
    /// Names of the services along the chain, each with the topic that it reads.
    pub hops: &'a [(&'static str, &'static str)],
    /// Number of records that arrived with their baggage.
    pub with_baggage: usize,
    /// Number of orders.
    pub orders: usize,
    /// Duration of the run.
    pub took: Duration,
    /// Whether trace headers were written.
    pub propagate: bool,
}

/// Number of consumers' spans that continue no trace.
pub fn orphans(spans: &[Span]) -> usize {
    let known: HashSet<(TraceId, SpanId)> = spans.iter().map(|span| (span.trace_id, span.span_id)).collect();
    let is_continued =
        |span: &&Span| span.parent.is_some_and(|parent| known.contains(&(span.trace_id, parent)));
    processed(spans).filter(|span| !is_continued(span)).count()
}

/// The key of the order with the median duration.
pub fn typical_key(spans: &[Span]) -> Option<String> {
    let mut ends: Vec<(&str, Nanoseconds, Nanoseconds)> = Vec::new();
    let mut sorted: Vec<(&str, &Span)> =
        spans.iter().filter_map(|span| Some((span.record.as_ref()?.key.as_str(), span))).collect();
    sorted.sort_by_key(|(key, _)| *key);
    for (key, span) in sorted {
        match ends.last_mut() {
            Some((last, start, end)) if *last == key => {
                *start = span.start.min(*start);
                *end = span.end.max(*end);
            }
            _ => ends.push((key, span.start, span.end)),
        }
    }
    ends.sort_by_key(|(_, start, end)| end - start);
    ends.get(ends.len() / 2).map(|(key, ..)| (*key).to_owned())
}

/// The whole report.
pub fn render(findings: &Findings<'_>, page: Page) -> Result<String> {
    let mut report = String::new();
    write_waterfall(&mut report, findings, page)?;
    write_headers(&mut report, findings, page)?;
    write_times(&mut report, findings, page)?;
    write_metrics(&mut report, findings, page)?;
    write_totals(&mut report, findings, page)?;
    Ok(report)
}

fn write_waterfall(report: &mut String, findings: &Findings<'_>, page: Page) -> Result<()> {
    let waterfall = findings.waterfall;
    let title = match waterfall.traces[..] {
        [trace] => format!("One trace, from the first service to the last: {}, trace {trace}", waterfall.key),
        _ => format!("One order, {} traces: {}", waterfall.traces.len(), waterfall.key),
    };
    heading(report, &title, page)?;
    report.push_str(&text::render(waterfall, page));
    writeln!(
        report,
        "  {} in all: {} waiting in topics, {} processing\n",
        duration(waterfall.length),
        duration(waterfall.total(Activity::Queueing)),
        duration(waterfall.total(Activity::Processing)),
    )?;
    Ok(())
}

fn write_headers(report: &mut String, findings: &Findings<'_>, page: Page) -> Result<()> {
    let passage = findings.passage;
    let title = match findings.propagate {
        true => "before (-) and after (+)",
        false => "which tell of no trace",
    };
    heading(report, &format!("The headers of {} in payment, {title}", findings.waterfall.key), page)?;
    let is_in =
        |list: &HeaderList, name: &[u8]| list.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    for (name, value) in &passage.sent {
        if passage.received.contains(&(name.clone(), value.clone())) {
            line(report, ' ', (name, value.as_deref()), page)?;
            continue;
        }
        for (old, value) in passage.received.iter().filter(|(old, _)| old.eq_ignore_ascii_case(name)) {
            line(report, '-', (old, value.as_deref()), page)?;
        }
        line(report, '+', (name, value.as_deref()), page)?;
    }
    for (name, value) in passage.received.iter().filter(|(name, _)| !is_in(&passage.sent, name)) {
        line(report, '-', (name, value.as_deref()), page)?;
    }
    report.push('\n');
    Ok(())
}

fn line(report: &mut String, mark: char, (name, value): (&[u8], Option<&[u8]>), page: Page) -> Result<()> {
    let style = match mark {
        '-' => Style::new().red(),
        '+' => Style::new().green(),
        _ => Style::new(),
    };
    let value = match value {
        None => "null".to_owned(),
        Some(value) if value.iter().all(|byte| (0x20..0x7f).contains(byte)) => {
            value.escape_ascii().to_string()
        }
        Some(value) => format!(
            "{} bytes: {}",
            value.len(),
            value.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        ),
    };
    let text = format!("  {mark} {:<14}{value}", name.escape_ascii().to_string());
    writeln!(report, "{}", page.style(style).apply_to(text))?;
    Ok(())
}

fn write_times(report: &mut String, findings: &Findings<'_>, page: Page) -> Result<()> {
    heading(report, "Waiting and processing, hop by hop", page)?;
    let head = format!(
        "  {:<22}{:>8}{:>29}{:>29}",
        "", "records", "waiting p50 / p99 / max", "processing p50 / p99 / max"
    );
    writeln!(report, "{}", page.style(Style::new().dim()).apply_to(head))?;
    for (service, topic) in findings.hops {
        let spans: Vec<&Span> = processed(findings.spans).filter(|span| span.service == *service).collect();
        write_row(report, &format!("{topic} → {service}"), &spans, page)?;
    }
    write_row(report, "all", &processed(findings.spans).collect::<Vec<_>>(), page)?;
    let skewed = processed(findings.spans).filter_map(queue_time).filter(|time| *time < 0).count();
    if skewed > 0 {
        writeln!(
            report,
            "  {skewed} records have a timestamp that is later than their consumption: the clocks disagree"
        )?;
    }
    report.push('\n');
    Ok(())
}

fn write_row(report: &mut String, name: &str, spans: &[&Span], page: Page) -> Result<()> {
    let queue = quantiles(spans.iter().filter_map(|span| queue_time(span)), whole_milliseconds);
    let work = quantiles(spans.iter().map(|span| span.duration()), duration);
    let (yellow, blue) = (text::style_of(Activity::Queueing), text::style_of(Activity::Processing));
    writeln!(
        report,
        "  {name:<22}{:>8}{}{}",
        spans.len(),
        page.style(yellow).apply_to(format!("{queue:>29}")),
        page.style(blue).apply_to(format!("{work:>29}")),
    )?;
    Ok(())
}

fn write_metrics(report: &mut String, findings: &Findings<'_>, page: Page) -> Result<()> {
    heading(report, "Metrics", page)?;
    let mut totals: BTreeMap<(&str, Option<&str>), (f64, u64)> = BTreeMap::new();
    for measured in findings.metrics {
        let total = totals.entry((&measured.name, measured.clock.as_deref())).or_default();
        *total = (total.0 + measured.sum, total.1 + measured.count);
    }
    for ((name, clock), (sum, count)) in totals {
        let clock = clock.map_or(String::new(), |clock| format!(", {clock}"));
        match count {
            0 => writeln!(report, "  {name:<38}{sum:>8}{clock}")?,
            _ => {
                let mean = duration((sum / count as f64 * 1e9).round() as Nanoseconds);
                writeln!(report, "  {name:<38}{count:>8}, {mean} on average{clock}")?;
            }
        }
    }
    report.push('\n');
    Ok(())
}

fn write_totals(report: &mut String, findings: &Findings<'_>, page: Page) -> Result<()> {
    let spans = findings.spans;
    let traces = spans.iter().map(|span| span.trace_id).collect::<HashSet<_>>().len();
    let orphans = orphans(spans);
    let verdict = if orphans == 0 { Style::new().green().bold() } else { Style::new().red().bold() };
    writeln!(
        report,
        "  {} records, {} orders, {} spans in {traces} traces, {}, baggage at the end on {} of {} ({:.1} s)",
        processed(spans).count(),
        findings.orders,
        spans.len(),
        page.style(verdict).apply_to(format!("{orphans} orphans")),
        findings.with_baggage,
        findings.orders,
        findings.took.as_secs_f64(),
    )?;
    if !findings.propagate {
        writeln!(
            report,
            "  Every consumer began a trace of its own: without trace headers nothing tells it of the one before."
        )?;
    }
    Ok(())
}

fn heading(report: &mut String, title: &str, page: Page) -> Result<()> {
    writeln!(report, "{}\n", page.style(Style::new().bold()).apply_to(title))?;
    Ok(())
}

fn processed(spans: &[Span]) -> impl Iterator<Item = &Span> {
    spans.iter().filter(|span| span.kind == Kind::Consumer)
}

fn queue_time(span: &Span) -> Option<Nanoseconds> {
    Some(span.record.as_ref()?.queue_time?.milliseconds.saturating_mul(MILLISECOND))
}

/// `p50 / p99 / max` of durations.
fn quantiles(durations: impl Iterator<Item = Nanoseconds>, text: fn(Nanoseconds) -> String) -> String {
    let durations: Vec<f64> = durations.map(|duration| duration as f64).collect();
    if durations.is_empty() {
        return "none".to_owned();
    }
    let mut durations = Data::new(durations);
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|tau| text(durations.quantile(tau).round() as Nanoseconds));
    format!("{p50} / {p99} / {max}")
}
