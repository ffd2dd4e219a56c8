//! The source of the records. Each record begins a trace, which is also in its value.

use super::clients::{self, Producer};
use super::ledger::{Identity, Ledger};
use super::sabotage;
use super::setting::Setting;
use anyhow::Result;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::BaseRecord;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use tracebaton::{Context, SpanContext, TraceFlags};

/// The headers that a source gives a record.
pub fn headers(setting: &Setting, ledger: &Ledger, own: Identity) -> Result<OwnedHeaders> {
    let mut headers = OwnedHeaders::new().insert(Header { key: "content-type", value: Some("text/plain") });
    let mut contexts = sabotage::contexts(setting.sabotage, ledger, own).into_iter();
    if let Some(of) = contexts.next() {
        let root = SpanContext::root(of.trace_id, of.span_id, TraceFlags::SAMPLED);
        let context = Context::from(root);
        tracebaton_rdkafka::inject(&context.injection(), &mut headers)?;
    }
    Ok(contexts
        .fold(headers, |all, of| all.insert(Header { key: "traceparent", value: Some(&of.traceparent()) })))
}

/// Sends the next record.
pub fn next(setting: &Setting, ledger: &Ledger, producer: &Producer, to: &str) -> Result<()> {
    let own = ledger.begin();
    let (value, key) = (own.to_string(), own.sequence.to_string());
    let headers = headers(setting, ledger, own)?;
    clients::send(producer, BaseRecord::to(to).key(&*key).payload(&*value).headers(headers))
}

/// Sends all records, and waits until the broker has them.
pub fn all(setting: &Setting, ledger: &Ledger, producer: &Producer, to: &str) -> Result<()> {
    steadily(setting, ledger, producer, to, &AtomicU64::new(u64::MAX))
}

/// Sends all records slowly, never more than are allowed so far; waits until the broker has them.
pub fn steadily(
    setting: &Setting,
    ledger: &Ledger,
    producer: &Producer,
    to: &str,
    allowed: &AtomicU64,
) -> Result<()> {
    for sequence in 0..ledger.records() {
        if sequence.is_multiple_of(20) {
            thread::sleep(Duration::from_millis(1));
        }
        while sequence >= allowed.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(1));
        }
        next(setting, ledger, producer, to)?;
    }
    clients::flush(producer)
}
