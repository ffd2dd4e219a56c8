//! The table in README.md.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- made by tests/systems/interop/run readme -->\n";
const END: &str = "<!-- end of what tests/systems/interop/run readme makes -->";

/// Puts the table between the two comments of this file.
pub fn write(path: &Path, table: &str) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let replaced = replace(&text, table)
        .with_context(|| format!("{} has not the lines {BEGIN:?} and {END:?}", path.display()))?;
    fs::write(path, replaced).with_context(|| path.display().to_string())
}

/// The text with the table between the two comments; none if they are not there.
pub fn replace(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n\n{END}{after}", table.trim()))
}
