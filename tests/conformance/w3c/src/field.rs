//! The fields of an HTTP message.

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use hyper::http;

/// One field of an HTTP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Vec<u8>,
    /// Its value, without the white space around it.
    pub value: Vec<u8>,
}

/// The fields of a message, one for each name. Several lines of a name are joined in sequence with `, ` (RFC 9110,
/// 5.3).
pub(crate) fn combined(lines: &HeaderMap) -> Vec<Field> {
    let value =
        |name| lines.get_all(name).iter().map(HeaderValue::as_bytes).collect::<Vec<_>>().join(&b", "[..]);
    lines.keys().map(|name| Field { name: name.as_str().into(), value: value(name) }).collect()
}

/// The fields as header lines.
pub(crate) fn lines(fields: &[Field]) -> Result<HeaderMap, http::Error> {
    let mut lines = HeaderMap::new();
    for field in fields {
        lines.append(HeaderName::from_bytes(&field.name)?, HeaderValue::from_bytes(&field.value)?);
    }
    Ok(lines)
}
