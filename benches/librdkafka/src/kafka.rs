//! The same producer and consumer with a real Kafka.

use crate::traffic::{Run, has_compression, measure_each};
use crate::{Carrier, Error, TrafficRow, table};
use std::ffi::CString;

/// The least share of the records a second with constant headers that the codec is to reach.
const GOAL: f64 = 0.97;
const COMPRESSIONS: [&std::ffi::CStr; 5] = [c"none", c"gzip", c"snappy", c"lz4", c"zstd"];
/// Records of a run that counts bytes.
const COUNTED: u64 = 20_000;

/// Measures records of 100 bytes and 1 kB, with one and two threads, and returns the tables as Markdown.
///
/// `address` is that of one broker. Each run creates a topic, which the broker keeps.
///
/// # Errors
///
/// If a client or the broker fails, or a record does not have the expected headers.
pub fn measure_kafka(address: &str, rounds: usize, records: u64) -> Result<String, Error> {
    let address = CString::new(address)?;
    let broker = Some(address.as_c_str());
    let mut rows = Vec::new();
    for payload_size in [100, 1_000] {
        for threads in [1, 2] {
            let run = Run { broker, carrier: Carrier::Nothing, records, payload_size, threads };
            let measured = measure_each(&run, rounds)?;
            let ratio = ratio(&measured);
            rows.extend(measured.iter().map(|row| {
                let is_codec = row.carrier == Carrier::Codec;
                let verdict = if ratio >= GOAL { "" } else { ", below the goal" };
                let ratio = if is_codec { format!("{ratio:.3}{verdict}") } else { String::new() };
                let run = vec![payload_size.to_string(), threads.to_string()];
                [run, table::traffic(row), vec![ratio]].concat()
            }));
        }
    }
    let mut header = vec!["bytes", "threads"];
    header.extend(table::TRAFFIC);
    header.push("codec/constant, goal 0.97");
    let bytes =
        COMPRESSIONS.into_iter().filter(|compression| has_compression(compression)).map(|compression| {
            let of = |carrier| {
                let run = Run { broker, carrier, records: COUNTED, payload_size: 100, threads: 1 };
                run.wire_bytes(compression)
            };
            let [nothing, constant, codec] =
                [of(Carrier::Nothing)?, of(Carrier::Constant)?, of(Carrier::Codec)?];
            let figures = [nothing, constant, codec, codec - nothing].map(|bytes| format!("{bytes:.1}"));
            Ok([vec![compression.to_string_lossy().into_owned()], figures.to_vec()].concat())
        });
    let bytes = bytes.collect::<Result<Vec<_>, Error>>()?;
    let wire = ["compression", "no headers", "constant", "codec", "codec - no headers"];
    Ok(format!(
        "{}\n\nBytes that the producer sends for each record of 100 bytes, by the compressions of this librdkafka:\n\n{}",
        table::table(&header, rows),
        table::table(&wire, bytes)
    ))
}

/// Records a second with the codec, in records a second with constant headers.
fn ratio(rows: &[TrafficRow]) -> f64 {
    let of =
        |carrier| rows.iter().find(|row| row.carrier == carrier).map(|row| row.records_per_second.median);
    of(Carrier::Codec).unwrap_or_default() / of(Carrier::Constant).unwrap_or(f64::NAN)
}
