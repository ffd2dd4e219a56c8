//! Runs commands and reads their output.

use crate::Failure;
use std::process::{Child, Command, Output};

/// The output of a program, and whether it succeeded.
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
/// If it cannot be started, or does not end in time.
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

/// Runs a command that must succeed; its output is part of the error if it does not.
///
/// # Errors
///
/// If it cannot be started or does not succeed.
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

/// A program that is stopped when this is dropped.
#[derive(Debug)]
pub struct Stopped(pub Child);

impl Stopped {
    /// Starts a program.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self, Failure> {
        let child = command.spawn().map_err(|error| format!("{}: {error}", name(command)))?;
        Ok(Self(child))
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // `timeout` passes the signal to the program it watches. Both may have ended already.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}
