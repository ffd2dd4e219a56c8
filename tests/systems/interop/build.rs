//! Compiles the hop in C.

fn main() {
    tracebaton_build_librdkafka::c("c").file("c/hop.c").compile("tracebaton_interop");
}
