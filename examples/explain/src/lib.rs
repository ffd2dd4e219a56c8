//! Why is my trace broken? Reads Kafka records in the output of any tool, and finds the cause in their headers.
//!
//! This is the program `tracebaton-explain`. Its reports are functions, too, so that a fuzzer can call them.

mod advice;
mod escape;
mod finding;
mod findings;
mod formats;
mod generate;
mod input;
mod letters;
mod meaning;
mod mistakes;
mod names;
mod peel;
mod print;
mod record;
mod reports;

use clap::{ColorChoice, Parser};
use finding::Effect;
use input::{Document, Documents, Stop};
use print::html::Page;
use print::pretty::{self, Paint};
use print::{Explanation, Summary, json};
use record::Record;
pub use reports::{Report, reports};
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tracebaton::SpanId;

/// Finds why a trace breaks, in the headers of Kafka records
#[derive(Parser)]
#[command(
    name = "tracebaton-explain",
    version,
    about,
    long_about = include_str!("about.txt").trim_end(),
    after_long_help = include_str!("examples.txt").trim_end()
)]
struct Arguments {
    /// Print a report for people in place of JSON
    #[arg(long)]
    pretty: bool,
    /// Write a page for a support ticket to this file, in place of JSON
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Exit with 3 if a finding has this effect, or a worse one
    #[arg(long, value_name = "EFFECT")]
    fail_on: Option<Effect>,
    /// Colour the report; NO_COLOR in the environment turns auto off
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    /// The span id of the child whose headers are shown: 16 lower-case hexadecimal digits, not all zero
    #[arg(long, value_name = "HEX16", default_value = "0123456789abcdef", value_parser = span_id)]
    span_id: SpanId,
    /// Print the man page, or completions for a shell, and exit
    #[arg(long, value_name = "WHAT", exclusive = true)]
    generate: Option<generate::What>,
}

fn span_id(digits: &str) -> Result<SpanId, &'static str> {
    SpanId::from_hex(digits.as_bytes()).ok_or("a span id is 16 lower-case hexadecimal digits, not all zero")
}

/// Printed once, after the first input that is not a record.
const EXAMPLE: &str = concat!(
    r#"a record is a line such as {"headers":{"traceparent":"#,
    r#""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}, as kcat -J, rpk, kaf and others print it"#
);

/// Why reading or writing stopped.
enum Failure {
    Read(io::Error),
    Write(io::Error),
    Page(io::Error),
}

/// Runs the program with its arguments, from standard input to standard output.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = io::stdout().lock();
    if let Some(what) = arguments.generate {
        return match generate::write(what, output) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(format_args!("cannot write standard output: {error}")),
        };
    }
    let input = io::stdin().lock();
    if input.is_terminal() {
        say("reading records from the terminal, one JSON object a line; --help says where to get them");
    }
    let is_colour = match arguments.color {
        ColorChoice::Auto => {
            output.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    };
    let mut summary = Summary::default();
    let output = BufWriter::with_capacity(1 << 16, output);
    match run(&arguments, Paint { is_on: is_colour }, input, output, &mut summary) {
        Ok(()) if summary.unread > 0 => ExitCode::from(2),
        Ok(()) if arguments.fail_on.is_some_and(|effect| summary.has(effect)) => ExitCode::from(3),
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the pipe has closed it, so nobody would read a message.
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(Failure::Read(error)) => fail(format_args!("cannot read standard input: {error}")),
        Err(Failure::Write(error)) => fail(format_args!("cannot write standard output: {error}")),
        Err(Failure::Page(error)) => fail(format_args!("cannot write the page of --html: {error}")),
    }
}

/// Explains every record.
fn run(
    arguments: &Arguments,
    paint: Paint,
    input: impl Read,
    output: impl Write,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let path = arguments.html.as_ref();
    let page = path.map(|path| File::create(path).and_then(|file| Page::begin(BufWriter::new(file))));
    let page = page.transpose().map_err(Failure::Page)?;
    let mut printer = Printer { arguments, paint, output, page, lines: json::Lines::default() };
    let mut documents = Documents::of(input);
    let mut record = Record::default();
    loop {
        if documents.may_wait() {
            printer.output.flush().map_err(Failure::Write)?;
        }
        let Some(Document { number, bytes }) = documents.read().map_err(Failure::Read)? else { break };
        let Some(bytes) = bytes else {
            let problem = format!("longer than {} bytes", input::MAX_LENGTH);
            unread(summary, number, &problem, &mut printer.output)?;
            continue;
        };
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let mut each = |record: &Record, line| printer.print(number + line, record, bytes, summary);
        match input::records(bytes, &mut record, &mut each) {
            Ok(()) => {}
            Err(Stop::Each(failure)) => return Err(failure),
            Err(Stop::Unread(line, problem)) => {
                unread(summary, number + line, &problem, &mut printer.output)?
            }
        }
    }
    printer.end(summary)
}

/// Destination of the records.
struct Printer<'a, W: Write> {
    arguments: &'a Arguments,
    paint: Paint,
    output: W,
    page: Option<Page<BufWriter<File>>>,
    lines: json::Lines,
}

impl<W: Write> Printer<'_, W> {
    /// Prints the record of this line, which was parsed from `text`.
    fn print(
        &mut self,
        line: u64,
        record: &Record,
        text: &[u8],
        summary: &mut Summary,
    ) -> Result<(), Failure> {
        let mut explanation = Explanation::of(record, text, self.arguments.span_id);
        let status = summary.add(line, &mut explanation);
        if let Some(page) = &mut self.page {
            page.record(line, status, &explanation).map_err(Failure::Page)?;
        }
        if self.arguments.pretty {
            pretty::record(line, status, &explanation, self.paint, &mut self.output).map_err(Failure::Write)
        } else if self.page.is_none() {
            self.lines.write(line, &explanation, &mut self.output).map_err(Failure::Write)
        } else {
            Ok(())
        }
    }

    /// Prints the summary of all records.
    fn end(mut self, summary: &Summary) -> Result<(), Failure> {
        if let Some(page) = self.page {
            page.end(summary).map_err(Failure::Page)?;
        }
        if self.arguments.pretty {
            pretty::summary(summary, self.paint, &mut self.output).map_err(Failure::Write)?;
        }
        self.output.flush().map_err(Failure::Write)
    }
}

/// Reports an input that is not a record.
fn unread(summary: &mut Summary, number: u64, problem: &str, output: &mut impl Write) -> Result<(), Failure> {
    summary.unread += 1;
    output.flush().map_err(Failure::Write)?;
    say(format_args!("line {number}: {problem}"));
    if summary.unread == 1 {
        say(EXAMPLE);
    }
    Ok(())
}

fn fail(problem: impl Display) -> ExitCode {
    say(problem);
    ExitCode::FAILURE
}

/// Writes a message for the user to standard error; ignores failures.
fn say(message: impl Display) {
    let _ = writeln!(io::stderr(), "tracebaton-explain: {message}");
}
