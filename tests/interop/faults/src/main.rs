//! What becomes of trace contexts while a real broker fails.

fn main() {}
