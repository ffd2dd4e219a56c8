//! The cost in a very large fleet, computed from the figures of a run.

use crate::results::Results;
use crate::subjects::{self, Kind};
use crate::tables::{number, table};

/// Several trillion records a day.
const RECORDS_PER_SECOND: f64 = 80e6;

/// Each record is extracted once and injected once.
const HOPS: [(&str, &str, &str); 2] = [("E1 + I1", "E1", "I1"), ("E2 + F", "E2", "F")];

/// Prints the cores that each subject needs that extracts and injects.
pub fn print(results: &Results) {
    println!("{}", results.machine);
    println!(
        "Cores for {:.0} million records a second, each extracted once and injected once, from the medians of the \
         last run: records a second times seconds a record.\n",
        RECORDS_PER_SECOND / 1e6
    );
    let header = HOPS.iter().flat_map(|(hop, ..)| [format!("{hop}, ns"), "cores".to_owned()]);
    let row = |subject: &subjects::Subject| {
        let hops = HOPS.map(|(_, extract, inject)| nanoseconds(results, subject.name, extract, inject));
        let any = hops.iter().any(Option::is_some);
        let text = |hop: Option<f64>| match hop {
            Some(time) => [number(time), number(cores(time))],
            None => ["-".to_owned(), "-".to_owned()],
        };
        let cells = std::iter::once(subject.name.to_owned()).chain(hops.into_iter().flat_map(text));
        any.then(|| cells.collect())
    };
    let rows = subjects::ALL.iter().filter(|subject| subject.kind != Kind::Limit).filter_map(row).collect();
    println!("{}\n", table(std::iter::once(String::new()).chain(header).collect(), rows));
    println!(
        "E1 and I1 with traceparent and tracestate; E2 and F with traceparent alone. Subjects that do only a part:"
    );
    for subject in subjects::ALL.iter().filter(|subject| subject.kind == Kind::Peer) {
        println!("  {}: {}", subject.name, subject.remark);
    }
}

fn nanoseconds(results: &Results, subject: &str, extract: &str, inject: &str) -> Option<f64> {
    Some(results.row(extract, subject)?.nanoseconds + results.row(inject, subject)?.nanoseconds)
}

fn cores(nanoseconds: f64) -> f64 {
    RECORDS_PER_SECOND * nanoseconds * 1e-9
}

#[cfg(test)]
mod tests {
    #[test]
    fn twelve_and_a_half_nanoseconds_are_one_core() {
        assert_eq!(super::cores(12.5), 1.0);
    }
}
