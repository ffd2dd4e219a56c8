//! Makes the man page and the shell completions from the arguments.

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;
use std::io::{self, Write};

/// The output to make.
#[derive(Clone, Copy, ValueEnum)]
pub enum What {
    Man,
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

/// Writes the output.
pub fn write(what: What, mut output: impl Write) -> io::Result<()> {
    let mut command = crate::Arguments::command();
    let shell = match what {
        What::Man => {
            clap_mangen::Man::new(command).render(&mut output)?;
            return output.flush();
        }
        What::Bash => Shell::Bash,
        What::Elvish => Shell::Elvish,
        What::Fish => Shell::Fish,
        What::Powershell => Shell::PowerShell,
        What::Zsh => Shell::Zsh,
    };
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, "tracebaton-explain", &mut text);
    output.write_all(&text)?;
    output.flush()
}
