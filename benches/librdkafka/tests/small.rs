//! A measurement too small for useful figures. All its parts run, and each record has the expected headers.

use tracebaton_bench_librdkafka::{Carrier, GlueWork, Plan, measure};

#[test]
fn every_part() {
    let report = measure(&Plan { rounds: 2, records: 500, ..Plan::quick() }).unwrap();

    let carriers: Vec<_> = report.traffic.iter().map(|row| row.carrier).collect();
    assert_eq!(carriers, Carrier::ALL);
    for row in &report.traffic {
        for spread in [row.records_per_second, row.producer_ns, row.consumer_ns, row.both_ns] {
            assert!(spread.lowest > 0.0 && spread.lowest <= spread.median && spread.median <= spread.highest);
        }
    }
    let works: Vec<_> = report.glue.iter().map(|row| row.work).collect();
    assert_eq!(works, GlueWork::ALL);
    assert!(report.share.is_none());
    assert!(report.to_markdown().contains("a context, by the codec"));
}

#[test]
fn no_such_payload() {
    assert!(measure(&Plan { rounds: 1, records: 1, payload_size: 1025, ..Plan::quick() }).is_err());
}
