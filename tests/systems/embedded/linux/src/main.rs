//! Runs packed rows from its standard input on Linux, without a standard library. The exit status reports whether all
//! passed.
#![no_std]
#![no_main]

#[cfg_attr(target_arch = "aarch64", path = "system/aarch64.rs")]
#[cfg_attr(target_arch = "s390x", path = "system/s390x.rs")]
mod system;

use core::fmt;
use system::{EXIT_GROUP, READ, WRITE, call};
use tracebaton_test_embedded_runner::{Buffer, EMPTY, Tally, Unwatched};

extern "C" fn start() -> ! {
    static mut ROWS: [u8; 2 << 20] = [0; 2 << 20];
    static mut BUFFER: Buffer = EMPTY;
    // SAFETY: there is one thread, and this runs once.
    let (rows, buffer) = unsafe { (&mut *(&raw mut ROWS), &mut *(&raw mut BUFFER)) };
    read_all(rows);
    let tally = Tally::of(rows, buffer, &mut Unwatched, &mut Output);
    exit(i64::from(!tally.is_ok_and(|tally| tally.is_good())))
}

/// Reads the standard input until it ends.
fn read_all(mut memory: &mut [u8]) {
    loop {
        let count = call(READ, 0, memory.as_mut_ptr().expose_provenance(), memory.len());
        match usize::try_from(count) {
            Ok(1..) => memory = memory.get_mut(count as usize..).unwrap_or_default(),
            _ => return,
        }
    }
}

struct Output;

impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match usize::try_from(call(WRITE, 1, text.as_ptr().expose_provenance(), text.len())) {
            Ok(count) if count == text.len() => Ok(()),
            _ => Err(fmt::Error),
        }
    }
}

fn exit(status: i64) -> ! {
    loop {
        call(EXIT_GROUP, status as usize, 0, 0);
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(101)
}
