//! The README's chart: three works by the codec, its peers and the limit, on a logarithmic axis.

use crate::results::Results;
use crate::subjects::{self, Kind, Subject};
use crate::tables::number;
use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The works, and their names in the chart.
const WORKS: [(&str, &str, &str); 3] = [
    ("E1", "Extract", "8 headers, three of them checked"),
    ("E2", "Extract", "traceparent alone"),
    ("I1", "Inject", "traceparent and tracestate"),
];

const WIDTH: i32 = 1000;
const NAMES: i32 = 172;
const TOP: i32 = 116;
const ROW: i32 = 34;
const BOTTOM: i32 = 62;
const PANEL: i32 = (WIDTH - NAMES - 28) / 3;
/// The width of a panel's axis; the rest is for the values at the ends of the bars.
const AXIS: i32 = PANEL - 78;
/// The ends of the axis, in nanoseconds.
const FROM: f64 = 1.0;
const TO: f64 = 10_000.0;
const FONT: &str = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif";

const BACK: RGBColor = RGBColor(0xff, 0xff, 0xff);
const TEXT: RGBColor = RGBColor(0x1f, 0x23, 0x28);
const MUTED: RGBColor = RGBColor(0x59, 0x63, 0x6e);
const GRID: RGBColor = RGBColor(0xd8, 0xde, 0xe4);
const OURS: RGBColor = RGBColor(0x09, 0x69, 0xda);
const PEER: RGBColor = RGBColor(0x81, 0x8b, 0x98);
const PART: RGBColor = RGBColor(0xc8, 0xce, 0xd5);
const LIMIT: RGBColor = RGBColor(0x1a, 0x7f, 0x37);

/// The colours, and their replacements in dark mode.
const DARK: [(RGBColor, &str); 8] = [
    (BACK, "#0d1117"),
    (TEXT, "#e6edf3"),
    (MUTED, "#9198a1"),
    (GRID, "#2d333b"),
    (OURS, "#4493f8"),
    (PEER, "#7d8590"),
    (PART, "#434b55"),
    (LIMIT, "#3fb950"),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The chart as an SVG document.
pub fn render(results: &Results) -> Result<String> {
    let mut svg = String::new();
    let rows = rows(results);
    let height = TOP + ROW * rows.len() as i32 + BOTTOM;
    let area = SVGBackend::with_string(&mut svg, (WIDTH as u32, height as u32)).into_drawing_area();
    draw(&area, results, &rows, height).map_err(|error| anyhow!("{error}"))?;
    area.present().map_err(|error| anyhow!("{error}"))?;
    drop(area);
    Ok(themed(&svg, height))
}

/// The subjects that are drawn as bars: the codec from Rust and from C, and each peer that does one of the works.
fn rows(results: &Results) -> Vec<&'static Subject> {
    let drawn = |subject: &&Subject| match subject.kind {
        Kind::Ours => !subject.name.ends_with("from Rust"),
        Kind::Peer => true,
        Kind::Limit => false,
    };
    let does_any =
        |subject: &&Subject| WORKS.iter().any(|(work, ..)| results.row(work, subject.name).is_some());
    subjects::ALL.iter().filter(drawn).filter(does_any).collect()
}

fn draw(
    area: &Area<'_>,
    results: &Results,
    rows: &[&Subject],
    height: i32,
) -> Result<(), Box<dyn std::error::Error>> {
    area.fill(&BACK)?;
    area.draw(&Rectangle::new([(0, 0), (WIDTH - 1, height - 1)], GRID.stroke_width(1)))?;
    write(area, (24, 30), "Nanoseconds for each record", 22.0, TEXT, HPos::Left, true)?;
    write(area, (WIDTH - 24, 30), "shorter is better; logarithmic", 15.0, MUTED, HPos::Right, false)?;
    for (index, subject) in rows.iter().enumerate() {
        let (color, bold) = if subject.kind == Kind::Ours { (OURS, true) } else { (TEXT, false) };
        write(area, (NAMES - 12, middle(index)), subject.name, 16.0, color, HPos::Right, bold)?;
    }
    for (index, work) in WORKS.iter().enumerate() {
        panel(area, results, rows, *work, NAMES + PANEL * index as i32)?;
    }
    legend(area, height - 22)?;
    Ok(())
}

/// The middle of a row of bars.
fn middle(row: usize) -> i32 {
    TOP + ROW * row as i32 + ROW / 2
}

/// The position of a time on the axis of a panel.
fn x(left: i32, nanoseconds: f64) -> i32 {
    let share = (nanoseconds.clamp(FROM, TO) / FROM).ln() / (TO / FROM).ln();
    left + (f64::from(AXIS) * share).round() as i32
}

fn panel(
    area: &Area<'_>,
    results: &Results,
    rows: &[&Subject],
    (work, verb, what): (&str, &str, &str),
    left: i32,
) -> Result<(), Box<dyn std::error::Error>> {
    let bottom = TOP + ROW * rows.len() as i32;
    write(area, (left, 64), &format!("{verb} ({work})"), 17.0, TEXT, HPos::Left, true)?;
    write(area, (left, 84), what, 14.0, MUTED, HPos::Left, false)?;
    for tick in [1.0, 10.0, 100.0, 1000.0, 10_000.0] {
        let x = x(left, tick);
        area.draw(&PathElement::new([(x, TOP), (x, bottom)], GRID.stroke_width(1)))?;
        write(area, (x, bottom + 12), &format!("{tick}"), 13.0, MUTED, HPos::Center, false)?;
    }
    for (index, subject) in rows.iter().enumerate() {
        let Some(row) = results.row(work, subject.name) else { continue };
        let color = match subject.kind {
            Kind::Ours => OURS,
            _ if subject.does_in_part(work) => PART,
            _ => PEER,
        };
        let (end, y) = (x(left, row.nanoseconds), middle(index));
        area.draw(&Rectangle::new([(left, y - 10), (end, y + 10)], color.filled()))?;
        let (color, bold) = if subject.kind == Kind::Ours { (OURS, true) } else { (TEXT, false) };
        write(area, (end + 7, y), &format!("{} ns", number(row.nanoseconds)), 14.5, color, HPos::Left, bold)?;
    }
    limit(area, results, work, left, bottom)
}

/// The time that any subject needs that touches every byte.
fn limit(
    area: &Area<'_>,
    results: &Results,
    work: &str,
    left: i32,
    bottom: i32,
) -> Result<(), Box<dyn std::error::Error>> {
    let Some(row) = results.row(work, "memcpy") else { return Ok(()) };
    let x = x(left, row.nanoseconds);
    write(area, (x, TOP - 9), &number(row.nanoseconds), 13.0, LIMIT, HPos::Center, false)?;
    for y in (TOP..bottom).step_by(7) {
        area.draw(&PathElement::new([(x, y), (x, (y + 4).min(bottom))], LIMIT.stroke_width(2)))?;
    }
    Ok(())
}

fn legend(area: &Area<'_>, y: i32) -> Result<(), Box<dyn std::error::Error>> {
    let entries = [
        (OURS, "tracebaton", 24),
        (PEER, "peers", 138),
        (PART, "peers that do a part of the work", 222),
        (LIMIT, "memcpy of the same bytes", 484),
    ];
    for (color, text, left) in entries {
        area.draw(&Rectangle::new([(left, y - 6), (left + 14, y + 6)], color.filled()))?;
        write(area, (left + 22, y), text, 14.0, MUTED, HPos::Left, false)?;
    }
    write(area, (WIDTH - 24, y), "one core; medians", 14.0, MUTED, HPos::Right, false)
}

fn write(
    area: &Area<'_>,
    place: (i32, i32),
    text: &str,
    size: f64,
    color: RGBColor,
    horizontal: HPos,
    is_bold: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let style = if is_bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FONT), size, style);
    let style = font.color(&color).pos(Pos::new(horizontal, VPos::Center));
    area.draw(&Text::new(text.to_owned(), place, style))?;
    Ok(())
}

/// The chart with colours for light and dark mode, and with a text alternative.
fn themed(svg: &str, height: i32) -> String {
    let dark: String = DARK
        .iter()
        .map(|(RGBColor(red, green, blue), dark)| {
            let light = format!("#{red:02X}{green:02X}{blue:02X}");
            format!("[fill=\"{light}\"]{{fill:{dark}}}[stroke=\"{light}\"]{{stroke:{dark}}}")
        })
        .collect();
    let style = format!("<style>@media(prefers-color-scheme:dark){{{dark}}}</style>");
    let label = "Nanoseconds for each record by tracebaton, its peers, and memcpy of the same bytes";
    let root = format!(
        "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{label}\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n{style}\n"
    );
    let body = svg.split_once("<svg").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, body)| body);
    root + body.trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Row;

    #[test]
    fn every_colour_has_a_dark_one() {
        let results = Results { machine: String::new(), rows: vec![], threads: vec![] };
        let svg = render(&results).unwrap();
        let colours = svg.split("fill=\"#").skip(1).map(|rest| &rest[..6]);
        for colour in colours {
            assert!(svg.contains(&format!("[fill=\"#{colour}\"]")), "{colour}");
        }
        assert!(svg.ends_with("</svg>\n"));
    }

    /// Every work by every subject in this time.
    fn results(nanoseconds: f64) -> Results {
        let cells =
            WORKS.iter().flat_map(|(work, ..)| subjects::ALL.iter().map(move |subject| (work, subject)));
        let row = |(work, subject): (&&str, &Subject)| Row {
            work: (*work).to_owned(),
            subject: subject.name.to_owned(),
            nanoseconds,
            least: nanoseconds,
            greatest: nanoseconds,
            instructions: None,
            allocations: 0.0,
        };
        Results { machine: String::new(), rows: cells.map(row).collect(), threads: vec![] }
    }

    /// Left end, right end, middle and size of every text of a picture.
    fn texts(svg: &str) -> Vec<(f64, f64, f64, f64)> {
        let text = |part: &str| {
            let (attributes, rest) = part.split_once('>')?;
            let value = |name: &str| attributes.split(&format!(" {name}=\"")).nth(1)?.split('"').next();
            let (x, y, size) = (value("x")?, value("y")?, value("font-size")?);
            let [x, y, size] = [x.parse::<f64>().ok()?, y.parse().ok()?, size.parse().ok()?];
            let width = rest.split('<').next()?.trim().chars().count() as f64 * size * 0.55;
            let left = match value("text-anchor") {
                Some("end") => x - width,
                Some("middle") => x - width / 2.0,
                _ => x,
            };
            Some((left, left + width, y, size))
        };
        svg.split("<text").skip(1).filter_map(text).collect()
    }

    #[test]
    fn no_text_overlaps_another() {
        for nanoseconds in [1.0, 9.87, 98.7, 987.0, 2403.0] {
            let svg = render(&results(nanoseconds)).unwrap();
            let texts = texts(&svg);
            assert!(texts.len() > 30, "{}", texts.len());
            for (index, one) in texts.iter().enumerate() {
                for other in &texts[..index] {
                    let is_apart = one.1 < other.0 || other.1 < one.0;
                    assert!(
                        is_apart || (one.2 - other.2).abs() > one.3.min(other.3) / 2.0,
                        "{one:?} and {other:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_axis_is_logarithmic() {
        assert_eq!(x(5, 1.0), 5);
        assert_eq!(x(0, TO), AXIS);
        assert!(x(0, 100.0).abs_diff(x(0, 10.0) * 2) <= 1);
    }
}
