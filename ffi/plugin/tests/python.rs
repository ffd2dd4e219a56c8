//! The wheel of confluent-kafka, by configuration alone; `tests/run` installs it and says where in `TEST_PYTHON`.

use std::path::Path;
use tracebaton_test_plugin::{Build, Relay, check_forwarding, check_threads, context, plugin, run, skip};

fn python(script: &str) -> Option<[String; 2]> {
    let Ok(python) = std::env::var("TEST_PYTHON") else {
        skip("the wheel of confluent-kafka", "tests/run installs it");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts").join(script);
    Some([python, script.to_str().unwrap().to_owned()])
}

#[test]
fn a_program_in_python_forwards_every_row() {
    let Some(command) = python("relay.py") else { return };
    check_forwarding("the wheel of confluent-kafka", &Relay::new(command, Build::Gcc));
}

#[test]
fn threads_in_python_keep_their_contexts() {
    let Some(command) = python("relay.py") else { return };
    check_threads(&Relay::new(command, Build::Gcc), 4, 1000);
}

#[test]
fn what_the_program_sets_is_forwarded() {
    let Some(command) = python("set_current.py") else { return };
    let cluster = tracebaton_test_plugin::Cluster::new(1);
    let plugin = plugin(Build::Gcc).canonicalize().unwrap();
    run(std::process::Command::new(&command[0]).arg(&command[1]).arg(cluster.brokers()).arg(plugin));
    let headers: Vec<_> = cluster.receive(0, 6).into_iter().map(|record| record.headers).collect();
    assert_eq!(
        headers,
        [vec![], context(1), vec![], context(2)[..1].to_vec(), context(3)[2..].to_vec(), vec![],]
    );
}
