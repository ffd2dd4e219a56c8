//! Sends a record to the gateway and prints its answer:
//!
//! ```sh
//! cargo run -p client -- traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 baggage=tenant=7
//! ```
//!
//! The gateway runs in QEMU. The variable PORT names a serial port to a real board instead, such as /dev/ttyUSB0; set
//! its speed with `stty -F /dev/ttyUSB0 raw 115200` before.

use firmware::{Frames, MOST_CONTENT, send};
use std::fs::OpenOptions;
use std::io::{self, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use tracebaton::{Header, RawHeaders};

/// The program that `cargo build --release --target thumbv7em-none-eabihf` builds.
const FIRMWARE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/thumbv7em-none-eabihf/release/firmware");
/// The first number. One frame is in flight at a time, so this client needs no other.
const SEQUENCE: u8 = 1;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let headers = arguments.iter().map(|argument| match argument.split_once('=') {
        Some((name, value)) => Header::new(name, value),
        None => Header { name: argument.as_bytes(), value: None },
    });
    let mut buffer = [0; MOST_CONTENT];
    let content = RawHeaders::write(headers, &mut buffer)
        .map_err(|_| io::Error::other(format!("the headers have more than {MOST_CONTENT} bytes")))?;
    let mut frame = Vec::new();
    send(SEQUENCE, content, |byte| frame.push(byte));
    match std::env::var_os("PORT") {
        Some(port) => {
            let mut port = OpenOptions::new().read(true).write(true).open(port)?;
            port.write_all(&frame)?;
            print_answer(port)
        }
        None => {
            let mut emulator = Emulator::start()?;
            let (Some(mut input), Some(output)) = (emulator.0.stdin.take(), emulator.0.stdout.take()) else {
                return Err(io::Error::other("QEMU has no serial port"));
            };
            input.write_all(&frame)?;
            input.flush()?;
            print_answer(output)
        }
    }
}

/// QEMU, which ends with this value.
struct Emulator(Child);

impl Emulator {
    fn start() -> io::Result<Self> {
        let mut qemu = Command::new("qemu-system-arm");
        qemu.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "stdio"]);
        qemu.args(["-kernel", FIRMWARE]).stdin(Stdio::piped()).stdout(Stdio::piped());
        qemu.spawn().map(Self)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Prints the first answer with the number of the frame.
fn print_answer(port: impl Read) -> io::Result<()> {
    let (mut frames, mut is_done) = (Frames::new(), false);
    for byte in BufReader::new(port).bytes() {
        frames.push(byte?, |frame| match frame {
            Ok(frame) if frame.sequence == SEQUENCE => {
                print(frame.content);
                is_done = true;
            }
            Ok(frame) => println!("an answer to frame {}", frame.sequence),
            Err(error) => println!("{error}"),
        });
        if is_done {
            return Ok(());
        }
    }
    Err(io::Error::other("the gateway ended without an answer"))
}

fn print(content: &[u8]) {
    let Some((length, rest)) = content.split_first() else { return println!("an empty answer") };
    let (verdict, block) = rest.split_at_checked(usize::from(*length)).unwrap_or((rest, &[]));
    println!("{}", verdict.escape_ascii());
    for header in RawHeaders::new(block).into_iter().flatten() {
        match header.value {
            Some(value) => println!("  {}: {}", header.name.escape_ascii(), value.escape_ascii()),
            None => println!("  {}: null", header.name.escape_ascii()),
        }
    }
}
