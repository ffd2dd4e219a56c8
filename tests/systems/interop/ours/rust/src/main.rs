//! `tracebaton BROKERS SERVICE`: see the README of the matrix.

mod program;

use anyhow::{Context, Result};
use program::Ours;
use std::env;
use tracebaton_interop::protocol::{Ready, serve};

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let brokers = arguments.next().context("usage: tracebaton BROKERS SERVICE")?;
    let service = arguments.next().context("usage: tracebaton BROKERS SERVICE")?;
    let versions = [
        ("tracebaton", env!("CARGO_PKG_VERSION").to_owned()),
        ("librdkafka", rdkafka::util::get_rdkafka_version().1),
    ];
    let ready = Ready {
        ready: true,
        language: "Rust".to_owned(),
        libraries: versions.map(|(name, version)| (name.to_owned(), version)).into(),
    };
    serve(&ready, &mut Ours::new(brokers, service)?)
}
