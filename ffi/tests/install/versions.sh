# Cargo.toml has the version, and everything else the same.
cargo_version=$(cargo metadata --no-deps --format-version 1 --offline --manifest-path "$checkout/ffi/libtracebaton/Cargo.toml" |
    tr '{' '\n' | sed -n 's/.*"name":"libtracebaton","version":"\([^"]*\)".*/\1/p' | head -n 1)
case $cargo_version in
0.*) cargo_abi=${cargo_version%.*} ;;
*) cargo_abi=${cargo_version%%.*} ;;
esac
same "the version of ffi/version" "$version" "$cargo_version"
same "the ABI of ffi/version" "$abi" "$cargo_abi"
same "the version of pkg-config" "$(pkg-config --modversion tracebaton)" "$version"
same "the soname" "$(readelf -dW "$lib/libtracebaton.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')" \
    "libtracebaton.so.$abi"
same "the glue's soname" "$(readelf -dW "$lib/libtracebaton_rdkafka.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')" \
    "libtracebaton_rdkafka.so.$abi"
same "the glue's version of pkg-config" "$(pkg-config --modversion tracebaton_rdkafka)" "$version"
same "the shared library's file" "$(basename "$(readlink -f "$lib/libtracebaton.so.$abi")")" "libtracebaton.so.$version"
grep -q "^.TH .*\"tracebaton $version\"" "$pages/tracebaton.3" || fail "the version of the manual"

gcc -std=c99 -I "$prefix/include" -x c - -o "$work/version" -L "$lib" -ltracebaton <<'C'
#include <stdio.h>
#include <tracebaton.h>
int main(void) {
    printf("%s %s %lu %lu", TRACEBATON_VERSION, tracebaton_version(), (unsigned long)TRACEBATON_VERSION_NUMBER,
           (unsigned long)tracebaton_version_number());
    return 0;
}
C
IFS=. read -r major minor patch <<<"$version"
number=$((major << 16 | minor << 8 | patch))
same "header and library" "$(LD_LIBRARY_PATH="$lib" "$work/version")" "$version $version $number $number"

# find_package takes what works together, and nothing else.
found() { # VERSION
    printf 'cmake_minimum_required(VERSION 3.19)\nproject(v NONE)\nfind_package(tracebaton %s QUIET CONFIG)\n%s\n' "$1" \
        'message(STATUS "found ${tracebaton_FOUND} ${tracebaton_VERSION}")' >"$work/CMakeLists.txt"
    rm -rf "$work/found"
    cmake -S "$work" -B "$work/found" -DCMAKE_PREFIX_PATH="$prefix" | sed -n 's/^-- found //p'
}
for wanted in "" "$abi" "$version" "$version EXACT" "0.0...$major.9" "0.0...$version" "$version...9" "0.0...<9"; do
    same "find_package $wanted" "$(found "$wanted")" "1 $version"
done
for wanted in "$((major + 1)).0" "$major.$((minor + 1))" "$major.$minor.$((patch + 1))" "$major.$minor.$((patch + 1)) EXACT" "0.0...<$version" \
    "$major.$minor.$((patch + 1))...9" "0.0...0.0.9"; do
    same "find_package $wanted" "$(found "$wanted")" "0 "
done

# cargo-c, where it is there, makes the same library by the same names.
if cargo cinstall --version >/dev/null 2>&1; then
    cargo cinstall --release --locked --manifest-path "$checkout/ffi/libtracebaton/Cargo.toml" \
        --prefix "$work/cargo-c" --libdir lib --target-dir "$work/target-c" >"$work/log" 2>&1 || { tail "$work/log" >&2; fail "cargo cinstall"; }
    same "the files of cargo-c" "$(files "$work/cargo-c")" \
        "$(tr ' ' '\n' <<<"$expected" | grep -v -e cmake -e /doc/ -e libtracebaton_rdkafka -e rdkafka.pc | tr '\n' ' ' | sed 's/ $//')"
    same "the soname of cargo-c" "$(readelf -dW "$work/cargo-c/lib/libtracebaton.so" |
        sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')" "libtracebaton.so.$abi"
    same "the version of cargo-c" "$(PKG_CONFIG_PATH="$work/cargo-c/lib/pkgconfig" pkg-config --modversion tracebaton)" \
        "$version"
else
    echo "skipped: cargo cinstall, which needs cargo install --locked cargo-c --version 0.10.24+cargo-0.98.0 --debug"
fi
