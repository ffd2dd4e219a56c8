//! Reading librdkafka's header lists: all calls into it, and so all `unsafe` of this crate, are here.

use rdkafka::bindings as librdkafka;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Message, OwnedHeaders, OwnedMessage};
use rdkafka::types::{RDKafkaErrorCode, RDKafkaRespErr};
use std::collections::BTreeSet;
use std::ffi::{CStr, CString, c_char, c_void};
use std::marker::PhantomData;
use std::ptr;
use tracebaton::{Header, HeaderName};

/// How many names of one list are looked up, and how many headers are removed in place: each is a pass over the list (R9).
const MAX_PASSES: u32 = 64;

/// What has record headers: rdkafka's messages and header lists, borrowed and owned.
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
    /// The headers; none if the record has none.
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

/// The headers of a record in their order, as [`headers`](crate::headers) gives them.
///
/// A name that only reads as one of the three because librdkafka cut it off at a NUL comes with that NUL at its end.
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

    /// Whether librdkafka cut off this name: then no header of exactly this name has this very value.
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

/// Whether this value begins right behind the NUL at which this name is seen to end: then the name does end there.
///
/// librdkafka keeps them so, but does not promise it: a no means nothing.
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
    /// rdkafka's reference to borrowed headers is librdkafka's pointer: `BorrowedHeaders` has no fields, and all that
    /// rdkafka itself does with one is this cast.
    pub(crate) fn of(headers: &'a BorrowedHeaders) -> Self {
        Self(ptr::from_ref(headers).cast_mut().cast(), PhantomData)
    }

    /// The header at this index, its name up to the first NUL.
    pub(crate) fn get(self, index: usize) -> Option<(&'a CStr, Option<&'a [u8]>)> {
        let mut name: *const c_char = ptr::null();
        let (mut value, mut size) = (ptr::null(), 0);
        // SAFETY: the list is alive for `'a`, and the three places are written to only before the call returns.
        let error =
            unsafe { librdkafka::rd_kafka_header_get_all(self.0, index, &mut name, &mut value, &mut size) };
        if error != RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR {
            return None;
        }
        // SAFETY: librdkafka ends every name with a NUL and keeps it as long as the header, which is not changed in `'a`.
        Some((unsafe { CStr::from_ptr(name) }, self.value(value, size)))
    }

    /// The value of the `nth` header whose whole name is `name`.
    fn named(self, name: &CStr, nth: usize) -> Option<Option<&'a [u8]>> {
        let (mut value, mut size) = (ptr::null(), 0);
        // SAFETY: the list is alive for `'a`, the name ends with a NUL, and both places are written to only now.
        let error =
            unsafe { librdkafka::rd_kafka_header_get(self.0, nth, name.as_ptr(), &mut value, &mut size) };
        (error == RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR).then(|| self.value(value, size))
    }

    fn value(self, value: *const c_void, size: usize) -> Option<&'a [u8]> {
        // SAFETY: librdkafka gave both; a value that is not null has `size` bytes, which are not changed in `'a`.
        (!value.is_null()).then(|| unsafe { std::slice::from_raw_parts(value.cast(), size) })
    }
}

/// A header list of librdkafka that may be changed.
pub(crate) struct ListMut<'a>(&'a mut OwnedHeaders);

impl<'a> ListMut<'a> {
    pub(crate) fn of(headers: &'a mut OwnedHeaders) -> Self {
        Self(headers)
    }

    pub(crate) fn read(&self) -> List<'_> {
        List::of(self.0.as_borrowed())
    }

    /// The different names that are unwanted, as headers of the list spell them; not those that librdkafka cut off.
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

    /// A new list without the headers whose name is unwanted. The time is linear, however many these are.
    ///
    /// A name that librdkafka cut off at a NUL cannot be copied, so that its header is left out where that is found out.
    pub(crate) fn without(&self, unwanted: impl Fn(&[u8]) -> bool) -> Result<OwnedHeaders, RDKafkaErrorCode> {
        let list = self.read();
        let mut cut = HeaderIter::new(Some(self.0.as_borrowed()));
        let mut others = OwnedHeaders::new();
        for (name, value) in (0..).map_while(|index| list.get(index)) {
            // None is lost for a doubt: without look-ups left a name counts as whole.
            let is_cut = cut.is_cut(list, name, value) && cut.lookups_left > 0;
            if unwanted(name.to_bytes()) || is_cut {
                continue;
            }
            ListMut(&mut others).add(Header { name: name.to_bytes(), value })?;
        }
        Ok(others)
    }

    /// Removes every header that reads as this name.
    pub(crate) fn remove(&mut self, name: &CStr) -> Result<(), RDKafkaErrorCode> {
        // SAFETY: the list is borrowed mutably, so nothing points into it, the name included, which ends with a NUL.
        into_result(unsafe { librdkafka::rd_kafka_header_remove(self.read().0, name.as_ptr()) })
    }

    /// Adds a copy of a header at the end.
    pub(crate) fn add(&mut self, header: Header<'_>) -> Result<(), RDKafkaErrorCode> {
        let (name, value) = (header.name, header.value);
        let value_start = value.map_or(ptr::null(), |value| value.as_ptr().cast());
        // A slice is never longer than `isize::MAX` bytes.
        let (name_size, value_size) = (name.len() as isize, value.unwrap_or_default().len() as isize);
        // SAFETY: the list is borrowed mutably; name and value have as many bytes as said, and are copied.
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
