//! OpenTelemetry's SDK for Rust, without this project, as a program of the matrix.

fn main() {}
