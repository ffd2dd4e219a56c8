//! What is left of many figures.

use serde::Serialize;
use statrs::statistics::{Data, Max as _, Min as _, OrderStatistics as _};

/// The median of some figures and how far they lie apart.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    /// As many lie below as above.
    pub median: f64,
    /// The lowest.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
}

impl Spread {
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut data = Data::new(figures.into_iter().collect::<Vec<_>>());
        Self { median: data.median(), lowest: data.min(), highest: data.max() }
    }
}
