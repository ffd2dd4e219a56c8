//! Compiles the C workers.

fn main() {
    tracebaton_build_librdkafka::c("c").file("c/worker.c").compile("tracebaton_soak");
}
