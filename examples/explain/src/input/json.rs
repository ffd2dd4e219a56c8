//! JSON texts: one record, a list of records, a list of headers, or an event that contains records.

use super::members::{Kind, Members};
use super::{Stop, node::Node, shape};
use crate::names::{Role, role};
use crate::record::Record;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Whether a message is the one for a text that is not JSON.
pub fn is_syntax(problem: &str) -> bool {
    problem.starts_with(NOT_JSON)
}

const NOT_JSON: &str = "not JSON: ";

/// Calls `each` with every record of a JSON text, as [`super::records`] does.
///
/// An error names the problem and the column, and quotes nothing of the text.
pub fn records<E>(
    bytes: &[u8],
    record: &mut Record,
    each: &mut impl FnMut(&Record, u64) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    let document = bytes.as_ptr().addr();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(shape::mark(bytes)),
    };
    let is_marked = matches!(text, Cow::Owned(_));
    let input = Input { text: &text, document: (!is_marked).then_some(document), is_marked, line: 0 };
    value(&input, &text, record, each)
}

fn value<E>(
    input: &Input<'_>,
    part: &str,
    record: &mut Record,
    each: &mut impl FnMut(&Record, u64) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    match part.trim_ascii_start().as_bytes() {
        [b'[', ..] => list(input, part, record, each),
        [b'"', ..]
            if let Ok(inner) = serde_json::from_str::<String>(part)
                && inner.trim_ascii_start().starts_with('{') =>
        {
            // A JSON text inside a JSON string, as serverless functions receive it.
            let inner =
                Input { text: &inner, document: None, is_marked: input.is_marked, line: input.line(part) };
            object(&inner, inner.text, record, each)
        }
        _ => object(input, part, record, each),
    }
}

/// A whole text, whose parts are records.
struct Input<'t> {
    text: &'t str,
    /// Address of the document that contains the text. `None` if no document does; then no payload can be found in
    /// it.
    document: Option<usize>,
    /// Whether bytes that are not UTF-8 are marked in it.
    is_marked: bool,
    /// Line at which the text begins, from 0. It is above 0 for a text inside another one.
    line: u64,
}

impl Input<'_> {
    /// Offset of a part.
    fn place(&self, part: &str) -> usize {
        part.as_ptr().addr() - self.text.as_ptr().addr()
    }

    /// Line at which a part begins, from 0.
    fn line(&self, part: &str) -> u64 {
        let before = &self.text.as_bytes()[..self.place(part)];
        self.line + before.iter().filter(|byte| **byte == b'\n').count() as u64
    }

    fn unread<E>(&self, part: &str, error: &serde_json::Error) -> Stop<E> {
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        let kind = if error.is_data() { "" } else { NOT_JSON };
        let line = self.line(part);
        let at = if error.line() > 1 { format!("line {}, ", error.line()) } else { String::new() };
        Stop::Unread(line, format!("{kind}{message} ({at}column {})", error.column()))
    }
}

/// A list of records, or of the headers of one record.
fn list<E>(
    input: &Input<'_>,
    part: &str,
    record: &mut Record,
    each: &mut impl FnMut(&Record, u64) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    let items: Vec<&RawValue> = serde_json::from_str(part).map_err(|error| input.unread(part, &error))?;
    let is_record = |item: &&RawValue| {
        if item.get().starts_with("\"{") {
            return true;
        }
        let members: Result<Members<'_>, _> = serde_json::from_str(item.get());
        members.is_ok_and(|members| members.kinds.iter().any(|kind| kind.is_of_record()))
    };
    if items.first().is_some_and(is_record) {
        return items.iter().try_for_each(|item| value(input, item.get(), record, each));
    }
    record.clear();
    let headers: Node<'_> = serde_json::from_str(part).map_err(|error| input.unread(part, &error))?;
    if headers.is_scalars() {
        return Err(Stop::Unread(
            input.line(part),
            "a list that contains neither records nor headers".to_owned(),
        ));
    }
    shape::headers(&headers, input.is_marked, record)
        .map_err(|problem| Stop::Unread(input.line(part), problem))?;
    each(record, input.line(part)).map_err(Stop::Each)
}

/// A record, an event that contains records, or an object of headers.
fn object<E>(
    input: &Input<'_>,
    part: &str,
    record: &mut Record,
    each: &mut impl FnMut(&Record, u64) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    record.clear();
    let mut json = serde_json::Deserializer::from_str(part);
    let read = Object { record, is_marked: input.is_marked }
        .deserialize(&mut json)
        .and_then(|found| json.end().map(|()| found));
    let found = read.map_err(|error| input.unread(part, &error))?;
    if let (Some(payload), Some(document)) = (found.payload, input.document) {
        let start = payload.as_ptr().addr() - document;
        record.payload = Some(start..start + payload.len());
    }
    match found {
        Found { has_headers: true, .. } => {}
        Found { records: Some(records), .. } => return event(input, records, record, each),
        Found { within: Some(within), .. } if let Some(headers) = headers_within(within) => {
            shape::headers(&headers, input.is_marked, record)
                .map_err(|problem| Stop::Unread(input.line(part), problem))?;
        }
        _ => {
            without_headers(part, input, record).map_err(|problem| Stop::Unread(input.line(part), problem))?
        }
    }
    each(record, input.line(part)).map_err(Stop::Each)
}

/// The `records` of an event: a list, or an object of lists by topic and partition.
fn event<E>(
    input: &Input<'_>,
    records: &str,
    record: &mut Record,
    each: &mut impl FnMut(&Record, u64) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    if records.starts_with('[') {
        return list(input, records, record, each);
    }
    let lists: Members<'_> = serde_json::from_str(records).map_err(|error| input.unread(records, &error))?;
    lists.values.iter().try_for_each(|records| list(input, records.get(), record, each))
}

/// The headers in an object inside the record.
fn headers_within(within: &str) -> Option<Node<'_>> {
    let members: Members<'_> = serde_json::from_str(within).ok()?;
    let place = members.kinds.iter().position(|kind| *kind == Kind::Headers)?;
    serde_json::from_str(members.values[place].get()).ok()
}

/// An object without a member for headers. Its members are the headers, or their names are kept for the finding.
fn without_headers(part: &str, input: &Input<'_>, record: &mut Record) -> Result<(), String> {
    let members: Members<'_> = serde_json::from_str(part).unwrap_or_default();
    let is_record = members.kinds.iter().any(|kind| kind.is_of_record());
    let is_ours = |name: &Cow<'_, str>| !matches!(role(name.as_bytes()), Role::Other | Role::Tracing);
    if !is_record && members.names.iter().any(is_ours) {
        let headers: Node<'_> = serde_json::from_str(part).map_err(|error| error.to_string())?;
        return shape::headers(&headers, input.is_marked, record);
    }
    // `kcat -J` omits this member if a record has no headers.
    let is_kcat = ["topic", "partition", "offset", "payload"]
        .iter()
        .all(|known| members.names.contains(&Cow::Borrowed(*known)));
    if !is_kcat && !members.names.is_empty() {
        record.members = Some(members.names.join(", "));
    }
    Ok(())
}

/// Reads an object as a record.
struct Object<'r> {
    record: &'r mut Record,
    is_marked: bool,
}

/// What an object contains besides the parts that its record now has.
#[derive(Default)]
struct Found<'de> {
    has_headers: bool,
    payload: Option<&'de str>,
    records: Option<&'de str>,
    within: Option<&'de str>,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, one record")
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Found<'de>, E> {
        Err(E::invalid_type(serde::de::Unexpected::Other("a string"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Found<'de>, A::Error> {
        let Self { record, is_marked } = self;
        let mut found = Found::default();
        let mut is_known = true;
        while let Some(kind) = members.next_key::<Kind>()? {
            match kind {
                Kind::Headers if found.has_headers => {
                    return Err(serde::de::Error::custom("the member headers is repeated"));
                }
                Kind::Headers => {
                    found.has_headers = true;
                    let headers: Node<'de> = members.next_value()?;
                    shape::headers(&headers, is_marked, record).map_err(serde::de::Error::custom)?;
                }
                Kind::Topic => match members.next_value()? {
                    Node::Text(topic) => record.origin.topic = Some(shape::text(&topic, is_marked)),
                    other => is_known &= matches!(other, Node::Null),
                },
                Kind::Partition | Kind::Offset => match (members.next_value()?, kind) {
                    (Node::Int(number), Kind::Partition) => record.origin.partition = Some(number),
                    (Node::Int(number), _) => record.origin.offset = Some(number),
                    (other, _) => is_known &= matches!(other, Node::Null),
                },
                Kind::Payload => found.payload = Some(members.next_value::<&RawValue>()?.get()),
                Kind::Records => found.records = Some(members.next_value::<&RawValue>()?.get()),
                Kind::Within => found.within = Some(members.next_value::<&RawValue>()?.get()),
                Kind::Other => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        if !is_known {
            record.origin = Default::default();
        }
        Ok(found)
    }
}
