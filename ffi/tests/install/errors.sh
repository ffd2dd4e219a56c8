# What is missing, or too old, is named.
refused() { # WANTED-IN-MESSAGE ENVIRONMENT...
    local wanted=$1 said
    shift
    if said=$(env "$@" "$checkout/ffi/build" "$work/refused" 2>&1); then
        fail "built all the same: $*"
    fi
    [[ $said == *"$wanted"* ]] || fail "$* says: $said"
    [ ! -e "$work/refused/libtracebaton.a" ] || fail "$* left a library"
}

needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$checkout/Cargo.toml" | head -n 1)
fake="$work/fake tools"
mkdir "$fake"
tool() { # NAME TEXT
    printf '#!/bin/sh\necho "%s"\n' "$2" >"$fake/$1"
    chmod +x "$fake/$1"
}
tool old_rustc "rustc 1.63.0 (4b91a6ea7 2022-08-08)"
tool ld_of_macos "@(#)PROGRAM:ld PROJECT:dyld-1022.1"
refused "cargo and rustc $needed or newer are missing" RUSTC="$work/none"
refused "cargo and rustc $needed or newer are missing" CARGO="$work/none"
refused "rustc 1.63.0 is too old: install $needed or newer" RUSTC="$fake/old_rustc"
refused "none is missing: install a C compiler (Debian: gcc)" CC=none
refused "none is missing: install GNU binutils or LLVM (Debian: binutils)" OBJCOPY=none
refused "none-ld is missing: install GNU binutils or LLVM for thumbv7em-none-eabihf, or set CROSS_COMPILE (Debian: binutils-arm-none-eabi)" \
    CARGO_BUILD_TARGET=thumbv7em-none-eabihf CROSS_COMPILE=none-
refused "does not link ELF objects: install the library with cargo cinstall" PATH="$fake:$PATH" LD=ld_of_macos

said=$(PKG_CONFIG=false "$checkout/ffi/build_rdkafka" "$lib" 2>&1) && fail "the glue was built without librdkafka"
[[ $said == *"does not find rdkafka, which libtracebaton_rdkafka needs"* ]] || fail "the glue without librdkafka says: $said"

said=$(make -s -C "$checkout/ffi" install PREFIX=relative 2>&1) && fail "installed to a relative path"
[[ $said == *"PREFIX is not an absolute path: relative"* ]] || fail "a relative path says: $said"
