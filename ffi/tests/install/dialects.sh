# Programs from the prefix in every dialect, by two compilers, static and shared: built without a warning, and run.
warnings="-Wall -Wextra -Wpedantic -Werror"
examples="$project/ffi/examples"
hop=$'tenant: 7\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01'

builds_and_runs() { # COMPILER STANDARD LINK
    local output="$work/hop-$1-$2-$3" library=(-ltracebaton)
    [ "$3" = shared ] || library=(-l:libtracebaton.a -Wl,--gc-sections)
    # shellcheck disable=SC2086 # flags
    "$1" -std="$2" $warnings -x "${language:?}" -I "$prefix/include" "$examples/hop.c" -o "$output" \
        -x none -L "$lib" "${library[@]}"
    same "hop.c by $*" "$(LD_LIBRARY_PATH="$lib" "$output")" "$hop"
}

for link in static shared; do
    for standard in c99 c11 c17 c2x; do
        for compiler in gcc clang; do
            language=c builds_and_runs "$compiler" "$standard" "$link"
        done
    done
    for standard in c++11 c++14 c++17 c++20; do
        for compiler in g++ clang++; do
            language=c++ builds_and_runs "$compiler" "$standard" "$link"
        done
    done
done

# The glue in every dialect too, and from C++17 on the header of C++.
alone() { # COMPILER STANDARD LANGUAGE HEADER
    # shellcheck disable=SC2086
    echo "#include <$4>" | "$1" -std="$2" $warnings "$glue" -fsyntax-only -I "$prefix/include" -x "$3" -
}
for glue in -UTRACEBATON_RDKAFKA_LINKED -DTRACEBATON_RDKAFKA_LINKED; do
    for compiler in gcc clang; do
        for standard in c99 c11 c17 c2x; do alone "$compiler" "$standard" c tracebaton_rdkafka.h; done
    done
    for compiler in g++ clang++; do
        for standard in c++11 c++14 c++17 c++20; do alone "$compiler" "$standard" c++ tracebaton_rdkafka.h; done
        for standard in c++17 c++20; do alone "$compiler" "$standard" c++ tracebaton.hpp; done
    done
done

# The compilers do find fault with what is wrong.
! gcc -std=c99 -include "$prefix/include/tracebaton.h" -fsyntax-only -x c - 2>/dev/null \
    <<<'int f(void) { return tracebaton_context_child(1); }' || fail "a wrong call compiles"
