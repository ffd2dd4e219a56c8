//! Memory between two inaccessible pages: reading or writing one byte too far ends the process.
//!
//! The tests of this crate place every value of the conformance vectors there, cut off at every length, and buffers of
//! every size. They also build the project's C programs with the compilers' sanitizers.

use std::ptr::null_mut;

/// The side on which the inaccessible page directly adjoins the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Directly before the first byte.
    Before,
    /// Directly after the last byte.
    After,
}

impl Side {
    /// Both sides.
    pub const BOTH: [Self; 2] = [Self::Before, Self::After];
}

/// Pages between two inaccessible ones.
#[derive(Debug)]
pub struct Pages {
    mapping: *mut u8,
    page: usize,
    size: usize,
}

impl Pages {
    /// Pages for that many bytes.
    ///
    /// # Panics
    ///
    /// If the operating system does not provide them.
    pub fn new(bytes: usize) -> Self {
        // SAFETY: the call has no precondition.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).expect("a page has a size");
        let size = bytes.next_multiple_of(page).max(page);
        let (rights, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: new pages, at any address.
        let mapping = unsafe { libc::mmap(null_mut(), size + 2 * page, rights, kind, -1, 0) };
        assert_ne!(mapping, libc::MAP_FAILED);
        for offset in [0, page + size] {
            // SAFETY: the first and the last of these pages.
            assert_eq!(unsafe { libc::mprotect(mapping.byte_add(offset), page, libc::PROT_NONE) }, 0);
        }
        Self { mapping: mapping.cast(), page, size }
    }

    /// This many bytes at one end of the pages, with their previous content.
    ///
    /// # Panics
    ///
    /// If the pages are smaller.
    pub fn room(&mut self, size: usize, side: Side) -> &mut [u8] {
        assert!(size <= self.size);
        let offset = match side {
            Side::Before => self.page,
            Side::After => self.page + self.size - size,
        };
        // SAFETY: within the accessible pages, which are lent once.
        unsafe { std::slice::from_raw_parts_mut(self.mapping.add(offset), size) }
    }

    /// A copy of these bytes, at one end of the pages.
    ///
    /// # Panics
    ///
    /// If the pages are smaller.
    pub fn copy(&mut self, bytes: &[u8], side: Side) -> &mut [u8] {
        let room = self.room(bytes.len(), side);
        room.copy_from_slice(bytes);
        room
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: mapped by `new`, and nothing borrows it any more.
        unsafe { libc::munmap(self.mapping.cast(), self.size + 2 * self.page) };
    }
}
