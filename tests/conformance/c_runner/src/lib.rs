//! Runs rows through the C library. The runner in `c/` is the only one for rows about W3C's headers, on the host and on
//! a Cortex-M4F. Rows about other formats are run from here.

pub mod formats;
mod told;

use serde_json::Value;
use std::ffi::{CStr, c_char};
use std::sync::{Mutex, PoisonError};
use tracebaton_rows::packed::{Named, pack};
use tracebaton_rows::{Case, Row};

unsafe extern "C" {
    fn run_on_host(packed: *const u8, size: usize, is_told: bool, good: *mut bool) -> *const c_char;
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
    run_or_tell(packed, false)
}

/// The outcome of a row in the form of its `expect`; `None` if an array of headers cannot run it.
///
/// # Panics
///
/// If the runner cannot run the row.
pub fn outcome(case: Case) -> Option<Value> {
    let row = Row {
        id: "row".to_owned(),
        requirement: Vec::new(),
        source: String::new(),
        case,
        expect: Value::Object(serde_json::Map::new()),
    };
    let report = run_or_tell(&pack(&[Named::W3c("asked", &row)]).expect("a row"), true);
    let is_skipped = report.text.lines().any(|line| line.starts_with("skipped "));
    assert!(report.good || is_skipped, "{}", report.text);
    (!is_skipped).then(|| told::value(&report.text))
}

fn run_or_tell(packed: &[u8], is_told: bool) -> Report {
    /// The runner has one buffer for its report.
    static RUNNER: Mutex<()> = Mutex::new(());
    let _one = RUNNER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut good = false;
    // SAFETY: the rows and the flag live until the call returns. The report is a static string that nobody else writes
    // while the lock is held.
    let text = unsafe { CStr::from_ptr(run_on_host(packed.as_ptr(), packed.len(), is_told, &mut good)) };
    Report { good, text: text.to_string_lossy().into_owned() }
}
