//! A waterfall as an SVG document, without scripts, fonts or anything to load.

use crate::spans::Nanoseconds;
use crate::waterfall::{Activity, Row, Waterfall, duration, tick_label, ticks};
use std::fmt::Write;

const WIDTH: f64 = 1080.0;
const LEFT: f64 = 176.0;
const RIGHT: f64 = WIDTH - 96.0;
const TOP: f64 = 124.0;
const SERVICE: f64 = 52.0;
const TOPIC: f64 = 38.0;
const BOTTOM: f64 = 76.0;
/// Width of a character of a label, on average: bold, 13 pixels high.
const CHARACTER: f64 = 7.5;

/// The picture. Its background is light or dark, as the reader's system prefers.
pub fn render(waterfall: &Waterfall) -> String {
    let picture = Picture::of(waterfall);
    let mut body = String::new();
    for part in
        [picture.title(), picture.lanes(), picture.axis(), picture.links(), picture.bars(), picture.legend()]
    {
        body += &part;
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-label="{label}">
<style>{STYLE}</style>
<defs><pattern id="wait" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="wait-back" width="7" height="7"/><rect class="wait-stripe" width="2.6" height="7"/></pattern></defs>
<rect class="card" x=".5" y=".5" width="{card_width}" height="{card_height}" rx="14"/>
{body}</svg>
"#,
        height = picture.height,
        label = escape(&picture.headline()),
        card_width = WIDTH - 1.0,
        card_height = picture.height - 1.0,
    )
}

struct Picture<'a> {
    waterfall: &'a Waterfall,
    /// Top and height of each lane.
    lanes: Vec<(f64, f64)>,
    height: f64,
}

impl<'a> Picture<'a> {
    fn of(waterfall: &'a Waterfall) -> Self {
        let mut bottom = TOP;
        let mut lanes = Vec::new();
        for lane in &waterfall.lanes {
            let height = if lane.language.is_some() { SERVICE } else { TOPIC };
            lanes.push((bottom, height));
            bottom += height;
        }
        Self { waterfall, lanes, height: bottom + BOTTOM }
    }

    fn x(&self, time: Nanoseconds) -> f64 {
        LEFT + (RIGHT - LEFT) * time as f64 / self.waterfall.length.max(1) as f64
    }

    /// Top and height of the bar of a row.
    fn y(&self, row: &Row) -> (f64, f64) {
        let (top, height) = self.lanes[row.lane];
        match row.activity {
            Activity::Queueing => (top + (height - 18.0) / 2.0, 18.0),
            _ if row.depth == 0 => (top + 9.0, 22.0),
            _ => (top + 35.0, 7.0),
        }
    }

    fn headline(&self) -> String {
        match self.waterfall.traces.len() {
            1 => {
                let services = self.waterfall.lanes.iter().filter(|lane| lane.language.is_some()).count();
                format!("One trace through {services} services and Kafka")
            }
            traces => format!("{traces} traces where there should be one"),
        }
    }

    fn title(&self) -> String {
        let waterfall = self.waterfall;
        let trace = match waterfall.traces[..] {
            [trace] => format!(" · trace {trace}"),
            _ => " · sent without trace headers".to_owned(),
        };
        let times = format!(
            "{} from first to last: {} waiting in topics, {} processing",
            duration(waterfall.length),
            duration(waterfall.total(Activity::Queueing)),
            duration(waterfall.total(Activity::Processing)),
        );
        text(28.0, 42.0, "title", "start", &self.headline())
            + &text(28.0, 66.0, "muted", "start", &format!("{}{trace}", waterfall.key))
            + &text(WIDTH - 28.0, 66.0, "muted", "end", &times)
    }

    fn lanes(&self) -> String {
        let mut svg = String::new();
        for (lane, (top, height)) in self.waterfall.lanes.iter().zip(&self.lanes) {
            let middle = top + height / 2.0;
            if let Some(language) = &lane.language {
                let width = WIDTH - 32.0;
                let _ = writeln!(
                    svg,
                    r#"<rect class="lane" x="16" y="{top}" width="{width}" height="{height}" rx="8"/>"#
                );
                svg += &text(28.0, middle - 2.0, "service", "start", &lane.name);
                svg += &text(28.0, middle + 14.0, "language", "start", language);
            } else {
                let y = middle - 4.0;
                let _ =
                    writeln!(svg, r#"<path class="log" d="M29 {y}h8v8h-8zM39 {y}h8v8h-8zM49 {y}h8v8h-8z"/>"#);
                svg += &text(66.0, middle + 4.5, "topic", "start", &lane.name);
            }
        }
        svg
    }

    fn axis(&self) -> String {
        let bottom = self.height - BOTTOM;
        ticks(self.waterfall.length).into_iter().fold(String::new(), |mut svg, tick| {
            let x = self.x(tick);
            let _ = writeln!(svg, r#"<path class="grid" d="M{x:.1} {TOP}V{bottom}"/>"#);
            svg + &text(x, TOP - 10.0, "tick", "middle", &tick_label(tick))
        })
    }

    /// Draws causes: a line from the end of each cause to the start of its effect in another lane.
    fn links(&self) -> String {
        let mut svg = String::new();
        for row in &self.waterfall.rows {
            let Some(cause) = row.cause.map(|cause| &self.waterfall.rows[cause]) else { continue };
            if cause.lane == row.lane {
                continue;
            }
            let from = if row.activity == Activity::Queueing { cause.start } else { cause.end };
            let ((above, height), (below, _)) = (self.y(cause), self.y(row));
            let (x1, y1, x2, y2) = (self.x(from) + 1.0, above + height, self.x(row.start) + 1.0, below);
            let bend = (y2 - y1) / 2.0;
            let _ = writeln!(
                svg,
                r#"<path class="link" d="M{x1:.1} {y1:.1}C{x1:.1} {:.1} {x2:.1} {:.1} {x2:.1} {y2:.1}"/>"#,
                y1 + bend,
                y2 - bend,
            );
        }
        svg
    }

    fn bars(&self) -> String {
        let mut taken = Taken(
            self.waterfall
                .rows
                .iter()
                .filter(|row| row.depth == 0)
                .map(|row| {
                    let (left, width) = self.extent(row);
                    (row.lane, left, left + width)
                })
                .collect(),
        );
        (0..self.waterfall.rows.len()).map(|index| self.bar(index, &mut taken)).collect()
    }

    /// Left end and width of the bar of a row.
    fn extent(&self, row: &Row) -> (f64, f64) {
        let (left, right) = (self.x(row.start.min(row.end)), self.x(row.start.max(row.end)));
        (left, (right - left).max(2.5))
    }

    fn bar(&self, index: usize, taken: &mut Taken) -> String {
        let row = &self.waterfall.rows[index];
        let (left, width) = self.extent(row);
        let (y, height) = self.y(row);
        let class = class_of(row.activity);
        let mut svg = format!(
            r#"<rect class="{class}" x="{left:.1}" y="{y}" width="{width:.1}" height="{height}" rx="{radius}"><title>{title}</title></rect>"#,
            radius = (height / 2.0).min(5.0).min(width / 2.0),
            title = escape(&format!("{} {}: {}", self.waterfall.lanes[row.lane].name, row.label, row.time())),
        );
        svg.push('\n');
        if row.depth == 0 {
            svg += &taken.label(
                row.lane,
                (left, left + width),
                y + height / 2.0,
                &format!("{class}-label"),
                &row.time(),
            );
        }
        if index > 0 && self.waterfall.begins_trace(index) {
            let note = format!("trace {:.8}… begins here", self.waterfall.traces[row.trace].to_string());
            svg += &taken.label(row.lane, (left, left + width), y + height / 2.0, "orphan", &note);
        }
        svg
    }

    fn legend(&self) -> String {
        let y = self.height - 32.0;
        let entries = [
            (Activity::Processing, "processing", 28.0),
            (Activity::Queueing, "waiting in a topic", 148.0),
            (Activity::Sending, "sending, until the broker has it", 312.0),
        ];
        let mut svg = String::new();
        for (activity, label, x) in entries {
            let class = class_of(activity);
            let _ = writeln!(
                svg,
                r#"<rect class="{class}" x="{x}" y="{}" width="22" height="12" rx="4"/>"#,
                y - 10.5
            );
            svg += &text(x + 30.0, y, "muted", "start", label);
        }
        svg + &text(WIDTH - 28.0, y, "muted", "end", "Kafka's timestamps count milliseconds")
    }
}

/// The bars and labels of each lane: lane, left end, right end.
struct Taken(Vec<(usize, f64, f64)>);

impl Taken {
    /// A label of a bar: behind the bar, before it, or behind what is already there, wherever it is free first.
    ///
    /// A lane that is full has no place for it; then it is left out, and the bar's title has its text.
    fn label(
        &mut self,
        lane: usize,
        (left, right): (f64, f64),
        middle: f64,
        class: &str,
        content: &str,
    ) -> String {
        const GAP: f64 = 7.0;
        let width = content.chars().count() as f64 * CHARACTER;
        let others: Vec<_> =
            self.0.iter().filter(|other| other.0 == lane).map(|other| (other.1, other.2)).collect();
        let is_free = |x: &f64| {
            let is_apart = |other: &(f64, f64)| x + width < other.0 || other.1 < *x;
            *x >= LEFT && x + width <= WIDTH - 20.0 && others.iter().all(is_apart)
        };
        let mut behind: Vec<_> = others.iter().map(|other| other.1 + GAP).filter(|x| *x > right).collect();
        behind.sort_by(f64::total_cmp);
        let places = [right + GAP, left - GAP - width].into_iter().chain(behind);
        let Some(x) = places.into_iter().find(is_free) else { return String::new() };
        self.0.push((lane, x, x + width));
        text(x, middle + 4.5, class, "start", content)
    }
}

fn class_of(activity: Activity) -> &'static str {
    match activity {
        Activity::Processing => "work",
        Activity::Sending => "send",
        Activity::Queueing => "wait",
    }
}

fn text(x: f64, y: f64, class: &str, anchor: &str, content: &str) -> String {
    format!(
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n",
        escape(content)
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

const STYLE: &str = "
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: #1f2328 }
.card { fill: #ffffff; stroke: #d1d9e0 }
.lane { fill: #f3f5f8 }
.title { font-size: 20px; font-weight: 600 }
.service { font-size: 14px; font-weight: 600 }
.muted, .tick, .language { fill: #59636e }
.tick, .language { font-size: 12px }
.topic { fill: #8a5300 }
.log { fill: none; stroke: #bf8700; stroke-width: 1.2 }
.grid { stroke: #d1d9e0; stroke-dasharray: 2 4; fill: none }
.link { stroke: #818b98; stroke-width: 1.4; fill: none }
.work { fill: #2f6feb }
.send { fill: #8250df }
.wait { fill: url(#wait); stroke: #bf8700; stroke-width: 1.2 }
.wait-back { fill: #fff1c9 }
.wait-stripe { fill: #eac054 }
.work-label { fill: #1a4fb4; font-weight: 600 }
.send-label { fill: #6639ba }
.wait-label { fill: #8a5300; font-weight: 600 }
.orphan { fill: #cf222e; font-weight: 600 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.card { fill: #0d1117; stroke: #3d444d }
.lane { fill: #161c24 }
.muted, .tick, .language { fill: #9198a1 }
.topic, .wait-label { fill: #e3b341 }
.grid { stroke: #3d444d }
.link { stroke: #9198a1 }
.work { fill: #4184f4 }
.send { fill: #a371f7 }
.work-label { fill: #79b0ff }
.send-label { fill: #c8a6ff }
.wait-back { fill: #33270a }
.wait-stripe { fill: #8a6a14 }
.orphan { fill: #ff7b72 }
}
";
