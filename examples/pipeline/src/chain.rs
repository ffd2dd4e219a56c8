//! The chain: all services together, each in a thread of its own.

use crate::packing;
use crate::service::Run;
use crate::shop::{self, Passage};
use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::thread::{self, ScopedJoinHandle};

/// Runs all services until every order is shipped. The first service that fails stops the others.
///
/// Returns the headers that payment saw, and the number of records that arrived with the baggage of checkout.
pub fn run(run: &Run) -> Result<(HashMap<String, Passage>, usize)> {
    thread::scope(|scope| {
        let shipping = scope.spawn(|| stopping(run, shop::shipping(run)));
        let packing = scope.spawn(|| stopping(run, packing::packing(run)));
        let payment = scope.spawn(|| stopping(run, shop::payment(run)));
        let checkout = scope.spawn(|| stopping(run, shop::checkout(run)));
        let (checkout, payment, shipping) = (join(checkout), join(payment), join(shipping));
        checkout?;
        join(packing)?;
        Ok((payment?, shipping?))
    })
}

fn stopping<T>(run: &Run, result: Result<T>) -> Result<T> {
    if result.is_err() {
        run.stop.store(true, Ordering::Relaxed);
    }
    result
}

fn join<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().unwrap_or_else(|_| Err(anyhow!("a service panicked")))
}
