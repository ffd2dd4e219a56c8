//! Tests how long a context is forwarded.

use std::process::Command;
use tracebaton_test_plugin::{
    Build, Cluster, Record, VALGRIND, Version, compile, context, is_installed, plugin, run, skip,
};

/// Runs the program, and checks that each record has the context that it names.
fn check(build: Build, version: Version, properties: &[&str], mut command: Command) {
    let cluster = Cluster::new(1);
    let record = |number: usize| Record { payload: number.to_string().into(), headers: context(number) };
    cluster.send(0, &(0..6).map(record).collect::<Vec<_>>());
    command.arg(cluster.brokers()).arg(format!("plugin.library.paths={}", plugin(build).display()));
    if !version.set(command.args(properties)) {
        return;
    }
    run(&mut command);
    for record in cluster.receive(0, 7) {
        let name = String::from_utf8(record.payload).unwrap();
        let expected = name.parse().map_or_else(|_| Vec::new(), context);
        assert_eq!(record.headers, expected, "{version:?} {properties:?} {name}");
    }
}

#[test]
fn a_context_ends_with_its_consumer_and_its_process() {
    for version in Version::ALL {
        for property in ["tracebaton.forward=consumed", "tracebaton.forward=loop"] {
            let Some(program) = compile("ends", Build::Gcc) else { return };
            check(Build::Gcc, version, &[property], Command::new(program));
        }
    }
}

#[test]
fn the_same_under_valgrind_and_the_sanitizers() {
    let Some(program) = compile("ends", Build::Sanitized) else { return };
    check(Build::Sanitized, Version::Installed, &["tracebaton.forward=loop"], Command::new(program));
    if !is_installed("valgrind") {
        return skip("ends", "valgrind is not installed");
    }
    let Some(program) = compile("ends", Build::Gcc) else { return };
    let mut valgrind = Command::new("valgrind");
    valgrind.args(VALGRIND).arg(program);
    check(Build::Gcc, Version::Installed, &["tracebaton.forward=loop"], valgrind);
}
