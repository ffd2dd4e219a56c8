//! Every value of the conformance vectors, cut off at every length, is read through Rust and C, directly before and
//! after an inaccessible page. Changes are written into buffers of every size.
//!
//! `tracebaton-fuzz-properties` places the structs of the C library there; its tests run all vectors as well.

mod buffers;
mod c;
mod controls;
mod values;

use std::collections::BTreeSet;
use tracebaton::Header;
use tracebaton_every_function as every;
use tracebaton_memory::{Pages, Side};

/// More than the longest value.
const LONGEST: usize = 70_000;

/// Values up to this length are read in every way there is, longer ones once as each header.
const SHORT: usize = 300;

/// Calls `check` with each text cut off at every length, at both ends of the pages.
fn each_truncation(texts: &BTreeSet<Vec<u8>>, check: impl Fn(&[u8])) -> usize {
    let mut pages = Pages::new(LONGEST);
    let mut count = 0;
    for text in texts {
        for length in 0..=text.len() {
            for side in Side::BOTH {
                check(pages.copy(&text[..length], side));
                count += 1;
            }
        }
    }
    count
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "minutes without optimisation: cargo test --release -p tracebaton-memory"
)]
fn values() {
    let values = values::header_values();
    let count = each_truncation(&values, |value| {
        if value.len() > SHORT {
            every::each_reading(value);
            return c::each_reading(value);
        }
        every::every_reading(value);
        for name in ["traceparent", "tracestate", "baggage"] {
            every::record(&[Header::new("traceparent", values::PARENT), Header::new(name, value)]);
        }
        c::every_reading(value);
    });
    println!("{} values, {count} readings", values.len());
    assert!(values.len() > 500 && count > 100_000, "{} values, {count} readings", values.len());
}

#[test]
fn names() {
    let names = values::names();
    let count = each_truncation(&names, |name| {
        every::every_use(&[Header::new(name, values::PARENT), Header { name, value: None }]);
        c::name(name);
    });
    println!("{} names, {count} readings", names.len());
    assert!(names.len() > 20 && count > 500, "{} names, {count} readings", names.len());
}
