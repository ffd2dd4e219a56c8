//! Entry and system calls on s390x.

use core::arch::{asm, global_asm};

pub const READ: i64 = 3;
pub const WRITE: i64 = 4;
pub const EXIT_GROUP: i64 = 248;

const _: () = assert!(cfg!(target_endian = "big"), "this test is for big-endian processors");

// The frame where `start` saves registers; the ABI requires it of every caller.
global_asm!(".globl _start", "_start:", "aghi %r15, -160", "brasl %r14, {start}", start = sym crate::start);

pub fn call(number: i64, first: usize, second: usize, third: usize) -> i64 {
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
