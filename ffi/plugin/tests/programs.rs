//! Programs with a librdkafka of their system, in C, and with one that is linked into them.

use std::process::Command;
use tracebaton_test_plugin::{
    Build, Cluster, Record, Relay, VALGRIND, Version, check_forwarding, check_threads, compile, context,
    is_installed, run, skip,
};

fn c_relay(build: Build) -> Option<Relay> {
    Some(Relay::new([compile("relay", build)?], build))
}

/// A program under valgrind, unless that is missing.
fn under_valgrind(program: &str) -> Option<Vec<std::ffi::OsString>> {
    if !is_installed("valgrind") {
        skip(program, "valgrind is not installed");
        return None;
    }
    let mut command: Vec<std::ffi::OsString> = vec!["valgrind".into()];
    command.extend(VALGRIND.map(Into::into));
    command.push(compile(program, Build::Gcc)?.into());
    Some(command)
}

#[test]
fn a_program_in_c_forwards_every_row() {
    for build in [Build::Gcc, Build::Clang, Build::Sanitized] {
        let Some(relay) = c_relay(build) else { return };
        check_forwarding(&format!("a program in C, {build:?}"), &relay);
    }
}

#[test]
fn a_program_that_exports_its_librdkafka_forwards_every_row() {
    let relay = Relay::new([env!("CARGO_BIN_EXE_exporting-relay")], Build::Gcc);
    check_forwarding("a program in Rust with librdkafka in itself", &relay);
}

#[test]
fn threads_under_load_keep_their_contexts() {
    for build in [Build::Gcc, Build::Sanitized] {
        let Some(relay) = c_relay(build) else { return };
        check_threads(&relay, 8, 2000);
    }
}

#[test]
fn threads_under_valgrind() {
    let Some(command) = under_valgrind("relay") else { return };
    check_threads(&Relay::new(command, Build::Gcc), 3, 100);
}

#[test]
fn what_fails_under_valgrind_and_the_sanitizers() {
    let brokers = Cluster::new(1);
    let fails = |mut command: Command, plugin: Build| {
        run(command
            .arg(brokers.brokers())
            .arg(tracebaton_test_plugin::plugin(plugin))
            .env_remove("LD_LIBRARY_PATH"));
    };
    if let Some(program) = compile("failures", Build::Sanitized) {
        fails(Command::new(program), Build::Sanitized);
    }
    if let Some(command) = under_valgrind("failures") {
        let mut valgrind = Command::new(&command[0]);
        valgrind.args(&command[1..]);
        fails(valgrind, Build::Gcc);
    }
}

/// A program whose memory is where ThreadSanitizer expects it, if that is allowed here.
fn without_randomization(program: &std::path::Path) -> Command {
    let is_allowed =
        Command::new("setarch").args(["-R", "true"]).status().is_ok_and(|status| status.success());
    if !is_allowed {
        return Command::new(program);
    }
    let mut command = Command::new("setarch");
    command.arg("-R").arg(program);
    command
}

/// librdkafka is not instrumented: what it does itself is not judged.
#[test]
fn threads_do_not_race() {
    for version in [Version::Installed, Version::Wheel] {
        let Some(program) = compile("crowd", Build::ThreadSanitized) else { return };
        let cluster = Cluster::new(5);
        for partition in 0..5 {
            cluster.send(partition, &vec![Record { payload: b"1".to_vec(), headers: context(1) }; 200]);
        }
        let mut command = without_randomization(&program);
        command.arg(cluster.brokers()).arg(tracebaton_test_plugin::plugin(Build::ThreadSanitized));
        command.env("TSAN_OPTIONS", "ignore_noninstrumented_modules=1 halt_on_error=1");
        if version.set(&mut command) {
            run(&mut command);
        }
    }
}

fn headers(relay: Relay, headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), Some(value.as_bytes().to_vec()));
    let record = Record { payload: b"1".to_vec(), headers: headers.iter().map(header).collect() };
    let [relayed] = relay.relay(&[record]).try_into().unwrap();
    let text = |(name, value): (String, Option<Vec<u8>>)| (name, String::from_utf8(value.unwrap()).unwrap());
    relayed.headers.into_iter().map(text).collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

const CONSUMED: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const OWN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

#[test]
fn what_the_program_gave_a_record_is_kept() {
    let Some(relay) = c_relay(Build::Gcc) else { return };
    let sent =
        headers(relay.own_header("Traceparent", OWN), &[("traceparent", CONSUMED), ("baggage", "k=v")]);
    assert_eq!(sent, [pair("Traceparent", OWN)]);
}

#[test]
fn what_cannot_be_read_is_replaced_and_other_headers_stay() {
    let Some(relay) = c_relay(Build::Gcc) else { return };
    let sent = headers(relay.own_header("traceparent", "?"), &[("traceparent", CONSUMED)]);
    assert_eq!(sent, [pair("traceparent", CONSUMED)]);
    let Some(relay) = c_relay(Build::Gcc) else { return };
    let sent = headers(relay.own_header("schema", "7"), &[("traceparent", CONSUMED)]);
    assert_eq!(sent, [pair("schema", "7"), pair("traceparent", CONSUMED)]);
}

#[test]
fn nothing_happens_without_the_plugin_or_switched_off() {
    let consumed = [("traceparent", CONSUMED), ("baggage", "k=v")];
    let Some(relay) = c_relay(Build::Gcc) else { return };
    assert_eq!(headers(relay.without_plugin(), &consumed), []);
    for value in ["none", "set"] {
        let Some(relay) = c_relay(Build::Gcc) else { return };
        assert_eq!(headers(relay.property("tracebaton.forward", value), &consumed), [], "{value}");
    }
    let Some(relay) = c_relay(Build::Gcc) else { return };
    let relay = relay.property("tracebaton.forward", "none").property("tracebaton.forward", "consumed");
    assert_eq!(headers(relay, &consumed), [pair("traceparent", CONSUMED), pair("baggage", "k=v")]);
}

/// What is read, what is written, the consumed record, and what comes out.
type FormatRow = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
);

const B3: &str = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1";
const DEFERRED: &str = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
/// The default of either property.
const DEFAULT: &str = "";
const FORMAT_ROWS: &[FormatRow] = &[
    (DEFAULT, DEFAULT, &[("b3", B3)], &[]),
    ("tracecontext", "tracecontext", &[("traceparent", CONSUMED), ("b3", B3)], &[("traceparent", CONSUMED)]),
    ("b3", DEFAULT, &[("B3", B3), ("baggage", "k=v")], &[("traceparent", CONSUMED), ("baggage", "k=v")]),
    ("b3", DEFAULT, &[("traceparent", CONSUMED), ("baggage", "k=v")], &[("baggage", "k=v")]),
    ("b3", "b3", &[("b3", "x"), ("baggage", "k=v")], &[("baggage", "k=v")]),
    ("b3", "b3", &[("b3", "x")], &[]),
    (
        "tracecontext, b3",
        "b3,tracecontext",
        &[("traceparent", CONSUMED), ("tracestate", "a=1"), ("b3", "x")],
        &[("traceparent", CONSUMED), ("tracestate", "a=1"), ("b3", B3)],
    ),
    (
        "b3,tracecontext",
        "b3multi",
        &[("traceparent", OWN), ("b3", B3)],
        &[
            ("x-b3-traceid", "0af7651916cd43dd8448eb211c80319c"),
            ("x-b3-spanid", "b7ad6b7169203331"),
            ("x-b3-sampled", "1"),
        ],
    ),
    (DEFAULT, "b3", &[("traceparent", CONSUMED), ("tracestate", "a=1")], &[("b3", B3)]),
    ("b3", "tracecontext,b3", &[("b3", DEFERRED)], &[("traceparent", CONSUMED), ("b3", DEFERRED)]),
    (
        "datadog",
        "datadog,jaeger",
        &[("x-datadog-trace-id", "1"), ("x-datadog-parent-id", "2"), ("x-datadog-sampling-priority", "0")],
        &[
            ("uber-trace-id", "00000000000000000000000000000001:0000000000000002:0:0"),
            ("x-datadog-trace-id", "1"),
            ("x-datadog-parent-id", "2"),
            ("x-datadog-sampling-priority", "0"),
        ],
    ),
];

fn with_formats(read: &str, written: &str) -> Option<Relay> {
    let mut relay = c_relay(Build::Sanitized)?;
    for (name, value) in [("tracebaton.formats", read), ("tracebaton.inject", written)] {
        if value != DEFAULT {
            relay = relay.property(name, value);
        }
    }
    Some(relay)
}

#[test]
fn formats_are_read_and_written_as_configured() {
    for (read, written, consumed, expected) in FORMAT_ROWS {
        let Some(relay) = with_formats(read, written) else { return };
        let expected: Vec<_> = expected.iter().map(|(name, value)| pair(name, value)).collect();
        assert_eq!(headers(relay, consumed), expected, "{read:?} to {written:?}");
    }
}

#[test]
fn a_parent_in_any_format_is_kept_by_the_others() {
    for own in ["b3", "uber-trace-id", "traceparent"] {
        let value = if own == "uber-trace-id" {
            "1:2:0:1"
        } else if own == "b3" {
            B3
        } else {
            OWN
        };
        let Some(relay) = with_formats("tracecontext", "b3,tracecontext") else { return };
        assert_eq!(headers(relay.own_header(own, value), &[("traceparent", CONSUMED)]), [pair(own, value)]);
    }
    let Some(relay) = with_formats("tracecontext", "b3") else { return };
    let sent = headers(relay.own_header("B3", "x"), &[("traceparent", CONSUMED)]);
    assert_eq!(sent, [pair("b3", B3)]);
}

#[test]
fn a_record_that_would_be_too_large_in_its_formats_goes_without() {
    let Some(relay) = with_formats("tracecontext", "tracecontext,b3") else { return };
    let relay = relay.property("message.max.bytes", "1100");
    let payload = |size: usize| Record { payload: vec![b'x'; size], headers: context(1)[..1].to_vec() };
    let counts: Vec<_> =
        relay.relay(&[payload(900), payload(980)]).iter().map(|it| it.headers.len()).collect();
    assert_eq!(counts, [2, 0]);
}

#[test]
fn what_is_refused_of_the_environment_is_told_once() {
    let upper_case = CONSUMED.replace("af", "AF");
    let why = "TRACEPARENT is not forwarded: the trace-id is not 32 lower-case hexadecimal digits, at byte 4";
    let cases =
        [("TRACEPARENT", CONSUMED, None), ("TRACEPARENT", &upper_case, Some(why)), ("BAGGAGE", "", None)];
    for (name, value, expected) in cases {
        let Some(relay) = c_relay(Build::Gcc) else { return };
        let cluster = Cluster::new(2);
        for partition in 0..2 {
            cluster.send(partition, &[Record { payload: b"1".to_vec(), headers: context(1) }]);
        }
        let relay = relay.property("tracebaton.forward", "environment").variable(name, value);
        let printed = relay.run(&cluster, 2, 1);
        assert_eq!(printed.matches("is not forwarded").count(), expected.iter().count(), "{printed}");
        assert!(printed.contains(expected.unwrap_or_default()), "{printed}");
    }
}

#[test]
fn a_record_that_would_be_too_large_goes_without() {
    let Some(relay) = c_relay(Build::Gcc) else { return };
    let relay = relay.property("message.max.bytes", "1100");
    let payload = |size: usize| Record { payload: vec![b'x'; size], headers: context(1)[..1].to_vec() };
    let relayed = relay.relay(&[payload(900), payload(1000), payload(1064)]);
    let counts: Vec<_> = relayed.iter().map(|record| record.headers.len()).collect();
    assert_eq!(counts, [1, 0, 0]);
}

#[test]
fn a_traceparent_beyond_the_capacity_is_no_context() {
    let Some(relay) = c_relay(Build::Gcc) else { return };
    let value = |size: usize| format!("{}-{}", CONSUMED.replacen("00", "01", 1), "x".repeat(size - 56));
    let record = |size| Record {
        payload: b"1".to_vec(),
        headers: vec![
            ("traceparent".to_owned(), Some(value(size).into_bytes())),
            ("tracestate".to_owned(), Some(b"a=1".to_vec())),
            ("baggage".to_owned(), Some(b"k=v".to_vec())),
        ],
    };
    let relayed = relay.relay(&[record(8192), record(8193)]);
    assert_eq!(relayed[0].headers, record(8192).headers);
    assert_eq!(relayed[1].headers, record(8193).headers[2..]);
}
