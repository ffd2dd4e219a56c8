//! Whose context a record carries, in programs in which a thread may know that of another: the table of README.md.

use std::path::Path;
use std::process::Command;
use tracebaton_test_plugin::{Build, Cluster, Record, context, plugin, run, skip};

const RECORDS: usize = 400;

/// How many records carried their own context, none, and that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    own: usize,
    none: usize,
    wrong: usize,
}

/// What a program does, and what its records carry: by default, and with `tracebaton.forward=consumed`.
struct Way {
    name: &'static str,
    default: fn(Counts) -> bool,
    consumed: fn(Counts) -> bool,
}

const WAYS: [Way; 16] = [
    Way { name: "loop", default: all_own, consumed: all_own },
    Way { name: "two consumers", default: all_own, consumed: all_own },
    Way { name: "filtering", default: none_wrong, consumed: all_own },
    Way { name: "fan-out", default: none_wrong, consumed: all_own },
    Way { name: "batches", default: none_wrong, consumed: many_wrong },
    Way { name: "workers", default: none_wrong, consumed: none_wrong },
    Way { name: "pool consumes", default: none_wrong, consumed: many_wrong },
    Way { name: "swap", default: none_wrong, consumed: many_wrong },
    Way { name: "tasks", default: none_wrong, consumed: many_wrong },
    Way { name: "tasks with two", default: few_wrong, consumed: many_wrong },
    Way { name: "aio", default: none_wrong, consumed: many_wrong },
    Way { name: "aio, one worker", default: none_wrong, consumed: many_wrong },
    Way { name: "aio, batches", default: none_wrong, consumed: many_wrong },
    Way { name: "heartbeats", default: none_wrong, consumed: many_wrong },
    Way { name: "heartbeats first", default: |counts| counts.wrong == 1, consumed: many_wrong },
    Way { name: "idle", default: none_wrong, consumed: |counts| counts.wrong == 1 },
];

fn all_own(counts: Counts) -> bool {
    counts.none == 0 && counts.wrong == 0
}

fn none_wrong(counts: Counts) -> bool {
    counts.wrong == 0
}

fn few_wrong(counts: Counts) -> bool {
    counts.wrong <= 8
}

fn many_wrong(counts: Counts) -> bool {
    counts.wrong > RECORDS / 4
}

fn count(records: &[Record]) -> Counts {
    let mut counts = Counts { own: 0, none: 0, wrong: 0 };
    for record in records {
        let number = std::str::from_utf8(&record.payload).unwrap().parse();
        match number {
            _ if record.headers.is_empty() => counts.none += 1,
            Ok(number) if record.headers == context(number) => counts.own += 1,
            _ => counts.wrong += 1,
        }
    }
    counts
}

/// Relays 400 records in one way, and counts what was produced.
fn relay(python: &str, way: &str, properties: &[&str]) -> Counts {
    let cluster = Cluster::new(4);
    for partition in 0..4 {
        let numbers = (0..RECORDS).filter(|number| number % 4 == partition);
        let record = |number: usize| Record { payload: number.to_string().into(), headers: context(number) };
        cluster.send(partition as i32, &numbers.map(record).collect::<Vec<_>>());
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/whose.py");
    let path = format!("plugin.library.paths={}", plugin(Build::Gcc).canonicalize().unwrap().display());
    let printed =
        run(Command::new(python).arg(script).args([&cluster.brokers(), way, &path]).args(properties));
    let produced = printed.lines().find_map(|line| line.parse().ok()).unwrap_or_else(|| panic!("{printed}"));
    let counts = count(&cluster.receive(0, produced));
    eprintln!("{way} {properties:?}: {counts:?}");
    counts
}

#[test]
fn a_record_carries_its_own_context_or_none() {
    let Ok(python) = std::env::var("TEST_PYTHON") else {
        return skip("the wheel of confluent-kafka", "tests/run installs it");
    };
    for way in &WAYS {
        let counts = relay(&python, way.name, &[]);
        assert!((way.default)(counts), "{}: {counts:?}", way.name);
        let counts = relay(&python, way.name, &["tracebaton.forward=consumed"]);
        assert!((way.consumed)(counts), "{} with consumed: {counts:?}", way.name);
    }
}

#[test]
fn the_program_is_told_once_that_its_records_go_without() {
    let Ok(python) = std::env::var("TEST_PYTHON") else {
        return skip("the wheel of confluent-kafka", "tests/run installs it");
    };
    let cluster = Cluster::new(4);
    let record = |number: usize| Record { payload: number.to_string().into(), headers: context(number) };
    for partition in 0..4 {
        cluster.send(partition, &(0..100).map(record).collect::<Vec<_>>());
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/whose.py");
    let path = format!("plugin.library.paths={}", plugin(Build::Gcc).canonicalize().unwrap().display());
    let told = |properties: &[&str]| {
        let mut command = Command::new(&python);
        command.arg(&script).args([&cluster.brokers(), "filtering", &path]).args(properties);
        run(&mut command)
            .matches("Interceptor tracebaton.forward=loop failed on_consume for message on in")
            .count()
    };
    assert_eq!(told(&[]), 1);
    assert_eq!(told(&["tracebaton.forward=consumed"]), 0);
}
