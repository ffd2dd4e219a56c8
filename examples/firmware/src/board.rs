//! The board's UART, and a clock to make ids from.

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::{NVIC, Peripherals, SYST, syst::SystClkSource};

/// The board's first UART, an Arm CMSDK APB UART.
pub(crate) struct Uart(());

/// Its registers (Arm DDI 0479, 4.3).
const DATA: *mut u32 = 0x4000_4000 as *mut u32;
const STATE: *const u32 = 0x4000_4004 as *const u32;
const CONTROL: *mut u32 = 0x4000_4008 as *mut u32;
const INTERRUPT_CLEAR: *mut u32 = 0x4000_400c as *mut u32;
const BAUD_DIVIDER: *mut u32 = 0x4000_4010 as *mut u32;

const SENDER_IS_FULL: u32 = 1 << 0;
const RECEIVER_IS_FULL: u32 = 1 << 1;
/// Received bytes were lost; writing it clears it. The checksum of the frame is then wrong.
const RECEIVER_OVERRUN: u32 = 1 << 3;
const SEND_AND_RECEIVE: u32 = 0b11;
const INTERRUPT_WHEN_RECEIVED: u32 = 1 << 3;

/// The interrupt for a received byte.
#[derive(Clone, Copy)]
struct Received;

// SAFETY: the receiver of the first UART has the first number (Arm DAI 0386), which no other has here.
unsafe impl InterruptNumber for Received {
    fn number(self) -> u16 {
        0
    }
}

impl Uart {
    /// Turns the UART on, at 115,200 baud.
    pub(crate) fn new() -> Self {
        // The interrupt only wakes the processor; no handler is called.
        cortex_m::interrupt::disable();
        // SAFETY: registers of a device that is on the board; this is the only place that sets it up.
        unsafe {
            BAUD_DIVIDER.write_volatile(25_000_000 / 115_200);
            CONTROL.write_volatile(SEND_AND_RECEIVE | INTERRUPT_WHEN_RECEIVED);
            NVIC::unmask(Received);
        }
        Self(())
    }

    /// Sleeps until a byte has been received.
    pub(crate) fn receive(&self) -> u8 {
        while self.state() & RECEIVER_IS_FULL == 0 {
            cortex_m::asm::wfi();
            // SAFETY: a register of a device that is on the board.
            unsafe { INTERRUPT_CLEAR.write_volatile(RECEIVER_IS_FULL) };
            NVIC::unpend(Received);
        }
        if self.state() & RECEIVER_OVERRUN != 0 {
            // SAFETY: a register of a device that is on the board.
            unsafe { STATE.cast_mut().write_volatile(RECEIVER_OVERRUN) };
        }
        // SAFETY: a register of a device that is on the board.
        unsafe { DATA.read_volatile() as u8 }
    }

    /// Sends a byte when the UART has room for it.
    pub(crate) fn send(&self, byte: u8) {
        while self.state() & SENDER_IS_FULL != 0 {}
        // SAFETY: a register of a device that is on the board.
        unsafe { DATA.write_volatile(byte.into()) };
    }

    fn state(&self) -> u32 {
        // SAFETY: a register of a device that is on the board.
        unsafe { STATE.read_volatile() }
    }
}

/// The clock of the processor, to make ids from.
pub(crate) struct Clock(());

impl Clock {
    /// Starts the clock.
    pub(crate) fn new() -> Self {
        if let Some(mut peripherals) = Peripherals::take() {
            peripherals.SYST.set_clock_source(SystClkSource::Core);
            peripherals.SYST.set_reload(0x00ff_ffff);
            peripherals.SYST.clear_current();
            peripherals.SYST.enable_counter();
        }
        Self(())
    }

    pub(crate) fn now(&self) -> u32 {
        SYST::get_current()
    }
}
