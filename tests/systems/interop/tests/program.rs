//! The errors of programs that misbehave: each names the program, and has the last lines of its log.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tracebaton_interop::driver::program::Program;
use tracebaton_interop::protocol::{Command, Consumed};

const READY: &str = r#"echo '{"ready": true, "language": "sh", "libraries": {}}'"#;
const PATIENCE: Duration = Duration::from_secs(20);

/// One at a time: a script cannot be executed while it is open for writing, even in a process that is being started.
static STARTING: Mutex<()> = Mutex::new(());

/// Starts a shell script as a program.
fn start(name: &str, body: &str) -> anyhow::Result<Program> {
    let _one = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("interop programs").join(name);
    fs::create_dir_all(&folder)?;
    let path = folder.join("program");
    fs::write(&path, format!("#!/bin/sh\n{body}\n"))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Program::start(path.to_str().expect("a path"), "127.0.0.1:1", &folder)
}

fn consume(program: &mut Program, patience: Duration) -> anyhow::Result<Consumed> {
    program.ask(&Command::Consume { topic: "orders".to_owned(), count: 1 }, patience)
}

#[test]
fn a_missing_program_is_named() {
    let error = Program::start("/nowhere/program", "127.0.0.1:1", &std::env::temp_dir()).unwrap_err();
    assert!(format!("{error:#}").contains("/nowhere/program, which `install` beside it makes"), "{error:#}");
}

#[test]
fn a_program_that_dies_at_the_start_is_named() {
    let error = start("dies", "echo 'no such host' >&2; exit 3").unwrap_err().to_string();
    assert!(error.contains("has ended with exit status: 3"), "{error}");
    assert!(error.contains("no such host"), "{error}");
}

#[test]
fn a_program_that_dies_during_a_command_is_named() {
    let body = format!("{READY}; read line; echo 'out of order' >&2; kill -9 $$");
    let mut program = start("dies at work", &body).unwrap();
    let error = consume(&mut program, PATIENCE).unwrap_err().to_string();
    assert!(error.contains("signal: 9") && error.contains("out of order"), "{error}");
}

#[test]
fn a_failed_command_does_not_end_the_program() {
    let body = format!(
        r#"{READY}; read line; echo '{{"error": "no topic"}}'; read line; echo '{{"consumed": []}}'"#
    );
    let mut program = start("fails", &body).unwrap();
    let error = consume(&mut program, PATIENCE).unwrap_err().to_string();
    assert!(error.contains("no topic") && error.contains(r#""command":"consume""#), "{error}");
    assert_eq!(consume(&mut program, PATIENCE).unwrap().consumed, []);
    program.finish().unwrap();
}

#[test]
fn a_program_that_hangs_is_named() {
    let mut program = start("hangs", &format!("{READY}; read line; sleep 600")).unwrap();
    let error = consume(&mut program, Duration::from_millis(300)).unwrap_err().to_string();
    assert!(error.contains("does not answer within 300ms"), "{error}");
}

#[test]
fn a_program_that_ends_with_an_error_is_named() {
    let error =
        start("ends", &format!("{READY}; read line; exit 4")).unwrap().finish().unwrap_err().to_string();
    assert!(error.contains("ends with exit status: 4"), "{error}");
}

#[test]
fn a_program_with_another_first_line_is_named() {
    let error = format!("{:#}", start("talks", "echo Hello").unwrap_err());
    assert!(error.contains("begins with Hello"), "{error}");
}
