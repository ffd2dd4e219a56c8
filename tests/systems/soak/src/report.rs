//! The figures of a run, and whether it passed.

use crate::clients::Total;
use crate::faults::{BROKERS, Fault};
use crate::ledger::{Ledger, STAGES};
use crate::process;
use crate::run::{Injected, Plan};
use crate::watch::Watch;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A run with this many records must have records of every kind.
const ENOUGH: u64 = 100_000;
/// A run with this many records must have reached constant memory: the mock cluster is full, with 5 MB of each
/// partition.
const ENOUGH_FOR_MEMORY: u64 = 1_000_000;
/// The largest allowed ratio of the memory in the last quarter of a run to that in the second.
const GROWTH_ALLOWED: f64 = 1.15;

/// The result of a run.
#[derive(Debug)]
pub struct Report {
    setting: String,
    figures: Vec<(&'static str, String)>,
    kinds: BTreeMap<String, u64>,
    faults: Injected,
    failures: Vec<String>,
}

impl Report {
    /// Collects the figures and the failures.
    pub(crate) fn new(
        plan: &Plan,
        ledger: &Ledger,
        clients: &Total,
        faults: Injected,
        duration: Duration,
        processor_time: Option<Duration>,
        watch: Watch<'_>,
    ) -> Self {
        let mut kinds = BTreeMap::new();
        for (kind, count) in ledger.arrived() {
            *kinds.entry(kind.to_owned()).or_default() += count;
        }
        let quarters = [0, 1, 2, 3].map(|quarter| watch.memory_in_quarter(quarter));
        let mut report = Self {
            setting: setting(plan),
            figures: Vec::new(),
            failures: failures(plan, ledger, &kinds, &faults, quarters),
            kinds,
            faults,
        };
        report.records(ledger, duration);
        report.again(ledger, clients);
        report.resources(ledger, quarters, processor_time);
        report
    }

    /// Why the run failed; empty if it passed.
    pub fn failures(&self) -> &[String] {
        &self.failures
    }

    fn add(&mut self, name: &'static str, figure: impl Display) {
        self.figures.push((name, figure.to_string()));
    }

    fn records(&mut self, ledger: &Ledger, duration: Duration) {
        let arrived = ledger.seen(STAGES.len() - 1);
        let seconds = duration.as_secs_f64();
        let poison: u64 =
            self.kinds.iter().filter(|(kind, _)| *kind != "well-formed").map(|(_, count)| *count).sum();
        self.add("records", format!("{} in {seconds:.1} s", grouped(arrived)));
        self.add("records a second", grouped((arrived as f64 / seconds) as u64));
        self.add(
            "poison records",
            format!("{} of {} kinds", grouped(poison), self.kinds.len().saturating_sub(1)),
        );
        self.add("lost", grouped(ledger.lost().0));
        self.add("mismatched", count(&ledger.counters.mismatched));
        self.add("orphans", count(&ledger.counters.orphans));
    }

    fn again(&mut self, ledger: &Ledger, clients: &Total) {
        let counters = &ledger.counters;
        let delivered = counters.delivered.load(Ordering::Relaxed);
        let again =
            (0..STAGES.len()).map(|stage| format!("{} {}", STAGES[stage], grouped(ledger.again(stage))));
        self.add("enqueued", format!("{}, delivered {}", count(&counters.enqueued), grouped(delivered)));
        self.add("read again", again.collect::<Vec<_>>().join(", "));
        self.add(
            "sent again",
            format!("{} records", grouped(clients.messages_sent.saturating_sub(delivered))),
        );
        self.add("requests retried", grouped(clients.requests_retried));
        self.add("connections broken", grouped(clients.disconnects));
        self.add("client errors", count(&counters.client_errors));
        self.add("queue full", format!("{} times", count(&counters.queue_full)));
        self.add(
            "no room",
            format!("{} records sent without a context (W6)", count(&counters.without_context)),
        );
    }

    fn resources(&mut self, ledger: &Ledger, quarters: [Option<u64>; 4], processor_time: Option<Duration>) {
        let in_quarters = quarters.map(|bytes| bytes.map_or("?".to_owned(), megabytes)).join(", ");
        let peak = process::peak_memory().map_or("?".to_owned(), megabytes);
        self.add("memory", format!("{peak} MB at most; by quarter {in_quarters}"));
        if let Some(time) = processor_time {
            let each = time.as_secs_f64() * 1e6 / ledger.records as f64;
            self.add(
                "processor",
                format!("{:.1} s, {each:.0} µs a record, brokers included", time.as_secs_f64()),
            );
        }
    }
}

fn setting(plan: &Plan) -> String {
    let threads = plan.lanes as usize * (1 + STAGES.len());
    format!(
        "librdkafka {}'s mock cluster: {BROKERS} brokers, {} lanes, {threads} threads, seed {}",
        rdkafka::util::get_rdkafka_version().1,
        plan.lanes,
        plan.seed
    )
}

/// Every failure of the run.
fn failures(
    plan: &Plan,
    ledger: &Ledger,
    kinds: &BTreeMap<String, u64>,
    faults: &Injected,
    quarters: [Option<u64>; 4],
) -> Vec<String> {
    let mut failures: Vec<String> = ledger.why_stopped().into_iter().collect();
    let counters = &ledger.counters;
    for (what, counter) in [("mismatched", &counters.mismatched), ("orphans", &counters.orphans)] {
        if counter.load(Ordering::Relaxed) > 0 {
            failures.push(format!("{what}: {}", count(counter)));
        }
    }
    if let (lost @ 1.., Some(first)) = ledger.lost() {
        failures.push(format!("lost: {}, the first is record {first}", grouped(lost)));
    }
    failures.extend(ledger.flaws());
    if !failures.is_empty() || plan.records < ENOUGH {
        return failures;
    }
    let missing = |kind: &&String| kinds[*kind] == 0;
    failures.extend(kinds.keys().filter(missing).map(|kind| format!("no record was of the kind: {kind}")));
    let never = Fault::ALL.iter().filter(|fault| !faults.contains_key(fault.name()));
    failures.extend(never.map(|fault| format!("this fault was never injected: {}", fault.name())));
    if let (Some(second), Some(last)) = (quarters[1], quarters[3])
        && plan.records >= ENOUGH_FOR_MEMORY
        && last as f64 > second as f64 * GROWTH_ALLOWED
    {
        failures.push(format!("memory grows: {} MB, then {} MB", megabytes(second), megabytes(last)));
    }
    failures
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.setting)?;
        for (name, figure) in &self.figures {
            writeln!(f, "  {name:<22} {figure}")?;
        }
        writeln!(f, "\nfaults injected")?;
        for (name, (times, count)) in &self.faults {
            writeln!(f, "  {name:<36} {times:>5} times {count:>7} in all")?;
        }
        writeln!(f, "\nrecords arrived, by kind")?;
        for (kind, count) in &self.kinds {
            writeln!(f, "  {kind:<36} {:>11}", grouped(*count))?;
        }
        Ok(())
    }
}

fn count(counter: &AtomicU64) -> String {
    grouped(counter.load(Ordering::Relaxed))
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn megabytes(bytes: u64) -> String {
    (bytes / 1_000_000).to_string()
}
