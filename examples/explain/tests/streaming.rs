//! Many lines, slow lines, lines that nobody reads.

mod run;

use run::{EXAMPLE, explain, run};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc;
use std::time::Duration;

const LINE: &str = concat!(
    r#"{"topic":"t","headers":["a","1","traceparent","00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","#,
    r#""baggage","k=v"],"payload":"0123456789"}"#,
    "\n"
);

/// Sends lines, waits until each has its answer, and gives the output back.
fn send(lines: usize, input: &mut ChildStdin, mut output: BufReader<ChildStdout>) -> BufReader<ChildStdout> {
    let (done, finished) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        for _ in 0..lines {
            line.clear();
            output.read_line(&mut line).unwrap();
            assert!(line.contains(r#","traceparent":{"verdict":"accepted""#), "{line}");
        }
        done.send(output).unwrap();
    });
    (0..lines).for_each(|_| input.write_all(LINE.as_bytes()).unwrap());
    finished.recv_timeout(Duration::from_secs(120)).expect("an answer to every line")
}

/// The most memory that a process ever had, in kB.
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_number_of_lines() {
    let mut child = explain(&[]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let output = send(2_000, &mut input, output);
    let early = peak_memory(child.id());
    let output = send(50_000, &mut input, output);
    let late = peak_memory(child.id());
    drop((input, output));
    assert!(child.wait().unwrap().success());
    assert!(late <= early + 512, "{early} kB after 2,000 lines, {late} kB after 50,000 more");
    assert!(late < 32 * 1024, "{late} kB");
}

#[test]
fn a_line_is_answered_before_the_next_one_comes() {
    for arguments in [&[][..], &["--pretty"]] {
        let mut child = explain(arguments).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let output = child.stdout.take().unwrap();
        let (answered, answers) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = answered.send(line);
            }
        });
        for half in ["{}\n{\"headers\":", "[]}\n"] {
            input.write_all(half.as_bytes()).unwrap();
            let answer =
                answers.recv_timeout(Duration::from_secs(60)).expect("an answer while the input waits");
            assert!(answer.contains("absent") || answer.contains("NO TRACE"), "{answer}");
            while answers.recv_timeout(Duration::from_millis(50)).is_ok() {}
        }
        drop(input);
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn nobody_reads() {
    for arguments in [&[][..], &["--pretty"]] {
        let mut child = explain(arguments).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || while input.write_all(LINE.as_bytes()).is_ok() {});
        child.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert_eq!((output.stderr.as_slice(), output.status.code()), (&b""[..], Some(1)), "{arguments:?}");
    }
}

#[test]
fn a_line_that_is_too_long_is_named_and_the_others_are_done() {
    let mut input = b"{}\n{\"payload\":\"".to_vec();
    input.resize(input.len() + (64 << 20), b'x');
    input.extend_from_slice(b"\"}\n{}\n");
    let run = run(&[], input);
    assert_eq!(run.errors, format!("tracebaton-explain: line 2: longer than 67108864 bytes\n{EXAMPLE}"));
    assert_eq!((run.lines().len(), run.exit_code), (2, Some(2)));
}
