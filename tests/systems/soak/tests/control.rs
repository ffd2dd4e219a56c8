//! A short run passes, and the checks find deliberate faults.

use std::process::{Command, Output};

fn soak(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tracebaton-test-soak")).args(arguments).output().unwrap()
}

/// A run with a fault in one record of a thousand, or in all records of a hop.
fn sabotaged(how: &str) -> String {
    let arguments =
        ["--records", "2000", "--threads", "2", "--faults", "0", "--patience", "5", "--sabotage", how];
    let output = soak(&arguments);
    assert_eq!(output.status.code(), Some(1), "{how} was not found");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn nothing_is_lost_while_each_fault_happens_once() {
    let output = soak(&["--records", "5000", "--threads", "4", "--faults", "11"]);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("records stored, answers lost             1 times"), "{printed}");
}

#[test]
fn another_trace_id_is_found() {
    assert!(sabotaged("corrupt").contains("mismatched: 2\n"));
}

#[test]
fn a_record_without_headers_is_found() {
    assert!(sabotaged("orphan").contains("orphans: 2\n"));
}

#[test]
fn a_record_that_is_not_sent_is_found() {
    let reasons = sabotaged("drop");
    assert!(reasons.contains("nothing has moved for 5s: produced 2000, first hop 1998"), "{reasons}");
    assert!(reasons.contains("lost: 2, the first is record 500\n"), "{reasons}");
}

#[test]
fn a_hop_that_leaves_the_context_of_another_is_found() {
    assert!(sabotaged("stale").contains("mismatched: "));
}
