//! The migration as a table and as a picture.

use super::migration::{Round, SERVICES, Step, TRACES};
use comfy_table::{Table, presets};
use std::fmt::Write;

/// A row for each round, and at the end the one that moves too early.
pub fn table(rounds: &[Round], too_early: &Round) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let services = SERVICES.iter().map(|(service, _)| (*service).to_owned());
    let counts = ["arrived as B3", "as W3C", "whole traces"].map(str::to_owned);
    table.set_header(services.chain(counts));
    for round in rounds.iter().chain([too_early]) {
        let steps = round.steps.iter().map(|step| step.name().to_owned());
        let counts =
            [round.as_b3.to_string(), round.as_w3c.to_string(), format!("{} of {TRACES}", round.whole)];
        table.add_row(steps.chain(counts));
    }
    table.to_string()
}

const WIDTH: usize = 980;
const TOP: usize = 104;
const ROW: usize = 34;
const CELL: usize = 122;
const BARS: usize = 28 + SERVICES.len() * (CELL + 22);
const BAR: usize = 290;

/// The rounds from top to bottom: the services, and as what their records arrived.
pub fn svg(rounds: &[Round]) -> String {
    let height = TOP + rounds.len() * ROW + 28;
    let mut body = String::new();
    text(&mut body, [28, 40], "title", "One trace while four services move from B3 to W3C");
    let said = format!(
        "{TRACES} traces a round on Apache Kafka, all of them whole; one service changes from each round to the next"
    );
    text(&mut body, [28, 62], "muted", &said);
    for (index, (service, _)) in SERVICES.iter().enumerate() {
        text(&mut body, [cell(index), TOP - 12], "head", service);
    }
    text(&mut body, [BARS, TOP - 12], "head", "parents that arrived as B3 | as W3C");
    for (index, round) in rounds.iter().enumerate() {
        row(&mut body, TOP + index * ROW, round, index.checked_sub(1).map(|before| rounds[before].steps));
    }
    let (card_width, card_height) = (WIDTH - 1, height - 1);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-label="One trace while four services move from B3 to W3C">
<style>{STYLE}</style>
<rect class="card" x=".5" y=".5" width="{card_width}" height="{card_height}" rx="14"/>
{body}</svg>
"#
    )
}

fn cell(index: usize) -> usize {
    28 + index * (CELL + 22)
}

fn row(body: &mut String, top: usize, round: &Round, before: Option<[Step; SERVICES.len()]>) {
    for (index, step) in round.steps.iter().enumerate() {
        let (x, class) = (cell(index), class(*step));
        let is_new = before.is_some_and(|before| before[index] != *step);
        let new = if is_new { " new" } else { "" };
        let _ = writeln!(
            body,
            r#"<rect class="{class}{new}" x="{x}" y="{top}" width="{CELL}" height="24" rx="6"/>"#
        );
        text(body, [x + 10, top + 16], "step", step.name());
        if index > 0 {
            let (from, middle) = (x - 20, top + 12);
            let _ = writeln!(body, r#"<path class="link" d="M{from} {middle}h16m-5 -4l5 4l-5 4"/>"#);
        }
    }
    let all = (round.as_b3 + round.as_w3c).max(1);
    let split = BAR * round.as_b3 / all;
    for (class, x, width, count) in
        [("b3", BARS, split, round.as_b3), ("w3c", BARS + split, BAR - split, round.as_w3c)]
    {
        if count > 0 {
            let _ =
                writeln!(body, r#"<rect class="{class}" x="{x}" y="{top}" width="{width}" height="24"/>"#);
            text(body, [x + 8, top + 16], "step", &count.to_string());
        }
    }
}

fn class(step: Step) -> &'static str {
    match step {
        Step::B3 => "b3",
        Step::Both => "both",
        Step::WritesW3c => "writes",
        Step::W3c => "w3c",
    }
}

fn text(body: &mut String, [x, y]: [usize; 2], class: &str, text: &str) {
    let _ = writeln!(body, r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#);
}

const STYLE: &str = "
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 19px; font-weight: 600 }
.head { font-weight: 600 }
.muted { fill: #59636e }
.card { fill: #ffffff; stroke: #d1d9e0 }
.b3 { fill: #f5d67b }
.both { fill: #f7e8bd }
.writes { fill: #cfe0ff }
.w3c { fill: #8fb6ff }
.new { stroke: #1f2328; stroke-width: 1.6 }
.link { stroke: #818b98; stroke-width: 1.4; fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.muted { fill: #9198a1 }
.card { fill: #0d1117; stroke: #3d444d }
.b3 { fill: #8a6a14 }
.both { fill: #4d3d12 }
.writes { fill: #1d3a6e }
.w3c { fill: #2f6feb }
.new { stroke: #f0f6fc }
}
";
