//! OpenTelemetry's SDK for Rust over rust-rdkafka, without this project, as a program of the matrix: what services do
//! today by hand.

mod context;
mod headers;
mod service;
mod span;

use anyhow::{Context as _, Result, bail};
use opentelemetry::global;
use opentelemetry::propagation::TextMapCompositePropagator;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use service::Service;
use std::env;
use tracebaton_interop::protocol::{Ready, serve};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [brokers, name] = arguments.as_slice() else { bail!("usage: opentelemetry BROKERS SERVICE") };
    global::set_text_map_propagator(TextMapCompositePropagator::new(vec![
        Box::new(TraceContextPropagator::new()),
        Box::new(BaggagePropagator::new()),
    ]));
    serve(&ready()?, &mut Service::new(brokers, name)?)
}

fn ready() -> Result<Ready> {
    let locked = |name: &str| Ok((name.to_owned(), locked_version(name)?));
    let mut libraries: Vec<Result<(String, String)>> =
        ["opentelemetry", "opentelemetry_sdk", "rdkafka"].map(locked).into();
    libraries.push(Ok(("librdkafka".to_owned(), rdkafka::util::get_rdkafka_version().1)));
    Ok(Ready {
        ready: true,
        language: "Rust".to_owned(),
        libraries: libraries.into_iter().collect::<Result<_>>()?,
    })
}

/// The version that this program was built with.
fn locked_version(name: &str) -> Result<String> {
    include_str!("../../../../../../Cargo.lock")
        .split("[[package]]")
        .find_map(|package| package.trim_start().strip_prefix(&format!("name = \"{name}\"\nversion = \"")))
        .and_then(|rest| rest.split('"').next())
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock has no {name}"))
}
