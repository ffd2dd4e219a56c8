//! The committed instruction counts, and the comparison with the current ones.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file beside this program's source.
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.json");
/// A larger share above the committed count is a regression.
const TOLERANCE: f64 = 0.03;

/// The instructions of one operation, by work and subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Committed {
    compiler: String,
    instructions: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Committed {
    pub fn read() -> Result<Self> {
        Ok(serde_json::from_str(&std::fs::read_to_string(PATH)?)?)
    }

    /// The codec's counts; those of peers are left out.
    pub fn of<'a>(counts: impl Iterator<Item = (&'a str, &'a str, f64)>) -> Self {
        let mut instructions = BTreeMap::<_, BTreeMap<_, _>>::new();
        for (work, subject, count) in counts {
            let count = (count * 10.0).round() / 10.0;
            instructions.entry(work.to_owned()).or_default().insert(subject.to_owned(), count);
        }
        Self { compiler: env!("COMPILER").to_owned(), instructions }
    }

    pub fn write(&self) -> Result<()> {
        std::fs::write(PATH, serde_json::to_string_pretty(self)? + "\n")?;
        println!("{PATH} is written");
        Ok(())
    }

    fn get(&self, work: &str, subject: &str) -> Option<f64> {
        self.instructions.get(work)?.get(subject).copied()
    }

    fn rows(&self) -> impl Iterator<Item = (&str, &str, f64)> {
        self.instructions.iter().flat_map(|(work, subjects)| {
            subjects.iter().map(move |(subject, count)| (work.as_str(), subject.as_str(), *count))
        })
    }

    /// Counts above the committed ones by more than 3 % and one instruction, and counts that are missing on one side.
    fn regressions(&self, today: &Self) -> Vec<String> {
        let known = self.rows().filter_map(|(work, subject, before)| match today.get(work, subject) {
            None => Some(format!("{work} by {subject}: committed, and no longer measured")),
            Some(now) if now > before * (1.0 + TOLERANCE) && now > before + 1.0 => {
                let more = (now / before - 1.0) * 100.0;
                Some(format!("{work} by {subject}: {now} instructions, {before} committed, +{more:.1} %"))
            }
            Some(_) => None,
        });
        let new = today.rows().filter(|(work, subject, _)| self.get(work, subject).is_none());
        known
            .chain(new.map(|(work, subject, _)| format!("{work} by {subject}: measured, and not committed")))
            .collect()
    }

    /// The error names every row with a regression.
    pub fn check(&self, today: &Self) -> Result<()> {
        if self.compiler != today.compiler {
            println!("committed for {}, measured with {}", self.compiler, today.compiler);
        }
        let regressions = self.regressions(today);
        if !regressions.is_empty() {
            bail!("{}\nto accept the new counts: instructions --bless", regressions.join("\n"));
        }
        println!("{} instruction counts, none more than 3 % above the committed ones", today.rows().count());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[(&'static str, f64)]) -> Committed {
        Committed::of(rows.iter().map(|(work, count)| (*work, "tracebaton, Rust", *count)))
    }

    #[test]
    fn more_than_three_percent_is_a_regression_and_named() {
        let before = of(&[("E1", 400.0), ("P", 95.0)]);
        assert_eq!(before.regressions(&of(&[("E1", 412.0), ("P", 90.0)])), [""; 0]);
        let regressions = before.regressions(&of(&[("E1", 412.5), ("P", 95.0)]));
        assert_eq!(regressions, ["E1 by tracebaton, Rust: 412.5 instructions, 400 committed, +3.1 %"]);
        assert!(before.check(&of(&[("E1", 412.5), ("P", 95.0)])).is_err());
    }

    #[test]
    fn a_new_or_missing_row_is_reported() {
        let regressions = of(&[("E1", 400.0)]).regressions(&of(&[("E2", 130.0)]));
        assert_eq!(regressions.len(), 2);
    }
}
