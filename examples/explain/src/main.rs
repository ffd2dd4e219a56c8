//! examples/explain
fn main() {}
