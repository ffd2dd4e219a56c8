//! The functions of the C header.

use crate::project;

/// The functions that `tracebaton.h` declares, sorted by name.
///
/// # Panics
///
/// If the header cannot be read, or declares fewer functions than it should.
pub fn declared() -> Vec<String> {
    let header = std::fs::read_to_string(project().join("include/tracebaton.h")).expect("tracebaton.h");
    let code = header.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, code)| code));
    let mut names: Vec<_> = code
        .flat_map(str::lines)
        .filter(|line| !line.starts_with([' ', '#', '}']))
        .filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("tracebaton_"))
        .map(str::to_owned)
        .collect();
    names.sort();
    assert!(names.len() > 35, "only {names:?}");
    names
}
