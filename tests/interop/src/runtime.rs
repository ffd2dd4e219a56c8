//! The programs, in the order of the tables, and in that of the chain.

/// A program and how to call it in little room.
#[derive(Clone, Copy, Debug)]
pub struct Runtime {
    /// Where it is.
    pub name: &'static str,
    /// What the waterfall calls it.
    pub label: &'static str,
}

const fn runtime(name: &'static str, label: &'static str) -> Runtime {
    Runtime { name, label }
}

/// All programs.
pub const ALL: [Runtime; 11] = [
    runtime("ours/rust/tracebaton", "ours, Rust"),
    runtime("ours/c/glue", "ours, C"),
    runtime("ours/cpp/header", "ours, C++"),
    runtime("peers/rust/opentelemetry", "OTel Rust"),
    runtime("peers/python/aiokafka", "aiokafka"),
    runtime("peers/python/confluent", "confluent"),
    runtime("peers/java/kafka-clients", "Java"),
    runtime("peers/go/franz-go", "franz-go"),
    runtime("peers/node/kafkajs", "kafkajs"),
    runtime("peers/node/confluent", "confluent"),
    runtime("peers/kcat/kcat", "kcat"),
];

/// The way of the long chain: begun by the first, ended by the last.
pub const CHAIN: [&str; 11] = [
    "ours/rust/tracebaton",
    "peers/python/aiokafka",
    "peers/java/kafka-clients",
    "ours/c/glue",
    "peers/go/franz-go",
    "peers/node/kafkajs",
    "peers/rust/opentelemetry",
    "peers/kcat/kcat",
    "peers/python/confluent",
    "peers/node/confluent",
    "ours/cpp/header",
];

/// Whether a program is one of ours.
pub fn is_ours(name: &str) -> bool {
    name.starts_with("ours/")
}

/// What the waterfall calls a program.
pub fn label(name: &str) -> &str {
    ALL.iter().find(|runtime| runtime.name == name).map_or(name, |runtime| runtime.label)
}
