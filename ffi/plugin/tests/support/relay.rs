//! Programs that relay records and know nothing of headers: from each partition of `in`, in a thread of its own, to the
//! same of `out`.

use crate::{Build, Cluster, Header, Record, run};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_rows::{Case, Row, header_list, rows};

/// A program, and what is before its own arguments.
pub struct Relay {
    command: Vec<OsString>,
    variables: Vec<(String, String)>,
    plugin: Option<PathBuf>,
    properties: Vec<String>,
}

impl Relay {
    /// A relay with the plugin.
    pub fn new(command: impl IntoIterator<Item: Into<OsString>>, build: Build) -> Self {
        Self {
            command: command.into_iter().map(Into::into).collect(),
            variables: Vec::new(),
            plugin: Some(crate::plugin(build)),
            properties: Vec::new(),
        }
    }

    /// The same without the plugin.
    pub fn without_plugin(mut self) -> Self {
        self.plugin = None;
        self
    }

    /// Sets a property of its clients, behind the path of the plugin.
    pub fn property(mut self, name: &str, value: &str) -> Self {
        self.properties.push(format!("{name}={value}"));
        self
    }

    /// Lets it give each of its records a header of its own.
    pub fn own_header(self, name: &str, value: &str) -> Self {
        self.variable("RELAY_HEADER", &format!("{name}={value}"))
    }

    /// Sets a variable of its environment.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Relays so many records in each of so many threads, to its end; what it printed.
    pub fn run(&self, cluster: &Cluster, threads: usize, count: usize) -> String {
        let plugin = self.plugin.as_deref().map(path_property);
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).arg(cluster.brokers());
        command.arg(threads.to_string()).arg(count.to_string()).args(plugin).args(&self.properties);
        command.envs(self.variables.iter().map(|(name, value)| (name, value))).env_remove("LD_LIBRARY_PATH");
        run(&mut command)
    }

    /// Relays records in one thread, and gives what came out.
    pub fn relay(&self, records: &[Record]) -> Vec<Record> {
        let cluster = Cluster::new(1);
        cluster.send(0, records);
        self.run(&cluster, 1, records.len());
        cluster.receive(0, records.len())
    }
}

fn path_property(plugin: &Path) -> String {
    format!("plugin.library.paths={}", plugin.canonicalize().unwrap().display())
}

/// The headers of one context, each with this number in it.
pub fn context(number: usize) -> Vec<Header> {
    let header = |name: &str, value: String| (name.to_owned(), Some(value.into_bytes()));
    vec![
        header("traceparent", format!("00-0af7651916cd43dd8448eb21{number:08x}-b7ad6b7169203331-01")),
        header("tracestate", format!("vendor=n{number}, other=1")),
        header("baggage", format!("number={number};property")),
    ]
}

/// Relays every row of the vectors that librdkafka can carry, and asserts that its record was forwarded as PROFILE.md
/// has it (W5), beside records that have no context in between.
pub fn check_forwarding(name: &str, relay: &Relay) {
    let rows: Vec<_> = rows().unwrap().into_iter().filter_map(forwarded).collect();
    let records: Vec<_> = rows.iter().map(|(_, record)| record.clone()).collect();
    let mut failures = Vec::new();
    for ((row, _), relayed) in rows.iter().zip(relay.relay(&records)) {
        let headers = relayed.headers.iter();
        let headers = headers.map(|(name, value)| (name.as_bytes(), value.as_deref()));
        let actual = header_list(headers);
        let expected = ours(&row.expect["forward"]);
        if relayed.payload != row.id.as_bytes() || actual != expected {
            failures.push(format!("{}: {expected} expected, {actual} came", row.id));
        }
    }
    assert!(rows.len() > 450, "only {} rows", rows.len());
    assert!(failures.is_empty(), "{name}: {} of {}\n{}", failures.len(), rows.len(), failures.join("\n"));
    eprintln!("vectors through {name}: {} rows forwarded", rows.len());
}

/// The record of a row that says what is forwarded; none if Rust's librdkafka has no way to send it.
fn forwarded(row: Row) -> Option<(Row, Record)> {
    row.expect.get("forward")?;
    let Case::Extract { headers, .. } = &row.case else { return None };
    let header = |(name, value): &(tracebaton_rows::Text, Option<tracebaton_rows::Text>)| {
        let name = std::str::from_utf8(name).ok().filter(|name| !name.contains('\0'))?;
        Some((name.to_owned(), value.as_ref().map(|value| value.to_vec())))
    };
    let headers = headers.iter().map(header).collect::<Option<Vec<_>>>()?;
    let payload = row.id.clone().into_bytes();
    Some((row, Record { payload, headers }))
}

/// Those of the three names, without the others, which a relay that knows no headers leaves behind. A traceparent beyond
/// the plugin's capacity is none.
fn ours(forward: &Value) -> Value {
    let forward = forward.as_array().unwrap();
    let is_too_long = |header: &Value| {
        header[0] == "traceparent" && header[1].as_str().is_some_and(|value| value.len() > 8192)
    };
    let names: &[&str] = if forward.iter().any(is_too_long) {
        &["baggage"]
    } else {
        &["traceparent", "tracestate", "baggage"]
    };
    forward.iter().filter(|header| names.iter().any(|name| header[0] == *name)).cloned().collect()
}

/// Relays in several threads in parallel, and asserts that no record has the context of another.
pub fn check_threads(relay: &Relay, threads: usize, count: usize) {
    let cluster = Cluster::new(threads as i32);
    let record = |thread: usize, index: usize| {
        let number = thread * count + index;
        let headers = if index % 5 == 4 { Vec::new() } else { context(number) };
        Record { payload: number.to_string().into_bytes(), headers }
    };
    let records = |thread| (0..count).map(|index| record(thread, index)).collect::<Vec<_>>();
    for thread in 0..threads {
        cluster.send(thread as i32, &records(thread));
    }
    relay.run(&cluster, threads, count);
    for thread in 0..threads {
        assert!(cluster.receive(thread as i32, count) == records(thread), "records of thread {thread}");
    }
}
