//! Compiles the producer and the consumer in C.

const SOURCES: [&str; 5] = ["c/carriers.c", "c/glue.c", "c/kafka.c", "c/processes.c", "c/traffic.c"];

fn main() {
    tracebaton_build_librdkafka::c("c")
        .files(SOURCES)
        .flag("-std=gnu99")
        .compile("tracebaton_bench_librdkafka");
}
