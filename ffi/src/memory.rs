//! Turns pointers from C into values and slices. This is the only module that dereferences them.

use crate::status::tracebaton_status;
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::ffi::c_char;
use core::mem::size_of;

/// The argument of a function that a pointer belongs to, as the status to return if it is invalid.
pub(crate) type Argument = tracebaton_status;

pub(crate) const FIRST: Argument = TRACEBATON_INVALID_ARGUMENT_1;
pub(crate) const SECOND: Argument = TRACEBATON_INVALID_ARGUMENT_2;
pub(crate) const THIRD: Argument = TRACEBATON_INVALID_ARGUMENT_3;
pub(crate) const FOURTH: Argument = TRACEBATON_INVALID_ARGUMENT_4;
pub(crate) const FIFTH: Argument = TRACEBATON_INVALID_ARGUMENT_5;
pub(crate) const SIXTH: Argument = TRACEBATON_INVALID_ARGUMENT_6;
pub(crate) const SEVENTH: Argument = TRACEBATON_INVALID_ARGUMENT_7;

/// Borrows `count` elements. A count of 0 gives an empty slice, whatever the pointer is.
///
/// # Safety
///
/// The pointer is NULL, or points to `count` elements that do not change for `'a`. Any bytes are valid for `T`.
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
    array(argument, pointer, number, count)?;
    // SAFETY: neither NULL nor misaligned nor too long; the caller promises the rest.
    Ok(unsafe { core::slice::from_raw_parts(pointer, count) })
}

/// Refuses a pointer that is NULL or misaligned, and more elements than the address space has.
#[inline(always)]
fn array<T>(
    argument: Argument,
    pointer: *const T,
    number: Argument,
    count: usize,
) -> Result<(), tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
    }
    if count > isize::MAX as usize / size_of::<T>() {
        return Err(number);
    }
    Ok(())
}

/// Borrows `size` bytes of one argument, whose size is a part of it or the next argument.
///
/// # Safety
///
/// The same as for [`slice`].
#[inline(always)]
pub(crate) unsafe fn bytes<'a, T>(
    argument: Argument,
    pointer: *const T,
    number: Argument,
    size: usize,
) -> Result<&'a [u8], tracebaton_status> {
    if pointer.is_null() {
        return if size == 0 { Ok(&[]) } else { Err(argument) };
    }
    if size > isize::MAX as usize {
        return Err(number);
    }
    // SAFETY: neither NULL nor too long, and a byte is never misaligned; the caller promises the rest.
    Ok(unsafe { core::slice::from_raw_parts(pointer.cast(), size) })
}

/// Borrows `size` bytes. `None` if the pointer is NULL, whatever the size, or if the size is beyond the address
/// space.
///
/// # Safety
///
/// The pointer is NULL, or points to `size` bytes that do not change for `'a`.
#[inline(always)]
pub(crate) unsafe fn nullable<'a, T>(pointer: *const T, size: usize) -> Option<&'a [u8]> {
    if pointer.is_null() || size > isize::MAX as usize {
        return None;
    }
    // SAFETY: neither NULL nor too long; the caller promises the rest.
    Some(unsafe { core::slice::from_raw_parts(pointer.cast(), size) })
}

/// Borrows `count` elements that the function may change.
///
/// # Safety
///
/// The same as for [`slice`], and for `'a` nothing else refers to the elements, except to copy them.
#[inline(always)]
pub(crate) unsafe fn cells<'a, T>(
    argument: Argument,
    pointer: *mut T,
    number: Argument,
    count: usize,
) -> Result<&'a [Cell<T>], tracebaton_status> {
    // SAFETY: the caller's promise; a cell has the layout of its content.
    unsafe { slice(argument, pointer.cast::<Cell<T>>().cast_const(), number, count) }
}

/// A buffer for text: its pointer and size, each with the argument that it is.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub(crate) pointer: (Argument, *mut c_char),
    pub(crate) capacity: (Argument, usize),
}

impl Room {
    /// Refuses a buffer that overlaps one of many inputs, before it is borrowed.
    pub(crate) fn apart_from(
        &self,
        inputs: impl IntoIterator<Item = Place>,
    ) -> Result<(), tracebaton_status> {
        let place = Place::text(self.pointer.1, self.capacity.1);
        apart(inputs.into_iter().any(|input| place.overlaps(input)))
    }

    /// Whether a text begins where the buffer does.
    pub(crate) fn starts_with(&self, text: &[u8]) -> bool {
        !text.is_empty() && text.as_ptr().addr() == self.pointer.1.addr()
    }

    /// A pointer to a text in the buffer, derived from the caller's pointer. One that is derived from the borrowed buffer
    /// is invalid as soon as a later call borrows the buffer, even if that call fails. NULL stays NULL.
    pub(crate) fn pointer_to(&self, text: *const c_char) -> *const c_char {
        self.pointer.1.with_addr(text.addr())
    }
}

/// Borrows a buffer to write to. It must not overlap any of the `inputs`.
///
/// # Safety
///
/// The pointer is NULL, or points to bytes that the caller grants for `'a`.
#[inline(always)]
pub(crate) unsafe fn buffer<'a>(room: Room, inputs: &[Place]) -> Result<&'a mut [u8], tracebaton_status> {
    let Room { pointer: (argument, pointer), capacity: (number, capacity) } = room;
    if capacity == 0 {
        return Ok(&mut []);
    }
    array(argument, pointer, number, capacity)?;
    let place = Place::new(pointer.addr(), capacity);
    apart(inputs.iter().any(|input| place.overlaps(*input)))?;
    // SAFETY: neither NULL nor too long, and no byte is borrowed elsewhere; the caller promises the rest.
    Ok(unsafe { core::slice::from_raw_parts_mut(pointer.cast(), capacity) })
}

/// [`buffer`] in one copy, for functions that are not called for every record.
///
/// # Safety
///
/// The same as for [`buffer`].
#[inline(never)]
pub(crate) unsafe fn buffer_shared<'a>(
    room: Room,
    inputs: &[Place],
) -> Result<&'a mut [u8], tracebaton_status> {
    // SAFETY: the caller's promise.
    unsafe { buffer(room, inputs) }
}

/// Location of an argument in memory.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    start: usize,
    size: usize,
}

impl Place {
    /// Location of a text or an array.
    #[inline(always)]
    pub(crate) fn of<T>(elements: &[T]) -> Self {
        Self::new(elements.as_ptr().addr(), size_of_val(elements))
    }

    /// Location of a text. A text that cannot be borrowed is empty.
    pub(crate) fn text(pointer: *const c_char, size: usize) -> Self {
        let is_there = !pointer.is_null() && size <= isize::MAX as usize;
        Self::new(pointer.addr(), if is_there { size } else { 0 })
    }

    /// Location of a struct that was already read, or that is then written, so it is within the address space.
    #[inline(always)]
    pub(crate) fn at<T>(pointer: *const T) -> Self {
        Self { start: pointer.addr(), size: size_of::<T>() }
    }

    /// An empty location is moved to address 0, where it is inside no other.
    #[inline(always)]
    fn new(start: usize, size: usize) -> Self {
        Self { start: if size > 0 { start } else { 0 }, size }
    }

    /// Whether the two share a byte, in one comparison for both ends. `other` overlaps if its start is less than
    /// `other.size` before `self.start`, or less than `self.size` after it. Adding `other.size - 1` turns both into
    /// one range from 0.
    #[inline(always)]
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let distance = other.start.wrapping_sub(self.start).wrapping_add(other.size).wrapping_sub(1);
        distance < self.size.wrapping_add(other.size).wrapping_sub(1)
    }
}

/// Refuses arguments that overlap.
#[inline(always)]
pub(crate) const fn apart(overlaps: bool) -> Result<(), tracebaton_status> {
    if overlaps { Err(TRACEBATON_OVERLAP) } else { Ok(()) }
}

/// Copies a value.
///
/// # Safety
///
/// The pointer is NULL, or points to a value. Any bytes are valid for `T`.
#[inline(always)]
pub(crate) unsafe fn read<T: Copy>(argument: Argument, pointer: *const T) -> Result<T, tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
    }
    // SAFETY: neither NULL nor misaligned; the caller promises the rest.
    Ok(unsafe { pointer.read() })
}

/// Writes a value.
///
/// # Safety
///
/// The pointer is NULL, or points to memory for the value, which need not be initialised.
#[inline(always)]
pub(crate) unsafe fn write<T>(
    argument: Argument,
    pointer: *mut T,
    value: T,
) -> Result<(), tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
    }
    // SAFETY: neither NULL nor misaligned; the caller promises the rest.
    unsafe { pointer.write(value) };
    Ok(())
}

/// Borrows a struct to change it.
///
/// # Safety
///
/// The pointer is NULL, or points to a struct that nothing else refers to for `'a`. Any bytes are valid for `T`.
#[inline(always)]
pub(crate) unsafe fn exclusive<'a, T>(
    argument: Argument,
    pointer: *mut T,
) -> Result<&'a mut T, tracebaton_status> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(argument);
    }
    // SAFETY: neither NULL nor misaligned; the caller promises the rest.
    Ok(unsafe { &mut *pointer })
}

/// The characters of an array as bytes.
#[inline(always)]
pub(crate) fn bytes_of<const SIZE: usize>(text: &mut [c_char; SIZE]) -> &mut [u8; SIZE] {
    // SAFETY: a character of C has the size of a byte, and every byte is one.
    unsafe { &mut *text.as_mut_ptr().cast() }
}

/// Fills a struct with zeros and borrows it.
///
/// # Safety
///
/// The same as for [`exclusive`], but the struct need not be initialised.
#[inline(always)]
pub(crate) unsafe fn zeroed<'a, T>(
    argument: Argument,
    pointer: *mut T,
) -> Result<&'a mut T, tracebaton_status> {
    if !pointer.is_null() && pointer.is_aligned() {
        // SAFETY: neither NULL nor misaligned; the caller promises the rest.
        unsafe { pointer.write_bytes(0, 1) };
    }
    // SAFETY: the caller's promise.
    unsafe { exclusive(argument, pointer) }
}
