//! The ledger finds each fault; tested without a broker, with the headers that a source would send.

use tracebaton_interop::faults::language::Reading;
use tracebaton_interop::faults::ledger::{Flaws, Identity, Ledger};
use tracebaton_interop::faults::sabotage::Sabotage;
use tracebaton_interop::faults::setting::Setting;
use tracebaton_interop::faults::source::headers;

const RECORDS: u64 = 200;

/// The counts of lost, doubled and wrong records, after all but the `missing` one were read.
fn flaws(sabotage: Option<Sabotage>, missing: Option<u64>) -> [u64; 3] {
    let setting = Setting { brokers: String::new(), broker: None, records: RECORDS, sabotage };
    let ledger = Ledger::new(RECORDS);
    for _ in 0..RECORDS {
        let own = ledger.begin();
        let headers = headers(&setting, &ledger, own).unwrap();
        if missing != Some(own.sequence) {
            ledger.read("consumer", own, &Reading::of(&headers));
        }
    }
    ledger.arrived("consumer", |_| true);
    counts(&ledger)
}

fn counts(ledger: &Ledger) -> [u64; 3] {
    let Flaws { lost, doubled, wrong, .. } = ledger.flaws();
    [lost, doubled, wrong]
}

#[test]
fn a_correct_ledger_has_no_flaws() {
    assert_eq!(flaws(None, None), [0, 0, 0]);
}

#[test]
fn each_sabotage_is_found() {
    assert_eq!(flaws(Some(Sabotage::Lose), None), [2, 0, 0]);
    assert_eq!(flaws(Some(Sabotage::Double), None), [0, 2, 0]);
    assert_eq!(flaws(Some(Sabotage::Swap), None), [0, 0, 2]);
}

#[test]
fn a_record_that_does_not_arrive_is_lost() {
    assert_eq!(flaws(None, Some(7)), [1, 0, 0]);
}

#[test]
fn a_record_that_nobody_sent_is_wrong() {
    let ledger = Ledger::new(2);
    let [first, second] = [ledger.begin(), ledger.begin()];
    let reading =
        |of: Identity| Reading { parent: Some((of.trace_id, of.span_id)), traceparents: 1, queue_time: None };
    let mixed = Identity { span_id: second.span_id, ..first };
    ledger.read("consumer", mixed, &reading(mixed));
    assert_eq!(counts(&ledger), [0, 0, 1]);
}

#[test]
fn a_value_is_read_as_it_was_written() {
    let own = Ledger::new(1).begin();
    assert_eq!(Identity::read(own.to_string().as_bytes()), Some(own));
    assert_eq!(Identity::read(b"7 00000000000000000000000000000000 0000000000000000"), None);
    assert_eq!(Identity::read(b"\xff"), None);
}
