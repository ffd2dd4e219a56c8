//! The parts that the firmware's programs share: access to the rows, and the depth of the stack.
#![no_std]

mod stack;

pub use stack::Painted;

use core::fmt;

unsafe extern "C" {
    /// The first byte of the packed rows: a symbol of the linker script.
    static _rows: u8;
    /// A symbol whose address is the size of the rows.
    static _rows_size: u8;
}

/// The memory where the host places the packed rows before the board starts.
pub fn packed_rows() -> &'static [u8] {
    // SAFETY: the linker script reserves this memory, it exists on the board, and nothing writes to it.
    unsafe { core::slice::from_raw_parts(&raw const _rows, (&raw const _rows_size).addr()) }
}

/// The terminal of the debugger.
#[derive(Debug)]
pub struct Terminal(semihosting::io::Stdout);

impl Terminal {
    /// Opens the terminal.
    ///
    /// # Errors
    ///
    /// If there is no debugger.
    pub fn open() -> Result<Self, fmt::Error> {
        semihosting::io::stdout().map(Self).map_err(|_| fmt::Error)
    }
}

impl fmt::Write for Terminal {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        semihosting::io::Write::write_all(&mut self.0, text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// Ends the program; the emulator's exit status is 0 if `good`.
pub fn exit(good: bool) -> ! {
    semihosting::process::exit(i32::from(!good))
}
