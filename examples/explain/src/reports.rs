//! All reports on an input, without files and arguments.

use crate::input::{Documents, Stop, records};
use crate::print::html::Page;
use crate::print::json::Lines;
use crate::print::pretty::{self, Paint};
use crate::print::{Explanation, Summary};
use crate::record::Record;
use std::io::Result;
use tracebaton::SpanId;

/// The headers of a record: names and values.
type Headers = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// The reports on the records of an input.
#[derive(Default)]
pub struct Report {
    /// The headers of each record.
    pub records: Vec<Headers>,
    /// A line of JSON for each record.
    pub json: Vec<u8>,
    /// The report for people.
    pub pretty: Vec<u8>,
    /// The page for a support ticket.
    pub page: Vec<u8>,
    /// Why a line is not a record, for each such line.
    pub problems: Vec<String>,
}

/// Reads an input to its end and writes every report. The children have this span id.
///
/// # Errors
///
/// None: the reports are written to memory.
pub fn reports(input: &[u8], span_id: SpanId) -> Result<Report> {
    let (mut report, mut summary, paint) = (Report::default(), Summary::default(), Paint { is_on: false });
    let (mut documents, mut lines, mut record) = (Documents::of(input), Lines::default(), Record::default());
    let mut page_bytes = Vec::new();
    let mut page = Page::begin(&mut page_bytes)?;
    while let Some(document) = documents.read()? {
        let text = document.bytes.unwrap_or_default();
        if text.trim_ascii().is_empty() {
            continue;
        }
        let mut each = |record: &Record, line| -> Result<()> {
            let owned =
                |header: tracebaton::Header<'_>| (header.name.to_vec(), header.value.map(<[u8]>::to_vec));
            report.records.push(record.headers().map(owned).collect());
            let mut explanation = Explanation::of(record, text, span_id);
            let line = document.number + line;
            let status = summary.add(line, &mut explanation);
            lines.write(line, &explanation, &mut report.json)?;
            page.record(line, status, &explanation)?;
            pretty::record(line, status, &explanation, paint, &mut report.pretty)
        };
        match records(text, &mut record, &mut each) {
            Ok(()) => {}
            Err(Stop::Each(error)) => return Err(error),
            Err(Stop::Unread(_, problem)) => report.problems.push(problem),
        }
    }
    pretty::summary(&summary, paint, &mut report.pretty)?;
    page.end(&summary)?;
    report.page = page_bytes;
    Ok(report)
}
