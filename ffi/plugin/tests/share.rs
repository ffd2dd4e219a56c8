//! Share groups, which librdkafka has since 2.15: with the glue their records are in traces, with the plugin they are not.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tracebaton_test_plugin::{
    Build, Cluster, Record, VALGRIND, compile_with_wheel, context, is_installed, plugin, receive, run, skip,
};

/// A mock cluster of the newest librdkafka, in a process that ends with this value.
struct ShareCluster {
    process: Child,
    brokers: String,
}

impl ShareCluster {
    /// A cluster with so many records in `orders`; none without the wheel of confluent-kafka.
    fn new(count: usize) -> Option<Self> {
        let program = compile_with_wheel(Path::new("tests/hosts/share_cluster.c"), &[])?;
        let mut command = Command::new(program);
        command.arg(count.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut brokers = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut brokers).unwrap();
        Some(Self { process, brokers: brokers.trim().to_owned() })
    }
}

impl Drop for ShareCluster {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Checks that each record has a span id of its own in the trace of the one that it comes from, or begins a trace.
fn check(records: &[Record]) {
    let mut traceparents = Vec::new();
    for (number, record) in records.iter().enumerate() {
        assert_eq!(record.payload, number.to_string().into_bytes());
        let expected = context(number);
        let (name, value) = &record.headers[0];
        let value = String::from_utf8(value.clone().unwrap()).unwrap();
        assert_eq!((name.as_str(), value.len()), ("traceparent", 55));
        if number % 5 < 4 {
            let parent = String::from_utf8(expected[0].1.clone().unwrap()).unwrap();
            assert_eq!(value[..35], parent[..35], "record {number}");
            assert_ne!(value, parent);
            assert_eq!(record.headers[1..], expected[1..], "record {number}");
        } else {
            assert_eq!(record.headers.len(), 1, "record {number}");
        }
        traceparents.push(value);
    }
    traceparents.sort();
    traceparents.dedup();
    assert_eq!(traceparents.len(), records.len(), "each has an id of its own");
}

#[test]
fn the_example_relays_a_share_group_in_its_traces() {
    let flags = ["-I../../include", "-include", "tests/hosts/share.h"];
    let Some(cluster) = ShareCluster::new(50) else { return };
    let Some(program) = compile_with_wheel(Path::new("../examples/rdkafka_share_group.c"), &flags) else {
        return;
    };
    let mut command = if is_installed("valgrind") {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(VALGRIND).arg(program);
        valgrind
    } else {
        skip("valgrind", "it is not installed");
        Command::new(program)
    };
    run(command.args([&cluster.brokers, "50"]));
    check(&receive(&cluster.brokers, "payments", 0, 50));
}

#[test]
fn the_plugin_leaves_share_consumers_alone_and_says_so() {
    let Some(program) = compile_with_wheel(Path::new("tests/hosts/share_plugin.c"), &[]) else { return };
    let cluster = Cluster::new(1);
    let printed = run(Command::new(program).arg(cluster.brokers()).arg(plugin(Build::Gcc)));
    assert!(
        printed.contains("share consumers are not traced: read their messages with tracebaton_rdkafka.h"),
        "{printed}"
    );
    let [record] = cluster.receive(0, 1).try_into().unwrap();
    assert_eq!(record.headers, context(1));
}
