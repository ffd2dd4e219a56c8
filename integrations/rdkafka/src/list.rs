//! Reads librdkafka's header lists. All calls into librdkafka, and all `unsafe` of this crate, are here.

use rdkafka::bindings as librdkafka;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Message, OwnedHeaders, OwnedMessage};
use rdkafka::types::{RDKafkaErrorCode, RDKafkaRespErr};
use std::collections::BTreeSet;
use std::ffi::{CStr, CString, c_char, c_void};
use std::marker::PhantomData;
use std::ptr;
use tracebaton::{Header, HeaderName};

/// Maximum count of name look-ups, and of headers removed in place, in one list: each is a pass over the list (R9).
const MAX_PASSES: u32 = 64;

/// A type that has record headers: rdkafka's messages and header lists, borrowed and owned.
///
/// ```
/// use rdkafka::message::OwnedHeaders;
/// use tracebaton_rdkafka::RecordHeaders;
///
/// fn is_traced(record: &impl RecordHeaders) -> bool {
///     tracebaton_rdkafka::extract(record).context().span_context.is_some()
/// }
/// assert!(!is_traced(&OwnedHeaders::new()));
/// ```
pub trait RecordHeaders {
    /// The headers. `None` if the record has none.
    fn record_headers(&self) -> Option<&BorrowedHeaders>;
}

impl RecordHeaders for BorrowedMessage<'_> {
    fn record_headers(&self) -> Option<&BorrowedHeaders> {
        self.headers()
    }
}

impl RecordHeaders for OwnedMessage {
    fn record_headers(&self) -> Option<&BorrowedHeaders> {
        self.headers().map(OwnedHeaders::as_borrowed)
    }
}

impl RecordHeaders for BorrowedHeaders {
    fn record_headers(&self) -> Option<&BorrowedHeaders> {
        Some(self)
    }
}

impl RecordHeaders for OwnedHeaders {
    fn record_headers(&self) -> Option<&BorrowedHeaders> {
        Some(self.as_borrowed())
    }
}

/// Iterator over the headers of a record in their order, returned by [`headers`](crate::headers).
///
/// librdkafka cuts off a name at a NUL. If the rest looks like one of the three names, the iterator yields it with
/// that NUL.
#[derive(Clone, Debug)]
pub struct HeaderIter<'a> {
    list: Option<List<'a>>,
    index: usize,
    lookups_left: u32,
}

impl<'a> HeaderIter<'a> {
    pub(crate) fn new(headers: Option<&'a BorrowedHeaders>) -> Self {
        Self { list: headers.map(List::of), index: 0, lookups_left: MAX_PASSES }
    }

    /// Whether librdkafka cut off this name: then no header with exactly this name has this value.
    fn is_cut(&mut self, list: List<'a>, name: &CStr, value: Option<&[u8]>) -> bool {
        let Some(value) = value else { return false };
        if is_adjacent(name, value) {
            return false;
        }
        let mut nth = 0;
        while self.lookups_left > 0 {
            self.lookups_left -= 1;
            match list.named(name, nth) {
                None => return true,
                Some(other) if other.is_some_and(|other| other.as_ptr() == value.as_ptr()) => return false,
                Some(_) => nth += 1,
            }
        }
        true
    }
}

/// Fast path: whether this value begins directly after the NUL that ends this name, so that the name is whole.
///
/// librdkafka stores name and value this way, but does not promise it: `false` is undecided.
fn is_adjacent(name: &CStr, value: &[u8]) -> bool {
    value.as_ptr() == name.to_bytes_with_nul().as_ptr_range().end
}

impl<'a> Iterator for HeaderIter<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        let list = self.list?;
        let (name, value) = list.get(self.index)?;
        self.index += 1;
        let is_ours = HeaderName::of(name.to_bytes()).is_some();
        let is_cut = is_ours && self.is_cut(list, name, value);
        Some(Header { name: if is_cut { name.to_bytes_with_nul() } else { name.to_bytes() }, value })
    }
}

/// A header list of librdkafka, borrowed for `'a`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List<'a>(*mut librdkafka::rd_kafka_headers_t, PhantomData<&'a BorrowedHeaders>);

impl<'a> List<'a> {
    /// `BorrowedHeaders` has no fields: rdkafka's reference to it is librdkafka's pointer, and rdkafka does the same
    /// cast.
    pub(crate) fn of(headers: &'a BorrowedHeaders) -> Self {
        Self(ptr::from_ref(headers).cast_mut().cast(), PhantomData)
    }

    /// The header at this index, with its name up to the first NUL.
    pub(crate) fn get(self, index: usize) -> Option<(&'a CStr, Option<&'a [u8]>)> {
        let mut name: *const c_char = ptr::null();
        let (mut value, mut size) = (ptr::null(), 0);
        // SAFETY: the list is alive for `'a`, and the three places are written only during the call.
        let error =
            unsafe { librdkafka::rd_kafka_header_get_all(self.0, index, &mut name, &mut value, &mut size) };
        if error != RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR {
            return None;
        }
        // SAFETY: librdkafka ends every name with a NUL and keeps it as long as the header, which does not change for
        // `'a`.
        Some((unsafe { CStr::from_ptr(name) }, self.value(value, size)))
    }

    /// The value of the `nth` header whose whole name is `name`.
    fn named(self, name: &CStr, nth: usize) -> Option<Option<&'a [u8]>> {
        let (mut value, mut size) = (ptr::null(), 0);
        // SAFETY: the list is alive for `'a`, the name ends with a NUL, and both places are written only during the
        // call.
        let error =
            unsafe { librdkafka::rd_kafka_header_get(self.0, nth, name.as_ptr(), &mut value, &mut size) };
        (error == RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR).then(|| self.value(value, size))
    }

    fn value(self, value: *const c_void, size: usize) -> Option<&'a [u8]> {
        // SAFETY: librdkafka returned both; a value that is not null has `size` bytes, which do not change for `'a`.
        (!value.is_null()).then(|| unsafe { std::slice::from_raw_parts(value.cast(), size) })
    }
}

/// A header list of librdkafka that can be changed.
pub(crate) struct ListMut<'a>(&'a mut OwnedHeaders);

impl<'a> ListMut<'a> {
    pub(crate) fn of(headers: &'a mut OwnedHeaders) -> Self {
        Self(headers)
    }

    pub(crate) fn read(&self) -> List<'_> {
        List::of(self.0.as_borrowed())
    }

    /// The distinct unwanted names as the headers of the list spell them, without names that librdkafka cut off.
    pub(crate) fn spellings(&self, unwanted: impl Fn(&[u8]) -> bool) -> BTreeSet<CString> {
        let list = self.read();
        let mut spellings = BTreeSet::new();
        let mut lookups_left = MAX_PASSES;
        let names = (0..).map_while(|index| list.get(index)).map(|(name, _)| name);
        for name in names.filter(|name| unwanted(name.to_bytes())) {
            if lookups_left > 0 && !spellings.contains(name) {
                lookups_left -= 1;
                if list.named(name, 0).is_none() {
                    continue;
                }
            }
            spellings.insert(name.to_owned());
        }
        spellings
    }

    /// Whether more headers have an unwanted name than are removed in place.
    pub(crate) fn has_many(&self, unwanted: impl Fn(&[u8]) -> bool) -> bool {
        let list = self.read();
        let names = (0..).map_while(|index| list.get(index)).map(|(name, _)| name);
        names.filter(|name| unwanted(name.to_bytes())).nth(MAX_PASSES as usize).is_some()
    }

    /// Makes a new list without the headers whose name is unwanted, in linear time.
    ///
    /// A name that librdkafka cut off at a NUL cannot be copied. Its header is dropped if the look-ups detect it.
    pub(crate) fn without(&self, unwanted: impl Fn(&[u8]) -> bool) -> Result<OwnedHeaders, RDKafkaErrorCode> {
        let list = self.read();
        let mut cut = HeaderIter::new(Some(self.0.as_borrowed()));
        let mut others = OwnedHeaders::new();
        for (name, value) in (0..).map_while(|index| list.get(index)) {
            // Keeps a header in doubt: a name counts as whole after the last look-up.
            let is_cut = cut.is_cut(list, name, value) && cut.lookups_left > 0;
            if unwanted(name.to_bytes()) || is_cut {
                continue;
            }
            ListMut(&mut others).add(Header { name: name.to_bytes(), value })?;
        }
        Ok(others)
    }

    /// Removes every header whose name, up to its first NUL, is this one.
    pub(crate) fn remove(&mut self, name: &CStr) -> Result<(), RDKafkaErrorCode> {
        // SAFETY: the list is borrowed mutably, so nothing points into it, not even the name, which ends with a NUL.
        into_result(unsafe { librdkafka::rd_kafka_header_remove(self.read().0, name.as_ptr()) })
    }

    /// Adds a copy of a header at the end.
    pub(crate) fn add(&mut self, header: Header<'_>) -> Result<(), RDKafkaErrorCode> {
        let (name, value) = (header.name, header.value);
        let value_start = value.map_or(ptr::null(), |value| value.as_ptr().cast());
        // A slice never has more than `isize::MAX` bytes.
        let (name_size, value_size) = (name.len() as isize, value.unwrap_or_default().len() as isize);
        // SAFETY: the list is borrowed mutably; name and value have the given sizes and are copied.
        into_result(unsafe {
            librdkafka::rd_kafka_header_add(
                self.read().0,
                name.as_ptr().cast(),
                name_size,
                value_start,
                value_size,
            )
        })
    }
}

fn into_result(error: RDKafkaRespErr) -> Result<(), RDKafkaErrorCode> {
    match error {
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR => Ok(()),
        error => Err(error.into()),
    }
}
