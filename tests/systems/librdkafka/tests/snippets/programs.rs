//! The whole example programs, in surroundings with ends of partitions and full queues.

use super::{Way, build};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tracebaton_test_librdkafka::installed::command;
use tracebaton_test_librdkafka::{here, project, run};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const ALL: &[(&str, &str)] = &[("10", TRACE), ("20", ""), ("30", ""), ("37", TRACE)];
/// The arrivals if a queue with room for two records gets three.
const WITH_RETRIES: Arrivals =
    &[("payments", &[("10", TRACE), ("20", ""), ("30", "")]), ("orders.retry", &[("37", TRACE)])];

/// Topic, value and trace of each record; an empty trace is a new one.
type Arrivals = &'static [(&'static str, &'static [(&'static str, &'static str)])];

/// A program, its arguments, and the records that must arrive.
struct Row {
    source: &'static str,
    arguments: &'static [&'static str],
    /// The topic with the four records of `snippets/cluster.c`, or `-`.
    input: &'static str,
    arrives: Arrivals,
    /// The other headers of the record "10", which has a header of its own, one of B3, and a forged count of attempts.
    others: &'static str,
    exit_code: i32,
    /// How many lines of its output begin with this text.
    prints: (usize, &'static str),
}

const ROWS: &[Row] = &[
    Row {
        source: "rdkafka_hop.c",
        arguments: &[],
        input: "orders",
        arrives: &[("payments", &[("10", TRACE)])],
        others: ",k,b3,attempts",
        exit_code: 0,
        prints: (1, "Success"),
    },
    Row {
        source: "rdkafka_hop.c",
        arguments: &[],
        input: "-",
        arrives: &[("orders", &[]), ("payments", &[])],
        others: "",
        exit_code: 1,
        prints: (1, "Broker: No more messages"),
    },
    Row {
        source: "rdkafka_hop.cpp",
        arguments: &[],
        input: "orders",
        arrives: &[("payments", &[("10", TRACE)])],
        others: ",k,b3,attempts",
        exit_code: 0,
        prints: (1, "Success"),
    },
    Row {
        source: "rdkafka_hop.cpp",
        arguments: &[],
        input: "-",
        arrives: &[("orders", &[]), ("payments", &[])],
        others: "",
        exit_code: 1,
        prints: (1, "Broker: No more messages"),
    },
    Row {
        source: "c/process.c",
        arguments: &[],
        input: "orders",
        arrives: &[("payments", ALL), ("orders.retry", &[("37", TRACE)]), ("orders.dead_letters", &[])],
        others: ",k,b3",
        exit_code: 0,
        prints: (4, "payments"),
    },
    Row {
        source: "c/in_flight.c",
        arguments: &[],
        input: "orders",
        arrives: &[("payments", ALL)],
        others: ",k,b3,attempts",
        exit_code: 0,
        prints: (4, "payments"),
    },
    Row {
        source: "c/retry.c",
        arguments: &[],
        input: "orders",
        arrives: WITH_RETRIES,
        others: ",k,b3,attempts",
        exit_code: 0,
        prints: (3, "payments"),
    },
    Row {
        source: "c/delayed_retry.c",
        arguments: &["orders.retry.10s", "10"], // more than the seconds in which it joins its group
        input: "orders.retry.10s",
        arrives: &[("payments", ALL)],
        others: ",k,b3,attempts",
        exit_code: 0,
        prints: (4, "  waited 1"), // such as "  waited 10123 ms"
    },
    Row {
        source: "cpp/retry.cpp",
        arguments: &[],
        input: "orders",
        arrives: WITH_RETRIES,
        others: ",k,b3,attempts",
        exit_code: 0,
        prints: (3, "payments"),
    },
    Row {
        source: "c/migrate.c",
        arguments: &[],
        input: "orders",
        arrives: &[("payments", ALL)],
        others: ",k,attempts,b3",
        exit_code: 0,
        prints: (2, "tracecontext"),
    },
    Row {
        source: "c/boundary.c",
        arguments: &["restart_with_link"],
        input: "partner.orders",
        arrives: &[("orders", &[("10", ""), ("20", ""), ("30", ""), ("37", "")])],
        others: ",k",
        exit_code: 0,
        prints: (4, "let in"),
    },
    Row {
        source: "c/boundary.c",
        arguments: &["continue"],
        input: "partner.orders",
        arrives: &[("orders", ALL)],
        others: ",k,b3",
        exit_code: 0,
        prints: (4, "let in"),
    },
    Row {
        source: "c/batch.c",
        arguments: &["payments", "100"],
        input: "payments",
        arrives: &[("settlements", &[("4 payments", "")])],
        others: "",
        exit_code: 0,
        prints: (2, "  linked to"),
    },
    Row {
        source: "c/consumer.c",
        arguments: &["shipments"],
        input: "shipments",
        arrives: &[("payments", &[])],
        others: "",
        exit_code: 0,
        prints: (4, "received"),
    },
    Row {
        source: "c/producer.c",
        arguments: &["orders", "1", "2", "3"],
        input: "-",
        arrives: &[("orders", &[("1", ""), ("2", ""), ("3", "")])],
        others: "",
        exit_code: 0,
        prints: (3, "sent"),
    },
    Row {
        source: "cpp/service.cpp",
        arguments: &[],
        input: "payments",
        arrives: &[("shipments", ALL)],
        others: ",k,b3,attempts",
        exit_code: 0,
        prints: (4, "shipped"),
    },
];

/// The examples without Kafka whose excerpts are on pages, and a text that each prints.
const WITHOUT_KAFKA: &[(&str, &str)] = &[
    ("hop.c", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-"),
    ("kept.c", "retried with tenant=7 and rojo=1\n"),
    ("changes.c", "user=Am%C3%A9lie;vip,region=eu,tenant=7\n"),
    ("kept.c", "in 8 bytes: tracestate of 6, baggage of 0\n"),
    ("changes.cpp", "user=Am%C3%A9lie;vip,region=eu,tenant=7\n"),
];

/// The example that is a broker for others.
const MOCK_CLUSTER: &str = "c/mock_cluster.c";

/// Whether an example, such as `c/batch.c`, is run by these tests.
pub fn is_run(name: &str) -> bool {
    let is_common = ["c/service.h", "cpp/service.hpp"].contains(&name);
    let is_alone =
        is_common || name == MOCK_CLUSTER || WITHOUT_KAFKA.iter().any(|(source, _)| *source == name);
    is_alone || ROWS.iter().any(|row| row.source == name)
}

/// A running program, and its lines of output.
pub struct Running {
    child: Child,
    pub lines: Receiver<String>,
    input: Option<ChildStdin>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        let input = child.stdin.take();
        Self { child, lines, input }
    }

    /// Waits up to a minute for a line that contains this text, and returns all lines before it.
    pub fn until(&self, text: &str) -> Vec<String> {
        let end = Instant::now() + Duration::from_secs(60);
        let mut lines = Vec::new();
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(text) => return lines,
                Ok(line) => lines.push(line),
                Err(error) => {
                    let last = &lines[lines.len().saturating_sub(5)..];
                    panic!("{error}: no line with {text:?} before {last:?}")
                }
            }
        }
    }

    /// Sends a signal, such as `-STOP`.
    pub fn signal(&self, signal: &str) {
        run(command("kill").args([signal, &self.child.id().to_string()]));
    }

    /// Ends the program by the end of its input, and returns its last lines.
    pub fn finish(mut self) -> Vec<String> {
        drop(self.input.take());
        assert!(self.child.wait().unwrap().success());
        self.lines.iter().collect()
    }

    /// This many lines, and those that follow within two seconds.
    pub fn lines(&self, count: usize) -> Vec<String> {
        let mut lines: Vec<_> =
            (0..count).map_while(|_| self.lines.recv_timeout(Duration::from_secs(30)).ok()).collect();
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(2)) {
            lines.push(line);
        }
        lines
    }

    /// Ends the program by a signal, and returns its exit code.
    pub fn end(mut self) -> i32 {
        if self.child.try_wait().unwrap().is_none() {
            self.signal("-TERM");
        }
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cluster() -> Option<PathBuf> {
    let sources = ["snippets/cluster.c", "c/kafka.c", "c/lists.c"].map(|source| here().join(source));
    build("snippet-cluster", "c", Way::Plain, &sources, &[])
}

/// The arrived records as topic, value and trace; a trace that is not the parent's is a new one.
fn arrivals(lines: &[String], others_of_first: &str) -> Vec<(String, String, String)> {
    let arrival = |line: &String| {
        let fields: Vec<_> = line.split('\t').collect();
        let [topic, value, parent, others] = fields[..] else { panic!("{line}") };
        if value == "10" {
            assert_eq!(others, others_of_first, "{line}");
        }
        let parts: Vec<_> = parent.split('-').map(str::len).collect();
        assert_eq!(parts, [2, 32, 16, 2], "no traceparent, or more than one: {line}");
        let trace = if parent.contains(TRACE) { TRACE } else { "" };
        (topic.to_owned(), value.to_owned(), trace.to_owned())
    };
    let mut arrivals: Vec<_> = lines.iter().map(arrival).collect();
    arrivals.sort();
    arrivals
}

fn check(row: &Row, cluster: &PathBuf) {
    let source = project().join("ffi/examples").join(row.source);
    let language = if row.source.ends_with(".cpp") { "cpp" } else { "c" };
    let name = format!("snippet-program-{}", row.source.replace('/', "-"));
    let sources = [source, here().join("snippets/surroundings.c")];
    let Some(program) = build(&name, language, Way::Plain, &sources, &[]) else { return };

    let topics = row.arrives.iter().map(|(topic, _)| topic);
    let cluster = Running::start(command(cluster).arg(row.input).args(topics));
    let brokers = cluster.lines.recv_timeout(Duration::from_secs(30)).unwrap();
    let running = Running::start(command(program).arg(brokers).args(row.arguments));

    let mut expected: Vec<_> = row
        .arrives
        .iter()
        .flat_map(|(topic, records)| {
            records
                .iter()
                .map(|(value, trace)| ((*topic).to_owned(), (*value).to_owned(), (*trace).to_owned()))
        })
        .collect();
    expected.sort();
    let printed = if expected.is_empty() { running.lines(row.prints.0) } else { Vec::new() };
    let arrived = arrivals(&cluster.lines(expected.len()), row.others);
    assert_eq!(arrived, expected, "{}", row.source);
    let printed = [printed, running.lines(0)].concat();
    let (count, start) = row.prints;
    assert_eq!(
        printed.iter().filter(|line| line.starts_with(start)).count(),
        count,
        "{}: {printed:?}",
        row.source
    );
    assert_eq!(running.end(), row.exit_code, "{}", row.source);
    cluster.end();
}

fn check_all(extension: &str) {
    let Some(cluster) = cluster() else { return };
    for row in ROWS.iter().filter(|row| row.source.ends_with(extension)) {
        check(row, &cluster);
    }
}

#[test]
fn c_programs() {
    check_all(".c");
}

#[test]
fn cpp_programs() {
    check_all(".cpp");
}

#[test]
fn programs_without_kafka() {
    for (source, prints) in WITHOUT_KAFKA {
        let sources = [project().join("ffi/examples").join(source)];
        let language = source.split_once('.').unwrap().1;
        let name = format!("snippet-alone-{source}");
        let Some(program) = build(&name, language, Way::Plain, &sources, &[]) else { return };
        assert!(run(&mut command(program)).contains(prints), "{source}");
    }
}
