//! The programs, in the sequence of the tables and in that of the chain.

/// A program and its short names.
#[derive(Clone, Copy, Debug)]
pub struct Runtime {
    /// Its path.
    pub name: &'static str,
    /// Its name in the waterfall.
    pub label: &'static str,
    /// Its name in the README, with the libraries whose versions are shown.
    pub title: (&'static str, &'static [&'static str]),
}

const fn runtime(
    name: &'static str,
    label: &'static str,
    title: &'static str,
    libraries: &'static [&'static str],
) -> Runtime {
    Runtime { name, label, title: (title, libraries) }
}

/// All programs.
pub const ALL: [Runtime; 12] = [
    runtime("ours/rust/tracebaton", "ours, Rust", "**tracebaton** in Rust", &["librdkafka"]),
    runtime("ours/c/glue", "ours, C", "**tracebaton** in C", &["librdkafka"]),
    runtime("ours/cpp/header", "ours, C++", "**tracebaton** in C++", &["librdkafka++"]),
    runtime(
        "ours/python/tracebaton",
        "ours, Python",
        "**tracebaton** in Python",
        &["aiokafka", "opentelemetry-api"],
    ),
    runtime("peers/rust/opentelemetry", "OTel Rust", "Rust", &["opentelemetry_sdk", "rdkafka"]),
    runtime("peers/python/aiokafka", "aiokafka", "Python", &["aiokafka", "opentelemetry-api"]),
    runtime(
        "peers/python/confluent",
        "conf.py",
        "Python",
        &["confluent-kafka", "opentelemetry-instrumentation-confluent-kafka"],
    ),
    runtime(
        "peers/java/kafka-clients",
        "Java",
        "Java",
        &["kafka-clients", "opentelemetry-kafka-clients-2.6"],
    ),
    runtime(
        "peers/go/franz-go",
        "franz-go",
        "Go",
        &["github.com/twmb/franz-go", "github.com/twmb/franz-go/plugin/kotel"],
    ),
    runtime(
        "peers/node/kafkajs",
        "kafkajs",
        "Node.js",
        &["kafkajs", "@opentelemetry/instrumentation-kafkajs"],
    ),
    runtime(
        "peers/node/confluent",
        "conf.js",
        "Node.js",
        &["@confluentinc/kafka-javascript", "@instana/instrumentation-confluent-kafka-javascript"],
    ),
    runtime("peers/kcat/kcat", "kcat", "kcat, a plain carrier", &["kcat"]),
];

/// The sequence of the long chain, from the producer to the last consumer.
///
/// Some programs append their context and keep the received one. A program that reads the first of two contexts follows
/// one that replaces it; ours, Java and aiokafka read the last.
///
/// franz-go compresses with Snappy, which kafkajs and aiokafka cannot read without another package.
pub const CHAIN: [&str; 12] = [
    "ours/rust/tracebaton",
    "peers/node/kafkajs",
    "peers/go/franz-go",
    "peers/node/confluent",
    "peers/java/kafka-clients",
    "peers/rust/opentelemetry",
    "ours/c/glue",
    "peers/python/confluent",
    "peers/python/aiokafka",
    "peers/kcat/kcat",
    "ours/python/tracebaton",
    "ours/cpp/header",
];

/// The programs that have no spans.
pub const CARRIERS: [&str; 1] = ["peers/kcat/kcat"];

/// Whether a program is one of ours.
pub fn is_ours(name: &str) -> bool {
    name.starts_with("ours/")
}

/// The name of a program in the waterfall.
pub fn label(name: &str) -> &str {
    ALL.iter().find(|runtime| runtime.name == name).map_or(name, |runtime| runtime.label)
}
