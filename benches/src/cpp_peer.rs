//! Counts the instructions of the C API and of opentelemetry-cpp at the same works.

use anyhow::{Result, bail};
use std::path::Path;

#[cfg(not(opentelemetry_cpp))]
pub fn print(_: &Path) -> Result<()> {
    bail!(
        "this program was built without opentelemetry-cpp: set OPENTELEMETRY_CPP to a clone of it and build again"
    )
}

/// Prints the counts and allocations of every work that both do.
#[cfg(opentelemetry_cpp)]
pub fn print(folder: &Path) -> Result<()> {
    use crate::plan::{Entry, Plan, Scope};
    use crate::subjects::opentelemetry_cpp::{SUBJECT, VERSION};
    use crate::{allocations, instructions, tables};

    let plan = Plan::of(Scope::Cpp);
    plan.check()?;
    let counts = instructions::count(&plan, &["count", Scope::Cpp.name()], &folder.join("callgrind"))?;
    let Some(counts) = counts else { bail!("valgrind is missing: apt-get install valgrind") };
    let is_peer = |entry: &Entry| entry.subject.name == SUBJECT.name;
    let cells = || plan.entries.iter().zip(&counts);
    let row = |(entry, peer): (&Entry, &f64)| {
        let (_, ours) = cells().find(|(other, _)| other.work.id == entry.work.id && !is_peer(other))?;
        let size = entry.work.size as f64;
        let mark = if SUBJECT.does_in_part(&entry.work.id) { "*" } else { "" };
        let allocated = allocations::per_operation(&entry.cell) / size;
        Some(vec![
            entry.work.id.clone(),
            tables::number(ours / size),
            tables::number(peer / size) + mark,
            format!("{:.1}", peer / ours),
            format!("{:.0}", allocated),
        ])
    };
    let rows = cells().filter(|(entry, _)| is_peer(entry)).filter_map(row).collect();
    let header = [
        "instructions",
        "tracebaton, C",
        &format!("opentelemetry-cpp {VERSION}"),
        "ratio",
        "its allocations",
    ];
    println!("{}", tables::table(header.map(str::to_owned).to_vec(), rows));
    println!("* {}", SUBJECT.remark);
    Ok(())
}
