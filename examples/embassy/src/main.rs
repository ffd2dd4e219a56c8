//! Alarms on an Arm MPS2+ board with AN386, which QEMU has: one task receives readings, another raises an alarm for each.
//!
//! A reading's bytes are overwritten by the next one, so the channel between the tasks carries owned contexts.
#![no_std]
#![no_main]

mod board;
mod log;

use cortex_m::Peripherals;
use defmt::{info, warn};
use embassy_executor::Spawner;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use firmware::{Frame, FrameError, Frames, Random};
use tracebaton::{Header, OwnedContext, RawHeaders, SpanId, TraceFlags, TraceId, extract};

/// A reading that waits for its alarm.
struct Reading {
    sequence: u8,
    /// A longer tracestate or baggage is dropped; the ids always fit.
    context: OwnedContext<64, 64>,
}

/// Readings from the one task to the other. The receiving task waits while it is full.
static READINGS: Channel<CriticalSectionRawMutex, Reading, 4> = Channel::new();

/// A frame with an alarm: a block of four headers, of which the lists have at most 64 bytes each.
const MOST_SENT: usize = 320;

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let Some(mut peripherals) = Peripherals::take() else { return };
    board::start(&mut peripherals.SYST);
    // The only instance of the task.
    let Ok(task) = raise_alarms() else { return };
    spawner.spawn(task);
    info!("ready");
    let mut frames = Frames::new();
    loop {
        let byte = board::receive().await;
        let mut reading = None;
        frames.push(byte, |frame| reading = read(frame));
        if let Some(reading) = reading {
            READINGS.send(reading).await;
        }
    }
}

/// The reading in a frame; `None` if the frame is damaged or contains no header block.
fn read(frame: Result<Frame<'_>, FrameError>) -> Option<Reading> {
    let refused = |error: &FrameError| warn!("refused a {=str}", error.message());
    let Frame { sequence, content } = frame.inspect_err(refused).ok()?;
    let refused = |error: &_| warn!("reading {}: refused the header block: {}", sequence, error);
    let headers = RawHeaders::new(content).inspect_err(refused).ok()?;
    let extracted = extract(headers);
    info!("reading {}: {}", sequence, extracted);
    let mut reading = Reading { sequence, context: OwnedContext::EMPTY };
    if let Err(dropped) = reading.context.assign(&extracted.context()) {
        warn!("reading {}: {}", sequence, dropped);
    }
    Some(reading)
}

/// Sends an alarm for each reading, as a child of the reading's span.
#[embassy_executor::task]
async fn raise_alarms() {
    let mut random = Random::new();
    let mut fill = |bytes: &mut [u8]| random.fill(board::now, bytes);
    loop {
        let Reading { sequence, context } = READINGS.receive().await;
        let (trace_id, span_id) = (TraceId::generate(&mut fill), SpanId::generate(&mut fill));
        let flags = TraceFlags::SAMPLED | TraceFlags::RANDOM;
        let own = context.as_borrowed().child_or_root(trace_id, span_id, flags);
        info!("alarm {}: {}", sequence, own);
        let injection = own.injection();
        let mut block = [0; MOST_SENT];
        let headers = injection.headers().chain([Header::new("kind", "alarm")]);
        let Ok(block) = RawHeaders::write(headers, &mut block) else { continue };
        let mut frame = heapless::Vec::<u8, { MOST_SENT + 8 }>::new();
        // There is room: the encoding adds at most eight bytes to a block of this size.
        firmware::send(sequence, block, |byte| _ = frame.push(byte));
        board::send(&frame).await;
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        cortex_m::asm::udf();
    }
}
