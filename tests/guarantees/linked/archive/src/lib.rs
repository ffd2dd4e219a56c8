//! An archive like `libtracebaton.a`, with every Rust function beside the C functions. A panic is a missing symbol in
//! it, so linking it shows whether a panic is left.
//!
//! `tracebaton-linked` builds it with `--cfg tracebaton_linked`. Only then is it `no_std` like the library, and only
//! then is the symbol missing: in a build of the whole workspace other crates enable `std` in the dependencies of the
//! carriers.
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
