//! The version of the library.

use core::ffi::c_char;

/// @brief Version of the linked library, such as "0.1.0". TRACEBATON_VERSION is the version of this header.
///
/// @returns a string that ends with a NUL. It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// @brief Version of the linked library as a number: major << 16 | minor << 8 | patch.
///
/// @remark With a shared library, compare it with TRACEBATON_VERSION_NUMBER. Header and library work together if
/// their major numbers are equal (below 1.0, their minor numbers) and the library is not older than the header.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_version_number() -> u32 {
    NUMBER
}

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

const NUMBER: u32 = {
    let (mut number, mut place) = (0, 0);
    let parts =
        [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
    while place < parts.len() {
        number = match u8::from_str_radix(parts[place], 10) {
            Ok(part) => number << 8 | part as u32,
            Err(_) => panic!("a part of the version takes one byte"),
        };
        place += 1;
    }
    number
};
