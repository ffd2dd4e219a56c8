//! Tables in files that a command writes.

use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::Path;

/// Puts the table between the two comments of this file that name the command.
pub fn write(path: &Path, command: &str, table: &str) -> Result<()> {
    let (_, new) = read(path, command, table)?;
    fs::write(path, new).with_context(|| path.display().to_string())
}

/// Fails if another table is between the two comments.
pub fn check(path: &Path, command: &str, table: &str) -> Result<()> {
    let (text, new) = read(path, command, table)?;
    ensure!(text == new, "{} has another table: {command} writes it", path.display());
    Ok(())
}

fn read(path: &Path, command: &str, table: &str) -> Result<(String, String)> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let missing = || format!("{} has not the two comments of {command}", path.display());
    let new = replace(&text, command, table).with_context(missing)?;
    Ok((text, new))
}

/// The text with the table between the two comments; none if they are not there.
pub fn replace(text: &str, command: &str, table: &str) -> Option<String> {
    let (begin, end) =
        (format!("<!-- made by {command} -->\n"), format!("<!-- end of what {command} makes -->"));
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{}\n\n{end}{after}", table.trim()))
}
