//! Packs rows for runners without JSON: C, and microcontrollers. `tests/systems/embedded/rows` describes the format.

mod arguments;
mod pool;

use crate::row::{format_files, format_rows_of};
use crate::{FormatOperation, LoadError, Row, Text, files, is_selected, rows_of};
use arguments::{arguments, format_arguments};
use pool::Pool;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A row, and the name of the file that it is from.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// One about W3C's headers.
    W3c(&'a str, &'a Row),
    /// One about other formats.
    Format(&'a str, &'a Row<FormatOperation>),
}

impl<'a> Named<'a> {
    /// The name of the file.
    pub fn file(self) -> &'a str {
        let (Self::W3c(file, _) | Self::Format(file, _)) = self;
        file
    }

    /// The name of the row.
    pub fn id(self) -> &'a str {
        match self {
            Self::W3c(_, row) => &row.id,
            Self::Format(_, row) => &row.id,
        }
    }

    /// The operation, its arguments, and what is expected.
    fn atoms(self) -> Result<Vec<Atom>, String> {
        let (mut atoms, expect) = match self {
            Self::W3c(_, row) => (arguments(&row.case), &row.expect),
            Self::Format(_, row) => (format_arguments(&row.case), &row.expect),
        };
        atoms.push(Atom::End);
        expected("", expect, &mut atoms).map_err(|reason| format!("{}: {reason}", self.id()))?;
        Ok(atoms)
    }
}

/// All rows about W3C's headers, or those that `TRACEBATON_ROW` selects, each with the name of its file.
///
/// # Errors
///
/// If a file cannot be read or breaks its schema.
pub fn named_rows() -> Result<Vec<(String, Row)>, LoadError> {
    named(&files()?, "", rows_of)
}

/// All rows about other formats, or those that `TRACEBATON_ROW` selects, each with the name of its file.
///
/// # Errors
///
/// A file that cannot be read or breaks its schema.
pub fn named_format_rows() -> Result<Vec<(String, Row<FormatOperation>)>, LoadError> {
    named(&format_files()?, "formats/", format_rows_of)
}

fn named<C>(
    files: &[PathBuf],
    folder: &str,
    rows_of: impl Fn(&Path) -> Result<Vec<Row<C>>, LoadError>,
) -> Result<Vec<(String, Row<C>)>, LoadError> {
    let mut named = Vec::new();
    for file in files {
        let name = format!("{folder}{}", file.file_stem().unwrap_or_default().display());
        let rows = rows_of(file)?.into_iter().filter(is_selected);
        named.extend(rows.map(|row| (name.clone(), row)));
    }
    Ok(named)
}

/// Packs these rows.
///
/// # Errors
///
/// If a row expects a value that cannot be packed.
pub fn pack(rows: &[Named<'_>]) -> Result<Vec<u8>, String> {
    pack_with(Pool::default(), rows)
}

fn pack_with(mut pool: Pool, rows: &[Named<'_>]) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    for row in rows {
        let bytes = packed_row(*row, &mut pool)?;
        varint(bytes.len() as u64, &mut body);
        body.extend(bytes);
    }
    let mut packed = b"rows".to_vec();
    varint(rows.len() as u64, &mut packed);
    let pool = pool.into_bytes();
    varint(pool.len() as u64, &mut packed);
    packed.extend(pool);
    packed.extend(body);
    Ok(packed)
}

/// Packs these rows densely, into as few files of at most `most` bytes as possible.
///
/// # Errors
///
/// As [`pack`], or if one row alone is too large.
pub fn pack_in_parts(rows: &[Named<'_>], most: usize) -> Result<Vec<Vec<u8>>, String> {
    let packed = pack_with(Pool::dense(rows)?, rows)?;
    if packed.len() <= most {
        return Ok(vec![packed]);
    }
    if let [row] = rows {
        return Err(format!("{} takes {} bytes, more than {most}", row.id(), packed.len()));
    }
    let (first, second) = rows.split_at(rows.len() / 2);
    let mut parts = pack_in_parts(first, most)?;
    parts.extend(pack_in_parts(second, most)?);
    Ok(parts)
}

/// The same row with one value expected that cannot come.
pub fn spoiled<C: Clone>(row: &Row<C>) -> Row<C> {
    let mut row = row.clone();
    spoil(&mut row.expect);
    row
}

/// The same row without the error that it expects; `None` if it expects no error.
pub fn without_error<C: Clone>(row: &Row<C>) -> Option<Row<C>> {
    let mut row = row.clone();
    row.expect.as_object_mut()?.remove("error")?;
    Some(row)
}

fn spoil(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().take(1).for_each(spoil),
        other => *other = Value::from("an impossible outcome"),
    }
}

fn packed_row(row: Named<'_>, pool: &mut Pool) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let texts = [row.id(), row.file()].map(|text| Atom::Bytes(text.as_bytes().to_vec()));
    for atom in texts.into_iter().chain(row.atoms()?) {
        push(&atom, pool, &mut bytes);
    }
    Ok(bytes)
}

/// One piece of a row. The crate `tests/systems/embedded/rows` has a table of them.
#[derive(Clone, Debug, PartialEq)]
enum Atom {
    End,
    Null,
    Bool(bool),
    Integer(i64),
    Bytes(Vec<u8>),
    Open,
    Close,
}

fn push(atom: &Atom, pool: &mut Pool, bytes: &mut Vec<u8>) {
    match atom {
        Atom::End => bytes.push(0),
        Atom::Null => bytes.push(1),
        Atom::Bool(truth) => bytes.push(2 + u8::from(*truth)),
        Atom::Integer(number) => {
            bytes.push(4);
            varint((number << 1 ^ number >> 63) as u64, bytes);
        }
        Atom::Bytes(text) => {
            bytes.push(5);
            varint(pool.find(text) as u64, bytes);
            varint(text.len() as u64, bytes);
        }
        Atom::Open => bytes.push(6),
        Atom::Close => bytes.push(7),
    }
}

fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The path and value of each leaf of an object.
fn expected(path: &str, value: &Value, atoms: &mut Vec<Atom>) -> Result<(), String> {
    match value {
        Value::Object(members) if text(value).is_none() => {
            let path_of =
                |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            members.iter().try_for_each(|(name, value)| expected(&path_of(name), value, atoms))
        }
        _ => {
            atoms.push(Atom::Bytes(path.as_bytes().to_vec()));
            leaf(value, atoms)?;
            atoms.push(Atom::End);
            Ok(())
        }
    }
}

fn leaf(value: &Value, atoms: &mut Vec<Atom>) -> Result<(), String> {
    match value {
        Value::Array(items) => {
            atoms.push(Atom::Open);
            items.iter().try_for_each(|item| item_of_list(item, atoms))?;
            atoms.push(Atom::Close);
        }
        Value::Null => atoms.push(Atom::Null),
        Value::Bool(truth) => atoms.push(Atom::Bool(*truth)),
        Value::Number(number) => {
            atoms.push(Atom::Integer(number.as_i64().ok_or(format!("{number} does not fit into 64 bits"))?));
        }
        _ => atoms.push(Atom::Bytes(text(value).ok_or(format!("not a text: {value}"))?)),
    }
    Ok(())
}

/// The members of a format that was not chosen.
const OTHER: &[&str] = &["format", "index", "outcome", "trace_id", "span_id", "sampling", "rule", "offset"];

/// A header, a member or a format that was not chosen: its parts one after the other.
fn item_of_list(item: &Value, atoms: &mut Vec<Atom>) -> Result<(), String> {
    match item {
        Value::Array(parts) => parts.iter().try_for_each(|part| leaf(part, atoms)),
        Value::Object(members) => {
            let names = match () {
                () if members.contains_key("outcome") => OTHER,
                () if members.contains_key("properties") => &["key", "value", "properties"],
                () => &["key", "value"],
            };
            let names = names.iter();
            if let Some(name) = members.keys().find(|name| !names.clone().any(|known| known == name)) {
                return Err(format!("a member with a {name}"));
            }
            names
                .map(|name| members.get(*name).unwrap_or(&Value::Null))
                .try_for_each(|part| leaf(part, atoms))
        }
        other => Err(format!("neither a header nor a member: {other}")),
    }
}

/// The bytes of a text, which is a string or `{"hex": "00ff"}`.
fn text(value: &Value) -> Option<Vec<u8>> {
    let is_text = value.is_string() || value.get("hex").is_some();
    is_text.then(|| Text::try_from(value.clone()).ok()).flatten().map(|text| text.0)
}
