//! What the tests of the plugin have in common: the plugin, a cluster, and programs that relay records.

mod cluster;
mod librdkafka;
mod plugin;
mod relay;

pub use cluster::{Cluster, Header, Record, receive};
pub use librdkafka::Version;
pub use plugin::{Build, compile, compile_with_wheel, output, plugin};
use rdkafka_sys as _;
pub use relay::{Relay, check_forwarding, check_threads, context};
pub use tracebaton_test_librdkafka::{VALGRIND, is_installed, run, skip};
