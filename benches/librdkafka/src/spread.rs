//! A summary of repeated measurements.

use serde::Serialize;
use statrs::statistics::{Data, Max as _, Min as _, OrderStatistics as _};

/// The median, the lowest and the highest of some figures.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    /// Half of the figures are lower.
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
