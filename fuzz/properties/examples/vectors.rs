//! Writes every conformance vector as an input of each target that it fits: `cargo run --example vectors --
//! fuzz/corpus`.

#[path = "../tests/inputs/mod.rs"]
mod inputs;

use inputs::inputs;
use std::path::Path;
use std::process::ExitCode;
use tracebaton_rows::rows;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: vectors FOLDER");
        return ExitCode::FAILURE;
    };
    for row in rows().expect("the vectors of this project") {
        for (target, input) in inputs(&row) {
            let folder = Path::new(&folder).join(target);
            let written =
                std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(&row.id), input));
            if let Err(error) = written {
                eprintln!("{}: {error}", folder.display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
