//! Runs the program as a user does.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn pipeline(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pipeline")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn every_order_is_one_trace() {
    let picture = std::env::temp_dir().join(format!("pipeline-{}.svg", std::process::id()));
    let output = pipeline(&["--records", "40", "--svg", picture.to_str().unwrap()]);
    let drawn = std::fs::read_to_string(&picture);
    let _ = std::fs::remove_file(&picture);

    let (shown, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(shown.contains("120 records, 40 orders, 280 spans in 40 traces, 0 orphans"), "{shown}");
    assert!(shown.contains("baggage at the end on 40 of 40"), "{shown}");
    let changed =
        |mark| shown.lines().filter(|line| line.starts_with(&format!("  {mark} traceparent   00-"))).count();
    assert_eq!((changed('-'), changed('+')), (1, 1), "{shown}");
    for (metric, count) in [
        ("messaging.client.sent.messages", 120),
        ("messaging.client.consumed.messages", 120),
        ("messaging.client.operation.duration", 120),
        ("messaging.process.duration", 120),
        ("kafka.record.queue_time", 120),
    ] {
        let is_total = |line: &str| {
            let mut words = line.split([' ', ',']).filter(|word| !word.is_empty());
            words.next() == Some(metric) && words.next() == Some(&*count.to_string())
        };
        assert!(shown.lines().any(is_total), "{metric}: {shown}");
    }
    assert!(!shown.contains('\u{1b}'), "no color where there is no terminal");

    let drawn = drawn.unwrap();
    let document = roxmltree::Document::parse(&drawn).unwrap();
    let count =
        |class: &str| document.descendants().filter(|node| node.attribute("class") == Some(class)).count();
    // Bars, and one of each in the legend.
    assert_eq!((count("work"), count("wait"), count("send")), (4 + 1, 3 + 1, 3 + 1));
    assert_eq!((count("link"), count("orphan")), (6, 0));
}

#[test]
fn without_headers_every_consumer_is_an_orphan() {
    let output = pipeline(&["--without", "--records", "20"]);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(shown.contains("60 records, 20 orders, 140 spans in 80 traces, 60 orphans"), "{shown}");
    assert!(!shown.contains("traceparent"), "{shown}");
}

/// Dropping the cluster deletes the topics on a Kafka, so an interrupt must not end the process immediately.
#[test]
fn an_interrupt_ends_the_run_in_good_order() {
    ["-INT", "-TERM", "-HUP"].into_iter().for_each(ends_in_good_order);
}

fn ends_in_good_order(signal: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
    let child =
        command.args(["--records", "20000"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let start = Instant::now();
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{:?}", output.status);
    assert!(text(&output.stderr).contains("pipeline: interrupted"), "{}", text(&output.stderr));
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_broker_that_is_not_there_is_an_error_within_seconds() {
    let start = Instant::now();
    let output = pipeline(&["--brokers", "127.0.0.1:1"]);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("no Kafka broker answers at 127.0.0.1:1") && said.contains("refused"), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn bad_options_are_errors_that_name_them() {
    let cases: [(&[&str], i32, &str); 4] = [
        (&["--record", "5"], 2, "--record"),
        (&["--records", "many"], 2, "many"),
        (&["--records", "0"], 2, "--records"),
        (&["--svg", "no/such/folder/x.svg"], 1, "no/such/folder"),
    ];
    for (arguments, code, named) in cases {
        let output = pipeline(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(text(&output.stderr).contains(named), "{arguments:?}: {}", text(&output.stderr));
    }
}
