//! The peers in C++, if their sources are present.

use super::{Column, Value, verdicts};
use crate::works::{self, Task};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Peer {
    /// Its name and the commit that was compared.
    pub title: &'static str,
    /// The environment variable with the folder of its headers or of its clone.
    variable: &'static str,
    program: &'static str,
    /// The folders below it with headers and sources to compile.
    include: &'static [&'static str],
    sources: &'static [&'static str],
}

pub const PEERS: [Peer; 2] = [
    Peer {
        title: "opentelemetry-cpp `e351138`",
        variable: "OPENTELEMETRY_CPP_INCLUDE",
        program: "opentelemetry",
        include: &["."],
        sources: &[],
    },
    Peer {
        title: "dd-trace-cpp `1f33435`",
        variable: "DD_TRACE_CPP",
        program: "datadog",
        include: &["include", "src", "src/datadog"],
        sources: &[
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
        ],
    },
];

/// The figures of a peer; `None` if its sources are missing.
pub fn column(peer: &Peer, values: &[Value]) -> Option<Column> {
    let Some(folder) = std::env::var_os(peer.variable).map(PathBuf::from) else {
        println!("skipped: {}: {} is not set to a folder", peer.title, peer.variable);
        return None;
    };
    let output = run(&build(peer, &folder), &questions(values));
    let mut lines = output.lines();
    let accepted: Vec<bool> = lines.by_ref().take(values.len()).map(|line| line == "1").collect();
    let [valid, invalid] = verdicts(values, |index| accepted[index]);
    let mut next = || lines.next().expect("a figure").to_owned();
    Some([valid, invalid, next(), next(), next(), next(), next()])
}

fn build(peer: &Peer, folder: &Path) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = std::env::temp_dir().join(format!("tracebaton-{}-{}", peer.program, std::process::id()));
    let mut compiler = Command::new("c++");
    compiler.args(["-std=c++17", "-O2", "-w", "-ffunction-sections", "-Wl,--gc-sections"]);
    for include in peer.include {
        compiler.arg("-I").arg(folder.join(include));
    }
    compiler.arg(here.join(format!("c/peers/{}.cpp", peer.program)));
    for source in peer.sources {
        compiler.arg(folder.join(format!("src/datadog/{source}.cpp")));
    }
    assert!(compiler.arg("-o").arg(&program).status().expect("c++").success(), "{}", peer.title);
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
