//! The work of the service. It does not depend on Kafka or traces.

use std::time::Duration;

/// Maximum count of attempts for an order.
pub const MAX_ATTEMPTS: u32 = 3;

/// Why an order was not billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The bank does not answer; the order may succeed later.
    BankUnavailable,
    /// The order is not text, or has no amount.
    InvalidOrder,
}

impl Failure {
    /// The `error.type` of spans and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::BankUnavailable => "bank_unavailable",
            Self::InvalidOrder => "invalid_order",
        }
    }

    /// Whether another attempt can succeed.
    pub fn is_temporary(self) -> bool {
        self == Self::BankUnavailable
    }
}

/// Bills an order such as `cents=990`. An order with `fails=N` fails N times, for the tests.
#[tracing::instrument(skip(order))]
pub async fn bill(order: &[u8], attempt: u32) -> Result<String, Failure> {
    tokio::time::sleep(Duration::from_millis(1)).await;
    let order = std::str::from_utf8(order).map_err(|_| Failure::InvalidOrder)?;
    let field = |name| order.split(' ').find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
    let cents: u32 = field("cents").and_then(|cents| cents.parse().ok()).ok_or(Failure::InvalidOrder)?;
    let fails: u32 = field("fails").and_then(|fails| fails.parse().ok()).unwrap_or(0);
    if attempt <= fails {
        return Err(Failure::BankUnavailable);
    }
    tracing::info!(cents, "billed");
    Ok(format!("paid={cents} {order}"))
}
