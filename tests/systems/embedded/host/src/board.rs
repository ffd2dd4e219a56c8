//! The machines that the codec is tested on.

use crate::build::project;
use std::path::Path;
use std::process::Command;

/// How long one run may take, in seconds.
const PATIENCE: &str = "300";

/// A machine that QEMU or Node.js emulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// The processor.
    pub processor: &'static str,
    /// QEMU's name for the machine.
    pub machine: &'static str,
    /// Rust's name of the target.
    pub target: &'static str,
    /// The linker's name of the kind of ELF object; `None` for WebAssembly.
    pub emulation: Option<&'static str>,
    /// The program that emulates it.
    program: &'static str,
    /// The address of the rows; `None` if they are read from the standard input.
    rows: Option<u32>,
    /// The largest size of the rows of one run.
    pub most: usize,
}

impl Board {
    /// All machines.
    pub const ALL: [Self; 6] =
        [Self::CORTEX_M0, Self::CORTEX_M4F, Self::RISC_V, Self::S390X, Self::AARCH64, Self::WASM32];
    /// 256 KiB of flash and 16 KiB of RAM.
    pub const CORTEX_M0: Self = Self {
        processor: "Cortex-M0",
        machine: "microbit",
        target: "thumbv6m-none-eabi",
        emulation: Some("armelf"),
        program: "qemu-system-arm",
        rows: Some(0x0001_8000),
        most: 160 << 10,
    };
    /// With a floating-point unit.
    pub const CORTEX_M4F: Self = Self {
        processor: "Cortex-M4F",
        machine: "mps2-an386",
        target: "thumbv7em-none-eabihf",
        emulation: Some("armelf"),
        program: "qemu-system-arm",
        rows: Some(0x0020_0000),
        most: 2 << 20,
    };
    /// 32 bits.
    pub const RISC_V: Self = Self {
        processor: "RISC-V",
        machine: "virt",
        target: "riscv32imac-unknown-none-elf",
        emulation: Some("elf32lriscv"),
        program: "qemu-system-riscv32",
        rows: Some(0x8040_0000),
        most: 2 << 20,
    };
    /// Big-endian.
    pub const S390X: Self = Self {
        processor: "s390x, big-endian",
        machine: "Linux",
        target: "s390x-unknown-linux-gnu",
        emulation: Some("elf64_s390"),
        program: "qemu-s390x",
        rows: None,
        most: 2 << 20,
    };
    /// With NEON.
    pub const AARCH64: Self = Self {
        processor: "aarch64, NEON",
        machine: "Linux",
        target: "aarch64-unknown-linux-gnu",
        emulation: Some("aarch64linux"),
        program: "qemu-aarch64",
        rows: None,
        most: 2 << 20,
    };
    /// WebAssembly without vectors.
    pub const WASM32: Self = Self {
        processor: "wasm32",
        machine: "Node.js",
        target: "wasm32-unknown-unknown",
        emulation: None,
        program: "node",
        rows: None,
        most: 2 << 20,
    };

    /// Whether it has frames of a stack in memory that the compiler reports.
    pub fn has_frames(&self) -> bool {
        self.emulation.is_some()
    }

    /// Rust's name for the linker that the target needs.
    pub fn linker_flavor(&self) -> &'static str {
        if self.emulation.is_some() { "ld.lld" } else { "wasm-ld" }
    }

    /// The linker of GNU binutils, for a bare board.
    pub fn binutils_linker(&self) -> Command {
        if *self != Self::RISC_V {
            return Command::new("arm-none-eabi-ld");
        }
        let mut linker = Command::new("riscv64-unknown-elf-ld");
        linker.args(["-m", "elf32lriscv"]);
        linker
    }

    /// The linker's arguments that keep a function.
    pub fn keep(&self, function: &str) -> [String; 2] {
        let option = if self.emulation.is_some() { "-u" } else { "--export" };
        [option.to_owned(), function.to_owned()]
    }

    /// Whether it is a whole machine and not a process.
    pub fn is_bare(&self) -> bool {
        self.rows.is_some()
    }

    /// The command that runs a program with these packed rows.
    pub fn command(&self, program: &Path, rows: &Path) -> std::io::Result<Command> {
        let Some(address) = self.rows else {
            let mut command = with_patience(self.program);
            if *self == Self::WASM32 {
                command.arg(project().join("tests/systems/embedded/wasm/run.mjs"));
            }
            command.arg(program).stdin(std::fs::File::open(rows)?);
            return Ok(command);
        };
        let mut command = with_patience(self.program);
        self.add_machine("none", &mut command);
        command.arg("-kernel").arg(program);
        command.arg("-device").arg(format!("loader,file={},addr={address:#x},force-raw=on", rows.display()));
        Ok(command)
    }

    /// The command that runs a program without rows, one nanosecond for each instruction.
    pub fn counting(&self, program: &Path) -> Command {
        let mut command = with_patience(self.program);
        self.add_machine("none", &mut command);
        command.args(["-icount", "shift=0", "-kernel"]).arg(program);
        command
    }

    /// The command that runs a program until it is stopped, with its UART on the standard input and output.
    pub fn talking(&self, program: &Path) -> Command {
        let mut command = with_patience(self.program);
        self.add_machine("stdio", &mut command);
        command.arg("-kernel").arg(program);
        command
    }

    fn add_machine(&self, serial: &str, command: &mut Command) {
        command.args(["-machine", self.machine, "-display", "none", "-monitor", "none", "-serial", serial]);
        command.args(["-semihosting-config", "enable=on,target=native"]);
        if *self == Self::RISC_V {
            command.args(["-bios", "none"]);
        }
    }
}

fn with_patience(program: &str) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", PATIENCE, program]).stdin(std::process::Stdio::null());
    command
}
