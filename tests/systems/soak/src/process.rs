//! The resources of this process, which only Linux reports.

use std::fs;
use std::time::Duration;

/// The resident memory, in bytes.
pub fn memory() -> Option<u64> {
    field("VmRSS:")
}

/// The largest resident memory so far, in bytes.
pub fn peak_memory() -> Option<u64> {
    field("VmHWM:")
}

fn field(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The processor time of all its threads.
pub fn processor_time() -> Option<Duration> {
    /// The kernel reports these times in hundredths of a second, independent of its own clock.
    const MILLISECONDS_PER_TICK: u64 = 10;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name may contain spaces and parentheses; the fields after it do not.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut numbers = rest.split_ascii_whitespace().skip(11).map(str::parse);
    let (user, system): (u64, u64) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(Duration::from_millis((user + system) * MILLISECONDS_PER_TICK))
}
