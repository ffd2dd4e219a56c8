//! Sends the log of defmt over the second UART.

use crate::board::LOG;
use core::cell::UnsafeCell;
use critical_section::RestoreState;
use defmt::Encoder;

/// The encoder, and the interrupts to restore after an entry.
struct State(UnsafeCell<(Encoder, RestoreState)>);

// SAFETY: it is used within a critical section only, and the processor has one core.
unsafe impl Sync for State {}

static STATE: State = State(UnsafeCell::new((Encoder::new(), RestoreState::invalid())));

#[defmt::global_logger]
struct Log;

// SAFETY: between acquire and release, no interrupt and no other entry can run.
unsafe impl defmt::Logger for Log {
    fn acquire() {
        // SAFETY: release ends the critical section. Within it, this is the only reference to the state.
        unsafe {
            let restore = critical_section::acquire();
            let state = &mut *STATE.0.get();
            state.1 = restore;
            state.0.start_frame(write);
        }
    }

    unsafe fn flush() {}

    unsafe fn release() {
        // SAFETY: defmt calls it after acquire. This is the only reference to the state.
        unsafe {
            let state = &mut *STATE.0.get();
            state.0.end_frame(write);
            critical_section::release(state.1);
        }
    }

    unsafe fn write(bytes: &[u8]) {
        // SAFETY: defmt calls it between acquire and release. This is the only reference to the state.
        unsafe { (*STATE.0.get()).0.write(bytes, write) };
    }
}

fn write(bytes: &[u8]) {
    for byte in bytes {
        while !LOG.send(*byte) {}
    }
}
