# Builds the C library for a target without an operating system, in a CMake project that has another build system:
#
#     include(archive.cmake)
#     tracebaton_archive(thumbv7em-none-eabihf)
#     target_link_libraries(program PRIVATE tracebaton_archive)
#
# The argument is Rust's name of the target. `rustup target add` installs it. It defines the target tracebaton_archive, with
# the header's folder, and sets TRACEBATON_ARCHIVE to the path of the archive.
#
# The tools beside the C compiler, such as arm-none-eabi-ld, reduce the archive to one object. The archive is optimized for
# size; CARGO_PROFILE_RELEASE_OPT_LEVEL=3 in the environment optimizes for speed.
function(tracebaton_archive target)
    set(root "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/..")
    set(folder "${CMAKE_BINARY_DIR}/tracebaton")
    set(archive "${folder}/libtracebaton.a")
    string(REGEX REPLACE "(gcc|cc|clang)(\\.exe)?$" "" prefix "${CMAKE_C_COMPILER}")
    set(output "$ENV{CARGO_TARGET_DIR}")
    if(NOT output)
        set(output "${folder}/target")
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${root}/src/*.rs" "${root}/ffi/src/*.rs" "${root}/ffi/libtracebaton/*.rs")
    add_custom_command(
        OUTPUT "${archive}"
        COMMAND "${CMAKE_COMMAND}" -E env "CARGO_BUILD_TARGET=${target}" "CROSS_COMPILE=${prefix}" "CARGO_TARGET_DIR=${output}"
            "${root}/ffi/build" "${folder}"
        DEPENDS "${root}/ffi/build" "${root}/Cargo.toml" "${root}/Cargo.lock" "${root}/include/tracebaton.h" ${sources}
        COMMENT "Building libtracebaton for ${target} with cargo"
        VERBATIM)
    add_custom_target(tracebaton_build DEPENDS "${archive}")
    add_library(tracebaton_archive STATIC IMPORTED GLOBAL)
    set_target_properties(tracebaton_archive PROPERTIES IMPORTED_LOCATION "${archive}")
    target_include_directories(tracebaton_archive INTERFACE "${root}/include")
    add_dependencies(tracebaton_archive tracebaton_build)
    set(TRACEBATON_ARCHIVE "${archive}" PARENT_SCOPE)
endfunction()
