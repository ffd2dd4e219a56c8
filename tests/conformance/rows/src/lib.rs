//! Reads the conformance vectors of `tests/conformance/vectors` for the Rust API, the C library and `explain`.
//!
//! [`check`] calls a runner with each row. The runner executes the row's [`Case`] and returns the outcome in the form
//! that the README of the vectors describes:
//!
//! ```
//! use tracebaton_rows::{Case, check};
//!
//! check("this runner", 500, |row| match &row.case {
//!     Case::Extract { headers, child_span_id } => {
//!         assert_eq!(child_span_id.len(), 16);
//!         assert!(headers.len() < 100);
//!         Some(row.expect.clone()) // a real runner returns its own outcome
//!     }
//!     Case::Change(_) => None,
//! });
//! ```
//!
//! If `TRACEBATON_ROW=TEXT` is in the environment, `check` runs only the rows whose id contains the text, and prints
//! their outcomes.

mod asked;
mod check;
mod comparison;
mod format_operation;
mod operation;
pub mod packed;
mod requirements;
mod row;
mod tally;
mod text;

pub use asked::{Asked, serve};
pub use check::{check, check_formats, is_selected};
pub use comparison::{Difference, difference};
pub use format_operation::{FormatOperation, Sampling};
pub use operation::{Carries, ContextValues, Existing, Kind, Operation, Pair, Property, Step, TrustChoice};
pub use requirements::{OutOfScope, Requirement, out_of_scope, requirements};
pub use row::{Case, Header, Row, files, format_rows, rows, rows_of};
pub use tally::Tally;
pub use text::{Text, header_list, text_value};

use std::fmt;
use std::path::{Path, PathBuf};

/// The folder with the vectors.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors")
}

/// A file of vectors that cannot be read or breaks its schema.
#[derive(Debug)]
pub struct LoadError {
    file: PathBuf,
    reason: String,
}

impl LoadError {
    fn new(file: &Path, reason: impl fmt::Display) -> Self {
        Self { file: file.to_owned(), reason: reason.to_string() }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.reason)
    }
}

impl std::error::Error for LoadError {}

fn read<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T, LoadError> {
    let bytes = std::fs::read(file).map_err(|error| LoadError::new(file, error))?;
    serde_json::from_slice(&bytes).map_err(|error| LoadError::new(file, error))
}
