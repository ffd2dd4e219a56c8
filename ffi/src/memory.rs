//! The pointers that C gives, made into values and slices: the only place where one is followed.

use crate::status::tracebaton_status;
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::ffi::c_char;
use core::mem::size_of;

/// Which argument of a function a pointer is, or is part of: its status if it is invalid.
pub(crate) type Argument = tracebaton_status;

pub(crate) const FIRST: Argument = TRACEBATON_INVALID_ARGUMENT_1;
pub(crate) const SECOND: Argument = TRACEBATON_INVALID_ARGUMENT_2;
pub(crate) const THIRD: Argument = TRACEBATON_INVALID_ARGUMENT_3;
pub(crate) const FOURTH: Argument = TRACEBATON_INVALID_ARGUMENT_4;
pub(crate) const FIFTH: Argument = TRACEBATON_INVALID_ARGUMENT_5;
pub(crate) const SIXTH: Argument = TRACEBATON_INVALID_ARGUMENT_6;
pub(crate) const SEVENTH: Argument = TRACEBATON_INVALID_ARGUMENT_7;

/// `count` elements; whatever the pointer is, a count of 0 is none.
///
/// # Safety
///
/// The pointer is NULL, or the elements are there and stay as they are for `'a`. `T` takes any bytes.
#[inline(always)]
pub(crate) unsafe fn slice<'a, T>(
    argument: Argument,
    pointer: *const T,
    number: Argument,
    count: usize,
) -> Result<&'a [T], tracebaton_status> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
    }
    if count > isize::MAX as usize / size_of::<T>() {
        return Err(number);
    }
    // SAFETY: neither NULL nor misaligned nor too long; the rest is the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(pointer, count) })
}

/// `size` bytes that are part of one argument, or whose size is the argument after the pointer.
///
/// # Safety
///
/// As [`slice`].
#[inline(always)]
pub(crate) unsafe fn bytes<'a, T>(
    argument: Argument,
    pointer: *const T,
    number: Argument,
    size: usize,
) -> Result<&'a [u8], tracebaton_status> {
    // SAFETY: the caller's promise.
    unsafe { slice(argument, pointer.cast(), number, size) }
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
#[inline(always)]
pub(crate) unsafe fn cells<'a, T>(
    argument: Argument,
    pointer: *mut T,
    number: Argument,
    count: usize,
) -> Result<&'a [Cell<T>], tracebaton_status> {
    // SAFETY: the caller's promise; a cell has the layout of what it holds.
    unsafe { slice(argument, pointer.cast::<Cell<T>>().cast_const(), number, count) }
}

/// Room for text: a pointer and a size, and which arguments they are.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub(crate) pointer: (Argument, *mut c_char),
    pub(crate) capacity: (Argument, usize),
}

impl Room {
    /// Whether a text begins where the room does.
    pub(crate) fn starts_with(&self, text: &[u8]) -> bool {
        !text.is_empty() && text.as_ptr().addr() == self.pointer.1.addr()
    }
}

/// A buffer to write to, which may overlap none of the `inputs`.
///
/// # Safety
///
/// The pointer is NULL, or the bytes are there and the caller's to give for `'a`.
pub(crate) unsafe fn buffer<'a>(
    room: Room,
    inputs: impl IntoIterator<Item = Place>,
) -> Result<&'a mut [u8], tracebaton_status> {
    let Room { pointer: (argument, pointer), capacity: (number, capacity) } = room;
    // SAFETY: the caller's promise.
    let buffer = unsafe { cells(argument, pointer.cast::<u8>(), number, capacity) }?;
    let place = Place::of(buffer);
    apart(inputs.into_iter().any(|input| place.overlaps(input)))?;
    // SAFETY: as many bytes as were checked above, and none of them is lent out.
    Ok(unsafe { core::slice::from_raw_parts_mut(buffer.as_ptr().cast::<u8>().cast_mut(), buffer.len()) })
}

/// Where an argument is in memory.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    start: usize,
    size: usize,
}

impl Place {
    /// That of a text or an array.
    #[inline(always)]
    pub(crate) fn of<T>(elements: &[T]) -> Self {
        Self::new(elements.as_ptr().addr(), size_of_val(elements))
    }

    /// That of a text; of one that cannot be borrowed it is nowhere.
    pub(crate) fn text(pointer: *const c_char, size: usize) -> Self {
        let is_there = !pointer.is_null() && size <= isize::MAX as usize;
        Self::new(pointer.addr(), if is_there { size } else { 0 })
    }

    /// That of a struct that was read or is to be written, so that it is within the address space.
    #[inline(always)]
    pub(crate) fn at<T>(pointer: *const T) -> Self {
        Self { start: pointer.addr(), size: size_of::<T>() }
    }

    /// A place without bytes is at address 0, where it is inside of none.
    #[inline(always)]
    fn new(start: usize, size: usize) -> Self {
        Self { start: if size > 0 { start } else { 0 }, size }
    }

    /// Whether a byte is in both. One comparison for both ends: of `other` as seen from here, those that begin less than
    /// their size before the start, or less than this size after it.
    #[inline(always)]
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let distance = other.start.wrapping_sub(self.start).wrapping_add(other.size).wrapping_sub(1);
        distance < self.size.wrapping_add(other.size).wrapping_sub(1)
    }
}

/// That no places overlap.
#[inline(always)]
pub(crate) const fn apart(overlaps: bool) -> Result<(), tracebaton_status> {
    if overlaps { Err(TRACEBATON_OVERLAP) } else { Ok(()) }
}

/// A copy of the value there.
///
/// # Safety
///
/// The pointer is NULL, or the value is there. `T` takes any bytes.
#[inline(always)]
pub(crate) unsafe fn read<T: Copy>(argument: Argument, pointer: *const T) -> Result<T, tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
    }
    // SAFETY: neither NULL nor misaligned; the rest is the caller's promise.
    Ok(unsafe { pointer.read() })
}

/// Puts a value there.
///
/// # Safety
///
/// The pointer is NULL, or there is room for the value, which need not be initialised.
#[inline(always)]
pub(crate) unsafe fn write<T>(
    argument: Argument,
    pointer: *mut T,
    value: T,
) -> Result<(), tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
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
#[inline(always)]
pub(crate) unsafe fn exclusive<'a, T>(
    argument: Argument,
    pointer: *mut T,
) -> Result<&'a mut T, tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
    }
    // SAFETY: neither NULL nor misaligned; the rest is the caller's promise.
    Ok(unsafe { &mut *pointer })
}

/// A struct of zeros there, to be filled.
///
/// # Safety
///
/// As [`exclusive`], but it need not be initialised.
#[inline(always)]
pub(crate) unsafe fn zeroed<'a, T>(
    argument: Argument,
    pointer: *mut T,
) -> Result<&'a mut T, tracebaton_status> {
    if !pointer.is_null() && pointer.is_aligned() {
        // SAFETY: neither NULL nor misaligned; the rest is the caller's promise.
        unsafe { pointer.write_bytes(0, 1) };
    }
    // SAFETY: the caller's promise.
    unsafe { exclusive(argument, pointer) }
}
