//! Writes every conformance vector, and every case of `explain`, as an input of each target that it fits: `cargo run --example vectors --
//! fuzz/corpus`.

#[path = "../tests/inputs/mod.rs"]
mod inputs;

use inputs::{format_inputs, inputs};
use serde_json::{Value, json};
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
    for (id, (target, input)) in inputs.chain(others).chain(texts()) {
        let folder = Path::new(&folder).join(target);
        let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(&id), input));
        if let Err(error) = written {
            eprintln!("{}: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The cases of `explain`, in the text of a tool.
fn texts() -> impl Iterator<Item = (String, (&'static str, Vec<u8>))> {
    include_str!("../../../examples/explain/tests/cases.jsonl").lines().map(|line| {
        let case: Value = serde_json::from_str(line).expect("the cases of this project");
        let text = case["text"]
            .as_str()
            .map_or_else(|| json!({ "headers": case["headers"] }).to_string(), str::to_owned);
        (case["id"].as_str().expect("an id").to_owned(), ("explain", text.into_bytes()))
    })
}
