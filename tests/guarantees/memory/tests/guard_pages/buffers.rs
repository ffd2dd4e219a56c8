//! Changes into buffers of every size, directly beside an inaccessible page.

use crate::LONGEST;
use crate::c;
use crate::values::{Change, changes};
use tracebaton_every_function as every;
use tracebaton_memory::{Pages, Side};

/// The bytes on the other side of a buffer, which must stay unchanged.
const MARGIN: usize = 64;

/// More than the size of any result: the list, a new member, and every byte of its value percent-encoded.
fn enough(Change { list, key, value, .. }: &Change) -> usize {
    (list.len() + 2 * key.len() + 3 * 3 * value.len() + 16).min(8_192 + 16)
}

/// Lends a buffer of this size, and then checks the bytes beside it.
fn with_buffer(pages: &mut Pages, size: usize, side: Side, change: impl FnOnce(&mut [u8])) {
    let (buffer, margin) = match side {
        Side::Before => pages.room(size + MARGIN, side).split_at_mut(size),
        Side::After => {
            let (margin, buffer) = pages.room(MARGIN + size, side).split_at_mut(MARGIN);
            (buffer, margin)
        }
    };
    margin.fill(0xa5);
    change(buffer);
    assert!(margin.iter().all(|byte| *byte == 0xa5), "written beside a buffer of {size} bytes");
}

/// The sizes: every one up to 300 bytes and around the largest result, and some between.
fn sizes(enough: usize) -> impl Iterator<Item = usize> {
    (0..=enough).filter(move |size| *size <= 300 || *size + 30 >= enough || size % 127 == 0)
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "minutes without optimisation: cargo test --release -p tracebaton-memory"
)]
fn changes_into_buffers_of_every_size() {
    let (mut pages, mut list, mut count) = (Pages::new(LONGEST), Pages::new(LONGEST), 0);
    let changes = changes();
    for change in &changes {
        let list = list.copy(&change.list, Side::After);
        for size in sizes(enough(change)) {
            for side in Side::BOTH {
                with_buffer(&mut pages, size, side, |buffer| {
                    every::every_change(list, &change.key, &change.value, change.limit, buffer);
                    c::every_change(change, buffer);
                });
                count += 1;
            }
        }
    }
    println!("{} changes, {count} buffers", changes.len());
    assert!(changes.len() > 400 && count > 100_000, "{} changes, {count} buffers", changes.len());
}
