//! Counts instructions.

use crate::Error;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The instructions of each function of a process, without those of the functions that it calls.
pub(crate) type Profile = Vec<(String, u64)>;

fn run(program: &Path, work: &str, times: u64, options: &[&str]) -> Result<(TempDir, String), Error> {
    let folder = TempDir::new()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=%p", "-q"])
        .args(options)
        .arg(program)
        .args(["counted", work])
        .arg(times.to_string())
        .current_dir(&folder)
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("callgrind: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok((folder, String::from_utf8(output.stdout)?))
}

fn profile(file: &Path) -> Result<Profile, Error> {
    let output =
        Command::new("callgrind_annotate").args(["--threshold=100", "--auto=no"]).arg(file).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let functions = text.lines().filter_map(function).collect::<Profile>();
    if functions.is_empty() {
        return Err(format!("callgrind_annotate: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(functions)
}

/// A line such as `1,234 (56.7%)  file.c:function [object]`.
fn function(line: &str) -> Option<(String, u64)> {
    let (count, rest) = line.trim_start().split_once(' ')?;
    let (_, name) = rest.split_once("%)")?;
    let count = count.replace(',', "").parse().ok()?;
    let (_, name) = name.split(" [").next()?.split_once(':')?;
    Some((name.to_owned(), count))
}

/// The instructions that a program executes between entering and leaving a function.
pub(crate) fn inside(program: &Path, work: &str, times: u64, function: &str) -> Result<u64, Error> {
    let (folder, _) = run(program, work, times, &[&format!("--toggle-collect={function}")])?;
    let file = std::fs::read_dir(&folder)?.next().ok_or("callgrind wrote nothing")??.path();
    Ok(profile(&file)?.iter().map(|(_, count)| count).sum())
}

/// The profiles of the processes whose ids the program prints, in that sequence.
pub(crate) fn processes(program: &Path, work: &str, times: u64) -> Result<Vec<Profile>, Error> {
    let (folder, printed) = run(program, work, times, &[])?;
    printed.split_whitespace().map(|process| profile(&folder.path().join(process))).collect()
}

#[cfg(test)]
mod tests {
    use super::function;

    #[test]
    fn lines_of_callgrind_annotate() {
        let rows = [
            (
                "4,570,000 (36.67%)  ???:tracebaton_headers_extract [/a/b]",
                Some(("tracebaton_headers_extract", 4_570_000)),
            ),
            ("  600,000 ( 4.81%)  /a/src/rdlist.c:rd_list_elem [/a/b]", Some(("rd_list_elem", 600_000))),
            (
                "2,340 (18.78%)  ???:tracebaton::short::members [/a/b]",
                Some(("tracebaton::short::members", 2_340)),
            ),
            (
                "12 ( 0.1%)  /a/src/comma_list.rs:tracebaton::comma_list::next [/a/b]",
                Some(("tracebaton::comma_list::next", 12)),
            ),
            ("12,462,528 (100.0%)  PROGRAM TOTALS", None),
            ("Ir", None),
            ("--------------------", None),
        ];
        for (line, expected) in rows {
            let found = function(line);
            assert_eq!(found.as_ref().map(|(name, count)| (name.as_str(), *count)), expected, "{line}");
        }
    }
}
