//! `libtracebaton.a` and `libtracebaton.so`: the functions of [`tracebaton_ffi`], and what to do in a panic.
//!
//! Built for release it is `no_std` and a panic would stop the thread; there is none to be reached. Built for
//! development the standard library is linked, because the unwinding that its profile asks for needs it.
#![cfg_attr(panic = "abort", no_std)]

pub use tracebaton_ffi::*;

#[cfg(panic = "abort")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
