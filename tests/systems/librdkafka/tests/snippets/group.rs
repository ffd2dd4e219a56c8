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
    /// Its arguments after the address of the brokers.
    arguments: &'static [&'static str],
    /// How the group assigns partitions.
    strategy: &'static str,
    /// Some deliveries fail, and others are slow.
    is_failing: bool,
    /// A member is paused until the group has given its partitions to the other member.
    is_paused: bool,
}

const EAGER: Row =
    Row { source: "c/in_flight.c", arguments: &[], strategy: "range", is_failing: true, is_paused: true };
/// Each record is held for two seconds, and its partition is paused.
const DELAYED: Row = Row {
    source: "c/delayed_retry.c",
    arguments: &["orders", "2"],
    strategy: "range",
    is_failing: false,
    is_paused: false,
};

/// A member with these settings, and with its errors among its lines.
fn start(program: &Path, arguments: &[&str], consumer: &str, producer: &str, is_stuck: bool) -> Running {
    let mut shell = command("sh");
    shell.args(["-c", "exec \"$0\" \"$@\" 2>&1"]).arg(program).args(arguments);
    shell.env("CONSUMER_OPTIONS", consumer);
    shell.env("PRODUCER_OPTIONS", format!("queue.buffering.max.messages=1000 {producer}"));
    if is_stuck {
        shell.env("STUCK", "1");
    }
    Running::start(&mut shell)
}

fn member(program: &Path, row: Row, brokers: &str, is_stuck: bool) -> Running {
    let consumer = format!(
        "partition.assignment.strategy={} session.timeout.ms=6000 heartbeat.interval.ms=200 \
         auto.commit.interval.ms=200",
        row.strategy
    );
    start(program, &[&[brokers], row.arguments].concat(), &consumer, "linger.ms=200", is_stuck)
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
        Row {
            source: "cpp/retry.cpp",
            strategy: "cooperative-sticky",
            is_failing: false,
            is_paused: false,
            ..EAGER
        },
        DELAYED,
        Row { strategy: "cooperative-sticky", ..DELAYED },
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

/// Replaces texts in an example or in its common parts, and builds it in a folder of its own.
fn changed(name: &str, source: &str, changes: &[(&str, &str)]) -> Option<PathBuf> {
    let example = project().join("ffi/examples").join(source);
    let is_cpp = source.ends_with(".cpp");
    let common = if is_cpp { "service.hpp" } else { "service.h" };
    let files = [example.clone(), example.with_file_name(common)];
    let mut codes = files.each_ref().map(|file| fs::read_to_string(file).unwrap());
    for (old, new) in changes {
        assert!(codes.iter().any(|code| code.contains(old)), "{old}");
        codes = codes.map(|code| code.replace(old, new));
    }
    let folder = folder().join(format!("changed-{name}"));
    fs::create_dir_all(&folder).unwrap();
    for (file, code) in files.iter().zip(codes) {
        fs::write(folder.join(file.file_name().unwrap()), code).unwrap();
    }
    program(name, &folder.join(example.file_name().unwrap()))
}

/// What the check prints of a changed example.
fn check_changed(name: &str, row: Row, changes: &[(&str, &str)]) -> Option<Vec<String>> {
    let is_stuck = changes.iter().any(|(_, new)| new.contains("STUCK"));
    Some(check(&changed(name, row.source, changes)?, row, is_stuck))
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
/// offset, a commit of a lower offset, offsets that pass open records, and a partition that stays paused.
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
    const NOT_RESUMED: (&str, &str) = ("        set_paused(consumer, partitions, 0);", "        (void)0;");
    let kept = [&STUCK[..], &[KEPT]].concat();
    let row = Row { is_paused: false, ..EAGER };
    let find = |name: &str, row: Row, changes: &[(&str, &str)], text: &str| {
        let Some(printed) = check_changed(name, row, changes) else { return };
        assert!(printed.iter().any(|line| line.contains(text)), "{name}: {printed:?}");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| check_changed("stuck", row, &STUCK).map(|printed| expect_all("stuck", &printed)));
        scope.spawn(|| find("kept", row, &kept, "not all of"));
        scope.spawn(|| find("lower", row, &[LOWER], "goes backwards"));
        scope.spawn(|| find("beyond", row, &[BEYOND], "is lost"));
        scope.spawn(|| find("not-resumed", DELAYED, &[NOT_RESUMED], "not all of"));
    });
}

/// In C++, too, a partition that a member has paused is consumed after it left and returned. The control does not
/// resume it.
#[test]
fn a_paused_partition_returns_in_cpp() {
    const PAUSED: (&str, &str) = (
        "        is_sent = error == message->err();\n",
        "        is_sent = error == message->err();\n        static bool is_paused = false;\n        \
         if (std::getenv(\"STUCK\") != nullptr && message->err() == RdKafka::ERR_NO_ERROR && !is_paused) {\n            \
         partitions assigned;\n            consumer->assignment(assigned.list);\n            \
         consumer->pause(assigned.list);\n            is_paused = true;\n        }\n",
    );
    const NOT_RESUMED: (&str, &str) = ("consumer->resume(moving)", "RdKafka::ERR_NO_ERROR");
    let row = Row { source: "cpp/retry.cpp", is_failing: false, is_paused: false, ..EAGER };
    std::thread::scope(|scope| {
        scope.spawn(|| check_changed("paused", row, &[PAUSED]).map(|printed| expect_all("paused", &printed)));
        scope.spawn(|| {
            let printed = check_changed("not-resumed-cpp", row, &[PAUSED, NOT_RESUMED]);
            let is_found = |lines: Vec<String>| lines.iter().any(|line| line.contains("not all of"));
            assert!(printed.is_none_or(is_found), "resumed");
        });
    });
}

/// While no place is free for longer than `max.poll.interval.ms`, a member continues to poll and keeps its
/// partitions. The control pauses nothing and does not poll, so the group removes it.
#[test]
fn a_member_without_free_places_polls() {
    const FEW: (&str, &str) = ("MOST_OPEN 1000\n", "MOST_OPEN 20\n");
    const UNPOLLED: [(&str, &str); 3] = [
        FEW,
        ("is_full != are_all_paused", "0"),
        (
            "rd_kafka_consumer_poll(consumer, is_full ? 0 : 100)",
            "is_full ? NULL : rd_kafka_consumer_poll(consumer, 100)",
        ),
    ];
    let run = |name: &str, changes: &[(&str, &str)]| {
        let program = changed(name, EAGER.source, changes)?;
        let cluster = Running::start(command(env!("CARGO_BIN_EXE_group")).arg("in_flight"));
        let brokers = cluster.lines.recv_timeout(Duration::from_secs(30)).unwrap();
        let consumer = "session.timeout.ms=2000 max.poll.interval.ms=2000";
        let member = start(&program, &[&brokers], consumer, "linger.ms=6000", false);
        Some((0..50).flat_map(|_| member.until("payments")).collect::<Vec<_>>())
    };
    let exceeds = |line: &String| line.contains("maximum poll interval");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let printed = run("few", &[FEW]).unwrap_or_default();
            assert!(!printed.iter().any(exceeds), "{printed:?}");
        });
        scope.spawn(|| {
            let printed = run("unpolled", &UNPOLLED);
            assert!(printed.is_none_or(|lines| lines.iter().any(exceeds)), "polled in time");
        });
    });
}
