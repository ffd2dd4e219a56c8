//! One trace through every runtime: the matrix, the long chain and what is drawn of them.

fn main() {}
