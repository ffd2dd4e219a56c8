//! The loop of a program in Rust.

use super::{Answer, Command, Consumed, Produced, Ready, Record, Relayed};
use anyhow::{Context as _, Result};
use std::io::{self, Write};

/// The commands of a program. A failure is an answer; it does not end the program.
pub trait Program {
    /// See [`Command::Produce`].
    fn produce(&mut self, topic: &str, records: &[Record]) -> Result<Produced>;
    /// See [`Command::Consume`].
    fn consume(&mut self, topic: &str, count: usize) -> Result<Consumed>;
    /// See [`Command::Relay`].
    fn relay(&mut self, from: &str, to: &str, count: usize) -> Result<Relayed>;
}

/// Reports that the program is ready, then runs the commands from standard input until it ends.
pub fn serve(ready: &Ready, program: &mut impl Program) -> Result<()> {
    say(ready)?;
    for line in io::stdin().lines() {
        let line = line.context("standard input")?;
        say(&answer(program, &line).unwrap_or_else(|error| Answer::Failed { error: format!("{error:#}") }))?;
    }
    Ok(())
}

fn answer(program: &mut impl Program, line: &str) -> Result<Answer> {
    Ok(match serde_json::from_str(line).context("the line is not a command")? {
        Command::Produce { topic, records } => Answer::Produced(program.produce(&topic, &records)?),
        Command::Consume { topic, count } => Answer::Consumed(program.consume(&topic, count)?),
        Command::Relay { from, to, count } => Answer::Relayed(program.relay(&from, &to, count)?),
    })
}

fn say(line: &impl serde::Serialize) -> Result<()> {
    let mut output = io::stdout().lock();
    serde_json::to_writer(&mut output, line)?;
    output.write_all(b"\n")?;
    Ok(output.flush()?)
}
