//! The cells to measure, in the same sequence in every process of this program.

use crate::cell::Cell;
use crate::subjects::{self, Kind, Subject};
use crate::works::{self, Family, Work};
use anyhow::{Result, bail};
use clap::ValueEnum;

/// The extent of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scope {
    /// Every work by every subject; batches and malformed records by the codec alone.
    Quick,
    /// Every work by every subject.
    Full,
    /// Every work by the codec.
    Ours,
    /// Every work by the codec in C and by opentelemetry-cpp.
    Cpp,
}

impl Scope {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Full => "full",
            Self::Ours => "ours",
            Self::Cpp => "cpp",
        }
    }

    fn has(self, work: &Work, subject: &Subject) -> bool {
        let by_all = !matches!(work.family, Family::Malformed | Family::Batches);
        match self {
            Self::Full => true,
            Self::Quick => by_all || subject.name == subjects::ALL[0].name,
            Self::Ours => subject.kind == Kind::Ours,
            Self::Cpp => {
                ["tracebaton, C", "opentelemetry-cpp"].contains(&subject.name)
                    && work.family != Family::Batches
            }
        }
    }
}

/// A subject at a work.
pub struct Entry {
    pub work: &'static Work,
    pub subject: &'static Subject,
    pub cell: Cell,
}

/// The cells to measure.
pub struct Plan {
    pub entries: Vec<Entry>,
}

impl Plan {
    pub fn of(scope: Scope) -> Self {
        let mut entries = Vec::new();
        for work in works::all() {
            for subject in subjects::ALL.iter().filter(|subject| scope.has(work, subject)) {
                entries.extend((subject.cell)(&work.task).map(|cell| Entry { work, subject, cell }));
            }
        }
        Self { entries }
    }

    /// Checks that the codec does the same work from every language: the outcomes are equal, and an invalid header is
    /// refused for its rule.
    pub fn check(&self) -> Result<()> {
        for entry in self.entries.iter().filter(|entry| entry.subject.kind == Kind::Ours) {
            let outcome = entry.cell.outcome(0);
            let first = (subjects::ALL[0].cell)(&entry.work.task).map(|cell| cell.outcome(0));
            let refused = entry.work.rule.map(|_| entry.work.id.as_str());
            if Some(&outcome) != first.as_ref() || refused.is_some() && outcome.refused.as_deref() != refused
            {
                bail!("{} by {} has the outcome {outcome:?}", entry.work.id, entry.subject.name);
            }
        }
        Ok(())
    }
}
