//! An archive like `libtracebaton.a`, with all Rust functions beside those of C. A panic in it is a missing symbol, so
//! linking shows whether one is left.
//!
//! `tracebaton-linked` builds it with `--cfg tracebaton_linked`. Only then is it `no_std`, as the library is, and only
//! then is the symbol missing. A build of the whole workspace has `std`, because other packages enable it in the
//! carriers' crates.
#![cfg_attr(tracebaton_linked, no_std)]

mod functions;

pub use tracebaton_ffi::*;

/// Can panic, as a control.
#[cfg(tracebaton_linked)]
#[unsafe(no_mangle)]
pub extern "C" fn control_indexes(index: usize) -> u8 {
    b"control"[index]
}

#[cfg(tracebaton_linked)]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_reachable() -> !;
    }
    a_panic_is_reachable()
}
