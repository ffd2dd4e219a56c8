//! The pointers that C gives, made into values and slices: the only place where one is followed.

use crate::status::tracebaton_status;
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::mem::size_of;

/// `count` elements; whatever the pointer is, a count of 0 is none.
///
/// # Safety
///
/// The pointer is NULL, or the elements are there and stay as they are for `'a`. `T` takes any bytes.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, count: usize) -> Result<&'a [T], tracebaton_status> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() || !pointer.is_aligned() || count > isize::MAX as usize / size_of::<T>() {
        return Err(TRACEBATON_INVALID_ARGUMENT);
    }
    // SAFETY: neither NULL nor misaligned nor too long; the rest is the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(pointer, count) })
}

/// `size` bytes.
///
/// # Safety
///
/// As [`slice`].
pub(crate) unsafe fn bytes<'a, T>(pointer: *const T, size: usize) -> Result<&'a [u8], tracebaton_status> {
    // SAFETY: the caller's promise.
    unsafe { slice(pointer.cast(), size) }
}

/// `size` bytes; `None` if the pointer is NULL, whatever the size, or the size is beyond the address space.
///
/// # Safety
///
/// The pointer is NULL, or the bytes are there and stay as they are for `'a`.
#[inline(always)]
pub(crate) unsafe fn nullable<'a, T>(pointer: *const T, size: usize) -> Option<&'a [u8]> {
    if pointer.is_null() || size > isize::MAX as usize {
        return None;
    }
    // SAFETY: neither NULL nor too long; the rest is the caller's promise.
    Some(unsafe { core::slice::from_raw_parts(pointer.cast(), size) })
}

/// `count` elements that the caller lets change.
///
/// # Safety
///
/// As [`slice`], and nothing else refers to the elements for `'a` but by reading a copy.
pub(crate) unsafe fn cells<'a, T>(pointer: *mut T, count: usize) -> Result<&'a [Cell<T>], tracebaton_status> {
    // SAFETY: the caller's promise; a cell has the layout of what it holds.
    unsafe { slice(pointer.cast::<Cell<T>>().cast_const(), count) }
}

/// A buffer to write to, which may overlap none of `inputs`.
///
/// # Safety
///
/// The pointer is NULL, or the bytes are there and the caller's to give for `'a`.
pub(crate) unsafe fn buffer<'a, 'i, T>(
    pointer: *mut T,
    capacity: usize,
    inputs: impl IntoIterator<Item = &'i [u8]>,
) -> Result<&'a mut [u8], tracebaton_status> {
    // SAFETY: the caller's promise.
    let buffer = unsafe { cells(pointer.cast::<u8>(), capacity) }?;
    if inputs.into_iter().any(|input| overlap(buffer.as_ptr().addr(), buffer.len(), input)) {
        return Err(TRACEBATON_OVERLAP);
    }
    // SAFETY: as many bytes as were checked above, and none of them is lent out.
    Ok(unsafe { core::slice::from_raw_parts_mut(buffer.as_ptr().cast::<u8>().cast_mut(), buffer.len()) })
}

fn overlap(start: usize, length: usize, other: &[u8]) -> bool {
    let from = other.as_ptr().addr();
    length > 0 && !other.is_empty() && start < from + other.len() && from < start + length
}

/// A copy of the value there.
///
/// # Safety
///
/// The pointer is NULL, or the value is there. `T` takes any bytes.
pub(crate) unsafe fn read<T: Copy>(pointer: *const T) -> Result<T, tracebaton_status> {
    // SAFETY: the caller's promise.
    unsafe { slice(pointer, 1) }?.first().copied().ok_or(TRACEBATON_INVALID_ARGUMENT)
}

/// Puts a value there.
///
/// # Safety
///
/// The pointer is NULL, or there is room for the value, which need not be initialised.
pub(crate) unsafe fn write<T>(pointer: *mut T, value: T) -> Result<(), tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(TRACEBATON_INVALID_ARGUMENT);
    }
    // SAFETY: neither NULL nor misaligned; the rest is the caller's promise.
    unsafe { pointer.write(value) };
    Ok(())
}

/// The struct there, to be changed.
///
/// # Safety
///
/// The pointer is NULL, or the struct is there and nothing else refers to it for `'a`. `T` takes any bytes.
pub(crate) unsafe fn exclusive<'a, T>(pointer: *mut T) -> Result<&'a mut T, tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(TRACEBATON_INVALID_ARGUMENT);
    }
    // SAFETY: neither NULL nor misaligned; the rest is the caller's promise.
    Ok(unsafe { &mut *pointer })
}

/// A struct of zeros there, to be filled.
///
/// # Safety
///
/// As [`exclusive`], but it need not be initialised.
pub(crate) unsafe fn zeroed<'a, T>(pointer: *mut T) -> Result<&'a mut T, tracebaton_status> {
    if !pointer.is_null() && pointer.is_aligned() {
        // SAFETY: neither NULL nor misaligned; the rest is the caller's promise.
        unsafe { pointer.write_bytes(0, 1) };
    }
    // SAFETY: the caller's promise.
    unsafe { exclusive(pointer) }
}
