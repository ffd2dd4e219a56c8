//! A conversation with the firmware of `examples/firmware` over its UART.

mod exchange;
mod wire;

use crate::board::Board;
use crate::build::Tools;
use crate::vectors::Vectors;
use crate::{Failure, emulator::Stopped};
use exchange::{Exchange, Sent, malformed, noise, of_row};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use wire::{Header, answer, encoded, frame, unframed};

/// Runs the firmware, sends it all frames, checks each answer, and returns a summary.
///
/// # Errors
///
/// If an answer is wrong or missing.
pub fn converse(tools: &Tools, vectors: &Vectors) -> Result<String, Failure> {
    let program = tools.example(&Board::CORTEX_M4F, "firmware")?;
    let all = exchanges(vectors);
    let mut command = Board::CORTEX_M4F.talking(&program);
    let mut firmware = Stopped::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
    let mut input = firmware.0.stdin.take().ok_or("the firmware has no UART")?;
    let mut output = BufReader::new(firmware.0.stdout.take().ok_or("the firmware has no UART")?);
    let mut span_ids = HashSet::new();
    for (exchange, sequence) in all.iter().zip((1..=u8::MAX).cycle()) {
        input.write_all(&on_the_wire(sequence, &exchange.sent))?;
        input.flush()?;
        let mut bytes = Vec::new();
        output.read_until(0, &mut bytes)?;
        let check = check(exchange, sequence, &bytes, &mut span_ids);
        check.map_err(|reason| format!("{}: {reason}: {}", exchange.name, bytes.escape_ascii()))?;
    }
    Ok(summary(&all, span_ids.len()))
}

/// All rows that fit, with malformed frames and noise between them.
fn exchanges(vectors: &Vectors) -> Vec<Exchange> {
    let rows = vectors.rows().filter_map(of_row);
    let between = |(index, exchange): (usize, Exchange)| [noise(index as u64), exchange];
    malformed().into_iter().chain(rows.enumerate().flat_map(between)).chain(malformed()).collect()
}

fn on_the_wire(sequence: u8, sent: &Sent) -> Vec<u8> {
    match sent {
        Sent::Frame(content) => encoded(&frame(sequence, content)),
        Sent::Flipped(content) => {
            let mut frame = frame(sequence, content);
            let middle = frame.len() / 2;
            frame[middle] ^= 1;
            encoded(&frame)
        }
        Sent::Raw(bytes) => bytes.clone(),
    }
}

fn check(
    exchange: &Exchange,
    sequence: u8,
    bytes: &[u8],
    span_ids: &mut HashSet<Vec<u8>>,
) -> Result<(), String> {
    let (answered, content) = bytes.strip_suffix(&[0]).and_then(unframed).ok_or("no frame arrived")?;
    let (verdict, headers) = answer(&content).ok_or("the answer is malformed")?;
    if answered != if verdict.starts_with("frame") { 0 } else { sequence } {
        return Err(format!("the sequence number is {answered}, not {sequence}"));
    }
    if !verdict.starts_with(&exchange.verdict) {
        return Err(format!("the verdict is {verdict}"));
    }
    if exchange.refused.as_ref().is_some_and(|refused| !verdict.contains(refused)) {
        return Err(format!("the verdict is {verdict}, without {:?}", exchange.refused));
    }
    let Some(expected) = &exchange.headers else { return Ok(()) };
    let headers = headers.ok_or("the answer has no headers")?;
    if headers.len() != expected.len() || !headers.iter().zip(expected).all(same_but_for_the_span) {
        return Err("the headers differ".to_owned());
    }
    match headers.iter().find(|(name, _)| name == b"traceparent") {
        Some((_, Some(value))) if !span_ids.insert(value.get(36..52).unwrap_or_default().to_vec()) => {
            Err("the span id was used before".to_owned())
        }
        _ => Ok(()),
    }
}

/// The child in a row has the row's span id; the firmware generates its own.
fn same_but_for_the_span((header, expected): (&Header, &Header)) -> bool {
    let without = |header: &Header| {
        let mut header = header.clone();
        if let (b"traceparent", Some(value)) = (header.0.as_slice(), &mut header.1)
            && let Some(span_id) = value.get_mut(36..52)
        {
            span_id.fill(b'-');
        }
        header
    };
    without(header) == without(expected)
}

fn summary(all: &[Exchange], children: usize) -> String {
    let count = |is: fn(&Exchange) -> bool| all.iter().filter(|exchange| is(exchange)).count();
    format!(
        "each of {} frames got its answer, in sequence.\n{} were records of the conformance vectors: {} were continued, \
         each with a new span id, and\n{} had a header that was refused, with rule and offset. {} were malformed frames \
         or records.\nNoise came between all of them.",
        all.len(),
        count(|exchange| !exchange.name.contains(' ')),
        children,
        count(|exchange| exchange.refused.is_some()),
        count(|exchange| exchange.name.starts_with("a frame")),
    )
}
