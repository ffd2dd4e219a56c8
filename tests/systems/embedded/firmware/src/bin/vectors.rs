//! Runs the packed rows that the host placed beside this program. The exit status reports whether all passed.
#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, Ordering};
use tracebaton_test_embedded_firmware::{Painted, Terminal, exit, packed_rows};
use tracebaton_test_embedded_runner::{Buffer, EMPTY, Tally};

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    exit(all_rows() == Ok(true))
}

fn all_rows() -> Result<bool, fmt::Error> {
    let mut terminal = Terminal::open()?;
    let mut stack = Painted::default();
    let tally = Tally::of(packed_rows(), buffer().ok_or(fmt::Error)?, &mut stack, &mut terminal)?;
    writeln!(terminal, "stack extract {}", stack.extract)?;
    writeln!(terminal, "stack inject {}", stack.inject)?;
    Ok(tally.is_good())
}

/// The only buffer, which takes half of the memory of the smallest board.
fn buffer() -> Option<&'static mut Buffer> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    static mut BUFFER: Buffer = EMPTY;
    if TAKEN.load(Ordering::Relaxed) {
        return None;
    }
    TAKEN.store(true, Ordering::Relaxed);
    // SAFETY: this runs once. There is one thread, and no interrupt uses the buffer.
    Some(unsafe { &mut *(&raw mut BUFFER) })
}
