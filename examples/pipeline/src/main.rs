//! examples/pipeline
fn main() {}
