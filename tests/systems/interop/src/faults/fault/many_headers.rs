//! Records with 1,000 headers, among them ours at any position, and stale ones.

use crate::faults::clients::{self, Producer};
use crate::faults::fault::Seen;
use crate::faults::hop::{self, STAGE};
use crate::faults::language::Language;
use crate::faults::ledger::{Identity, Ledger};
use crate::faults::sabotage;
use crate::faults::setting::Setting;
use crate::faults::topics;
use anyhow::Result;
use fastrand::Rng;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::BaseRecord;
use tracebaton_rdkafka::RecordHeaders;

const FROM: &str = "headers-in";
const TO: &str = "headers-out";
const HEADERS: usize = 1_000;
const STALE: &str = "00-11111111111111111111111111111111-2222222222222222-00";

/// The count of stale traceparents in a record; 100 are more than the glue looks up.
fn stale(sequence: u64) -> usize {
    [0, 1, 3, 100][sequence as usize % 4]
}

/// The names and values of a record's headers, the same in every run, with null values among them.
fn headers(sequence: u64, contexts: &[Identity]) -> Vec<(String, Option<String>)> {
    let mut random = Rng::with_seed(sequence);
    let stale = stale(sequence);
    let count = HEADERS - stale - 1;
    let mut all: Vec<_> = (0..count).map(|index| other(&mut random, index)).collect();
    let own = random.usize(0..=count);
    for (offset, context) in contexts.iter().enumerate() {
        all.insert(own + offset, ("traceparent".to_owned(), Some(context.traceparent())));
    }
    for _ in 0..stale {
        let name =
            random.choice(["traceparent", "Traceparent", "TRACEPARENT"]).unwrap_or("traceparent").to_owned();
        // A stale header does no harm before ours, or after it without a value.
        let ours = all.iter().rposition(|(name, value)| {
            name == "traceparent" && value.as_deref().is_some_and(|value| value != STALE)
        });
        let place = random.usize(0..=all.len());
        let value = ours.is_none_or(|ours| place <= ours).then(|| STALE.to_owned());
        all.insert(place, (name, value));
    }
    all
}

/// One of the other headers.
fn other(random: &mut Rng, index: usize) -> (String, Option<String>) {
    let name = *random.choice(&["traceparents", "x-traceparent", "tenant", "état", ""]).unwrap_or(&"");
    (name.to_owned(), random.bool().then(|| format!("value {index}")))
}

/// Large lists of headers, through one hop.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    for topic in [FROM, TO] {
        topics::create(setting, topic, 1, &[])?;
    }
    let producer = clients::producer(setting, &[])?;
    for _ in 0..ledger.records() {
        let own = ledger.begin();
        let contexts = sabotage::contexts(setting.sabotage, ledger, own);
        let record = BaseRecord::to(FROM).key("k").headers(list(&headers(own.sequence, &contexts)));
        clients::send(&producer, record.payload(&*own.to_string()))?;
    }
    clients::flush(&producer)?;
    carry(setting, ledger, &producer)?;
    let (others, mixed_up) = look(setting, ledger)?;
    ledger.arrived("consumer", |_| true);
    let most = (0..4).map(stale).max().unwrap_or_default();
    let mut seen = Seen::of(format!(
        "up to {most} stale traceparents beside the valid one; after a hop one is left, and {others} other headers"
    ));
    let what = format!("the other headers keep their sequence ({mixed_up} records differ)");
    seen.require(mixed_up == 0, &what);
    Ok(seen)
}

/// The hop.
fn carry(setting: &Setting, ledger: &Ledger, producer: &Producer) -> Result<()> {
    topics::read_whole(setting, FROM, 1, &[], |message| {
        let says = hop::identity(message)?;
        // Not the parity of the number, which depends on the count of stale headers.
        let language = Language::alternating(says.sequence / 4);
        let reading = language.read(message);
        ledger.read_with(STAGE, says, &reading, 1 + stale(says.sequence) as u32);
        let next = ledger.below(says, &reading);
        language.send_on(message, producer, TO, &next.to_string(), next.span_id)
    })?;
    clients::flush(producer)
}

/// The count of other headers after the hop, and of records whose other headers changed.
fn look(setting: &Setting, ledger: &Ledger) -> Result<(usize, usize)> {
    let (mut others, mut mixed_up) = (0, 0);
    topics::read_whole(setting, TO, 1, &[], |message| {
        let says = hop::identity(message)?;
        ledger.read("consumer", says, &Language::alternating(says.sequence).read(message));
        let kept = others_of(message);
        others += kept.len();
        mixed_up += usize::from(kept != others_of(&list(&headers(says.sequence, &[]))));
        Ok(())
    })?;
    Ok((others, mixed_up))
}

fn list(headers: &[(String, Option<String>)]) -> OwnedHeaders {
    let list = OwnedHeaders::new_with_capacity(headers.len());
    headers.iter().fold(list, |list, (key, value)| list.insert(Header { key, value: value.as_ref() }))
}

/// All but ours.
fn others_of(source: &impl RecordHeaders) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let others =
        tracebaton_rdkafka::headers(source).filter(|it| !it.name.eq_ignore_ascii_case(b"traceparent"));
    others.map(|it| (it.name.to_vec(), it.value.map(<[u8]>::to_vec))).collect()
}
