//! Memory between two inaccessible pages: reading or writing one byte too far ends the process.
//!
//! The tests of this crate place there every value of the conformance vectors, cut off at every length, and buffers
//! of every size. They also build the C programs of the project with sanitizers.

use std::ptr::null_mut;

/// The side of the bytes on which an inaccessible page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Right before the first byte.
    Before,
    /// Right after the last byte.
    After,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Before, Self::After];
}

/// Some pages between two inaccessible ones.
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
    /// If the operating system does not give them.
    pub fn new(bytes: usize) -> Self {
        // SAFETY: a question without arguments that could be wrong.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).expect("a page has a size");
        let size = bytes.next_multiple_of(page).max(page);
        let (rights, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: new pages, wherever there is room.
        let mapping = unsafe { libc::mmap(null_mut(), size + 2 * page, rights, kind, -1, 0) };
        assert_ne!(mapping, libc::MAP_FAILED);
        for offset in [0, page + size] {
            // SAFETY: the first and the last page of those above.
            assert_eq!(unsafe { libc::mprotect(mapping.byte_add(offset), page, libc::PROT_NONE) }, 0);
        }
        Self { mapping: mapping.cast(), page, size }
    }

    /// That many bytes at one end, with their last content.
    ///
    /// # Panics
    ///
    /// If there are not so many.
    pub fn room(&mut self, size: usize, side: Side) -> &mut [u8] {
        assert!(size <= self.size);
        let offset = match side {
            Side::Before => self.page,
            Side::After => self.page + self.size - size,
        };
        // SAFETY: within the pages that can be touched, which are lent once.
        unsafe { std::slice::from_raw_parts_mut(self.mapping.add(offset), size) }
    }

    /// A copy of these bytes, at one of the ends.
    ///
    /// # Panics
    ///
    /// If there are too many.
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
