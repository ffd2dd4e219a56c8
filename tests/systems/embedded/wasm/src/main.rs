//! Runs packed rows in WebAssembly. `run.mjs` writes them into the memory, and prints the report.
#![no_std]
#![no_main]

use core::fmt;
use tracebaton_test_embedded_runner::{Buffer, EMPTY, Tally, Unwatched};

const MOST: usize = 2 << 20;
static mut ROWS: [u8; MOST] = [0; MOST];

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Prints a text.
    safe fn print(text: *const u8, length: usize);
}

/// The address of the memory for the rows.
#[unsafe(no_mangle)]
extern "C" fn rows() -> *mut u8 {
    (&raw mut ROWS).cast()
}

/// Runs the rows. Returns whether all passed.
#[unsafe(no_mangle)]
extern "C" fn run() -> bool {
    static mut BUFFER: Buffer = EMPTY;
    // SAFETY: there is one thread, and this runs once.
    let (rows, buffer) = unsafe { (&*(&raw const ROWS), &mut *(&raw mut BUFFER)) };
    Tally::of(rows, buffer, &mut Unwatched, &mut Output).is_ok_and(|tally| tally.is_good())
}

struct Output;

impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print(text.as_ptr(), text.len());
        Ok(())
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
