//! The peer dd-trace-cpp, if its sources are present. It is a program of its own.

use super::{Column, Value, verdicts};
use crate::works::{self, Task};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Its name and the commit that was compared.
pub const TITLE: &str = "dd-trace-cpp `1f33435`";
/// The environment variable with the folder of its clone.
const VARIABLE: &str = "DD_TRACE_CPP";
/// The folders below it with headers.
const HEADERS: [&str; 3] = ["include", "src", "src/datadog"];
/// The sources to compile, in `src/datadog`.
const SOURCES: [&str; 10] = [
    "baggage",
    "error",
    "logger",
    "parse_util",
    "propagation_style",
    "string_util",
    "tags",
    "trace_id",
    "trace_source",
    "w3c_propagation",
];

/// Its figures; `None` if its sources are missing.
pub fn column(values: &[Value]) -> Option<Column> {
    let Some(folder) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        println!("skipped: {TITLE}: {VARIABLE} is not set to a clone of it");
        return None;
    };
    let output = run(&build(&folder), &questions(values));
    let mut lines = output.lines();
    let accepted: Vec<bool> = lines.by_ref().take(values.len()).map(|line| line == "1").collect();
    let [valid, invalid] = verdicts(values, |index| accepted[index]);
    let mut next = || lines.next().expect("a figure").to_owned();
    Some([valid, invalid, next(), next(), next(), next(), next()])
}

fn build(folder: &Path) -> PathBuf {
    let program = std::env::temp_dir().join(format!("tracebaton-datadog-{}", std::process::id()));
    let mut compiler = Command::new("c++");
    compiler.args(["-std=c++17", "-O2", "-w", "-ffunction-sections", "-Wl,--gc-sections"]);
    for include in HEADERS {
        compiler.arg("-I").arg(folder.join(include));
    }
    compiler.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("c/datadog.cpp"));
    for source in SOURCES {
        compiler.arg(folder.join(format!("src/datadog/{source}.cpp")));
    }
    assert!(compiler.arg("-o").arg(&program).status().expect("c++").success(), "{TITLE}");
    program
}

/// A record of the work E1, and the values.
fn questions(values: &[Value]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let work = works::all().iter().find(|work| work.id == "E1").expect("E1");
    let Task::Extract(records) = &work.task else { panic!("E1 extracts") };
    let line = |header: &tracebaton::Header| {
        format!("{} {}\n", String::from_utf8_lossy(header.name), hex(header.value.unwrap_or_default()))
    };
    let record: String = records[0].iter().map(line).collect();
    let values = values.iter().map(|value| format!("{}\n", hex(value.record[0].value.unwrap_or_default())));
    format!("{record}\n{}", values.collect::<String>())
}

fn run(program: &Path, input: &str) -> String {
    let mut child =
        Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the peer");
    let mut stdin = child.stdin.take().expect("its input");
    // The peer reads all its input before it writes, except for answers that fit into a pipe.
    stdin.write_all(input.as_bytes()).expect("the questions");
    drop(stdin);
    let output = child.wait_with_output().expect("its answers");
    let _ = std::fs::remove_file(program);
    assert!(output.status.success(), "{}", program.display());
    String::from_utf8(output.stdout).expect("text")
}
