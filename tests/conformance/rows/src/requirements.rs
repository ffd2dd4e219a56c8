//! The requirements that rows refer to by id.

use crate::{LoadError, folder, read};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One requirement: a sentence, and its public document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// What is required.
    pub requirement: String,
    /// The document and section.
    pub source: String,
}

/// A requirement that no codec can meet or break.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutOfScope {
    /// Its id.
    pub requirement: String,
    /// Why no row tests it.
    pub reason: String,
}

/// All requirements by id.
///
/// # Errors
///
/// If the file cannot be read or breaks its schema.
pub fn requirements() -> Result<BTreeMap<String, Requirement>, LoadError> {
    read(&folder().join("requirements.json"))
}

/// The requirements without rows.
///
/// # Errors
///
/// If the file cannot be read or breaks its schema.
pub fn out_of_scope() -> Result<Vec<OutOfScope>, LoadError> {
    read(&folder().join("out_of_scope.json"))
}
