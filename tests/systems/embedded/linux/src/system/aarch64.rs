//! Entry and system calls on aarch64.

use core::arch::{asm, global_asm};

pub const READ: i64 = 63;
pub const WRITE: i64 = 64;
pub const EXIT_GROUP: i64 = 94;

const _: () = assert!(cfg!(target_feature = "neon"), "this test is for the codec with NEON");

// The kernel aligns the stack as the ABI requires it.
global_asm!(".globl _start", "_start:", "bl {start}", start = sym crate::start);

pub fn call(number: i64, first: usize, second: usize, third: usize) -> i64 {
    let result: i64;
    // SAFETY: the callers' system calls only access the memory that they name.
    unsafe {
        asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") first as i64 => result,
            in("x1") second,
            in("x2") third,
            options(nostack),
        );
    }
    result
}
