//! Memory with an inaccessible page beside every object.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::{Cell, RefCell};
use std::ptr::null_mut;

/// The side of an object where the inaccessible page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// How many objects have such a page. Later and larger objects come from the allocator.
const SLOTS: usize = 128;
/// The largest size of an object with such a page, in pages of any size.
const PAGES: usize = 5;
/// The bytes on the other side of an object, which must stay unchanged.
const MARGIN: [u8; 16] = [0xa5; 16];

/// Objects that live until the end of one check.
pub struct Memory {
    pages: *mut u8,
    page: usize,
    side: Cell<Side>,
    used: Cell<usize>,
    margins: RefCell<Vec<*mut u8>>,
    others: RefCell<Vec<(*mut u8, Layout)>>,
}

thread_local! {
    static MEMORY: Memory = Memory::new();
}

impl Memory {
    /// Lends the memory of this thread for one check.
    pub fn lend(side: Side, check: impl FnOnce(&Memory)) {
        MEMORY.with(|memory| {
            memory.side.set(side);
            memory.used.set(0);
            check(memory);
            memory.take_back();
        });
    }

    fn new() -> Self {
        // SAFETY: the call has no precondition.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).expect("a page has a size");
        let size = (SLOTS * (PAGES + 1) + 1) * page;
        let (rights, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: new pages, at any address.
        let pages = unsafe { libc::mmap(null_mut(), size, rights, kind, -1, 0) };
        assert_ne!(pages, libc::MAP_FAILED);
        for slot in 0..=SLOTS {
            // SAFETY: a page of those above.
            let result =
                unsafe { libc::mprotect(pages.byte_add(slot * (PAGES + 1) * page), page, libc::PROT_NONE) };
            assert_eq!(result, 0);
        }
        let side = Cell::new(Side::After);
        let (margins, others) = (RefCell::default(), RefCell::default());
        Self { pages: pages.cast(), page, side, used: Cell::new(0), margins, others }
    }

    /// Room for an object, filled with arbitrary bytes. If the size is 0, not even the first byte may be touched.
    pub fn room(&self, size: usize) -> *mut u8 {
        let slot = self.used.get();
        if slot == SLOTS || size + MARGIN.len() > PAGES * self.page {
            return self.allocated(size);
        }
        self.used.set(slot + 1);
        // SAFETY: `PAGES` accessible pages lie between two inaccessible ones.
        unsafe {
            let start = self.pages.add((slot * (PAGES + 1) + 1) * self.page);
            let end = start.add(PAGES * self.page);
            let (object, margin) = match self.side.get() {
                Side::Before if size > 0 => (start, start.add(size)),
                _ => (end.sub(size), end.sub(size + MARGIN.len())),
            };
            object.write_bytes(0x5a, size);
            margin.cast::<[u8; MARGIN.len()]>().write_unaligned(MARGIN);
            self.margins.borrow_mut().push(margin);
            object
        }
    }

    /// A copy of these bytes.
    pub fn copy(&self, bytes: &[u8]) -> *mut u8 {
        let place = self.room(bytes.len());
        // SAFETY: there is room.
        unsafe { place.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        place
    }

    /// A copy of a struct, with the alignment that it needs.
    pub fn place<T: Copy>(&self, value: T) -> *mut T {
        let place: *mut T = self.room(size_of::<T>()).cast();
        assert!(place.is_aligned());
        // SAFETY: there is room, aligned.
        unsafe { place.write(value) };
        place
    }

    fn allocated(&self, size: usize) -> *mut u8 {
        let layout = Layout::from_size_align(size.max(1), 8).expect("a size that fits");
        // SAFETY: not of size 0.
        let place = unsafe { alloc(layout) };
        if place.is_null() {
            handle_alloc_error(layout);
        }
        self.others.borrow_mut().push((place, layout));
        // SAFETY: as many bytes as were asked for.
        unsafe { place.write_bytes(0x5a, size) };
        place
    }

    fn take_back(&self) {
        for margin in self.margins.borrow_mut().drain(..) {
            // SAFETY: written when the object was lent.
            let bytes = unsafe { margin.cast::<[u8; MARGIN.len()]>().read_unaligned() };
            assert_eq!(bytes, MARGIN, "nothing is written beside an object");
        }
        for (place, layout) in self.others.borrow_mut().drain(..) {
            // SAFETY: allocated with that layout, once.
            unsafe { dealloc(place, layout) };
        }
    }
}
