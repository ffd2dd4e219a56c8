//! The `tracestate` header: what each tracing system on the way has to say.

use crate::buffer::{Buffer, Full};
use crate::error::{TraceStateError, TraceStateRule as Rule};
use crate::list::{self, Members};

/// The value of a `tracestate` header, checked and borrowed (W3C Trace Context Level 2, 3.3; R7).
///
/// ```
/// let state = tracebaton::TraceState::parse(b"rojo=00f067aa0ba902b7, congo=t61rcWkgMzE")?;
/// assert_eq!(state.get("congo"), Some(&b"t61rcWkgMzE"[..]));
///
/// let mut buffer = [0; tracebaton::TraceState::MAX_LENGTH];
/// let state = state.insert("congo", "ucfJifl5GOE", &mut buffer)?;
/// assert_eq!(state.as_bytes(), b"congo=ucfJifl5GOE,rojo=00f067aa0ba902b7");
/// # Ok::<(), tracebaton::TraceStateError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceState<'a> {
    value: &'a [u8],
    members: usize,
}

/// One member of a `tracestate`: what one tracing system has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceStateMember<'a> {
    /// Whose it is: `a-z 0-9 _ - * / @`, 1 to 256 bytes (3.3.2.2.1).
    pub key: &'a [u8],
    /// What it says: printable ASCII without `,` and `=`, 1 to 256 bytes, leading spaces included (3.3.2.2.2).
    pub value: &'a [u8],
}

impl<'a> TraceState<'a> {
    /// The list without members.
    pub const EMPTY: TraceState<'static> = TraceState { value: &[], members: 0 };
    /// The most members a list may have (3.3.2).
    pub const MAX_MEMBERS: usize = 32;
    /// The most bytes a value may have (R7); a buffer of this size takes the result of every change.
    pub const MAX_LENGTH: usize = 8192;
    /// The bytes that W3C asks everyone to propagate (3.3.3.1), below which no list is truncated (C4).
    pub const MIN_PROPAGATED: usize = 512;
    /// The most bytes of a key, and of a value (3.3.2.2).
    const MAX_PART: usize = 256;
    /// A member longer than this goes first when a list is truncated (3.3.3.1).
    const LONG_MEMBER: usize = 128;

    /// Reads a header value; one broken rule refuses the whole list (R7).
    pub fn parse(value: &'a [u8]) -> Result<Self, TraceStateError> {
        if value.len() > Self::MAX_LENGTH {
            return Err(TraceStateError::new(Rule::TooLong, Self::MAX_LENGTH));
        }
        let mut members = 0;
        let mut rest = value;
        loop {
            rest = skip(rest, is_between_members);
            if rest.is_empty() {
                return Ok(Self { value, members });
            }
            let start = value.len() - rest.len();
            if members == Self::MAX_MEMBERS {
                return Err(TraceStateError::new(Rule::TooManyMembers, start));
            }
            members += 1;
            rest =
                after_member(rest).map_err(|error| TraceStateError::new(error.rule, start + error.offset))?;
        }
    }

    /// The value as it came, white space and empty members included.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// How many members it has.
    pub const fn len(&self) -> usize {
        self.members
    }

    /// Whether it has no member, in which case no header is written (W2).
    pub const fn is_empty(&self) -> bool {
        self.members == 0
    }

    /// Its members from left, the newest, to right.
    pub fn members(&self) -> TraceStateMembers<'a> {
        TraceStateMembers(Members::of(self.value))
    }

    /// The value of the first member with this key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&'a [u8]> {
        self.members().find(|member| member.key == key.as_ref()).map(|member| member.value)
    }

    /// Adds or updates a member in a copy of the list (C3; W3C Trace Context Level 2, 3.5).
    ///
    /// The member goes to the left and every older one of its key goes away; the others keep their order and bytes, and
    /// the right-most are dropped where the list would grow over 32 members or 8192 bytes. A key or value outside the
    /// grammar is an error that names its rule, with the offset in that key or value.
    pub fn insert<'b>(
        &self,
        key: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        let (key, value) = (key.as_ref(), value.as_ref());
        check_key(key)?;
        check_value(value)?;
        let mut list = List::new(buffer);
        list.push(&[key, b"=", value])?;
        for member in self.raw_members_without(key) {
            if !list.has_room_for(member.len()) {
                break;
            }
            list.push(&[member])?;
        }
        Ok(list.finish())
    }

    /// Deletes every member of this key in a copy of the list (C3).
    pub fn delete<'b>(
        &self,
        key: impl AsRef<[u8]>,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        let key = key.as_ref();
        check_key(key)?;
        let mut list = List::new(buffer);
        for member in self.raw_members_without(key) {
            list.push(&[member])?;
        }
        Ok(list.finish())
    }

    /// Truncates a copy of the list to `limit` bytes, at least 512, by whole members (C4; 3.3.3.1).
    ///
    /// Members longer than 128 bytes go first, from the right, only as many as needed; then the right-most.
    pub fn truncate<'b>(
        &self,
        limit: usize,
        buffer: &'b mut [u8],
    ) -> Result<TraceState<'b>, TraceStateError> {
        if limit < Self::MIN_PROPAGATED {
            return Err(TraceStateError::new(Rule::LimitTooSmall, limit));
        }
        let mut lengths = [0; Self::MAX_MEMBERS];
        for (length, member) in lengths.iter_mut().zip(Members::of(self.value)) {
            *length = member.len();
        }
        keep_within(limit, &mut lengths);
        let mut list = List::new(buffer);
        for (member, length) in Members::of(self.value).zip(lengths) {
            if length > 0 {
                list.push(&[member])?;
            }
        }
        Ok(list.finish())
    }

    fn raw_members_without(&self, key: &[u8]) -> impl Iterator<Item = &'a [u8]> {
        Members::of(self.value).filter(move |member| split(member).key != key)
    }

    /// A value that was checked before and has been copied since.
    #[cfg(feature = "arrayvec")]
    pub(crate) const fn copied(value: &'a [u8], members: usize) -> Self {
        Self { value, members }
    }
}

/// The members of a [`TraceState`] from left to right.
#[derive(Clone, Debug)]
pub struct TraceStateMembers<'a>(Members<'a>);

impl<'a> Iterator for TraceStateMembers<'a> {
    type Item = TraceStateMember<'a>;

    fn next(&mut self) -> Option<TraceStateMember<'a>> {
        self.0.next().map(split)
    }
}

fn split(member: &[u8]) -> TraceStateMember<'_> {
    let (key, value) = list::split_once(member, b'=');
    TraceStateMember { key, value: value.unwrap_or_default() }
}

/// Sets the lengths of the members that must go to zero (C4).
fn keep_within(limit: usize, lengths: &mut [usize]) {
    let count = lengths.iter().filter(|length| **length > 0).count();
    let mut total = lengths.iter().sum::<usize>() + count.saturating_sub(1);
    for longer_than in [TraceState::LONG_MEMBER, 0] {
        for length in lengths.iter_mut().rev() {
            if total > limit && *length > longer_than {
                total = total.saturating_sub(*length + 1);
                *length = 0;
            }
        }
    }
}

/// A list that grows to the right.
struct List<'b> {
    buffer: Buffer<'b>,
    members: usize,
}

impl<'b> List<'b> {
    fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer: Buffer::new(buffer), members: 0 }
    }

    fn has_room_for(&self, length: usize) -> bool {
        self.members < TraceState::MAX_MEMBERS && self.buffer.len() + 1 + length <= TraceState::MAX_LENGTH
    }

    fn push(&mut self, parts: &[&[u8]]) -> Result<(), TraceStateError> {
        let comma: &[u8] = if self.members == 0 { b"" } else { b"," };
        for part in [comma].iter().chain(parts) {
            self.buffer
                .push(part)
                .map_err(|Full| TraceStateError::new(Rule::BufferTooSmall, self.buffer.capacity()))?;
        }
        self.members += 1;
        Ok(())
    }

    fn finish(self) -> TraceState<'b> {
        TraceState { value: self.buffer.finish(), members: self.members }
    }
}

/// What follows the member at the beginning of `list`; the offsets of errors count from there.
fn after_member(list: &[u8]) -> Result<&[u8], TraceStateError> {
    let after_key = skip(list, is_key);
    let key = list.len() - after_key.len();
    check_key_length(list, key)?;
    let Some((b'=', value)) = after_key.split_first() else {
        return Err(no_equals(after_key, key));
    };
    let after_value = skip(value, is_value);
    let rest = skip(after_value, list::is_ows);
    let run = value.len() - after_value.len();
    let length = without_trailing_spaces(value.get(..run).unwrap_or_default());
    let start = key + 1;
    if length > TraceState::MAX_PART {
        return Err(TraceStateError::new(Rule::ValueTooLong, start + TraceState::MAX_PART));
    }
    if !matches!(rest.first(), None | Some(b',')) {
        return Err(TraceStateError::new(Rule::Value, start + run));
    }
    if length == 0 {
        return Err(TraceStateError::new(Rule::ValueEmpty, start));
    }
    Ok(rest)
}

/// A key that is followed by something else than an equals sign.
#[cold]
fn no_equals(after_key: &[u8], key: usize) -> TraceStateError {
    match skip(after_key, list::is_ows).first() {
        None | Some(b',') => TraceStateError::new(Rule::EqualsMissing, key),
        Some(_) => TraceStateError::new(Rule::Key, key),
    }
}

fn check_key_length(key: &[u8], length: usize) -> Result<(), TraceStateError> {
    if !key.first().is_some_and(|byte| is_key_start(*byte)) {
        return Err(TraceStateError::new(Rule::KeyStart, 0));
    }
    if length > TraceState::MAX_PART {
        return Err(TraceStateError::new(Rule::KeyTooLong, TraceState::MAX_PART));
    }
    Ok(())
}

fn check_key(key: &[u8]) -> Result<(), TraceStateError> {
    let length = key.len() - skip(key, is_key).len();
    check_key_length(key, length)?;
    if length < key.len() {
        return Err(TraceStateError::new(Rule::Key, length));
    }
    Ok(())
}

fn check_value(value: &[u8]) -> Result<(), TraceStateError> {
    let length = value.len() - skip(value, is_value).len();
    let error = |rule, offset| Err(TraceStateError::new(rule, offset));
    if length > TraceState::MAX_PART {
        return error(Rule::ValueTooLong, TraceState::MAX_PART);
    }
    if length < value.len() {
        return error(Rule::Value, length);
    }
    match without_trailing_spaces(value) {
        0 => error(Rule::ValueEmpty, 0),
        last if last < length => error(Rule::Value, last),
        _ => Ok(()),
    }
}

fn without_trailing_spaces(value: &[u8]) -> usize {
    value.len() - value.iter().rev().take_while(|byte| **byte == b' ').count()
}

#[inline(always)]
fn skip(bytes: &[u8], class: impl Fn(u8) -> bool) -> &[u8] {
    let mut rest = bytes;
    while let [first, after @ ..] = rest
        && class(*first)
    {
        rest = after;
    }
    rest
}

fn is_between_members(byte: u8) -> bool {
    byte == b',' || list::is_ows(byte)
}

/// lcalpha / DIGIT
fn is_key_start(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9')
}

/// lcalpha / DIGIT / "_" / "-"/ "*" / "/" / "@"
fn is_key(byte: u8) -> bool {
    CLASSES[byte as usize] & KEY != 0
}

/// %x20-2B / %x2D-3C / %x3E-7E
fn is_value(byte: u8) -> bool {
    CLASSES[byte as usize] & VALUE != 0
}

const KEY: u8 = 1;
const VALUE: u8 = 2;
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        if matches!(byte as u8, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@') {
            classes[byte] |= KEY;
        }
        if matches!(byte as u8, 0x20..=0x2b | 0x2d..=0x3c | 0x3e..=0x7e) {
            classes[byte] |= VALUE;
        }
        byte += 1;
    }
    classes
};
