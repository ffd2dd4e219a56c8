//! Links to the span contexts of a batch.

use crate::context::tracebaton_context_t;
use crate::memory::{FIFTH, FIRST, FOURTH, Place, SECOND, THIRD, apart, cells, read, write};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::ffi::c_char;

/// @brief The distinct span contexts of a batch, for the links of the span that processes the batch.
///
/// You own all its memory: an array for the links, and a buffer for their tracestates. tracebaton_links_start()
/// initialises the list, and empties it for the next batch.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_links_t {
    /// The links, in the order in which they were added, without baggage. Their tracestates are in the buffer.
    pub links: *mut tracebaton_context_t,
    /// Number of links.
    pub link_count: usize,
    /// Capacity of the array in links.
    pub link_capacity: usize,
    /// Number of span contexts that were dropped because the array was full.
    pub dropped: usize,
    /// Number of links whose tracestate was left out because the buffer was full.
    pub dropped_tracestates: usize,
    /// Buffer for the tracestates.
    pub tracestates: *mut c_char,
    /// Number of used bytes in the buffer.
    pub tracestates_size: usize,
    /// Size of the buffer in bytes.
    pub tracestates_capacity: usize,
}

/// @brief Starts an empty list of links in an array.
///
///     tracebaton_context_t array[128];
///     char tracestates[8192];
///     tracebaton_links_t links;
///     tracebaton_links_start(array, 128, tracestates, sizeof(tracestates), &links);
///     for (i = 0; i < record_count; i++)
///         tracebaton_links_add(&links, &records[i].context);
///     // links.links[0] to links.links[links.link_count - 1]; links.dropped were too many
///
/// @param array Array for the links; need not be initialised. May be NULL if \p capacity is 0.
/// @param capacity Capacity of the array in links.
/// @param tracestates Buffer for the tracestates of all links. May be NULL if \p tracestates_capacity is 0; the links
/// then have ids and flags only, which are enough for a link.
/// @param tracestates_capacity Size of the buffer in bytes.
/// @param links (out) The list. It must not overlap the array or the buffer.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_links_start(
    array: *mut tracebaton_context_t,
    capacity: usize,
    tracestates: *mut c_char,
    tracestates_capacity: usize,
    links: *mut tracebaton_links_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let slots = cells(FIRST, array, SECOND, capacity)?;
        let room = cells(THIRD, tracestates, FOURTH, tracestates_capacity)?;
        let (slots, room, whole) = (Place::of(slots), Place::of(room), Place::at(links));
        apart(slots.overlaps(room) || slots.overlaps(whole) || room.overlaps(whole))?;
        let empty = tracebaton_links_t {
            links: array,
            link_count: 0,
            link_capacity: capacity,
            dropped: 0,
            dropped_tracestates: 0,
            tracestates,
            tracestates_size: 0,
            tracestates_capacity,
        };
        write(FIFTH, links, empty).map(|()| TRACEBATON_OK)
    })
}

/// @brief Adds the span context of a record to the links, unless its span is already there.
///
/// If the buffer has no room for its tracestate, the link is added without it, and the list counts that. The time
/// grows with the number of links.
///
/// @param links (in, out) The list.
/// @param context Context of the record. It is copied.
///
/// @returns TRACEBATON_OK; TRACEBATON_NO_CONTEXT if there is no span context; TRACEBATON_KEPT if the span is already
/// in the list; TRACEBATON_LINKS_FULL if the array is full, which counts the link as dropped. Negative:
/// TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_links_add(
    links: *mut tracebaton_links_t,
    context: *const tracebaton_context_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let mut seen = read(FIRST, links.cast_const())?;
        let slots = cells(FIRST, seen.links, FIRST, seen.link_capacity)?;
        let given = slots.get(..seen.link_count).ok_or(FIRST)?;
        let source = read(SECOND, context)?;
        let Some(mut span) = source.span_context()? else { return Ok(TRACEBATON_NO_CONTEXT) };
        if source.tracestate_size > 0 {
            span.trace_state = source.validate_tracestate(SECOND)?;
        }
        let mut link = tracebaton_context_t::from(span);
        let is_same = |other: &Cell<tracebaton_context_t>| {
            let other = other.get();
            other.trace_id == link.trace_id && other.span_id == link.span_id
        };
        let status = match slots.get(seen.link_count) {
            _ if given.iter().any(is_same) => TRACEBATON_KEPT,
            None => {
                seen.dropped = seen.dropped.saturating_add(1);
                TRACEBATON_LINKS_FULL
            }
            Some(slot) => {
                let others = [Place::of(slots), Place::at(links)];
                link.set_tracestate(&[]);
                seen.keep(span.trace_state.as_bytes(), &mut link, others)?;
                slot.set(link);
                seen.link_count += 1;
                TRACEBATON_OK
            }
        };
        write(FIRST, links, seen).map(|()| status)
    })
}

impl tracebaton_links_t {
    /// Copies a tracestate into the buffer. Returns an empty one if there is no room.
    ///
    /// # Safety
    ///
    /// Its pointers obey the laws of the header.
    unsafe fn keep(
        &mut self,
        state: &[u8],
        link: &mut tracebaton_context_t,
        others: [Place; 2],
    ) -> Result<(), tracebaton_status> {
        // SAFETY: the caller's promise.
        let room = unsafe { cells(FIRST, self.tracestates.cast::<u8>(), FIRST, self.tracestates_capacity) }?;
        let rest = room.get(self.tracestates_size..).ok_or(FIRST)?;
        let Some(room) = rest.get(..state.len()) else {
            self.dropped_tracestates = self.dropped_tracestates.saturating_add(1);
            return Ok(());
        };
        let [slots, links] = others;
        let place = Place::of(room);
        apart(place.overlaps(slots) || place.overlaps(links) || place.overlaps(Place::of(state)))?;
        room.iter().zip(state).for_each(|(to, from)| to.set(*from));
        if !room.is_empty() {
            (link.tracestate, link.tracestate_size) = (room.as_ptr().cast(), room.len());
        }
        self.tracestates_size += room.len();
        Ok(())
    }
}
