//! kafka-protocol, which encodes and decodes records.

use crate::{BAGGAGE, RECEIVED, SENT, span};
use ::kafka_protocol::records::{
    Compression, Record, RecordBatchDecoder, RecordBatchEncoder, RecordEncodeOptions, TimestampType,
};
use tracebaton::{Extracted, Injection};

mod guide {
    include!(concat!(env!("OUT_DIR"), "/kafka-protocol.rs"));

    #[test]
    fn its_functions_keep_the_trace() {
        super::check(extract, inject);
    }
}

/// A record that is received as bytes and sent as bytes.
fn check(extract: fn(&Record) -> Extracted<'_>, inject: fn(&Injection<'_>, &mut Record)) {
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
    RecordBatchDecoder::decode(&mut encoded(record).freeze()).expect("the batch").records.remove(0)
}

fn encoded(record: &Record) -> bytes::BytesMut {
    let mut bytes = bytes::BytesMut::new();
    let options = RecordEncodeOptions { version: 2, compression: Compression::None };
    RecordBatchEncoder::encode(&mut bytes, [record], &options).expect("a batch");
    bytes
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

mod tests {
    use super::*;

    /// Decodes the headers of a record, after the names of its two headers were replaced in the encoded batch.
    fn read(names: [&[u8; 2]; 2]) -> Option<Vec<(String, Option<bytes::Bytes>)>> {
        let headers = [("h1", Some("first".into())), ("h2", Some("second".into()))];
        let headers = headers.map(|(name, value)| (name.into(), value)).into();
        let mut batch = encoded(&Record { headers, ..record() });
        for (name, other) in [b"h1", b"h2"].into_iter().zip(names) {
            let place = batch.windows(2).position(|bytes| bytes == name).unwrap();
            batch[place..place + 2].copy_from_slice(other);
        }
        // The checksum of a batch is at byte 17, and covers the bytes from 21 on.
        let checksum = crc32c::crc32c(&batch[21..]);
        batch[17..21].copy_from_slice(&checksum.to_be_bytes());
        let record = RecordBatchDecoder::decode(&mut batch.freeze()).ok()?.records.remove(0);
        Some(record.headers.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }

    #[test]
    fn what_the_guide_says_of_it() {
        let value = |text: &'static str| Some(bytes::Bytes::from(text));
        let both = [("k1".to_owned(), value("first")), ("k2".to_owned(), value("second"))];
        assert_eq!(read([b"k1", b"k2"]), Some(both.into()));
        assert_eq!(read([b"h1", b"h1"]), Some(vec![("h1".to_owned(), value("second"))]));
        assert_eq!(read([b"h1", b"\xff\xfe"]), None);
    }
}
