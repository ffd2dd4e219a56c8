//! The size of the C library by use.

use crate::Failure;
use crate::build::{Tools, project};
use crate::elf::Program;
use crate::emulator::run_well;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Uses and their functions in `sizes.c`. Each is linked alone.
const USES: [(&str, &[&str]); 9] = [
    ("`traceparent` alone: extract, child, inject", &["figures_ids"]),
    ("all three headers: extract, child, inject", &["figures_hop"]),
    ("all three headers, and keep the context", &["figures_hop", "figures_keep"]),
    ("all three headers, and name broken rules", &["figures_hop", "figures_name"]),
    ("all three headers, and insert into the tracestate", &["figures_hop", "figures_insert"]),
    ("all three headers, and remove from the baggage", &["figures_hop", "figures_remove"]),
    ("all three headers, and both of these changes", &["figures_hop", "figures_insert", "figures_remove"]),
    (
        "all three headers, and change tracestate and baggage",
        &["figures_hop", "figures_insert", "figures_set"],
    ),
    ("all three headers, and write errors as sentences", &["figures_hop", "figures_sentence"]),
];

/// A table of the sizes on the Cortex-M4F, with the archive that `make -C ffi` builds.
///
/// # Errors
///
/// If a use does not link.
pub fn table(tools: &Tools, archive: &Path) -> Result<String, Failure> {
    let mut text = String::from(
        "\n## Size by use in C, Cortex-M4F, opt s\n\n| use | code + constants, in bytes |\n| --- | ---: |\n",
    );
    for (name, functions) in USES {
        let program = linked(tools, archive, functions)?;
        writeln!(text, "| {name} | {} + {} |", program.text, program.constants)?;
    }
    Ok(text)
}

fn linked(tools: &Tools, archive: &Path, functions: &[&str]) -> Result<Program, Failure> {
    let output = tools.folder.join("c-sizes");
    let mut gcc = Command::new("arm-none-eabi-gcc");
    gcc.args(["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-Os", "-std=c99"]);
    gcc.args(["-Wall", "-Wextra", "-Werror", "-ffunction-sections", "-nostartfiles", "--specs=nano.specs"]);
    gcc.args(functions.iter().map(|function| format!("-Wl,-u,{function}")));
    gcc.args([&format!("-Wl,-e,{}", functions[0]), "-Wl,--gc-sections", "-Wl,-z,noexecstack", "-I"]);
    gcc.arg(project().join("include")).arg(project().join("tests/systems/embedded/c/sizes.c"));
    run_well(gcc.arg(archive).arg("-o").arg(&output))?;
    Program::read(&std::fs::read(output)?)
}
