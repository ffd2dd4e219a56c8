//! The board's UARTs, one of which wakes a task by its interrupt, and a clock to make ids from.

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::{NVIC, SYST, syst::SystClkSource};
use embassy_futures::yield_now;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::pipe::Pipe;

/// An Arm CMSDK APB UART (Arm DDI 0479, 4.3): the address of its registers.
pub(crate) struct Uart(usize);

/// For readings and alarms.
const RECORDS: Uart = Uart(0x4000_4000);
/// For the log.
pub(crate) const LOG: Uart = Uart(0x4000_5000);

const DATA: usize = 0;
const STATE: usize = 4;
const CONTROL: usize = 8;
const INTERRUPT_CLEAR: usize = 12;
const BAUD_DIVIDER: usize = 16;

const SENDER_IS_FULL: u32 = 1 << 0;
const RECEIVER_IS_FULL: u32 = 1 << 1;
const SEND: u32 = 1 << 0;
const RECEIVE: u32 = 1 << 1;
const INTERRUPT_WHEN_RECEIVED: u32 = 1 << 3;

impl Uart {
    fn read(&self, register: usize) -> u32 {
        // SAFETY: a register of a device that is on the board.
        unsafe { ((self.0 + register) as *const u32).read_volatile() }
    }

    fn write(&self, register: usize, value: u32) {
        // SAFETY: a register of a device that is on the board. It changes no memory.
        unsafe { ((self.0 + register) as *mut u32).write_volatile(value) }
    }

    /// Turns it on, at 115,200 baud.
    fn start(&self, control: u32) {
        self.write(BAUD_DIVIDER, 25_000_000 / 115_200);
        self.write(CONTROL, control);
    }

    /// Sends a byte if there is room for it, and returns whether there was.
    pub(crate) fn send(&self, byte: u8) -> bool {
        let has_room = self.read(STATE) & SENDER_IS_FULL == 0;
        if has_room {
            self.write(DATA, byte.into());
        }
        has_room
    }
}

/// Bytes from the interrupt to the task. Bytes that arrive while it is full are lost; the checksum of the frame detects
/// it.
static RECEIVED: Pipe<CriticalSectionRawMutex, 512> = Pipe::new();

/// The interrupt for a received byte.
#[derive(Clone, Copy)]
struct Interrupt;

// SAFETY: the receiver of the first UART has the first number (Arm DAI 0386), which no other has here.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        0
    }
}

#[cortex_m_rt::exception]
unsafe fn DefaultHandler(_: i16) {
    RECORDS.write(INTERRUPT_CLEAR, RECEIVER_IS_FULL);
    while RECORDS.read(STATE) & RECEIVER_IS_FULL != 0 {
        let _ = RECEIVED.try_write(&[RECORDS.read(DATA) as u8]);
    }
}

/// Turns the UARTs on and starts the clock.
pub(crate) fn start(clock: &mut SYST) {
    clock.set_clock_source(SystClkSource::Core);
    clock.set_reload(0x00ff_ffff);
    clock.clear_current();
    clock.enable_counter();
    LOG.start(SEND);
    RECORDS.start(SEND | RECEIVE | INTERRUPT_WHEN_RECEIVED);
    // SAFETY: the handler uses nothing that a critical section is to protect, except through the pipe.
    unsafe { NVIC::unmask(Interrupt) };
}

/// Waits for a byte.
pub(crate) async fn receive() -> u8 {
    let mut byte = [0];
    RECEIVED.read(&mut byte).await;
    byte[0]
}

/// Sends bytes. Other tasks run while the UART has no room.
pub(crate) async fn send(bytes: &[u8]) {
    for byte in bytes {
        while !RECORDS.send(*byte) {
            yield_now().await;
        }
    }
}

pub(crate) fn now() -> u32 {
    SYST::get_current()
}
