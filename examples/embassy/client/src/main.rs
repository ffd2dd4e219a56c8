//! Starts the board in QEMU, sends it four readings and a damaged frame, and prints the alarms and then its log:
//!
//! ```sh
//! cargo run -p embassy-client
//! ```
//!
//! The argument is the program, by default the one that `cargo build --release` makes.

use defmt_decoder::Table;
use firmware::{Frames, MOST_CONTENT, send};
use std::error::Error;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tracebaton::{Header, RawHeaders};

/// The program that `cargo build --release --target thumbv7em-none-eabihf` builds.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/thumbv7em-none-eabihf/release/embassy");
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// Longer than the board keeps.
const LONG: &str =
    "note=this%20baggage%20is%20longer%20than%20the%20board%20has%20room%20for%20in%20its%20queue";

fn main() -> Result<(), Box<dyn Error>> {
    let program = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| PROGRAM.to_owned()));
    let log = std::env::temp_dir().join(format!("embassy-{}.log", std::process::id()));
    let printed = converse(&program, &log).and_then(|()| print_log(&program, &log));
    // The log may be missing if the board did not start.
    let _ = std::fs::remove_file(&log);
    printed
}

fn readings() -> [Vec<Header<'static>>; 4] {
    let parent = Header::new("traceparent", PARENT);
    [
        vec![parent, Header::new("tracestate", "rojo=1"), Header::new("baggage", "tenant=7")],
        vec![parent, Header::new("baggage", LONG)],
        vec![Header::new("traceparent", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")],
        vec![Header { name: b"schema-id", value: None }],
    ]
}

/// Sends all readings without waiting, and prints as many alarms.
fn converse(program: &Path, log: &Path) -> Result<(), Box<dyn Error>> {
    let mut board = Emulator::start(program, log)?;
    let mut input = board.0.stdin.take().ok_or("QEMU has no serial port")?;
    let output = board.0.stdout.take().ok_or("QEMU has no serial port")?;
    let readings = readings();
    for (headers, sequence) in readings.iter().zip(1..) {
        let mut buffer = [0; MOST_CONTENT];
        let block = RawHeaders::write(headers.iter().copied(), &mut buffer)?;
        let mut frame = Vec::new();
        send(sequence, block, |byte| frame.push(byte));
        // A damaged frame before each: the checksum is missing.
        input.write_all(&[2, 7, 0])?;
        input.write_all(&frame)?;
    }
    input.flush()?;
    print_alarms(output, readings.len())
}

/// QEMU, which ends with this value.
struct Emulator(Child);

impl Emulator {
    fn start(program: &Path, log: &Path) -> std::io::Result<Self> {
        let mut qemu = Command::new("timeout");
        qemu.args([
            "60",
            "qemu-system-arm",
            "-machine",
            "mps2-an386",
            "-display",
            "none",
            "-monitor",
            "none",
        ]);
        qemu.args(["-serial", "stdio", "-serial"]).arg(format!("file:{}", log.display()));
        qemu.arg("-kernel").arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        qemu.spawn().map(Self)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // `timeout` passes the signal on. Both may have ended already.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn print_alarms(port: impl Read, count: usize) -> Result<(), Box<dyn Error>> {
    let (mut frames, mut seen) = (Frames::new(), 0);
    for byte in BufReader::new(port).bytes() {
        frames.push(byte?, |frame| match frame {
            Ok(frame) => {
                println!("alarm {}", frame.sequence);
                print(frame.content);
                seen += 1;
            }
            Err(error) => println!("{error}"),
        });
        if seen == count {
            return Ok(());
        }
    }
    Err(format!("the board ended after {seen} alarms").into())
}

fn print(block: &[u8]) {
    match RawHeaders::new(block) {
        Ok(headers) => headers.for_each(|Header { name, value }| {
            println!("  {}: {}", name.escape_ascii(), value.unwrap_or(b"null").escape_ascii());
        }),
        Err(error) => println!("  {error}"),
    }
}

/// Decodes the log with the strings of the program.
fn print_log(program: &Path, log: &Path) -> Result<(), Box<dyn Error>> {
    println!("log");
    let table = Table::parse(&std::fs::read(program)?)?.ok_or("the program has no strings of defmt")?;
    let mut decoder = table.new_stream_decoder();
    decoder.received(&std::fs::read(log)?);
    while let Ok(entry) = decoder.decode() {
        let level = entry.level().map_or("", |level| level.as_str());
        println!("  {level}: {}", entry.display_message());
    }
    Ok(())
}
