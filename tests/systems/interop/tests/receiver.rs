//! The error for a Jaeger that is missing or ends has the last lines of its log.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The error of a run with this program instead of Jaeger.
fn failure(jaeger: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_interop-receiver"))
        .args([jaeger, Path::new("/nowhere/pipeline")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

fn program(name: &str, script: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

#[test]
fn a_missing_jaeger_is_named() {
    let said = failure(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("no jaeger"));
    assert!(said.contains("no jaeger does not start: No such file or directory"), "{said}");
}

#[test]
fn a_jaeger_that_ends_is_reported_with_its_log() {
    let said = failure(&program(
        "ends",
        "#!/bin/sh\necho listen $OTLP_ADDRESS: address already in use >&2\nexit 3\n",
    ));
    assert!(said.starts_with("receiver: Jaeger ended, exit status: 3; the last lines of "), "{said}");
    assert!(said.contains("listen 127.0.0.1:") && said.ends_with(": address already in use\n"), "{said}");
}
