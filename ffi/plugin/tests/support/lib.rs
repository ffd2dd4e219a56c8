//! What the tests of the plugin have in common: the plugin, a cluster, and programs that relay records.

mod cluster;
mod librdkafka;
mod plugin;
mod relay;

pub use cluster::{Cluster, Header, Record};
pub use librdkafka::Version;
pub use plugin::{Build, compile, output, plugin};
pub use relay::{Relay, check_forwarding, check_threads, context};
use rdkafka_sys as _;
pub use tracebaton_test_librdkafka::{VALGRIND, is_installed, run, skip};
