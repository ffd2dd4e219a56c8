//! The table of results.

use super::fault::{Fault, Seen};
use super::ledger::{Flaws, Ledger};
use super::setting::Setting;
use std::time::{Duration, Instant};

/// The result of a fault.
#[derive(Debug)]
pub struct Row {
    fault: Fault,
    records: u64,
    flaws: Flaws,
    seen: Seen,
    duration: Duration,
}

impl Row {
    /// Runs a fault.
    pub fn of(fault: Fault, setting: &Setting) -> Self {
        let (ledger, begin) = (Ledger::new(fault.records(setting)), Instant::now());
        let seen = fault.run(setting, &ledger).unwrap_or_else(|error| Seen {
            words: "stopped".to_owned(),
            again: 0,
            unmet: vec![format!("{error:#}")],
        });
        Self { fault, records: ledger.records(), flaws: ledger.flaws(), seen, duration: begin.elapsed() }
    }

    /// Its name and verdict.
    pub fn summary(&self) -> String {
        format!("{}: {}", self.fault.name(), self.verdict())
    }

    /// Its duration.
    pub fn seconds(&self) -> f64 {
        self.duration.as_secs_f64()
    }

    /// The failures.
    pub fn broken(&self) -> Vec<String> {
        let Flaws { lost, doubled, wrong, .. } = self.flaws;
        let counts = [(lost, "lost"), (doubled, "doubled"), (wrong, "wrong")];
        let counted =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, how)| format!("{count} {how}"));
        let all = counted.chain(self.flaws.told.iter().cloned()).chain(self.seen.unmet.iter().cloned());
        all.map(|what| format!("{}: {what}", self.fault.name())).collect()
    }

    fn verdict(&self) -> &'static str {
        if self.broken().is_empty() { "holds" } else { "BROKEN" }
    }
}

/// The rows as a Markdown table.
pub fn table(rows: &[Row]) -> String {
    let mut table = String::from(
        "| fault | records | read again | lost | doubled | of another | seen | verdict |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |\n",
    );
    for row in rows {
        let Flaws { lost, doubled, wrong, .. } = row.flaws;
        let (again, words) = (row.seen.again, &row.seen.words);
        table += &format!(
            "| {} | {} | {again} | {lost} | {doubled} | {wrong} | {words} | {} |\n",
            row.fault.name(),
            row.records,
            row.verdict()
        );
    }
    table
}
