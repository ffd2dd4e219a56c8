//! Which version of the library this is.

use core::ffi::c_char;

/// @brief The version of the library that is linked, such as "0.1.0"; TRACEBATON_VERSION is that of this header.
///
/// @returns a string that ends with a NUL. It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// @brief The version of the library that is linked as a number: major << 16 | minor << 8 | patch.
///
/// @remark Compare it with TRACEBATON_VERSION_NUMBER where the library is shared. Versions with the same major number,
/// or below 1 with the same minor number, work together if the library's is not the older one.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_version_number() -> u32 {
    const {
        part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
            | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
            | part(env!("CARGO_PKG_VERSION_PATCH"))
    }
}

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

const fn part(digits: &str) -> u32 {
    match u32::from_str_radix(digits, 10) {
        Ok(part) if part < 256 => part,
        _ => panic!("a part of the version takes one byte"),
    }
}
