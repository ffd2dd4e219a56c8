//! Compiles the workers that are written in C.

fn main() {
    tracebaton_build_librdkafka::c("c").file("c/worker.c").compile("tracebaton_soak");
}
