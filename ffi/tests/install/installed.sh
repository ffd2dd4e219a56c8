# What make install puts where, and what the libraries export and need.
mkdir "$checkout"
tar -C "$project" --exclude=target --exclude=.git -cf - . | tar -C "$checkout" -xf -
make -s -C "$checkout/ffi" install PREFIX="$prefix" 2>"$work/log" || { cat "$work/log" >&2; fail "make install"; }

version=$("$checkout/ffi/version") abi=$("$checkout/ffi/version" abi)
lib="$prefix/lib"

files() { # DIRECTORY: without the manual's pages
    (cd "$1" && find . ! -type d ! -name '*.3' | LC_ALL=C sort | tr '\n' ' ')
}

expected="./include/tracebaton.h ./include/tracebaton.hpp ./include/tracebaton_rdkafka.h \
./include/tracebaton_rdkafka_impl.h \
./lib/cmake/tracebaton/tracebatonConfig.cmake ./lib/cmake/tracebaton/tracebatonConfigVersion.cmake \
./lib/libtracebaton.a ./lib/libtracebaton.so ./lib/libtracebaton.so.$abi ./lib/libtracebaton.so.$version \
./lib/libtracebaton_rdkafka.a ./lib/libtracebaton_rdkafka.so ./lib/libtracebaton_rdkafka.so.$abi \
./lib/libtracebaton_rdkafka.so.$version ./lib/pkgconfig/tracebaton.pc ./lib/pkgconfig/tracebaton_rdkafka.pc \
./share/doc/tracebaton/FORMATS.md ./share/doc/tracebaton/LICENSE-APACHE ./share/doc/tracebaton/LICENSE-MIT ./share/doc/tracebaton/PROFILE.md "
same "the files of $prefix" "$(files "$prefix")" "$expected"

# A page for every header and every function; each is one that man can show.
declared=$(sed -n 's/^[a-z].*[ *]\(tracebaton_[a-z_]*\)(.*/\1/p' "$project/include/tracebaton.h")
pages="$prefix/share/man/man3"
declared_glue=$(sed -n 's/^TRACEBATON_RDKAFKA_API.*[ *]\(tracebaton_rdkafka_[a-z_]*\)(.*/\1/p' "$project/include/tracebaton_rdkafka.h")
for name in tracebaton tracebaton_rdkafka $declared $declared_glue; do
    grep -q "^$name .- [A-Za-z]" "$pages/$name.3" || fail "no manual of $name"
done
grep -q '^tracebaton_status_t tracebaton_headers_inject(' "$pages/tracebaton_headers_inject.3" || fail "no synopsis"
overview() { # NAME: the page of the header that declares it
    case ${1,,} in
    tracebaton_rdkafka_*) echo tracebaton_rdkafka ;;
    *) echo tracebaton ;;
    esac
}
# A page for every type, with the text before it and its declaration; every constant, with its value.
headers="$project/include/tracebaton.h $project/include/tracebaton_rdkafka.h"
types=$(sed -n -e 's/^} \(tracebaton_[a-z_]*\);$/\1/p' -e 's/^typedef [a-z0-9_]* \(tracebaton_[a-z_]*\);$/\1/p' $headers)
[ "$(wc -w <<<"$types")" -gt 20 ] || fail "only these types: $types"
for name in $types; do
    grep -q "^$name .- [A-Za-z0-9]" "$pages/$name.3" || fail "no manual of $name"
    grep -q "$name;" "$pages/$name.3" || fail "no declaration of $name"
    grep -q "^.BR $name (3)$" "$pages/$(overview "$name").3" || fail "$name is not in $(overview "$name")(3)"
done
grep -q 'They are valid\|are valid until' "$pages/tracebaton_context_t.3" || fail "no text about tracebaton_context_t"
for name in $(sed -n 's/^#define \(TRACEBATON_[A-Z_]*\)[ (][^s].*/\1/p' $headers); do
    case $name in
    *_VERSION_M* | *_VERSION_P*) continue ;; # told with TRACEBATON_VERSION
    esac
    page=$(overview "$name")
    grep -q "^.B $name$" "$pages/$page.3" || fail "$name is not in $page(3)"
    grep -q "^#define $name\>" "$pages/$page.3" || fail "$name has no value in $page(3)"
done
same "declarations wider than a terminal of 80 columns" \
    "$(awk '/^\.SH/ { synopsis = /SYNOPSIS/ } synopsis && /^( |tracebaton)/ && length > 73' "$pages"/*.3)" ""
if command -v groff >/dev/null; then
    same "what groff says of the manual" "$(groff -man -ww -z "$pages"/*.3 2>&1)" ""
fi

# The archive is one object; what it and the shared library export are the functions of the header, and what they need
# every C library has.
symbols() { # FILE SECTION: those that are global, with whether they are defined
    readelf -W "$2" "$1" | awk '$5 == "GLOBAL" && NF > 7 { sub(/@.*/, "", $8); print ($7 == "UND" ? "U" : "D"), $8 }' |
        LC_ALL=C sort -u
}
same "the members of the archive" "$(ar t "$lib/libtracebaton.a")" tracebaton.o
exported=$(printf 'D %s\n' $declared | LC_ALL=C sort)
for file in libtracebaton.a:--symbols libtracebaton.so:--dyn-syms; do
    seen=$(symbols "$lib/${file%:*}" "${file#*:}")
    same "what ${file%:*} exports" "$(grep ^D <<<"$seen")" "$exported"
    surplus=$(grep ^U <<<"$seen" | grep -vxE 'U (memcpy|memmove|memset|memcmp|bcmp|strlen)' || true)
    same "what ${file%:*} needs" "$surplus" ""
done

# Those of the glue's library are the functions of its header, and nothing that is private.
same "the number of functions of the glue" "$(wc -w <<<"$declared_glue")" 15
exported=$(printf 'D %s\n' $declared_glue | LC_ALL=C sort)
for file in libtracebaton_rdkafka.a:--symbols libtracebaton_rdkafka.so:--dyn-syms; do
    seen=$(symbols "$lib/${file%:*}" "${file#*:}")
    same "what ${file%:*} exports" "$(grep ^D <<<"$seen")" "$exported"
    surplus=$(grep ^U <<<"$seen" | grep -vE '^U (memcpy|memmove|memset|memcmp|strlen|_GLOBAL_OFFSET_TABLE_|tracebaton_[a-z_]*|rd_kafka_[a-z_]*)$' || true)
    same "what ${file%:*} needs" "$surplus" ""
done
same "the libraries that libtracebaton_rdkafka.so needs" "$(readelf -dW "$lib/libtracebaton_rdkafka.so" |
    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -v '^libc\.' | LC_ALL=C sort | tr '\n' ' ')" \
    "librdkafka.so.1 libtracebaton.so.$abi "
readelf -lW "$lib/libtracebaton.so" | grep -q 'GNU_STACK.* RW ' || fail "the stack is executable"
[ "$(stat -c %s "$lib/libtracebaton.a")" -lt 300000 ] || fail "the archive is large"

# Elsewhere by DESTDIR, LIBDIR and INCLUDEDIR; what was built is not built again, and no cargo is needed for that.
staged="$work/staged root"
no_cargo="$work/no cargo"
mkdir "$no_cargo"
printf '#!/bin/sh\nexit 1\n' >"$no_cargo/cargo"
chmod +x "$no_cargo/cargo"
PATH="$no_cargo:$PATH" make -s -C "$checkout/ffi" install DESTDIR="$staged" prefix=/usr LIBDIR=/usr/lib/here \
    INCLUDEDIR=/opt/include
same "the files of DESTDIR" "$(files "$staged" | wc -w)" "$(wc -w <<<"$expected")"
same "the .pc file of DESTDIR" "$(grep dir= "$staged/usr/lib/here/pkgconfig/tracebaton.pc" | tr '\n' ' ')" \
    'libdir=${prefix}/lib/here includedir=/opt/include '
# Without the glue's library, where it is not wanted.
plain="$work/plain root"
make -s -C "$checkout/ffi" install DESTDIR="$plain" PREFIX=/usr RDKAFKA=no
same "the files without the glue's library" "$(files "$plain/usr" | tr ' ' '\n' | grep -c rdkafka)" 2
grep -q '_includedir "/opt/include"' "$staged/usr/lib/here/cmake/tracebaton/tracebatonConfig.cmake" ||
    fail "the CMake file of DESTDIR"
