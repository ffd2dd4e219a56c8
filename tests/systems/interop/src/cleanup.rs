//! Stops everything that this program started: at its end, at a signal, and at a panic.

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use std::panic;
use std::path::PathBuf;
use std::process;
use std::sync::{Mutex, PoisonError};

/// Something that is running.
enum Running {
    /// The programs of a process group.
    Group(Pid),
    /// Something with its own way to stop.
    Other(Box<dyn FnOnce() + Send>),
}

static RUNNING: Mutex<Vec<Running>> = Mutex::new(Vec::new());

/// Runs the work of a program. Everything it started is stopped when it ends, panics or gets a signal. A panic and a
/// signal end the program with exit code 1.
pub fn around<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    install().context("signals")?;
    let result = work();
    stop();
    result
}

fn install() -> Result<(), ctrlc::Error> {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        report(panic);
        stop();
        process::exit(1);
    }));
    ctrlc::set_handler(|| {
        eprintln!("stopped by a signal");
        stop();
        process::exit(1);
    })
}

/// Registers a process group.
pub fn add_group(leader: Pid) {
    running().push(Running::Group(leader));
}

/// Kills the rest of a process group, and unregisters it.
pub fn remove_group(leader: Pid) {
    running().retain(|running| !matches!(running, Running::Group(group) if *group == leader));
    let _ = kill_process_group(leader, Signal::KILL);
}

/// Registers a way to stop something else.
pub fn add(stop: impl FnOnce() + Send + 'static) {
    running().push(Running::Other(Box::new(stop)));
}

/// A new folder for brokers, which is removed when everything is stopped.
pub fn folder() -> Result<PathBuf> {
    let folder = tempfile::Builder::new().prefix("tracebaton-kafka-").tempdir()?.keep();
    let removed = folder.clone();
    add(move || {
        // An error here cannot be reported.
        let _ = std::fs::remove_dir_all(removed);
    });
    Ok(folder)
}

/// Stops everything, in reverse order of starting.
pub fn stop() {
    for running in running().drain(..).rev() {
        match running {
            // It may have ended already.
            Running::Group(leader) => drop(kill_process_group(leader, Signal::KILL)),
            Running::Other(stop) => stop(),
        }
    }
}

/// Kills all process groups, so that no thread waits for them.
pub fn stop_groups() {
    for running in running().iter() {
        if let Running::Group(leader) = running {
            // It may have ended already.
            let _ = kill_process_group(*leader, Signal::KILL);
        }
    }
}

fn running() -> std::sync::MutexGuard<'static, Vec<Running>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
