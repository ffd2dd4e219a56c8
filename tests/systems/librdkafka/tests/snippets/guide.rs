//! The guide's way to try services without a broker.

use super::programs::Running;
use super::{Way, build};
use std::time::Duration;
use tracebaton_test_librdkafka::installed::command;
use tracebaton_test_librdkafka::pages::blocks;
use tracebaton_test_librdkafka::project;

/// Starts a program as a guide's line has it, with this address instead of the guide's.
fn start_line(line: &str, address: &str) -> Option<Running> {
    let mut words = line.strip_prefix("./").unwrap().split(' ');
    let source = format!("c/{}.c", words.next().unwrap());
    let name = format!("snippet-guide-{}", source.replace('/', "-"));
    let program = build(&name, "c", Way::Plain, &[project().join("ffi/examples").join(source)], &[])?;
    let arguments = words.map(|word| if word == "127.0.0.1:40000" { address } else { word });
    Some(Running::start(command(program).args(arguments)))
}

/// Both orders arrive, each in its trace.
#[test]
fn services_without_a_broker() {
    let shell: Vec<_> =
        blocks("sh").into_iter().filter(|block| block.page_name() == "kafka_in_c.md").collect();
    let [cluster, services] = &shell[..] else { panic!("{shell:?}") };
    let cluster = cluster.code.lines().find(|line| line.starts_with("./mock_cluster ")).unwrap();
    let Some(cluster) = start_line(cluster, "") else { return };
    let address = cluster.lines.recv_timeout(Duration::from_secs(30)).unwrap();
    let services: Vec<_> =
        services.code.lines().map(|line| (line, start_line(line, &address).unwrap())).collect();
    let printed = |start: &str, count| {
        let (_, service) = services.iter().find(|(line, _)| line.starts_with(start)).unwrap();
        service.lines(count)
    };
    // Lines such as "sent 10: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03".
    let traces = |lines: &[String], what: &str| -> Vec<(String, String)> {
        let spans = lines.iter().filter_map(|line| line.strip_prefix(what)?.trim().split_once(": "));
        let mut traces: Vec<_> =
            spans.map(|(order, span)| (order.to_owned(), span[3..35].to_owned())).collect();
        traces.sort();
        traces
    };
    let sent = traces(&printed("./producer", 2), "sent");
    assert_eq!(sent.iter().map(|(order, _)| &**order).collect::<Vec<_>>(), ["10", "37"]);
    assert_ne!(sent[0].1, sent[1].1);
    assert_eq!(traces(&printed("./consumer", 2), "received"), sent);
    let processed = printed("./process", 3);
    assert_eq!(traces(&processed, "payments"), sent);
    assert_eq!(traces(&processed, "orders.retry"), sent[1..]);
    for (line, service) in services {
        assert_eq!(service.end(), 0, "{line}");
    }
    assert_eq!(cluster.end(), 0);
}

/// The mock cluster refuses one delivery after the signal, and the record is produced again.
#[test]
fn a_refused_delivery() {
    let Some(cluster) = start_line("./mock_cluster orders payments", "") else { return };
    let address = cluster.lines.recv_timeout(Duration::from_secs(30)).unwrap();
    let producer = start_line("./producer 127.0.0.1:40000 orders 10", &address).unwrap();
    producer.until("sent 10");
    assert_eq!(producer.finish(), Vec::<String>::new());
    cluster.signal("-USR1");
    let service = start_line("./in_flight 127.0.0.1:40000", &address).unwrap();
    let printed = service.lines(2);
    assert_eq!(printed.len(), 2, "{printed:?}");
    assert!(printed[0].starts_with("payments 10: ") && printed[0] == printed[1], "{printed:?}");
    assert_eq!(service.end(), 0);
    assert_eq!(cluster.end(), 0);
}
