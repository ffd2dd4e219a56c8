//! Runs all rows and counts them.

use crate::{Buffer, Watch, run};
use core::fmt;
use tracebaton_test_embedded_rows::Rows;

/// How many rows ran, and how many passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were compared.
    pub ran: u32,
    /// Rows that passed.
    pub passed: u32,
}

impl Tally {
    /// Runs these packed rows. Writes a line for each file, `rows FILE RAN PASSED`, and one for each row that failed.
    ///
    /// If the report cannot be written.
    pub fn of(
        packed: &[u8],
        buffer: &mut Buffer,
        watch: &mut impl Watch,
        report: &mut dyn fmt::Write,
    ) -> Result<Self, fmt::Error> {
        let (mut all, mut of_file, mut file) = (Self::default(), Self::default(), "");
        let Some(rows) = Rows::read(packed) else {
            writeln!(report, "FAILED: the input has no rows")?;
            return Ok(Self { ran: 1, passed: 0 });
        };
        for row in rows {
            let passed = match row {
                Some(row) => {
                    if file != row.file {
                        of_file.announce(file, report)?;
                        (of_file, file) = (Self::default(), row.file);
                    }
                    run(row, buffer, watch, report)
                }
                None => {
                    writeln!(report, "FAILED: a row that cannot be read")?;
                    false
                }
            };
            all.count(passed);
            of_file.count(passed);
        }
        of_file.announce(file, report)?;
        Ok(all)
    }

    /// Whether there were rows and all passed.
    pub fn is_good(&self) -> bool {
        self.ran > 0 && self.passed == self.ran
    }

    fn count(&mut self, passed: bool) {
        self.ran += 1;
        self.passed += u32::from(passed);
    }

    fn announce(&self, file: &str, report: &mut dyn fmt::Write) -> fmt::Result {
        match self.ran {
            0 => Ok(()),
            _ => writeln!(report, "rows {file} {} {}", self.ran, self.passed),
        }
    }
}
