//! Runs packed rows from its standard input on Linux on s390x, without a standard library. The exit status reports
//! whether all passed.
#![no_std]
#![no_main]

use core::arch::{asm, global_asm};
use core::fmt;
use tracebaton_test_embedded_runner::{Buffer, Tally, Unwatched};

const _: () = assert!(cfg!(target_endian = "big"), "this test is for big-endian processors");

// The frame where `start` saves registers; the ABI requires it of every caller.
global_asm!(".globl _start", "_start:", "aghi %r15, -160", "brasl %r14, {start}", start = sym start);

extern "C" fn start() -> ! {
    static mut ROWS: [u8; 2 << 20] = [0; 2 << 20];
    static mut BUFFER: Buffer = [0; 8192];
    // SAFETY: there is one thread, and this runs once.
    let (rows, buffer) = unsafe { (&mut *(&raw mut ROWS), &mut *(&raw mut BUFFER)) };
    read_all(rows);
    let tally = Tally::of(rows, buffer, &mut Unwatched, &mut Output);
    exit(i64::from(!tally.is_ok_and(|tally| tally.is_good())))
}

/// Reads the standard input until it ends.
fn read_all(mut memory: &mut [u8]) {
    const READ: i64 = 3;
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
        const WRITE: i64 = 4;
        match usize::try_from(call(WRITE, 1, text.as_ptr().expose_provenance(), text.len())) {
            Ok(count) if count == text.len() => Ok(()),
            _ => Err(fmt::Error),
        }
    }
}

fn exit(status: i64) -> ! {
    const EXIT_GROUP: i64 = 248;
    loop {
        call(EXIT_GROUP, status as usize, 0, 0);
    }
}

fn call(number: i64, first: usize, second: usize, third: usize) -> i64 {
    let result: i64;
    // SAFETY: the callers' system calls only access the memory that they name.
    unsafe {
        asm!(
            "svc 0",
            in("r1") number,
            inlateout("r2") first as i64 => result,
            in("r3") second,
            in("r4") third,
            options(nostack),
        );
    }
    result
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(101)
}
