//! One topic has timestamps of the broker, another one of the producer; the queue time reports the kind.

use crate::faults::clients;
use crate::faults::fault::Seen;
use crate::faults::hop;
use crate::faults::language::Language;
use crate::faults::ledger::Ledger;
use crate::faults::setting::{PATIENCE, Setting};
use crate::faults::source;
use crate::faults::topics;
use anyhow::Result;
use rdkafka::producer::BaseRecord;
use std::ops::RangeInclusive;
use std::time::{SystemTime, UNIX_EPOCH};
use tracebaton::TimestampKind;

const HOUR: i64 = 3_600_000;

/// A topic, its kind of timestamps, and the range of allowed queue times in milliseconds.
type Expected = (&'static str, &'static str, TimestampKind, RangeInclusive<i64>);

/// Timestamps. The producer sets all of them to one hour ago.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    let patience = PATIENCE.as_millis() as i64;
    let expected: [Expected; 2] = [
        ("log-append-time", "LogAppendTime", TimestampKind::LogAppendTime, -1_000..=patience),
        ("create-time", "CreateTime", TimestampKind::CreateTime, HOUR..=HOUR + patience),
    ];
    for (topic, kind, ..) in &expected {
        topics::create(setting, topic, 1, &[("message.timestamp.type", kind)])?;
    }
    let producer = clients::producer(setting, &[])?;
    let then = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as i64 - HOUR;
    for _ in 0..ledger.records() {
        let own = ledger.begin();
        let (topic, ..) = expected[own.sequence as usize % 2];
        let (value, headers) = (own.to_string(), source::headers(setting, ledger, own)?);
        clients::send(
            &producer,
            BaseRecord::to(topic).key("k").payload(&*value).timestamp(then).headers(headers),
        )?;
    }
    clients::flush(&producer)?;
    let mut seen = Seen::default();
    let words = expected.map(|expected| read(setting, ledger, &mut seen, expected));
    ledger.arrived("consumer", |_| true);
    seen.words = words.into_iter().collect::<Result<Vec<_>>>()?.join("; ");
    Ok(seen)
}

fn read(
    setting: &Setting,
    ledger: &Ledger,
    seen: &mut Seen,
    (topic, name, kind, range): Expected,
) -> Result<String> {
    let (mut count, mut longest, mut others) = (0, i64::MIN, 0);
    topics::read_whole(setting, topic, 1, &[], |message| {
        count += 1;
        let reading = Language::alternating(count).read(message);
        ledger.read("consumer", hop::identity(message)?, &reading);
        let waited =
            reading.queue_time.filter(|waited| waited.kind == kind && range.contains(&waited.milliseconds));
        others += u64::from(waited.is_none());
        longest = waited.map_or(longest, |waited| longest.max(waited.milliseconds));
        Ok(())
    })?;
    seen.require(
        others == 0,
        &format!("all queue times of {topic} are of {name} and within {range:?} ms: {others} are not"),
    );
    Ok(format!("{name}: {longest} ms at most"))
}
