//! An archive as `libtracebaton.a`, with every function of Rust beside those of C, in which a panic is a missing symbol:
//! who links it finds out whether one is left.
//!
//! Built for release it is `no_std`, as the library is; only then is the symbol missed.
#![cfg_attr(panic = "abort", no_std)]

mod functions;

pub use tracebaton_ffi::*;

#[cfg(panic = "abort")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_reachable() -> !;
    }
    a_panic_is_reachable()
}
