//! Runs the conformance vectors on a board.

use crate::board::Board;
use crate::emulator::{Said, run};
use crate::{Failure, build::Tools};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tracebaton_rows::packed::{Named, named_format_rows, named_rows, pack, pack_in_parts, spoiled};
use tracebaton_rows::{FormatOperation, Row};

/// All rows, and the file of each.
#[derive(Clone, Debug)]
pub struct Vectors {
    rows: Vec<(String, Row)>,
    formats: Vec<(String, Row<FormatOperation>)>,
}

/// Which rows a program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those about W3C's headers.
    W3c,
    /// And those about other formats.
    All,
}

/// The outcome of all rows on one board.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many rows ran, for each file.
    pub ran: BTreeMap<String, u32>,
    /// How many were skipped.
    pub skipped: u32,
    /// The count of parts that the rows were divided into.
    pub parts: usize,
    /// Other figures that the program printed, by name.
    pub figures: BTreeMap<String, u32>,
}

impl Outcome {
    /// How many rows ran.
    pub fn total(&self) -> u32 {
        self.ran.values().sum()
    }
}

impl Vectors {
    /// Reads the vectors.
    ///
    /// # Errors
    ///
    /// If they cannot be read.
    pub fn read() -> Result<Self, Failure> {
        Ok(Self { rows: named_rows()?, formats: named_format_rows()? })
    }

    /// The rows about W3C's headers.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().map(|(_, row)| row)
    }

    fn named(&self, which: Which) -> Vec<Named<'_>> {
        let w3c = self.rows.iter().map(|(file, row)| Named::W3c(file, row));
        let formats = self.formats.iter().filter(|_| which == Which::All);
        w3c.chain(formats.map(|(file, row)| Named::Format(file, row))).collect()
    }

    /// Runs rows on a board, in as few parts as its memory asks for.
    ///
    /// # Errors
    ///
    /// A row failed or did not run.
    pub fn run(
        &self,
        which: Which,
        tools: &Tools,
        board: &Board,
        program: &Path,
    ) -> Result<Outcome, Failure> {
        let rows = self.named(which);
        let parts = pack_in_parts(&rows, board.most)?;
        let mut outcome = Outcome { parts: parts.len(), ..Outcome::default() };
        for part in parts {
            let said = run(&mut board.command(program, &written(tools, "rows", &part)?)?)?;
            outcome.add(&said)?;
        }
        check(&rows, &outcome)?;
        Ok(outcome)
    }

    /// Runs one row of each file with a wrong expected outcome. All must fail and be named.
    ///
    /// # Errors
    ///
    /// One passed.
    pub fn run_spoiled(
        &self,
        which: Which,
        tools: &Tools,
        board: &Board,
        program: &Path,
    ) -> Result<usize, Failure> {
        let (w3c, formats) = (firsts(&self.rows), firsts(&self.formats));
        let formats = formats.iter().filter(|_| which == Which::All);
        let w3c = w3c.iter().map(|(file, row)| Named::W3c(file, row));
        let rows: Vec<_> = w3c.chain(formats.map(|(file, row)| Named::Format(file, row))).collect();
        let said = run(&mut board.command(program, &written(tools, "spoiled", &pack(&rows)?)?)?)?;
        let is_named = |row: &Named<'_>| said.text.contains(&format!("FAILED {}: ", row.id()));
        if said.good || !rows.iter().all(is_named) {
            return Err(format!("rows with a wrong expectation did not all fail:\n{}", said.text).into());
        }
        Ok(rows.len())
    }
}

/// The first row of each file, with a wrong expectation.
fn firsts<C: Clone>(rows: &[(String, Row<C>)]) -> BTreeMap<&str, Row<C>> {
    let mut firsts = BTreeMap::new();
    for (file, row) in rows {
        firsts.entry(file.as_str()).or_insert_with(|| spoiled(row));
    }
    firsts
}

/// Each file has as many rows as there are in it.
fn check(rows: &[Named<'_>], outcome: &Outcome) -> Result<(), Failure> {
    let mut expected: BTreeMap<_, u32> = BTreeMap::new();
    for row in rows {
        *expected.entry(row.file().to_owned()).or_default() += 1;
    }
    let all: u32 = expected.values().sum();
    let files = expected.keys().eq(outcome.ran.keys());
    match files && outcome.total() + outcome.skipped == all {
        true => Ok(()),
        false => Err(format!("of {expected:?} ran {:?}, {} skipped", outcome.ran, outcome.skipped).into()),
    }
}

impl Outcome {
    fn add(&mut self, said: &Said) -> Result<(), Failure> {
        for line in said.text.lines() {
            self.add_line(&line.split(' ').collect::<Vec<_>>())
                .ok_or_else(|| format!("the program printed {line}; its whole output:\n{}", said.text))?;
        }
        match said.good {
            true => Ok(()),
            false => Err(format!("the exit status reports a failed row:\n{}", said.text).into()),
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
/// If the program fails.
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
