//! Nothing allocates: a counting allocator is installed, and hostile records are given to every public function.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use tracebaton::Header;
use tracebaton_every_function as every;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's contract is the one of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract is the one of `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(body: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    body();
    ALLOCATIONS.get() - before
}

const PARENT: &[u8] = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";

#[test]
fn an_allocation_is_found() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1]))), 1);
    assert_eq!(allocations(|| std::hint::black_box(&mut Vec::with_capacity(1)).extend([1, 2, 3])), 2);
}

#[test]
fn no_function_allocates() {
    let long = vec![b','; 10_000];
    let values: [&[u8]; 12] = [
        b"",
        b"\0",
        b"\xff\xfe",
        PARENT,
        b"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-later",
        b"00-00000000000000000000000000000000-b7ad6b7169203331-03",
        b"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
        b" a=1 ,\t, b=2;p=1;q , c",
        b"k=%e2%82%00;p=%zz;q",
        b"\x1b[31m",
        &long[..8192],
        &long,
    ];
    let names: [&[u8]; 5] = [b"traceparent", b"TRACESTATE", b"Baggage", b"traceparent\0", b""];
    let mut records = 0;
    for traceparent in values {
        for other in values {
            for name in names {
                let headers = [
                    Header { name: b"traceparent", value: Some(traceparent) },
                    Header { name, value: Some(other) },
                    Header { name: b"baggage", value: Some(other) },
                    Header { name, value: None },
                ];
                let mut buffer = [0; 9000];
                let calls = || {
                    every::every_use(&headers);
                    every::every_function(other, name, &mut buffer);
                    every::every_change(other, b"k", traceparent, 512, &mut buffer);
                };
                assert_eq!(allocations(calls), 0, "{headers:?}");
                records += 1;
            }
        }
    }
    assert_eq!(records, 720);
}
