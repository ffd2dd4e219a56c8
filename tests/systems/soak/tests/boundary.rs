//! The C snippets in SECURITY.md compile without a warning.

use std::path::Path;
use std::process::Command;

#[test]
fn the_boundary_in_c() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let page = std::fs::read_to_string(project.join("SECURITY.md")).unwrap();
    let block = page.split("```c\n").nth(1).unwrap().split("```").next().unwrap();
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boundary.c");
    std::fs::write(&source, block).unwrap();
    let output = Command::new("cc")
        .args(["-fsyntax-only", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .args(["-isystem", env!("LIBRDKAFKA_INCLUDE"), "-I"])
        .arg(project.join("include"))
        .arg(&source)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
