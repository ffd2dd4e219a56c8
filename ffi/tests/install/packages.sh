# The projects in ffi/examples, as their own build files say: by pkg-config, by find_package, by FetchContent.
export PKG_CONFIG_PATH="$lib/pkgconfig"
built="$work/bui lt"

for link in shared static; do
    for compiler in gcc clang; do
        mkdir -p "$work/c-$link-$compiler"
        make -s -j2 -C "$examples/c" LINK=$link CC=$compiler out="$work/c-$link-$compiler"
    done
    for compiler in g++ clang++; do
        cmake -S "$examples/cpp" -B "$built/cpp-$link-$compiler" -DCMAKE_CXX_COMPILER=$compiler \
            -DCMAKE_PREFIX_PATH="$prefix" -DLINK="$([ $link = static ] && echo static || echo tracebaton)" \
            -DCMAKE_CXX_STANDARD="$([ $link = static ] && echo 17 || echo 20)" >/dev/null
        cmake --build "$built/cpp-$link-$compiler" >/dev/null
    done
done

needs() { # PROGRAM: which libtracebaton
    readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(libtracebaton.*\)\]/\1/p'
}
for program in "$work/c-shared-gcc/process" "$built/cpp-shared-g++/service"; do
    same "what $program needs" "$(needs "$program")" "libtracebaton.so.$abi"
done
for program in "$work/c-static-gcc/process" "$built/cpp-static-g++/service"; do
    same "what $program needs" "$(needs "$program")" ""
done

# From source, in two build types, and again after nothing has changed.
for type in Release Debug; do
    build="$built/fetched $type"
    cmake -S "$examples/fetch_content" -B "$build" -DCMAKE_BUILD_TYPE=$type \
        -DFETCHCONTENT_SOURCE_DIR_TRACEBATON="$checkout" >/dev/null
    cmake --build "$build" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; fail "FetchContent as $type"; }
    for link in tracebaton static; do
        same "hop by FetchContent as $type" "$("$build/hop_$link")" "$hop"
    done
    debug=$(readelf -SW "$build/_deps/tracebaton-build/lib/libtracebaton.a" | grep -c ' \.debug_info' || true)
    same "debug information of $type" "$debug" "$([ $type = Debug ] && echo 1 || echo 0)"
    same "cargo once more" "$(cmake --build "$build" | grep -c 'with cargo' || true)" 0
done
