//! The program for an Arm MPS2+ board with AN386, which QEMU has.
#![no_std]
#![no_main]

mod board;

use board::{Clock, Uart};
use firmware::{Frames, Random, hop, send};

#[cortex_m_rt::entry]
fn main() -> ! {
    let uart = Uart::new();
    let (clock, mut random) = (Clock::new(), Random::new());
    let mut frames = Frames::new();
    loop {
        let byte = uart.receive();
        frames.push(byte, |frame| {
            let (sequence, answer) = hop(frame, |bytes| random.fill(|| clock.now(), bytes));
            send(sequence, &answer, |byte| uart.send(byte));
        });
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        cortex_m::asm::udf();
    }
}
