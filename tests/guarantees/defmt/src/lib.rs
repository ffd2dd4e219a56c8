//! Logs values of [`tracebaton`] into memory. The test decodes them with the strings of its own executable, as a host
//! does.

use std::cell::RefCell;

thread_local! {
    static FRAME: RefCell<(Vec<u8>, defmt::Encoder)> = const { RefCell::new((Vec::new(), defmt::Encoder::new())) };
}

#[defmt::global_logger]
struct Memory;

fn push(frame: &mut Vec<u8>) -> impl FnMut(&[u8]) + '_ {
    |bytes| frame.extend_from_slice(bytes)
}

// SAFETY: every thread has its own frame, and logging does not nest.
unsafe impl defmt::Logger for Memory {
    fn acquire() {
        FRAME.with_borrow_mut(|(frame, encoder)| encoder.start_frame(push(frame)));
    }

    unsafe fn flush() {}

    unsafe fn release() {
        FRAME.with_borrow_mut(|(frame, encoder)| encoder.end_frame(push(frame)));
    }

    unsafe fn write(bytes: &[u8]) {
        FRAME.with_borrow_mut(|(frame, encoder)| encoder.write(bytes, push(frame)));
    }
}

/// The bytes that are sent when this value is logged.
pub fn logged(value: &impl defmt::Format) -> Vec<u8> {
    FRAME.with_borrow_mut(|(frame, _)| frame.clear());
    defmt::println!("{}", value);
    FRAME.with_borrow(|(frame, _)| frame.clone())
}
