//! Compiles the service that is written in C.

fn main() {
    tracebaton_build_librdkafka::c("c").file("c/packing.c").compile("packing");
}
