//! The errors that `run` and the service print.
#![cfg(unix)]

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An empty folder for this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A folder with the files that the suite's folder has.
fn suite(name: &str) -> PathBuf {
    let folder = folder(name);
    fs::write(folder.join("test.py"), "raise SystemExit('not to be run')\n").unwrap();
    folder
}

fn run() -> Command {
    let mut command = Command::new("bash");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("run")).env_remove("HARNESS_PORT");
    command
}

fn service() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tracebaton-test-w3c"))
}

#[track_caller]
fn assert_refusal(command: &mut Command, code: i32, what: &str) {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(what), "{said}");
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(code), true), "{said}");
}

#[test]
fn wrong_arguments() {
    let suite = suite("wrong_arguments");
    assert_refusal(&mut run(), 2, "usage: ");
    assert_refusal(run().arg(&suite).arg("java"), 2, "usage: ");
    assert_refusal(run().arg(&suite).arg("c").arg("rust"), 2, "usage: ");
    assert_refusal(&mut service(), 2, "usage: ");
    assert_refusal(service().arg("java"), 2, "usage: ");
    assert_refusal(service().arg("rust").arg("65536"), 2, "usage: ");
}

#[test]
fn no_suite() {
    let folder = folder("no_suite");
    assert_refusal(run().arg(folder.join("missing")), 1, "there is no folder ");
    assert_refusal(run().arg(&folder), 1, "there is no test.py in ");
    fs::create_dir(folder.join("test.py")).unwrap();
    assert_refusal(run().arg(&folder), 1, "there is no test.py in ");
}

#[test]
fn no_python() {
    let (suite, programs) = (suite("no_python"), folder("programs"));
    let bash = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"]
        .into_iter()
        .find(|bash| Path::new(bash).exists());
    std::os::unix::fs::symlink(bash.unwrap(), programs.join("bash")).unwrap();
    assert_refusal(run().env("PATH", &programs).arg(&suite), 1, "python3 is missing");

    let python = programs.join("python3");
    fs::write(&python, "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    assert_refusal(run().env("PATH", &programs).arg(&suite), 1, "python3 has no venv");
}

#[test]
fn a_port_that_is_taken() {
    let suite = suite("a_port_that_is_taken");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let refusal = format!("cannot listen on port {port}: ");
    assert_refusal(run().env("HARNESS_PORT", &port).arg(&suite), 1, &refusal);
    assert_refusal(run().env("HARNESS_PORT", "none").arg(&suite), 1, "cannot listen on port none: ");
    assert_refusal(service().arg("rust").arg(&port), 1, &refusal);
    assert_refusal(service().arg("c").arg(&port), 1, &refusal);
}
