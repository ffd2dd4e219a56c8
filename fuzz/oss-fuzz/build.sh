#!/bin/bash -eu
# Builds every target into $OUT, with its seeds and its dictionary, as OSS-Fuzz expects them.
cd "$SRC/tracebaton"

cargo fuzz build -O --debug-assertions --fuzz-dir fuzz
cargo run --release -p tracebaton-fuzz-properties --example vectors -- "$WORK/vectors"

for path in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$path" .rs)
    cp "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
    cp "fuzz/dictionaries/$target.dict" "$OUT/"
    mkdir -p "$WORK/vectors/$target" # not every target has vectors
    cp "fuzz/seeds/$target"/* "$WORK/vectors/$target/"
    zip -q -r -j "$OUT/${target}_seed_corpus.zip" "$WORK/vectors/$target"
    printf '[libfuzzer]\nmax_len = 4096\n' >"$OUT/$target.options"
done
