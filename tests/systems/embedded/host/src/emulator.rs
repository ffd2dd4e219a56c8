//! Runs a command and reads its output.

use crate::Failure;
use std::process::{Child, Command, Output};

/// What a program said, and whether it ended well.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its standard output.
    pub text: String,
    /// Whether its exit status was 0.
    pub good: bool,
}

/// Runs a command to its end.
///
/// # Errors
///
/// It cannot be started, or did not end in time.
pub fn run(command: &mut Command) -> Result<Said, Failure> {
    let output = command.output().map_err(|error| format!("{}: {error}", name(command)))?;
    let Output { status, stdout, stderr } = output;
    let text = String::from_utf8_lossy(&stdout).into_owned();
    match status.code() {
        None | Some(124..=127 | 137) => {
            let stderr = String::from_utf8_lossy(&stderr);
            Err(format!("{} ended with {status}: {text}{stderr}", name(command)).into())
        }
        Some(code) => Ok(Said { text, good: code == 0 }),
    }
}

/// Runs a command that must succeed; its output is shown if it fails.
///
/// # Errors
///
/// It cannot be started, or ends otherwise.
pub fn run_well(command: &mut Command) -> Result<String, Failure> {
    let output = command.output().map_err(|error| format!("{}: {error}", name(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{} ended with {}\n{stderr}", name(command), output.status).into())
}

fn name(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once(command.get_program().to_string_lossy()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// A program that runs until it is stopped, and is stopped in any case.
#[derive(Debug)]
pub struct Stopped(pub Child);

impl Stopped {
    /// Starts a program.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start(command: &mut Command) -> Result<Self, Failure> {
        let child = command.spawn().map_err(|error| format!("{}: {error}", name(command)))?;
        Ok(Self(child))
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // `timeout` hands this on to the program it watches; either may have ended by itself.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}
