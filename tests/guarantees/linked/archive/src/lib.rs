//! An archive as `libtracebaton.a`, with every function of Rust beside those of C, in which a panic is a missing symbol:
//! who links it finds out whether one is left.
//!
//! `tracebaton-linked` builds it with `--cfg tracebaton_linked`: then it is `no_std`, as the library is, and only then is the
//! symbol missed. In a build of the whole workspace others bring `std` to what the carriers depend on.
#![cfg_attr(tracebaton_linked, no_std)]

mod functions;

pub use tracebaton_ffi::*;

#[cfg(tracebaton_linked)]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_reachable() -> !;
    }
    a_panic_is_reachable()
}
