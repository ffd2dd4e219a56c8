//! Counts allocations, in a separate pass.

use crate::cell::Cell;
use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator. In threads that do not count, it only adds one check of a flag.
struct Counting;

thread_local! {
    static COUNT: std::cell::Cell<Option<u64>> = const { std::cell::Cell::new(None) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count() {
    if let Some(count) = COUNT.get() {
        COUNT.set(Some(count + 1));
    }
}

/// Counts an allocation of C++.
#[cfg(opentelemetry_cpp)]
#[unsafe(no_mangle)]
extern "C" fn tracebaton_benches_allocated() {
    count();
}

// SAFETY: every call is passed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }
}

/// The allocations of one operation of this cell, on average over its inputs.
pub fn per_operation(cell: &Cell) -> f64 {
    let counted = |rounds| {
        cell.rounds(rounds);
        COUNT.set(Some(0));
        cell.rounds(rounds);
        COUNT.take().unwrap_or_default()
    };
    let inputs = cell.inputs as u64;
    let (once, twice) = (counted(inputs), counted(2 * inputs));
    (twice as f64 - once as f64) / inputs as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Outcome;

    #[test]
    fn each_allocation_is_counted_once() {
        let cell =
            Cell::new(vec![1_u8; 8], |byte, _| (vec![*byte; 3], Box::new(*byte)), |_, _| Outcome::default());
        assert_eq!(per_operation(&cell), 2.0);
    }
}
