//! Which header of a name counts, and the verdicts on those that do (R1 to R4).

use crate::arch;
use crate::baggage::Baggage;
use crate::error::{BaggageError, TraceParentError};
use crate::header::{Header, HeaderName};
use crate::text::Quoted;
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;
use crate::verdict::{Extracted, Verdict, VerdictOutput};
use core::fmt;

/// Incremental [`extract`](crate::extract()), for headers that arrive one at a time.
///
/// The fields are public for language bindings, which copy them into a struct of their own between two calls. No
/// version adds a field, since an older binding would lose it.
///
/// ```
/// use tracebaton::{Header, Reader};
///
/// let mut reader = Reader::new();
/// reader.add(Header::new("baggage", "tenant=7"));
/// reader.add(Header::new("Baggage", "tenant=8"));
/// reader.add(Header { name: b"baggage", value: None });
/// assert_eq!(reader.finish().context().baggage.as_bytes(), b"tenant=8");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Reader<'a> {
    /// Index and value of the last non-null `traceparent`, `tracestate` and `baggage`, in this order.
    pub last: [Option<(usize, &'a [u8])>; 3],
    /// Number of headers added so far. It is the index of the next header.
    pub header_count: usize,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.last.map(|last| last.map(|(index, value)| (index, Quoted(value))));
        f.debug_struct("Reader").field("last", &last).field("header_count", &self.header_count).finish()
    }
}

/// Gives the verdicts to an output, each by its fast path, and returns from the function. From the first header on that is
/// undecided, `verdicts_from_...` continue: what was read before is not read again.
///
/// Those for `baggage` and `traceparent` get nothing but the values, so that calling them takes no stack: a record with a
/// `traceparent` alone then saves no register. A macro, since the compiler copies an [`Extracted`] once more if it is a
/// function's argument.
macro_rules! verdicts {
    ($last:expr, $check:path, $output:ident, $slow:ident => $returned:expr) => {
        let last = $last;
        if !arch::HAS_VECTORS {
            let $slow = verdicts_slow(last);
            return $returned;
        }
        let [traceparent, tracestate, baggage] = last;
        if let Some((index, bytes)) = *baggage {
            let Some(value) = Baggage::parse_fast(bytes) else {
                let $slow = verdicts_from_baggage(last);
                return $returned;
            };
            $output.accept_baggage(index, value);
        }
        if let Some((index, bytes)) = *traceparent {
            let Some(value) = TraceParent::parse_fast(bytes) else {
                let $slow = verdicts_from_traceparent(last);
                return $returned;
            };
            $output.accept_traceparent(index, value, bytes);
            if let Some((index, bytes)) = *tracestate {
                match $check(bytes) {
                    Ok(()) => $output.accept_tracestate(index, TraceState::from_validated(bytes)),
                    Err(error) => $output.refuse_tracestate(index, error),
                }
            }
        }
    };
}

impl<'a> Reader<'a> {
    /// A reader that has seen no header.
    #[inline]
    pub const fn new() -> Self {
        Self { last: [None; 3], header_count: 0 }
    }

    /// A reader that has seen the headers of a slice, which is read from its end and only until all three names are found.
    ///
    /// `name_length` gives the length of an element's name, in bytes; `header` gives the header, and is called only if the
    /// length is that of one of the three names.
    ///
    /// ```
    /// # use tracebaton::{Header, Reader};
    /// let headers = [("baggage", "tenant=7"), ("Baggage", "tenant=8"), ("key", "1")];
    /// let reader = Reader::of_slice(&headers, |(name, _)| name.len(), |(name, value)| Header::new(*name, *value));
    /// assert_eq!(reader.last, [None, None, Some((1, &b"tenant=8"[..]))]);
    /// ```
    #[inline]
    pub fn of_slice<T>(
        headers: &[T],
        name_length: impl Fn(&T) -> usize,
        header: impl Fn(&T) -> Header<'a>,
    ) -> Self {
        let mut reader = Self { header_count: headers.len(), ..Self::new() };
        let Some((it, before)) = headers.split_last() else { return reader };
        let Header { name, value } = header(it);
        let mut missing = reader.last.len();
        if let Some(last) = HeaderName::select_candidate(name, reader.last.each_mut())
            && let Some(value) = value
        {
            *last = Some((before.len(), value));
            missing -= 1;
        }
        if !before.is_empty() {
            reader.add_before(before, missing, &name_length, &header);
        }
        reader
    }

    /// Adds the headers in front of the last, from the end. Not inlined, so that a record whose only header is a
    /// `traceparent` need not save the registers that the loop takes.
    #[inline(never)]
    fn add_before<T>(
        &mut self,
        headers: &[T],
        mut missing: usize,
        name_length: &impl Fn(&T) -> usize,
        header: &impl Fn(&T) -> Header<'a>,
    ) {
        let mut rest = headers;
        while let Some((it, before)) = rest.split_last() {
            let Header { name, value } = header(it);
            let Some(last) = HeaderName::select_candidate(name, self.last.each_mut()) else {
                rest = trim_others_again(before, name_length, header);
                continue;
            };
            rest = before;
            if last.is_none()
                && let Some(value) = value
            {
                *last = Some((before.len(), value));
                missing -= 1;
                if missing == 0 {
                    break;
                }
            }
        }
    }

    /// The headers up to the last whose name may be one of the three; empty if there is certainly none. The arguments are
    /// those of [`of_slice`](Self::of_slice), to which the result is the same as the whole slice.
    ///
    /// ```
    /// # use tracebaton::{Header, Reader};
    /// let headers = [Header::new("baggage", "tenant=7"), Header::new("key", "1")];
    /// let trimmed = Reader::trim_others(&headers, |header| header.name.len(), |header| *header);
    /// assert_eq!(trimmed, &headers[..1]);
    /// ```
    // Blocks of eight are of known length, so that the compiler unrolls them: a header whose name has another length than
    // the three costs three instructions.
    #[inline(always)]
    pub fn trim_others<T>(
        headers: &[T],
        name_length: impl Fn(&T) -> usize,
        header: impl Fn(&T) -> Header<'a>,
    ) -> &[T] {
        let is_candidate = |it: &T| {
            if !HeaderName::is_length(name_length(it)) {
                return false;
            }
            // Without this the compiler joins both tests, which is slower for names of other lengths.
            cold_path();
            HeaderName::is_start(header(it).name)
        };
        let mut rest = headers;
        while let Some((before, block)) = rest.split_last_chunk::<8>() {
            for (place, it) in block.iter().enumerate().rev() {
                if is_candidate(it) {
                    return rest.get(..=before.len() + place).unwrap_or_default();
                }
            }
            rest = before;
        }
        while let Some((it, before)) = rest.split_last() {
            if is_candidate(it) {
                return rest;
            }
            rest = before;
        }
        &[]
    }

    /// Adds the next header.
    #[inline]
    pub fn add(&mut self, header: Header<'a>) {
        self.add_at(self.header_count, header.name, || header.value);
        self.header_count = self.header_count.wrapping_add(1);
    }

    /// Adds the header at `index`. Calls `value` only if `name` is one of the three names.
    ///
    /// Does not change [`header_count`](Self::header_count).
    ///
    /// ```
    /// # use tracebaton::Reader;
    /// let mut reader = Reader::new();
    /// reader.add_at(0, b"schema-id", || unreachable!());
    /// reader.add_at(1, b"baggage", || Some(b"tenant=7"));
    /// assert_eq!(reader.last[2], Some((1, &b"tenant=7"[..])));
    /// ```
    #[inline(always)]
    pub fn add_at(&mut self, index: usize, name: &[u8], value: impl FnOnce() -> Option<&'a [u8]>) {
        keep_last(&mut self.last, index, name, value);
    }

    /// Checks the values that were found and returns the verdicts.
    #[inline(always)]
    pub fn finish(&self) -> Extracted<'a> {
        let mut extracted = Extracted::none();
        verdicts!(&self.last, TraceState::check_inlined, extracted, slow => slow);
        extracted
    }

    /// [`finish`](Self::finish) into an output in which all three headers are absent.
    #[inline(always)]
    pub fn finish_into(&self, output: &mut impl VerdictOutput<'a>) {
        verdicts!(&self.last, TraceState::check, output, slow => output.replace(&slow));
    }

    /// [`finish`](Self::finish) in one copy for all callers of this crate.
    #[inline(never)]
    pub(crate) fn finish_shared(&self) -> Extracted<'a> {
        self.finish()
    }

    /// [`finish`](Self::finish) in less code and more time, for callers that are called rarely.
    ///
    /// ```
    /// # use tracebaton::{Header, Reader};
    /// let mut reader = Reader::new();
    /// reader.add(Header::new("baggage", "tenant=7"));
    /// assert_eq!(reader.finish_small(), reader.finish());
    /// ```
    #[cold]
    pub fn finish_small(&self) -> Extracted<'a> {
        match arch::HAS_VECTORS {
            true => verdicts_from_baggage(&self.last),
            false => verdicts_slow(&self.last),
        }
    }

    /// Checks the `traceparent` alone, as [`extract_traceparent`](crate::extract_traceparent) does.
    ///
    /// ```
    /// # use tracebaton::{Header, Reader, TraceParentRule};
    /// let mut reader = Reader::new();
    /// reader.add(Header::new("traceparent", "00-"));
    /// assert_eq!(reader.finish_traceparent().error().unwrap().rule, TraceParentRule::TooShort);
    /// ```
    pub fn finish_traceparent(&self) -> Verdict<TraceParent, TraceParentError> {
        parent_of(&self.last)
    }
}

/// Index and value of a header.
type Found<'a> = Option<(usize, &'a [u8])>;

/// Not inlined, so that the loop around it needs no registers for it.
#[inline(never)]
fn trim_others_again<'a, 'h, T>(
    headers: &'h [T],
    name_length: &impl Fn(&T) -> usize,
    header: &impl Fn(&T) -> Header<'a>,
) -> &'h [T] {
    Reader::trim_others(headers, name_length, header)
}

/// Keeps the last header with a value; a null value changes nothing (R3, R4).
#[inline(always)]
fn keep_last<'a>(
    last: &mut [Found<'a>; 3],
    index: usize,
    name: &[u8],
    value: impl FnOnce() -> Option<&'a [u8]>,
) {
    if let Some(last) = HeaderName::select(name, last.each_mut())
        && let Some(value) = value()
    {
        *last = Some((index, value));
    }
}

/// The verdicts without fast paths: less code and stack, for processors without vectors.
#[inline(always)]
fn verdicts_slow<'a>(last: &[Found<'a>; 3]) -> Extracted<'a> {
    let mut extracted = Extracted::none();
    extracted.baggage = verdict(last[2], Baggage::parse_slow);
    extracted.traceparent = verdict(last[0], TraceParent::parse);
    if let (true, Some((_, bytes))) = (extracted.traceparent.is_accepted(), last[0]) {
        extracted.traceparent_bytes = bytes;
        extracted.tracestate = verdict(last[1], TraceState::parse);
    }
    extracted
}

#[cold]
fn verdicts_from_baggage<'a>(last: &[Found<'a>; 3]) -> Extracted<'a> {
    let baggage = verdict(last[2], Baggage::parse_slow);
    verdicts_with(last, baggage, parent_of(last))
}

/// The `baggage` is valid, or absent.
#[cold]
fn verdicts_from_traceparent<'a>(last: &[Found<'a>; 3]) -> Extracted<'a> {
    let baggage = verdict(last[2], |value| Ok(Baggage::from_validated(value)));
    verdicts_with(last, baggage, verdict(last[0], TraceParent::parse_slow))
}

#[inline(never)]
fn parent_of(last: &[Found<'_>; 3]) -> Verdict<TraceParent, TraceParentError> {
    verdict(last[0], TraceParent::parse)
}

#[cold]
#[inline(never)]
fn verdicts_with<'a>(
    last: &[Found<'a>; 3],
    baggage: Verdict<Baggage<'a>, BaggageError>,
    traceparent: Verdict<TraceParent, TraceParentError>,
) -> Extracted<'a> {
    let mut extracted = Extracted { baggage, traceparent, ..Extracted::none() };
    if extracted.traceparent.is_accepted() {
        extracted.traceparent_bytes = last[0].map_or(&[], |(_, value)| value);
        extracted.tracestate = verdict(last[1], TraceState::parse);
    }
    extracted
}

#[inline(always)]
fn verdict<'a, T, E>(found: Found<'a>, parse: impl FnOnce(&'a [u8]) -> Result<T, E>) -> Verdict<T, E> {
    let Some((index, value)) = found else { return Verdict::Absent };
    match parse(value) {
        Ok(value) => Verdict::Accepted { index, value },
        Err(error) => Verdict::Refused { index, error },
    }
}

/// Makes the branch that calls it the unlikely one, as `core::hint::cold_path` does in newer compilers.
#[cold]
#[inline(always)]
const fn cold_path() {}
