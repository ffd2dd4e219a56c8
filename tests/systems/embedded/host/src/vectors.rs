//! Running the conformance vectors on a board.

use crate::board::Board;
use crate::emulator::{Said, run};
use crate::{Failure, build::Tools};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tracebaton_rows::Row;
use tracebaton_rows::packed::{Named, named_rows, pack, pack_in_parts, spoiled};

/// All rows, and the file of each.
#[derive(Clone, Debug)]
pub struct Vectors {
    rows: Vec<(String, Row)>,
}

/// Result of all rows on one board.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many rows ran, for each file.
    pub ran: BTreeMap<String, u32>,
    /// How many were skipped.
    pub skipped: u32,
    /// In how many parts they were run.
    pub parts: usize,
    /// Further figures that the program gave, by name.
    pub figures: BTreeMap<String, u32>,
}

impl Outcome {
    /// How many rows ran.
    pub fn total(&self) -> u32 {
        self.ran.values().sum()
    }
}

impl Vectors {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub fn read() -> Result<Self, Failure> {
        Ok(Self { rows: named_rows()? })
    }

    /// All rows by file.
    pub fn named(&self) -> Vec<Named<'_>> {
        self.rows.iter().map(|(file, row)| (file.as_str(), row)).collect()
    }

    /// Runs all rows on a board, in as few parts as its memory asks for.
    ///
    /// # Errors
    ///
    /// A row failed or did not run.
    pub fn run(&self, tools: &Tools, board: &Board, program: &Path) -> Result<Outcome, Failure> {
        let parts = pack_in_parts(&self.named(), board.most)?;
        let mut outcome = Outcome { parts: parts.len(), ..Outcome::default() };
        for part in parts {
            let said = run(&mut board.command(program, &written(tools, "rows", &part)?)?)?;
            outcome.add(&said)?;
        }
        self.check(&outcome)?;
        Ok(outcome)
    }

    /// Runs one row of each file with an expectation that is wrong: all must fail, and be named.
    ///
    /// # Errors
    ///
    /// One passed.
    pub fn run_spoiled(&self, tools: &Tools, board: &Board, program: &Path) -> Result<usize, Failure> {
        let mut firsts = BTreeMap::new();
        for (file, row) in &self.rows {
            firsts.entry(file).or_insert_with(|| spoiled(row));
        }
        let named: Vec<_> = firsts.iter().map(|(file, row)| (file.as_str(), row)).collect();
        let said = run(&mut board.command(program, &written(tools, "spoiled", &pack(&named)?)?)?)?;
        let is_named = |row: &Row| said.text.contains(&format!("FAILED {}: ", row.id));
        if said.good || !firsts.values().all(is_named) {
            return Err(format!("rows with a wrong expectation did not all fail:\n{}", said.text).into());
        }
        Ok(firsts.len())
    }

    /// Each file has as many rows as there are in it.
    fn check(&self, outcome: &Outcome) -> Result<(), Failure> {
        let mut expected: BTreeMap<_, u32> = BTreeMap::new();
        for (file, _) in &self.rows {
            *expected.entry(file.clone()).or_default() += 1;
        }
        let all: u32 = expected.values().sum();
        let files = expected.keys().eq(outcome.ran.keys());
        match files && outcome.total() + outcome.skipped == all {
            true => Ok(()),
            false => {
                Err(format!("of {expected:?} ran {:?}, {} skipped", outcome.ran, outcome.skipped).into())
            }
        }
    }
}

impl Outcome {
    fn add(&mut self, said: &Said) -> Result<(), Failure> {
        for line in said.text.lines() {
            self.add_line(&line.split(' ').collect::<Vec<_>>())
                .ok_or_else(|| format!("the output has {line}; the whole output:\n{}", said.text))?;
        }
        match said.good {
            true => Ok(()),
            false => Err(format!("the exit status says that a row failed:\n{}", said.text).into()),
        }
    }

    fn add_line(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["rows", file, ran, passed] if ran == passed => {
                *self.ran.entry((*file).to_owned()).or_default() += ran.parse::<u32>().ok()?;
            }
            ["skipped", _, count] => self.skipped += count.parse::<u32>().ok()?,
            ["stack" | "instructions", name, figure] => {
                let known = self.figures.entry(format!("{} {name}", words[0])).or_default();
                *known = figure.parse::<u32>().ok()?.max(*known);
            }
            _ => return None,
        }
        Some(())
    }
}

/// Counts the instructions of some calls.
///
/// # Errors
///
/// The program does not run.
pub fn instructions(board: &Board, program: &Path) -> Result<BTreeMap<String, u32>, Failure> {
    let said = run(&mut board.counting(program))?;
    let mut outcome = Outcome::default();
    outcome.add(&said)?;
    Ok(outcome.figures)
}

fn written(tools: &Tools, name: &str, packed: &[u8]) -> Result<PathBuf, Failure> {
    let path = tools.folder.join(format!("{name}.bin"));
    std::fs::write(&path, packed)?;
    Ok(path)
}
