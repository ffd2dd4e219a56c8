//! Support for `main` in the firmware: the place of the rows, and the depth of the stack.
#![no_std]

mod stack;

pub use stack::Painted;

use core::fmt;

unsafe extern "C" {
    /// The first byte of the packed rows: a symbol of the linker script.
    static _rows: u8;
    /// A symbol whose address is how many bytes there are for rows.
    static _rows_size: u8;
}

/// The memory in which the host puts the packed rows before the board starts.
pub fn packed_rows() -> &'static [u8] {
    // SAFETY: the linker script keeps this memory free of all else, it is there on the board, and nothing writes to it.
    unsafe { core::slice::from_raw_parts(&raw const _rows, (&raw const _rows_size).addr()) }
}

/// The terminal of the debugger.
#[derive(Debug)]
pub struct Terminal(semihosting::io::Stdout);

impl Terminal {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// There is no debugger.
    pub fn open() -> Result<Self, fmt::Error> {
        semihosting::io::stdout().map(Self).map_err(|_| fmt::Error)
    }
}

impl fmt::Write for Terminal {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        semihosting::io::Write::write_all(&mut self.0, text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// Ends the program. The exit status of the emulator is 0 on success.
pub fn exit(good: bool) -> ! {
    semihosting::process::exit(i32::from(!good))
}
