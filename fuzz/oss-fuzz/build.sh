#!/bin/bash -eu
# Builds every target into $OUT, with its seeds, dictionary and options, for OSS-Fuzz and ClusterFuzzLite.
# The base builder sets SRC, OUT, WORK, SANITIZER, ARCHITECTURE, CC, CXX, CFLAGS, CXXFLAGS, RUSTFLAGS and
# LIB_FUZZING_ENGINE; `fuzz/oss-fuzz/check` sets the same.
cd "$SRC/tracebaton"

triple=$ARCHITECTURE-unknown-linux-gnu
# cargo-fuzz calls the sanitizer of a coverage build none.
rust_sanitizer=$SANITIZER
[[ $SANITIZER == address ]] || rust_sanitizer=none

# The target opentelemetry needs a feature and many packages; it is not run there.
targets=(traceparent tracestate baggage headers round_trip c_api formats raw_headers)

# Tools that run here must not be built with the sanitizer.
env -u RUSTFLAGS -u CFLAGS -u CXXFLAGS cargo run --release --target-dir "$WORK/tools" -p tracebaton-fuzz-properties \
    --example vectors -- "$WORK/vectors"

cargo fuzz build -O --debug-assertions --fuzz-dir fuzz --target "$triple" -s "$rust_sanitizer"
for target in "${targets[@]}"; do
    cp "fuzz/target/$triple/release/$target" "$OUT/"
done

# The C and C++ harnesses have no coverage build.
harnesses=()
if [[ $SANITIZER == address ]]; then
    env -u RUSTFLAGS CARGO_BUILD_TARGET="$triple" fuzz/c/build "$WORK/c"
    cp "$WORK/c/c" "$WORK/c/cpp" "$OUT/"
    harnesses=(c cpp)
fi

package() { # TARGET SEEDS: the target whose seeds are used.
    local target=$1 seeds=$2
    mkdir -p "$WORK/vectors/$seeds"
    cp "fuzz/seeds/$seeds"/* "$WORK/vectors/$seeds/"
    zip -q -r -j "$OUT/${target}_seed_corpus.zip" "$WORK/vectors/$seeds"
    cp "fuzz/dictionaries/$seeds.dict" "$OUT/$target.dict"
    printf '[libfuzzer]\nmax_len = 10240\ndict = %s.dict\n' "$target" >"$OUT/$target.options"
}
for target in "${targets[@]}"; do package "$target" "$target"; done
for target in "${harnesses[@]}"; do package "$target" c_api; done
