//! A record with the context is never larger than `message.max.bytes` (W6).

use std::process::Command;
use tracebaton_test_plugin::{Build, Cluster, Version, compile, plugin, run};

#[test]
fn names_count_as_a_whole() {
    for version in Version::ALL {
        let Some(program) = compile("room", Build::Sanitized) else { return };
        let cluster = Cluster::new(1);
        let mut command = Command::new(program);
        if !version.set(command.arg(cluster.brokers()).arg(plugin(Build::Sanitized))) {
            continue;
        }
        run(&mut command);
        for record in cluster.receive(0, 11) {
            let value = String::from_utf8(record.payload).unwrap();
            let has_context = record.headers.iter().any(|(name, _)| name == "traceparent");
            assert_eq!(has_context, value.starts_with("with:"), "{version:?} {value}");
        }
    }
}
