//! The depth of the stack in a call: the stack is painted before the call and inspected after it.

use core::hint::black_box;
use tracebaton_test_embedded_runner::Watch;

/// The inspected part, in bytes. The depth of a deeper call is reported as this.
const DEEPEST: usize = 2048;
/// The part that is not painted, in bytes, because the functions that paint and inspect use it.
const OWN: usize = 96;
const PAINT: u32 = 0xa5c3_5a3c;

/// The deepest stack so far, in bytes below the frame of the caller.
#[derive(Clone, Copy, Debug, Default)]
pub struct Painted {
    /// Of extractions.
    pub extract: usize,
    /// Of injections.
    pub inject: usize,
}

impl Watch for Painted {
    fn extract<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let (value, depth) = measure(run);
        self.extract = self.extract.max(depth);
        value
    }

    fn inject<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let (value, depth) = measure(run);
        self.inject = self.inject.max(depth);
        value
    }
}

#[inline(never)]
fn measure<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let here = stack_pointer();
    paint(here);
    let value = run();
    (value, depth(here))
}

#[inline(never)]
fn paint(here: usize) {
    for address in (here - DEEPEST..here - OWN).step_by(4) {
        // SAFETY: aligned memory of the stack, below every frame in use: `OWN` is larger than this frame.
        unsafe { core::ptr::with_exposed_provenance_mut::<u32>(address).write_volatile(PAINT) };
    }
}

#[inline(never)]
fn depth(here: usize) -> usize {
    let is_painted = |address: usize| {
        // SAFETY: as in `paint`.
        unsafe { core::ptr::with_exposed_provenance::<u32>(address).read_volatile() == PAINT }
    };
    let lowest = (here - DEEPEST..here - OWN).step_by(4).find(|address| !is_painted(*address));
    black_box(here - lowest.unwrap_or(here - OWN))
}

#[inline(always)]
fn stack_pointer() -> usize {
    let pointer: usize;
    #[cfg(target_arch = "arm")]
    // SAFETY: reads a register.
    unsafe {
        core::arch::asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    #[cfg(target_arch = "riscv32")]
    // SAFETY: reads a register.
    unsafe {
        core::arch::asm!("mv {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    pointer
}
