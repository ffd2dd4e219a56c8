//! The examples as members of a group: partitions move between two of them while records are in flight. No committed
//! offset goes backwards, and no record below one is lost.

use super::programs::Running;
use super::{Way, build, folder};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;
use tracebaton_test_librdkafka::installed::command;
use tracebaton_test_librdkafka::{here, project};

/// A program, and what happens to its group.
#[derive(Clone, Copy)]
struct Row {
    /// The example, such as `c/retry.c`.
    source: &'static str,
    /// How the group assigns partitions.
    strategy: &'static str,
    /// Some deliveries fail, and others are slow.
    is_failing: bool,
    /// A member is paused until the group has given its partitions to the other member.
    is_paused: bool,
}

const EAGER: Row = Row { source: "c/in_flight.c", strategy: "range", is_failing: true, is_paused: true };

/// A member, with its errors among its lines.
fn member(program: &Path, row: Row, brokers: &str, is_stuck: bool) -> Running {
    let consumer = format!(
        "partition.assignment.strategy={} session.timeout.ms=6000 heartbeat.interval.ms=200 \
         auto.commit.interval.ms=200",
        row.strategy
    );
    let mut shell = command("sh");
    shell.args(["-c", "exec \"$0\" \"$1\" 2>&1"]).arg(program).arg(brokers);
    shell.env("CONSUMER_OPTIONS", consumer);
    shell.env("PRODUCER_OPTIONS", "queue.buffering.max.messages=1000 linger.ms=200");
    if is_stuck {
        shell.env("STUCK", "1");
    }
    Running::start(&mut shell)
}

/// A member is paused, the other one gets its partitions, and then it finds out that they are lost.
fn pause(member: &Running, other: &Running) {
    sleep(Duration::from_secs(1));
    let _ = other.lines.try_iter().count();
    member.signal("-STOP");
    other.until("are assigned");
    sleep(Duration::from_secs(1));
    member.signal("-CONT");
    member.until("are lost");
    member.until("payments");
}

/// Runs two members of a group, one of which joins and leaves, and returns what the check of their commits prints.
fn check(program: &Path, row: Row, is_stuck: bool) -> Vec<String> {
    let group = Path::new(row.source).file_stem().unwrap(); // as the example names it
    let mut cluster = command(env!("CARGO_BIN_EXE_group"));
    let cluster = Running::start(cluster.arg(group).args(row.is_failing.then_some("failing")));
    let brokers = cluster.lines.recv_timeout(Duration::from_secs(30)).unwrap();
    let first = member(program, row, &brokers, is_stuck);
    first.until("payments");
    sleep(Duration::from_secs(2));
    let second = member(program, row, &brokers, false);
    second.until("payments");
    sleep(Duration::from_secs(2));
    let _ = first.lines.try_iter().count();
    assert_eq!(second.end(), 0);
    first.until("are assigned");
    if row.is_paused {
        let third = member(program, row, &brokers, false);
        third.until("payments");
        pause(&third, &first);
        assert_eq!(third.end(), 0);
    }
    sleep(Duration::from_secs(2));
    cluster.finish()
}

fn program(name: &str, source: &Path) -> Option<PathBuf> {
    let language = source.extension().unwrap().to_str().unwrap();
    let sources = [source.to_owned(), here().join("snippets/surroundings.c")];
    let include = format!("-I{}", project().join("ffi/examples").join(language).display());
    build(&format!("group-{name}"), language, Way::Plain, &sources, &[include])
}

/// The programs wait for each other most of the time, so they run together.
#[test]
fn partitions_move_between_members() {
    let rows = [
        EAGER,
        Row { strategy: "cooperative-sticky", ..EAGER },
        Row { source: "c/retry.c", is_failing: false, is_paused: false, ..EAGER },
        Row { source: "cpp/retry.cpp", strategy: "cooperative-sticky", is_failing: false, is_paused: false },
    ];
    let built = rows.map(|row| {
        let name = format!("{}-{}", row.source.replace('/', "-"), row.strategy);
        program(&name, &project().join("ffi/examples").join(row.source))
    });
    std::thread::scope(|scope| {
        for (row, program) in rows.into_iter().zip(built) {
            let Some(program) = program else { continue };
            scope.spawn(move || expect_all(row.source, &check(&program, row, false)));
        }
    });
}

fn expect_all(name: &str, printed: &[String]) {
    assert!(printed.len() == 1 && printed[0].starts_with("all of "), "{name}: {printed:?}");
}

/// Replaces texts in the example, and returns what the check prints of it.
fn check_changed(name: &str, changes: &[(&str, &str)]) -> Option<Vec<String>> {
    let mut code = fs::read_to_string(project().join("ffi/examples/c/in_flight.c")).unwrap();
    for (old, new) in changes {
        assert!(code.contains(old), "{old}");
        code = code.replace(old, new);
    }
    let source = folder().join(format!("{name}.c"));
    fs::write(&source, code).unwrap();
    let row = Row { is_paused: false, ..EAGER };
    Some(check(&program(name, &source)?, row, changes[0] == STUCK[0]))
}

/// In a rebalance, the first member never gets the report of one record of each partition.
const STUCK: [(&str, &str); 5] = [
    ("MOST_OPEN 1000\n", "MOST_OPEN 100000\n"),
    ("/* The delivery report.", "static int is_leaving, has_stuck[4];\n\n/* The delivery report."),
    (
        "    record->state = ",
        "    if (is_leaving && getenv(\"STUCK\") && !has_stuck[record->message->partition]++)\n        \
         return;\n    record->state = ",
    ),
    (
        "        rd_kafka_flush(producer, MAX_FLUSH);",
        "        is_leaving = 1;\n        rd_kafka_flush(producer, MAX_FLUSH);",
    ),
    ("if (open->state == FAILED)", "if (1)"),
];

/// An open record does not outlive the assignment of its partition. The controls: one that does and holds back the
/// offset, a commit of a lower offset, and offsets that pass open records.
#[test]
fn open_records_of_members() {
    const KEPT: (&str, &str) = (
        "open->is_dropped = 1;",
        "if (getenv(\"STUCK\"))\n                continue;\n            open->is_dropped = 1;",
    );
    const LOWER: (&str, &str) = (
        "    store_offsets(consumer, offsets);",
        "    if (offsets->cnt > 0 && offsets->elems[0].offset > 50) {\n        offsets->elems[0].offset = 7;\n        \
         rd_kafka_commit(consumer, offsets, 0);\n    }\n    store_offsets(consumer, offsets);",
    );
    const BEYOND: (&str, &str) = ("open->state != DONE && !open->is_dropped", "0");
    let kept = [&STUCK[..], &[KEPT]].concat();
    let find = |name: &str, changes: &[(&str, &str)], text: &str| {
        let Some(printed) = check_changed(name, changes) else { return };
        assert!(printed.iter().any(|line| line.contains(text)), "{name}: {printed:?}");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| check_changed("stuck", &STUCK).map(|printed| expect_all("stuck", &printed)));
        scope.spawn(|| find("kept", &kept, "not all of"));
        scope.spawn(|| find("lower", &[LOWER], "goes backwards"));
        scope.spawn(|| find("beyond", &[BEYOND], "is lost"));
    });
}
