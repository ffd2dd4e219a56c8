//! confluent-kafka-javascript, which takes minutes to build: run where `TEST_NODE_MODULES` names a folder with it and
//! with koffi.

use std::path::Path;
use std::process::Command;
use tracebaton_test_plugin::{Build, Cluster, Record, context, plugin, run, skip};

#[test]
fn what_the_program_sets_is_forwarded() {
    let Ok(modules) = std::env::var("TEST_NODE_MODULES") else {
        return skip("confluent-kafka-javascript", "TEST_NODE_MODULES does not say where it is");
    };
    let cluster = Cluster::new(1);
    cluster.send(0, &[Record { payload: Vec::new(), headers: context(7) }]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/set_current.js");
    let plugin = plugin(Build::Gcc).canonicalize().unwrap();
    run(Command::new("node").arg(script).arg(cluster.brokers()).arg(plugin).env("NODE_PATH", modules));
    let headers: Vec<_> = cluster.receive(0, 3).into_iter().map(|record| record.headers).collect();
    assert_eq!(headers, [vec![], context(1), vec![]]);
}
