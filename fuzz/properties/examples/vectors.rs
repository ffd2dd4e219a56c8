//! Writes every conformance vector as an input of each target that it fits: `cargo run --example vectors --
//! fuzz/corpus`.

#[path = "../tests/inputs/mod.rs"]
mod inputs;

use inputs::{format_inputs, inputs};
use std::path::Path;
use std::process::ExitCode;
use tracebaton_rows::{format_rows, rows};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: vectors FOLDER");
        return ExitCode::FAILURE;
    };
    let rows = rows().expect("the vectors of this project").into_iter();
    let inputs = rows.flat_map(|row| inputs(&row).into_iter().map(move |input| (row.id.clone(), input)));
    let formats = format_rows().expect("the vectors of this project").into_iter();
    let others =
        formats.flat_map(|row| format_inputs(&row).into_iter().map(move |input| (row.id.clone(), input)));
    for (id, (target, input)) in inputs.chain(others) {
        let folder = Path::new(&folder).join(target);
        let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(&id), input));
        if let Err(error) = written {
            eprintln!("{}: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
