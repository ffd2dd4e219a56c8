//! kafka-protocol, whose records are encoded and decoded.

use crate::{BAGGAGE, RECEIVED, SENT, span};
use ::kafka_protocol::records::{
    Compression, Record, RecordBatchDecoder, RecordBatchEncoder, RecordEncodeOptions, TimestampType,
};
use tracebaton::{Extracted, Injection};

/// A record that comes as bytes and goes as bytes.
///
/// # Panics
///
/// If the functions do not do as the guide says.
pub fn check_kafka_protocol(extract: fn(&Record) -> Extracted<'_>, inject: fn(&Injection<'_>, &mut Record)) {
    let headers = [("Traceparent", Some(RECEIVED)), ("null", None), ("baggage", Some(BAGGAGE))];
    let received = over_the_wire(&Record {
        headers: headers.map(|(name, value)| (name.into(), value.map(Into::into))).into(),
        ..record()
    });
    let mut sent = received.clone();
    let span = extract(&received).context().child(span()).expect("a parent");
    inject(&span.injection(), &mut sent);

    let sent = over_the_wire(&sent);
    let headers: Vec<_> =
        sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
    let expected =
        [("null", None), ("traceparent", Some(SENT.as_bytes())), ("baggage", Some(BAGGAGE.as_bytes()))];
    assert_eq!(headers, expected);
}

fn over_the_wire(record: &Record) -> Record {
    let mut bytes = bytes::BytesMut::new();
    let options = RecordEncodeOptions { version: 2, compression: Compression::None };
    RecordBatchEncoder::encode(&mut bytes, [record], &options).expect("a batch");
    RecordBatchDecoder::decode(&mut bytes.freeze()).expect("the batch").records.remove(0)
}

fn record() -> Record {
    Record {
        transactional: false,
        control: false,
        delete_horizon: false,
        partition_leader_epoch: -1,
        producer_id: -1,
        producer_epoch: -1,
        timestamp_type: TimestampType::Creation,
        offset: 0,
        sequence: -1,
        timestamp: 0,
        key: None,
        value: Some("order".into()),
        headers: Default::default(),
    }
}
