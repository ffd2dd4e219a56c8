# The projects in ffi/examples, as their own build files say: by pkg-config, by find_package, by FetchContent.
export PKG_CONFIG_PATH="$lib/pkgconfig"
built="$work/bui lt"

for link in shared static; do
    for compiler in gcc clang; do
        mkdir -p "$work/c-$link-$compiler" "$work/c-$link-glue-$compiler"
        make -s -j2 -C "$examples/c" LINK=$link CC=$compiler out="$work/c-$link-$compiler"
        make -s -j2 -C "$examples/c" LINK=$link GLUE=linked CC=$compiler out="$work/c-$link-glue-$compiler"
    done
    cmake -S "$examples/cpp" -B "$built/cpp-$link-glue-g++" -DCMAKE_CXX_COMPILER=g++ -DCMAKE_PREFIX_PATH="$prefix" \
        -DLINK="$([ $link = static ] && echo rdkafka_static || echo rdkafka)" -DCMAKE_CXX_STANDARD=17 >/dev/null
    cmake --build "$built/cpp-$link-glue-g++" >/dev/null
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
for program in "$work/c-static-gcc/process" "$built/cpp-static-g++/service" "$work/c-static-glue-gcc/process" \
    "$built/cpp-static-glue-g++/service"; do
    same "what $program needs" "$(needs "$program")" ""
done
# With the glue's library a program has none of the glue, and needs both libraries; the inline glue is compiled into it.
for program in "$work/c-shared-glue-gcc/process" "$built/cpp-shared-glue-g++/service"; do
    same "whether $program needs the glue" "$(needs "$program" | grep -cx "libtracebaton_rdkafka.so.$abi")" 1
    nm "$program" | grep -q ' U tracebaton_rdkafka_produce' || fail "$program does not call the glue"
done
nm "$work/c-shared-gcc/process" | grep -q ' U tracebaton_rdkafka_' && fail "the inline glue is not inline"

# From source, in two build types, and again after nothing has changed.
for type in Release Debug; do
    build="$built/fetched $type"
    cmake -S "$examples/fetch_content" -B "$build" -DCMAKE_BUILD_TYPE=$type \
        -DFETCHCONTENT_SOURCE_DIR_TRACEBATON="$checkout" >/dev/null
    cmake --build "$build" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; fail "FetchContent as $type"; }
    for link in tracebaton static; do
        same "hop by FetchContent as $type" "$("$build/hop_$link")" "$hop"
    done
    for link in rdkafka rdkafka_static; do
        "$build/hop_$link" 2>/dev/null && fail "hop_$link needs no arguments"
        same "the answer of hop_$link without arguments" "$?" 2
    done
    # What is installed runs where the build is gone.
    cmake --install "$build" --prefix "$work/fetched $type" >/dev/null
    same "the libraries of FetchContent as $type" "$(ls "$work/fetched $type/lib" | tr '\n' ' ')" \
        "libtracebaton.so.$abi libtracebaton.so.$version libtracebaton_rdkafka.so.$abi libtracebaton_rdkafka.so.$version "
    mv "$build" "$build away"
    for link in tracebaton static; do
        same "hop_$link that FetchContent installed" "$("$work/fetched $type/bin/hop_$link")" "$hop"
    done
    "$work/fetched $type/bin/hop_rdkafka" 2>/dev/null && fail "the installed hop_rdkafka needs no arguments"
    same "the answer of the installed hop_rdkafka" "$?" 2
    mv "$build away" "$build"
    debug=$(readelf -SW "$build/_deps/tracebaton-build/lib/libtracebaton.a" | grep -c ' \.debug_info' || true)
    same "debug information of $type" "$debug" "$([ $type = Debug ] && echo 1 || echo 0)"
    same "cargo once more" "$(cmake --build "$build" | grep -c 'with cargo' || true)" 0
done
