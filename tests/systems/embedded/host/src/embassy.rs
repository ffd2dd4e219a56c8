//! The example `examples/embassy`, whose client starts the board and prints the alarms and the log.

use crate::Failure;
use crate::board::Board;
use crate::build::{Tools, project};
use crate::emulator::run_well;

/// Runs the client, compares its output with the README, and returns it.
///
/// # Errors
///
/// If the output differs, apart from new ids and the sequence of the log.
pub fn run(tools: &Tools) -> Result<String, Failure> {
    let program = tools.example(&Board::CORTEX_M4F, "embassy")?;
    let printed = run_well(tools.client("embassy").arg(&program))?;
    let readme = std::fs::read_to_string(project().join("examples/embassy/README.md"))?;
    let (_, shown) = readme.split_once("```text\n").ok_or("the README shows no output")?;
    let (shown, _) = shown.split_once("```").ok_or("the README shows no output")?;
    if comparable(&printed) == comparable(shown) {
        return Ok(printed);
    }
    Err(format!("the output differs from examples/embassy/README.md:\n{printed}").into())
}

/// Two tasks log, so the lines after "log" are sorted. New ids are masked; they are those of the alarms.
fn comparable(printed: &str) -> (Vec<String>, Vec<String>) {
    let mut is_log = false;
    let (mut log, alarms): (Vec<String>, Vec<String>) = printed.lines().map(masked).partition(|line| {
        is_log |= line == "log";
        is_log
    });
    log.sort();
    (alarms, log)
}

/// The ids that the client sends.
const SENT: [&str; 3] =
    ["0af7651916cd43dd8448eb211c80319c", "0AF7651916CD43DD8448EB211C80319C", "b7ad6b7169203331"];

/// The line with a mark in the place of each other id.
fn masked(line: &str) -> String {
    let is_digit = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mask = |part| match part {
        part if SENT.contains(&part) => part,
        part if part.len() == 32 && is_digit(&part) => "TRACE",
        part if part.len() == 16 && is_digit(&part) => "SPAN",
        part => part,
    };
    line.split('-').map(mask).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "  traceparent: 00-0af7651916cd43dd8448eb211c80319c-7e849e5c4abd4426-01";

    #[test]
    fn only_new_ids_and_the_sequence_of_the_log_may_differ() {
        let other = LINE.replace("7e84", "7e85");
        assert_eq!(
            comparable(&format!("{LINE}\nlog\n  b\n  a")),
            comparable(&format!("{other}\nlog\n  a\n  b"))
        );
        for other in [LINE.replace("0af7", "0af8"), LINE.replace("-01", "-00"), format!("{LINE}\n{LINE}")] {
            assert_ne!(comparable(LINE), comparable(&other), "{other}");
        }
        assert_ne!(comparable("a\nb\nlog"), comparable("b\na\nlog"));
    }
}
