//! Rows and their files.

use crate::text::resolve;
use crate::{FormatOperation, LoadError, Operation, Text, folder, read};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// One header of a record: its name and its value, which may be null.
pub type Header = (Text, Option<Text>);

/// One conformance vector: a row about W3C's headers or, with a [`FormatOperation`], about other formats.
#[derive(Clone, Debug)]
pub struct Row<C = Case> {
    /// Its name, unique and stable.
    pub id: String,
    /// The requirements that it tests.
    pub requirement: Vec<String>,
    /// The public document that the expected outcome follows from.
    pub source: String,
    /// The input.
    pub case: C,
    /// The expected outcome; only the members that are present are compared.
    pub expect: Value,
}

/// The work that a row gives to a runner.
#[derive(Clone, Debug)]
pub enum Case {
    /// Extract from these headers, forward them, and inject a child that has this span id.
    Extract {
        /// The headers of one record.
        headers: Vec<Header>,
        /// The span id of the child, 16 digits.
        child_span_id: String,
    },
    /// Do one operation.
    Change(Operation),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<O> {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    #[serde(rename = "title")]
    _title: String,
    span_id: Option<String>,
    rows: Vec<RawRow<O>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow<O> {
    id: String,
    requirement: Vec<String>,
    source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    headers: Option<Vec<Header>>,
    operation: Option<O>,
    expect: Value,
}

/// All rows about W3C's headers, in the order of the files' names.
///
/// # Errors
/// If a file cannot be read or breaks its schema, or an id occurs twice.
/// A file that cannot be read or breaks its schema, or an id that is not new.
pub fn rows() -> Result<Vec<Row>, LoadError> {
    unique(&files()?, rows_of)
}

/// All rows about other formats, in the order of the files' names.
///
/// # Errors
/// If a file cannot be read or breaks its schema, or an id occurs twice.
/// A file that cannot be read or breaks its schema, or an id that is not new.
pub fn format_rows() -> Result<Vec<Row<FormatOperation>>, LoadError> {
    unique(&format_files()?, format_rows_of)
}

pub(crate) fn format_rows_of(file: &Path) -> Result<Vec<Row<FormatOperation>>, LoadError> {
    let File { rows, .. } = read(file)?;
    rows.into_iter().map(|row: RawRow<FormatOperation>| row.of_format(file)).collect()
}

pub(crate) fn format_files() -> Result<Vec<PathBuf>, LoadError> {
    files_in(&folder().join("formats"))
}

fn unique<C>(
    files: &[PathBuf],
    rows_of: impl Fn(&Path) -> Result<Vec<Row<C>>, LoadError>,
) -> Result<Vec<Row<C>>, LoadError> {
    let mut rows = Vec::new();
    let mut ids = HashSet::new();
    for file in files {
        for row in rows_of(file)? {
            if !ids.insert(row.id.clone()) {
                return Err(LoadError::new(file, format!("{} is there twice", row.id)));
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The rows of one file.
///
/// # Errors
///
/// If the file cannot be read or breaks its schema.
pub fn rows_of(file: &Path) -> Result<Vec<Row>, LoadError> {
    let File { span_id, rows, .. } = read(file)?;
    let typed = |row: RawRow<Operation>| {
        let id = row.id.clone();
        row.typed(span_id.as_deref()).map_err(|reason| LoadError::new(file, format!("{id}: {reason}")))
    };
    rows.into_iter().map(typed).collect()
}

/// The files with rows, by name.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn files() -> Result<Vec<PathBuf>, LoadError> {
    files_in(&folder())
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let entries = std::fs::read_dir(folder).map_err(|error| LoadError::new(folder, error))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<_> = paths.filter(|path| has_rows(path)).collect();
    files.sort();
    Ok(files)
}

fn has_rows(file: &Path) -> bool {
    let others = ["schema", "requirements", "out_of_scope"];
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    file.extension().is_some_and(|extension| extension == "json") && !others.contains(&stem)
}

impl RawRow<Operation> {
    fn typed(self, span_id: Option<&str>) -> Result<Row, String> {
        let Self { id, requirement, source, headers, operation, expect, .. } = self;
        let case = match (headers, operation) {
            (Some(headers), None) => {
                let child_span_id = span_id.ok_or("the file has no span_id")?.to_owned();
                Case::Extract { headers, child_span_id }
            }
            (None, Some(operation)) => Case::Change(operation),
            _ => return Err("a row has either headers or an operation".to_owned()),
        };
        Row { id, requirement, source, case, expect }.resolved()
    }
}

impl RawRow<FormatOperation> {
    fn of_format(self, file: &Path) -> Result<Row<FormatOperation>, LoadError> {
        let Self { id, requirement, source, headers, operation, expect, .. } = self;
        let error = |reason: String| LoadError::new(file, format!("{id}: {reason}"));
        let (None, Some(case)) = (headers, operation) else {
            return Err(error("a row about formats has an operation and nothing else".to_owned()));
        };
        Row { id: id.clone(), requirement, source, case, expect }.resolved().map_err(error)
    }
}

impl<C> Row<C> {
    fn resolved(self) -> Result<Self, String> {
        if self.expect.as_object().is_none_or(|expect| expect.is_empty()) || self.requirement.is_empty() {
            return Err("a row needs an `expect` that is not empty, and a `requirement`".to_owned());
        }
        Ok(Self { expect: resolve(self.expect)?, ..self })
    }
}
