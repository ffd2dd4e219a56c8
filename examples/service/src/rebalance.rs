//! Partitions that leave while a batch is open.

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, ConsumerContext, Rebalance};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::topic_partition_list::TopicPartitionList;
use std::mem;
use std::sync::{Mutex, PoisonError};

/// The partitions that were revoked, which the consumer notes inside its polls.
///
/// librdkafka commits their stored offsets. Their next owner, which may be this member again, receives the other records.
#[derive(Default)]
pub(crate) struct Revoked(Mutex<Vec<TopicPartitionList>>);

impl ClientContext for Revoked {}

impl ConsumerContext for Revoked {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Revoke(partitions) = rebalance {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push((*partitions).clone());
        }
    }
}

impl Revoked {
    /// Drops the records of all partitions that were revoked since the last call. The record that the last poll returned
    /// is newer than the revocation, so call this before you add it.
    pub(crate) fn drop_revoked(&self, open: &mut Vec<BorrowedMessage<'_>>) {
        let revoked = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        open.retain(|record| {
            let is_in =
                |list: &TopicPartitionList| list.find_partition(record.topic(), record.partition()).is_some();
            !revoked.iter().any(is_in)
        });
    }
}
