//! A waterfall as text for a terminal.

use crate::spans::Nanoseconds;
use crate::waterfall::{Activity, Row, Waterfall, tick_label, ticks};
use console::Style;

const LANE: usize = 10;
const LABEL: usize = 19;
const DURATION: usize = 9;

/// Layout of the text.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Number of columns.
    pub width: usize,
    /// Whether escape sequences may be used.
    pub color: bool,
}

impl Page {
    /// A style; no style if colors are off.
    pub fn style(&self, style: Style) -> Style {
        style.force_styling(self.color)
    }

    fn bar(&self) -> usize {
        self.width.saturating_sub(2 + LANE + 1 + LABEL + 2 + DURATION).max(20)
    }
}

/// The style of an activity, the same in bars and legends.
pub fn style_of(activity: Activity) -> Style {
    match activity {
        Activity::Processing => Style::new().blue().bright(),
        Activity::Sending => Style::new().magenta().bright(),
        Activity::Queueing => Style::new().yellow(),
    }
}

/// Draws the bars, with a time axis above and a legend below.
pub fn render(waterfall: &Waterfall, page: Page) -> String {
    let mut text = axis(waterfall.length, page);
    for (index, row) in waterfall.rows.iter().enumerate() {
        let begins = waterfall.traces.len() > 1 && waterfall.begins_trace(index);
        if begins {
            let note = if index > 0 { ", not connected to the row above" } else { "" };
            let line = format!("  trace {}{note}", waterfall.traces[row.trace]);
            text += &format!("{}\n", page.style(Style::new().dim()).apply_to(line));
        }
        let repeats = index > 0 && !begins && waterfall.rows[index - 1].lane == row.lane;
        let lane = if repeats { "" } else { &waterfall.lanes[row.lane].name };
        text += &line(row, lane, waterfall.length, page);
    }
    text + &legend(page)
}

fn line(row: &Row, lane: &str, length: Nanoseconds, page: Page) -> String {
    let style = page.style(style_of(row.activity));
    let lane_style = match row.activity {
        Activity::Queueing => page.style(Style::new().yellow().dim()),
        _ => page.style(Style::new().bold()),
    };
    let label = match row.depth {
        0 => row.label.clone(),
        depth => format!("{:indent$}└ {}", "", row.label, indent = 2 * (depth - 1)),
    };
    format!(
        "  {} {} {}{}\n",
        lane_style.apply_to(format!("{lane:<LANE$.LANE$}")),
        page.style(Style::new().dim()).apply_to(format!("{label:<LABEL$.LABEL$}")),
        style.apply_to(bar(row, length, page.bar())),
        style.apply_to(format!("{:>DURATION$}", row.time())),
    )
}

/// Pads to exactly `width` columns; a bar has at least one.
fn bar(row: &Row, length: Nanoseconds, width: usize) -> String {
    let column =
        |time: Nanoseconds| (time.max(0) as f64 * width as f64 / length.max(1) as f64).round() as usize;
    let (left, right) = (row.start.min(row.end), row.start.max(row.end));
    let start = column(left).min(width - 1);
    let end = column(right).clamp(start + 1, width);
    let mark = match row.activity {
        Activity::Processing => "█",
        Activity::Sending => "▸",
        Activity::Queueing => "░",
    };
    format!("{}{}{}", " ".repeat(start), mark.repeat(end - start), " ".repeat(width - end))
}

fn axis(length: Nanoseconds, page: Page) -> String {
    let width = page.bar();
    let (mut labels, mut line) = (String::new(), vec!['─'; width]);
    for tick in ticks(length) {
        let column = (tick as f64 * width as f64 / length.max(1) as f64).round() as usize;
        let label = tick_label(tick);
        if column < width && labels.chars().count() <= column {
            labels += &" ".repeat(column - labels.chars().count());
            labels += &label;
            line[column] = if column == 0 { '├' } else { '┼' };
        }
    }
    let margin = " ".repeat(2 + LANE + 1 + LABEL + 1);
    let dim = page.style(Style::new().dim());
    let line: String = line.into_iter().collect();
    format!("{margin}{}\n{margin}{}\n", dim.apply_to(labels), dim.apply_to(line))
}

fn legend(page: Page) -> String {
    let entry = |activity, text: &str| page.style(style_of(activity)).apply_to(text.to_owned()).to_string();
    format!(
        "{}{}   {}   {}\n",
        " ".repeat(2 + LANE + 1 + LABEL + 1),
        entry(Activity::Processing, "█ processing"),
        entry(Activity::Queueing, "░ waiting in a topic"),
        entry(Activity::Sending, "▸ sending"),
    )
}
