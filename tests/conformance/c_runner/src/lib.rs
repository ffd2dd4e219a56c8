//! Runs packed rows in C. The runner in `c/` is the only one for the C library, on the host and on a Cortex-M4F.

use std::ffi::{CStr, c_char};
use std::sync::{Mutex, PoisonError};
use tracebaton_ffi as _;

unsafe extern "C" {
    fn run_on_host(packed: *const u8, size: usize, good: *mut bool) -> *const c_char;
}

/// The report of the runner.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether there were rows and all passed.
    pub good: bool,
    /// A line for each file, `rows FILE RAN PASSED` and `skipped FILE ROWS`, and a line for each failed row.
    pub text: String,
}

/// Runs these packed rows.
pub fn run(packed: &[u8]) -> Report {
    /// The runner has one buffer for its report.
    static RUNNER: Mutex<()> = Mutex::new(());
    let _one = RUNNER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut good = false;
    // SAFETY: the rows and the flag live until the call returns. The report is a static string that nobody else writes
    // while the lock is held.
    let text = unsafe { CStr::from_ptr(run_on_host(packed.as_ptr(), packed.len(), &mut good)) };
    Report { good, text: text.to_string_lossy().into_owned() }
}
