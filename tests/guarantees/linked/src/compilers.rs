//! The C and C++ compilers of the machine, and their abilities.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Whether a program is installed.
pub fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Prints what is not tested and why. Written to stderr directly, since the test harness captures the output of tests
/// that pass.
pub fn skip(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {what}: {why}");
}

/// The C compilers that are installed.
///
/// # Panics
///
/// If gcc is not installed.
pub fn compilers() -> Vec<&'static str> {
    let compilers: Vec<_> = ["gcc", "clang"].into_iter().filter(|compiler| is_installed(compiler)).collect();
    assert_eq!(compilers.first(), Some(&"gcc"));
    compilers
}

/// Whether a compiler has its sanitizers. gcc must have them. clang's may be a package of their own; if they are
/// missing, that is printed.
pub fn has_sanitizers(compiler: &str) -> bool {
    if compiler.starts_with('g') {
        return true;
    }
    let program = std::env::temp_dir().join(format!("sanitizers-{compiler}-{}", std::process::id()));
    let compiled = Command::new(compiler)
        .args(["-fsanitize=address,undefined", "-x", "c", "-", "-o"])
        .arg(&program)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .and_then(|mut child| {
            child
                .stdin
                .take()
                .map_or(Ok(()), |mut source| source.write_all(b"int main(void) { return 0; }\n"))?;
            child.wait()
        })
        .is_ok_and(|status| status.success());
    let _ = std::fs::remove_file(program);
    if !compiled {
        skip(
            &format!("{compiler} with its sanitizers"),
            "they are not installed; for clang, Debian has them as libclang-rt-dev",
        );
    }
    compiled
}
