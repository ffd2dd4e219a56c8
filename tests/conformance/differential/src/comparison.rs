//! Counts the values that are read differently, by cause.

use crate::differences::{Cause, causes};
use crate::readings::{Header, propagator};
use crate::{generated, vectors};
use std::collections::BTreeMap;
use tracebaton_rows::LoadError;

/// The values that were compared, by header and by cause.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The generated values, by header.
    pub generated: BTreeMap<Header, Generated>,
    /// The values that are read differently.
    pub different: BTreeMap<(Header, Cause), Different>,
    /// The values that are read differently for no named cause.
    pub unexplained: Vec<String>,
    /// How many values of the vectors were compared.
    pub vectors: usize,
}

/// The counts of the generated values of one header.
#[derive(Clone, Copy, Debug, Default)]
pub struct Generated {
    /// Values from which both read the same content.
    pub same: usize,
    /// Values from which both read nothing.
    pub nothing: usize,
    /// Values that are read differently.
    pub different: usize,
}

/// The values that are read differently for one cause.
#[derive(Debug, Default)]
pub struct Different {
    /// Those in the vectors: the row, and one of its values.
    pub rows: Vec<(String, Vec<u8>)>,
    /// How many generated values have this cause.
    pub generated: usize,
    /// The shortest of these.
    pub shortest: Vec<u8>,
}

impl Comparison {
    /// Compares everything.
    ///
    /// # Errors
    ///
    /// The vectors cannot be read.
    pub fn of_everything() -> Result<Self, LoadError> {
        let mut comparison = Self::default();
        for vector in vectors::values()? {
            comparison.vectors += 1;
            comparison.compare(vector.header, &vector.value, Some(&vector.id));
        }
        for header in Header::ALL {
            for value in generated::values(header) {
                comparison.compare(header, &value, None);
            }
        }
        Ok(comparison)
    }

    fn compare(&mut self, header: Header, value: &[u8], row: Option<&str>) {
        let causes = causes(header, value).unwrap_or_else(|unexplained| {
            self.unexplained.push(unexplained.0);
            Vec::new()
        });
        if row.is_none() {
            let counts = self.generated.entry(header).or_default();
            match propagator(header, value).is_empty() {
                _ if !causes.is_empty() => counts.different += 1,
                true => counts.nothing += 1,
                false => counts.same += 1,
            }
        }
        for cause in causes {
            self.different.entry((header, cause)).or_default().add(value, row);
        }
    }
}

impl Different {
    fn add(&mut self, value: &[u8], row: Option<&str>) {
        match row {
            Some(id) if self.rows.last().is_some_and(|(last, _)| last == id) => {}
            Some(id) => self.rows.push((id.to_owned(), value.to_vec())),
            None => {
                if self.generated == 0 || value.len() < self.shortest.len() {
                    self.shortest = value.to_vec();
                }
                self.generated += 1;
            }
        }
    }
}

impl Comparison {
    /// The values with this difference.
    pub fn named(&self, header: Header, name: &'static str) -> &Different {
        static NONE: Different = Different { rows: Vec::new(), generated: 0, shortest: Vec::new() };
        self.different.get(&(header, Cause::Named(name))).unwrap_or(&NONE)
    }
}
