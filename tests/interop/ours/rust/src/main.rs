//! The codec in Rust as a program of the matrix.

fn main() {}
