//! Python's lists of `(name, value)`, as Kafka clients give and take them.

use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyList, PyString, PyTuple};
use tracebaton::{Extracted, Header, HeaderName, Injection, Reader};

/// The headers of a record that have one of W3C's names. The others are never looked into.
pub struct Candidates<'py>(Vec<(usize, HeaderName, Option<Bound<'py, PyBytes>>)>);

impl<'py> Candidates<'py> {
    /// Reads any iterable. What is no pair, or has a name that is no text, is another application's header.
    pub fn of(headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut candidates = Vec::new();
        for (index, header) in headers.try_iter()?.enumerate() {
            let header = header?;
            if let Some(name) = name(&header) {
                candidates.push((index, name, value(&header)));
            }
        }
        Ok(Self(candidates))
    }

    pub fn extract(&self) -> Extracted<'_> {
        let mut reader = Reader::new();
        for (index, name, value) in &self.0 {
            reader.add_at(*index, name.as_str().as_bytes(), || value.as_ref().map(|value| value.as_bytes()));
        }
        reader.finish()
    }

    /// The same with several headers of a list joined.
    pub fn extract_joined<'a>(&'a self, buffer: &'a mut [u8]) -> Extracted<'a> {
        let header = |(_, name, value): &'a (usize, HeaderName, Option<Bound<'py, PyBytes>>)| Header {
            name: name.as_str().as_bytes(),
            value: value.as_ref().map(|value| value.as_bytes()),
        };
        tracebaton::extract_joined(self.0.iter().map(header), buffer)
    }
}

/// Which of W3C's headers this is.
fn name(header: &Bound<'_, PyAny>) -> Option<HeaderName> {
    let name = item(header, 0)?;
    if let Ok(name) = name.cast::<PyString>() {
        return HeaderName::of(name.to_str().ok()?.as_bytes());
    }
    HeaderName::of(name.cast::<PyBytes>().ok()?.as_bytes())
}

/// The bytes of a value. Text counts, since some clients take it; `None` and other types are null.
fn value<'py>(header: &Bound<'py, PyAny>) -> Option<Bound<'py, PyBytes>> {
    let value = item(header, 1)?;
    if let Ok(text) = value.cast::<PyString>() {
        return Some(PyBytes::new(value.py(), text.to_str().ok()?.as_bytes()));
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Some(PyBytes::new(value.py(), &bytes.to_vec()));
    }
    value.cast_into::<PyBytes>().ok()
}

fn item<'py>(header: &Bound<'py, PyAny>, index: usize) -> Option<Bound<'py, PyAny>> {
    match header.cast::<PyTuple>() {
        Ok(tuple) => tuple.get_item(index).ok(),
        Err(_) => header.cast::<PyList>().ok()?.get_item(index).ok(),
    }
}

/// Writes an injection into the list, in one assignment: all of it or nothing.
pub fn replace(headers: &Bound<'_, PyList>, injection: &Injection<'_>) -> PyResult<()> {
    let py = headers.py();
    let stays = |header: &Bound<'_, PyAny>| !name(header).is_some_and(|name| injection.replaces_name(name));
    let after = PyList::new(py, headers.iter().filter(stays).collect::<Vec<_>>())?;
    for header in injection.headers() {
        let name = String::from_utf8_lossy(header.name);
        after.append((name, header.value.map(|value| PyBytes::new(py, value))))?;
    }
    headers.set_slice(0, headers.len(), &after)
}
