//! Prints tables as plain text.

use crate::plan::{Entry, Plan};
use crate::results::{Results, Row};
use crate::subjects::{self, Kind, Subject};
use crate::works::{self, Family, Goal, Work};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

/// A table whose first column is text; the others are numbers.
pub fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header).add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Every table of a run, and the remarks on the peers.
pub fn print(results: &Results) {
    println!("{}", results.machine);
    println!(
        "Each cell: nanoseconds (median) / instructions / allocations of one operation; - is not supported or not counted."
    );
    for family in Family::ALL {
        let works: Vec<_> = works::all().iter().filter(|work| work.family == family).collect();
        let cells = works
            .iter()
            .flat_map(|work| subjects::ALL.iter().map(|subject| results.row(&work.id, subject.name)));
        if cells.flatten().next().is_some() {
            println!("\n{}\n\n{}", family.title(), family_table(results, &works));
        }
    }
    println!("\n* does a part of the work; the differences are:");
    for subject in subjects::ALL.iter().filter(|subject| !subject.remark.is_empty()) {
        println!("  {}: {}", subject.name, subject.remark);
    }
    print_threads(results);
}

/// Subjects are rows, unless there are too many works for columns.
fn family_table(results: &Results, works: &[&Work]) -> Table {
    let subjects: Vec<_> = subjects::ALL.iter().filter(|subject| does_any(results, works, subject)).collect();
    let cell = |work: &Work, subject: &Subject| {
        let part = if subject.does_in_part(&work.id) { "*" } else { "" };
        results.row(&work.id, subject.name).map_or("-".to_owned(), |row| text(row, work.size) + part)
    };
    if works.len() > 5 {
        let header =
            std::iter::once(String::new()).chain(subjects.iter().map(|subject| subject.name.to_owned()));
        let row = |work: &&Work| {
            let name = format!("{} {}", work.id, work.title).trim().to_owned();
            std::iter::once(name).chain(subjects.iter().map(|subject| cell(work, subject))).collect()
        };
        return table(header.collect(), works.iter().map(row).collect());
    }
    let titles =
        works.iter().map(|work| format!("{}: {}", work.id, work.title).trim_end_matches(": ").to_owned());
    let row = |subject: &&Subject| {
        std::iter::once(subject.name.to_owned()).chain(works.iter().map(|work| cell(work, subject))).collect()
    };
    let mut rows: Vec<Vec<String>> = subjects.iter().map(row).collect();
    if works.iter().any(|work| work.goal.is_some()) {
        rows.extend(goals(results, works));
    }
    table(std::iter::once(String::new()).chain(titles).collect(), rows)
}

/// Instructions only; works are rows.
pub fn print_counts(plan: &Plan, counts: &[f64]) {
    let subjects: Vec<_> = subjects::ALL
        .iter()
        .filter(|subject| plan.entries.iter().any(|entry| entry.subject.name == subject.name))
        .collect();
    let count = |work: &Work, subject: &Subject| {
        let is_it = |entry: &Entry| entry.work.id == work.id && entry.subject.name == subject.name;
        let index = plan.entries.iter().position(is_it)?;
        let part = if subject.does_in_part(&work.id) { "*" } else { "" };
        Some(format!("{:.1}{part}", counts.get(index)?))
    };
    let row = |work: &Work| {
        let goal = work.goal.map_or(String::new(), |goal| goal.instructions.to_string());
        let counts = subjects.iter().map(|subject| count(work, subject).unwrap_or("-".to_owned()));
        [work.id.clone(), goal].into_iter().chain(counts).collect()
    };
    let header = ["instructions", "goal"].into_iter().chain(subjects.iter().map(|subject| subject.name));
    println!("{}", table(header.map(str::to_owned).collect(), works::all().iter().map(row).collect()));
}

fn does_any(results: &Results, works: &[&Work], subject: &Subject) -> bool {
    works.iter().any(|work| results.row(&work.id, subject.name).is_some())
}

/// The goals, and the distance of the codec from them, for each language.
fn goals(results: &Results, works: &[&Work]) -> Vec<Vec<String>> {
    let goal = |work: &&Work| {
        work.goal.map_or(String::new(), |goal| format!("{} / {} / 0", goal.nanoseconds, goal.instructions))
    };
    let mut rows = vec![std::iter::once("goal".to_owned()).chain(works.iter().map(goal)).collect()];
    for subject in subjects::ALL.iter().filter(|it| it.kind == Kind::Ours && does_any(results, works, it)) {
        let verdict = |work: &&Work| match (work.goal, results.row(&work.id, subject.name)) {
            (Some(goal), Some(row)) => verdict(goal, row),
            _ => String::new(),
        };
        let name = format!("distance to the goal: {}", subject.name);
        rows.push(std::iter::once(name).chain(works.iter().map(verdict)).collect());
    }
    rows
}

/// `met`, or each figure above its goal, with the difference in percent.
fn verdict(goal: Goal, row: &Row) -> String {
    let over = |name: &str, value: f64, goal: f64| {
        (value > goal).then(|| format!("{name} +{:.0} %", (value / goal - 1.0) * 100.0))
    };
    let short = [
        over("ns", row.nanoseconds, goal.nanoseconds),
        row.instructions.and_then(|count| over("Ir", count, goal.instructions)),
        (row.allocations > 0.0).then(|| "allocates".to_owned()),
    ];
    let short: Vec<_> = short.into_iter().flatten().collect();
    if short.is_empty() { "met".to_owned() } else { short.join(", ") }
}

fn text(row: &Row, size: usize) -> String {
    let each = |value: f64| value / size as f64;
    let instructions = row.instructions.map_or("-".to_owned(), |count| number(each(count)));
    let allocations = (each(row.allocations) * 100.0).round() / 100.0;
    format!("{} / {instructions} / {allocations}", number(each(row.nanoseconds)))
}

/// Three significant digits, or all digits before the decimal point.
pub fn number(value: f64) -> String {
    match value {
        _ if value >= 99.95 => format!("{value:.0}"),
        _ if value >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn print_threads(results: &Results) {
    let [one, two] = results.threads[..] else { return };
    println!(
        "\nE1 by {} thread: {:.1} million records a second; by {}: {:.1} million, {:.2} times as many.",
        one.threads,
        one.records_per_second / 1e6,
        two.threads,
        two.records_per_second / 1e6,
        two.records_per_second / one.records_per_second,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(nanoseconds: f64, instructions: f64, allocations: f64) -> Row {
        let (work, subject) = (String::new(), String::new());
        let (least, greatest, instructions) = (nanoseconds, nanoseconds, Some(instructions));
        Row { work, subject, nanoseconds, least, greatest, instructions, allocations }
    }

    #[test]
    fn a_goal_is_met_only_by_all_three() {
        let goal = Goal { nanoseconds: 20.0, instructions: 400.0 };
        assert_eq!(verdict(goal, &row(20.0, 400.0, 0.0)), "met");
        assert_eq!(verdict(goal, &row(21.0, 400.0, 0.0)), "ns +5 %");
        assert_eq!(verdict(goal, &row(30.0, 500.0, 1.0)), "ns +50 %, Ir +25 %, allocates");
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!(
            [0.123, 9.994, 9.996, 21.84, 99.96, 1568.7].map(number),
            ["0.12", "9.99", "10.0", "21.8", "100", "1569"]
        );
    }

    #[test]
    fn long_lists_are_shown_for_each_header() {
        assert_eq!(text(&row(200.0, 1300.0, 2.0), 100), "2.00 / 13.0 / 0.02");
    }
}
