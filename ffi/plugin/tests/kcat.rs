//! kcat, by its command line alone.

use std::io::Write as _;
use std::process::{Command, Stdio};
use tracebaton_test_plugin::{Build, Cluster, Header, Record, context, plugin, skip};

fn kcat(cluster: &Cluster, arguments: &[&str]) -> Option<Command> {
    if !Command::new("kcat").arg("-V").output().is_ok_and(|output| output.status.success()) {
        skip("kcat", "it is not installed");
        return None;
    }
    let mut command = Command::new("kcat");
    command.args(["-q", "-b", &cluster.brokers(), "-p", "0"]).args(arguments).env_remove("LD_LIBRARY_PATH");
    command
        .arg("-X")
        .arg(format!("plugin.library.paths={}", plugin(Build::Gcc).canonicalize().unwrap().display()));
    Some(command)
}

/// Produces one record to `out`, and reads its headers back.
fn produced(properties: &[&str], variables: &[(&str, &str)]) -> Option<Vec<Header>> {
    let cluster = Cluster::new(1);
    let mut command = kcat(&cluster, &["-P", "-t", "out"])?;
    for property in properties {
        command.args(["-X", property]);
    }
    command.envs(variables.iter().copied()).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"order 7\n").unwrap();
    assert!(child.wait().unwrap().success());
    let [record] = cluster.receive(0, 1).try_into().unwrap();
    assert_eq!(record.payload, b"order 7");
    Some(record.headers)
}

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn a_record_joins_the_trace_of_the_environment() {
    let variables = [("TRACEPARENT", TRACEPARENT), ("TRACESTATE", "a=1 , b=2"), ("BAGGAGE", "k=v;p")];
    let Some(headers) = produced(&["tracebaton.forward=environment"], &variables) else { return };
    let names = ["traceparent", "tracestate", "baggage"];
    let expected = names
        .iter()
        .zip(variables)
        .map(|(name, (_, value))| ((*name).to_owned(), Some(value.as_bytes().to_vec())));
    assert_eq!(headers, expected.collect::<Vec<_>>());
}

#[test]
fn what_the_environment_says_counts_only_if_asked_for_and_valid() {
    let is_none = |properties: &[&str], traceparent| {
        let headers = produced(properties, &[("TRACEPARENT", traceparent)]);
        assert_eq!(headers.unwrap_or_default(), [], "{properties:?} {traceparent}");
    };
    is_none(&[], TRACEPARENT);
    is_none(&["tracebaton.forward=none"], TRACEPARENT);
    is_none(&["tracebaton.forward=environment"], "00-0-0-00");
}

#[test]
fn a_consumer_reads_on_whatever_the_headers_are() {
    let cluster = Cluster::new(1);
    let poison =
        |value: &[u8]| vec![("traceparent".to_owned(), Some(value.to_vec())), ("baggage".to_owned(), None)];
    let record = |payload: &[u8], headers| Record { payload: payload.to_vec(), headers };
    cluster.send(
        0,
        &[
            record(b"1", poison(b"\xff\0\xfe")),
            record(b"2", poison(&[b'0'; 20_000])),
            record(b"3", context(3)),
        ],
    );
    let Some(mut command) = kcat(&cluster, &["-C", "-t", "in", "-o", "beginning", "-c", "3", "-f", "%s %h|"])
    else {
        return;
    };
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    assert!(
        printed.ends_with(
            "|3 traceparent=00-0af7651916cd43dd8448eb2100000003-b7ad6b7169203331-01,\
         tracestate=vendor=n3, other=1,baggage=number=3;property|"
        ),
        "{printed}"
    );
}
