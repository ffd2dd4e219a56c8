//! Compiles the service in C.

fn main() {
    tracebaton_build_librdkafka::c("c").file("c/packing.c").compile("packing");
}
