//! Why is my trace broken? Reads the headers of Kafka records as JSON, and says what becomes of their trace context.

mod advice;
mod escape;
mod foreign;
mod json;
mod lines;
mod pretty;
mod record;
mod repair;
mod verdicts;

use clap::Parser;
use lines::Lines;
use pretty::Report;
use record::Record;
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::process::ExitCode;
use tracebaton::SpanId;
use verdicts::Explanation;

#[derive(Parser)]
#[command(
    name = "explain",
    version,
    about,
    long_about = include_str!("about.txt").trim_end(),
    after_long_help = include_str!("examples.txt").trim_end()
)]
struct Arguments {
    /// The span id of the child whose headers are shown: 16 lower-case hexadecimal digits, not all zero
    #[arg(long, value_name = "HEX16", default_value = "0123456789abcdef", value_parser = span_id)]
    span_id: SpanId,
    /// Print a report for people in place of JSON
    #[arg(long)]
    pretty: bool,
}

fn span_id(digits: &str) -> Result<SpanId, &'static str> {
    SpanId::from_hex(digits.as_bytes()).ok_or("a span id is 16 lower-case hexadecimal digits, not all zero")
}

/// Said once, to who has pasted something else.
const EXAMPLE: &str = concat!(
    r#"a record is a line such as {"headers":{"traceparent":"#,
    r#""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}"#
);

/// Why no more is read or written.
enum Failure {
    Read(io::Error),
    Write(io::Error),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let input = io::stdin().lock();
    if input.is_terminal() {
        say("reading records from the terminal, one JSON object a line; --help says where to get them");
    }
    match run(&arguments, input, BufWriter::with_capacity(1 << 16, io::stdout().lock())) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(2),
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Read(error)) => fail(format_args!("cannot read standard input: {error}")),
        Err(Failure::Write(error)) => fail(format_args!("cannot write standard output: {error}")),
    }
}

/// Explains every record, and says how many lines are none.
fn run(arguments: &Arguments, input: impl Read, mut output: impl Write) -> Result<u64, Failure> {
    let mut lines = Lines::of(input);
    let mut record = Record::default();
    let mut report = Report::default();
    let mut text = Vec::new();
    let mut unread = 0;
    loop {
        if lines.may_wait() {
            output.flush().map_err(Failure::Write)?;
        }
        let Some(line) = lines.read().map_err(Failure::Read)? else { break };
        let read = match line.bytes {
            Some(bytes) if bytes.trim_ascii().is_empty() => continue,
            Some(bytes) => json::read(bytes, &mut record).map(|()| bytes),
            None => Err(format!("longer than {} bytes", lines::MAX_LENGTH)),
        };
        match read {
            Ok(bytes) => {
                let explanation = Explanation::of(&record, arguments.span_id);
                if arguments.pretty {
                    report.record((line.number, bytes), &record, &explanation, &mut output)
                } else {
                    write_json(&mut text, &explanation.to_json((line.number, bytes), &record), &mut output)
                }
                .map_err(Failure::Write)?;
            }
            Err(problem) => {
                unread += 1;
                output.flush().map_err(Failure::Write)?;
                say_unread(line.number, &problem, unread == 1);
            }
        }
    }
    if arguments.pretty {
        report.summary(unread, &mut output).map_err(Failure::Write)?;
    }
    output.flush().map_err(Failure::Write)?;
    Ok(unread)
}

/// Writes a line of JSON, by way of memory that is used again.
fn write_json(json: &mut Vec<u8>, value: &impl Serialize, output: &mut impl Write) -> io::Result<()> {
    json.clear();
    serde_json::to_writer(&mut *json, value)?;
    json.push(b'\n');
    output.write_all(json)
}

fn fail(problem: impl Display) -> ExitCode {
    say(problem);
    ExitCode::FAILURE
}

/// Names a line that is no record.
fn say_unread(number: u64, problem: &str, is_first: bool) {
    say(format_args!("line {number}: {problem}"));
    if is_first {
        say(EXAMPLE);
    }
}

/// Tells the user, if anyone listens.
fn say(message: impl Display) {
    let _ = writeln!(io::stderr(), "explain: {message}");
}
