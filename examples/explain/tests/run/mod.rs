//! Runs the program.

use std::io::Write;
use std::process::{Command, Stdio};

/// What is printed after the first input that is no record.
#[allow(dead_code)] // not every test uses it
pub const EXAMPLE: &str = concat!(
    r#"tracebaton-explain: a record is a line such as {"headers":{"traceparent":"#,
    r#""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}, as kcat -J, rpk, kaf and others print it"#,
    "\n"
);

/// What a run left behind.
pub struct Run {
    #[allow(dead_code)] // not every test uses it
    pub exit_code: Option<i32>,
    pub output: String,
    pub errors: String,
}

impl Run {
    #[allow(dead_code)] // not every test uses it
    /// The lines on standard output, without their line feeds.
    pub fn lines(&self) -> Vec<&str> {
        self.output.lines().collect()
    }
}

/// The program with these arguments, all three of its streams piped.
pub fn explain(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tracebaton-explain"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program to its end on this input. What it prints must be UTF-8.
pub fn run(arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
    let input = input.as_ref();
    let mut child = explain(arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that refuses its arguments reads nothing.
            let _ = stdin.write_all(input);
        });
        child.wait_with_output().unwrap()
    });
    Run {
        exit_code: output.status.code(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}
