//! Nothing allocates: the allocator of this test counts, and hostile records go through every entry point.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use tracebaton::*;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is handed on to the system's allocator as it is.
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
fn the_allocator_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1]))), 1);
}

#[test]
fn no_entry_point_allocates() {
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
                assert_eq!(allocations(|| every_entry_point(&headers)), 0, "{headers:?}");
                records += 1;
            }
        }
    }
    assert_eq!(records, 720);
}

fn every_entry_point(headers: &[Header<'_>]) {
    let extracted = extract(headers.iter().copied());
    let context = extracted.context();
    let span_id = SpanId::generate(|bytes| bytes.fill(1));
    let trace_id = TraceId::generate(|bytes| bytes.fill(0));
    let restarted = context.restart(trace_id, span_id, TraceFlags::RANDOM);
    let child = context.child(span_id).unwrap_or(restarted);
    for injection in [extracted.forward(), child.injection(), restarted.injection().baggage_only()] {
        let mut borrowed = arrayvec::ArrayVec::<_, 8>::from_iter(headers.iter().copied());
        inject(&injection, &mut borrowed).unwrap();
        inject_if_absent(&injection, &mut borrowed).unwrap();
        let mut owned = heapless::Vec::<OwnedHeader<16, 64>, 4>::new();
        let _ = inject(&injection, &mut owned);
    }
    for trust in
        [Trust::Continue, Trust::ContinueIds { sampled: true }, Trust::RestartWithLink, Trust::Ignore]
    {
        let trusted = context.trust(trust);
        let mut links = Links::<2, 64>::default();
        links.insert(trusted.parent);
        links.insert(trusted.link);
    }
    let _ = OwnedContext::<64, 64>::copy(&context);
    change(&context);
}

fn change(context: &Context<'_>) {
    let mut buffer = [0; 9000];
    if let Some(state) = context.span_context.map(|context| context.trace_state) {
        state.members().for_each(|member| assert!(state.get(member.key).is_some()));
        assert!(state.insert("vendor", "1", &mut buffer).is_ok());
        assert!(state.delete("rojo", &mut buffer).is_ok());
        assert!(state.truncate(512, &mut buffer).is_ok());
    }
    let mut text = [0; 9000];
    for member in context.baggage.members() {
        assert!(member.value().decode_into(&mut text).is_some());
        member.properties().for_each(|property| assert!(!property.key().is_empty()));
    }
    assert!(context.baggage.set("k", "\u{1f441}", &mut buffer).is_ok());
    assert!(context.baggage.remove("k", &mut buffer).is_ok());
}
