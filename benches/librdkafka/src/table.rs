//! The report as Markdown tables.

use crate::{Carrier, GlueRow, GlueWork, Report, Share, Spread, TrafficRow};
use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

pub(crate) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header).add_rows(rows);
    table.to_string()
}

fn spread(spread: &Spread) -> String {
    format!("{:.0} ({:.0} to {:.0})", spread.median, spread.lowest, spread.highest)
}

/// The columns of [`traffic`].
pub(crate) const TRAFFIC: [&str; 5] =
    ["records carry", "1,000 records/s", "producer, CPU ns/record", "consumer, CPU ns/record", "both"];

pub(crate) fn traffic(row: &TrafficRow) -> Vec<String> {
    let carrier = match row.carrier {
        Carrier::Nothing => "no headers",
        Carrier::Constant => "two constant headers",
        Carrier::Codec => "a context, by the codec",
    };
    let rate = Spread {
        median: row.records_per_second.median / 1000.0,
        lowest: row.records_per_second.lowest / 1000.0,
        highest: row.records_per_second.highest / 1000.0,
    };
    let figures = [&rate, &row.producer_ns, &row.consumer_ns, &row.both_ns].map(spread);
    [vec![carrier.to_owned()], figures.to_vec()].concat()
}

fn glue(row: &GlueRow) -> Vec<String> {
    let work = match row.work {
        GlueWork::G1 => "G1: read the context of 8 headers",
        GlueWork::I1 => "I1: new list, write traceparent and tracestate, destroy it",
        GlueWork::H1 => "H1: the hop of the README, into the producer's queue",
        GlueWork::S1 => "S1: copy a list of 8 headers, strip every format, destroy it",
    };
    let instructions = row.instructions.map_or("not counted".to_owned(), |count| format!("{count:.0}"));
    let ns = format!("{:.1} ({:.1} to {:.1})", row.ns.median, row.ns.lowest, row.ns.highest);
    vec![work.to_owned(), ns, instructions]
}

fn share(share: &Share) -> Vec<Vec<String>> {
    let row = |what: &str, count: f64| {
        vec![what.to_owned(), format!("{count:.0}"), format!("{:.1} %", 100.0 * count / share.all)]
    };
    vec![row("the codec", share.codec), row("the glue", share.glue), row("all", share.all)]
}

pub(crate) fn markdown(report: &Report) -> String {
    let mut parts = vec![
        table(&TRAFFIC, report.traffic.iter().map(traffic)),
        table(&["through the glue", "ns", "instructions"], report.glue.iter().map(glue)),
    ];
    if let Some(counted) = &report.share {
        parts.push(table(&["producer and consumer", "instructions/record", "share"], share(counted)));
    }
    parts.join("\n\n")
}
