//! Counts the instructions of calls. With `-icount shift=0` one instruction takes one nanosecond of the emulator's
//! time.
#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::hint::black_box;
use tracebaton::{Header, TraceParent, extract};
use tracebaton_test_embedded_firmware::{Terminal, exit};

const TRACEPARENT: &[u8] = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    exit(counts().is_ok())
}

fn counts() -> fmt::Result {
    let mut terminal = Terminal::open()?;
    let mut count = |name: &str, instructions: u32| writeln!(terminal, "instructions {name} {instructions}");
    count("parse", each(|| TraceParent::parse(black_box(TRACEPARENT))))?;
    let parent = TraceParent::parse(TRACEPARENT).map_err(|_| fmt::Error)?;
    count("format", each(|| black_box(parent).format()))?;
    let headers = record();
    count("extract", each(|| extract(black_box(&headers).iter().copied()).context()))?;
    let refused = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-B7ad6b7169203331-01")];
    count("refuse", each(|| extract(black_box(&refused).iter().copied()).context()))?;
    let long = long_record();
    let (tracestate, baggage) = (extract(long).tracestate, extract(long).baggage);
    let (Some(_), Some(_)) = (tracestate.accepted(), baggage.accepted()) else { return Err(fmt::Error) };
    count("long", each(|| extract(black_box(&long).iter().copied()).context()))?;
    let context = extract(headers.iter().copied()).context();
    let span = context.span_context.ok_or(fmt::Error)?;
    count("child", each(|| black_box(span).child(black_box(span.span_id)).traceparent().format()))
}

/// A record with a context of typical size among other headers.
fn record() -> [Header<'static>; 4] {
    [
        Header::new("content-type", "application/json"),
        Header::new("traceparent", TRACEPARENT),
        Header::new("tracestate", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"),
        Header::new("baggage", "tenant=7,region=eu"),
    ]
}

/// The same with 32 members and 512 bytes of `tracestate`, and 512 bytes of `baggage`.
fn long_record() -> [Header<'static>; 4] {
    static TRACESTATE: [u8; 512] = {
        let mut list = [b'0'; 512];
        let mut place = 0;
        while place < list.len() {
            (list[place], list[place + 1], list[place + 5], list[place + 15]) =
                (b'k', b'a' + (place / 16 % 26) as u8, b'=', b',');
            place += 16;
        }
        list[511] = b'0';
        list
    };
    static BAGGAGE: [u8; 512] = {
        let mut value = [b'v'; 512];
        (value[6], value[255], value[262]) = (b'=', b',', b'=');
        value
    };
    let [first, traceparent, ..] = record();
    [first, traceparent, Header::new("tracestate", &TRACESTATE), Header::new("baggage", &BAGGAGE)]
}

/// The instructions of one call, without those of the loop around it. A tick takes 1000 instructions divided by the
/// clock's rate in MHz.
fn each<T>(mut call: impl FnMut() -> T) -> u32 {
    const TIMES: u32 = 1000;
    let empty = ticks(TIMES, || black_box(0_u32));
    let full = ticks(TIMES, || call());
    full.saturating_sub(empty) / clock::MEGAHERTZ
}

#[inline(never)]
fn ticks<T>(times: u32, mut call: impl FnMut() -> T) -> u32 {
    let before = clock::now();
    for _ in 0..times {
        black_box(call());
    }
    clock::since(before)
}

/// SysTick, at the rate of the processor; it counts down 24 bits.
#[cfg(target_arch = "arm")]
mod clock {
    use cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};

    /// The nRF51 of the micro:bit has 16 MHz, and AN386 has 25 MHz.
    pub(super) const MEGAHERTZ: u32 = if cfg!(target_has_atomic = "8") { 25 } else { 16 };
    const FULL: u32 = 0x00ff_ffff;

    pub(super) fn now() -> u32 {
        if let Some(mut peripherals) = Peripherals::take() {
            peripherals.SYST.set_clock_source(SystClkSource::Core);
            peripherals.SYST.set_reload(FULL);
            peripherals.SYST.clear_current();
            peripherals.SYST.enable_counter();
        }
        SYST::get_current()
    }

    pub(super) fn since(before: u32) -> u32 {
        before.wrapping_sub(SYST::get_current()) & FULL
    }
}

/// The processor's own instruction counter.
#[cfg(target_arch = "riscv32")]
mod clock {
    /// It counts each instruction.
    pub(super) const MEGAHERTZ: u32 = 1000;

    pub(super) fn now() -> u32 {
        let count: u32;
        // SAFETY: reads a register.
        unsafe { core::arch::asm!("csrr {}, minstret", out(reg) count, options(nomem, nostack)) };
        count
    }

    pub(super) fn since(before: u32) -> u32 {
        now().wrapping_sub(before)
    }
}
