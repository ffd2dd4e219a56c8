//! `RawHeaders` reads the header block of a record as kafka-protocol's decoder does (FORMATS.md F15).

use bytes::{Bytes, BytesMut};
use kafka_protocol::records::{
    Compression, Record, RecordBatchDecoder, RecordBatchEncoder, RecordEncodeOptions, TimestampType,
};
use tracebaton::RawHeaders;

/// Offsets in a batch of version 2: of its records, of its checksum, and of the first byte that the checksum covers.
const RECORDS: usize = 61;
const CHECKSUM: usize = 17;
const CHECKED: usize = 21;

type Headers = Vec<(String, Option<Vec<u8>>)>;

/// A batch of one record without key and value.
fn batch(headers: &Headers) -> Vec<u8> {
    let list = headers.iter().map(|(name, value)| (name.clone().into(), value.clone().map(Bytes::from)));
    let record = Record {
        transactional: false,
        control: false,
        delete_horizon: false,
        partition_leader_epoch: 0,
        producer_id: -1,
        producer_epoch: -1,
        timestamp_type: TimestampType::Creation,
        offset: 0,
        sequence: -1,
        timestamp: 0,
        key: None,
        value: None,
        headers: list.collect(),
    };
    let mut bytes = BytesMut::new();
    let options = RecordEncodeOptions { version: 2, compression: Compression::None };
    RecordBatchEncoder::encode(&mut bytes, [&record], &options).expect("a batch");
    bytes.to_vec()
}

/// Offset of the header block: it follows the length of the record, one byte of attributes, two deltas of one byte,
/// and the lengths -1 of key and value.
fn start_of_block(batch: &[u8]) -> usize {
    let length = batch[RECORDS..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
    let start = RECORDS + length + 3;
    assert_eq!(batch[start..start + 2], [1, 1]);
    start + 2
}

/// Headers that kafka-protocol decodes; `None` if it returns an error.
fn decoded(batch: &[u8]) -> Option<Headers> {
    let mut bytes = Bytes::copy_from_slice(batch);
    let record = RecordBatchDecoder::decode(&mut bytes).ok()?.records.into_iter().next()?;
    let headers = record.headers.iter();
    Some(
        headers.map(|(name, value)| (name.to_string(), value.as_ref().map(|value| value.to_vec()))).collect(),
    )
}

/// Headers that the cursor reads. If a name repeats, its last value is at its first place, since kafka-protocol keeps
/// a map. `None` if the block is refused or a name is not text.
fn read(block: &[u8]) -> Option<Headers> {
    let mut headers = Headers::new();
    for header in RawHeaders::new(block).ok()? {
        let name = String::from_utf8(header.name.to_vec()).ok()?;
        let value = header.value.map(<[u8]>::to_vec);
        match headers.iter_mut().find(|(other, _)| *other == name) {
            Some((_, other)) => *other = value,
            None => headers.push((name, value)),
        }
    }
    Some(headers)
}

fn lists() -> Vec<Headers> {
    let header = |name: &str, value: Option<&[u8]>| (name.to_owned(), value.map(<[u8]>::to_vec));
    vec![
        vec![],
        vec![header("a", None)],
        vec![header("", Some(b""))],
        vec![
            header("traceparent", Some(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
            header("b", None),
        ],
        vec![header("a", Some(&[0xff; 200])), header("bb", Some(b"")), header("\u{e9}", Some(b"x"))],
    ]
}

#[test]
fn what_is_encoded_is_read() {
    for headers in lists() {
        let batch = batch(&headers);
        assert_eq!(read(&batch[start_of_block(&batch)..]).as_ref(), Some(&headers));
        assert_eq!(decoded(&batch), Some(headers));
    }
}

#[test]
fn what_is_damaged_is_read_alike() {
    let (mut both, mut neither, mut refused_here) = (0, 0, 0);
    for headers in lists() {
        let valid = batch(&headers);
        let start = start_of_block(&valid);
        for position in start..valid.len() {
            for byte in 0..=u8::MAX {
                let mut damaged = valid.clone();
                damaged[position] = byte;
                let crc = crc32c::crc32c(&damaged[CHECKED..]);
                damaged[CHECKSUM..CHECKED].copy_from_slice(&crc.to_be_bytes());
                let (ours, theirs) = (read(&damaged[start..]), decoded(&damaged));
                match (ours, theirs) {
                    (None, None) => neither += 1,
                    (ours @ Some(_), theirs) => {
                        assert_eq!(ours, theirs, "{:02x?}", &damaged[start..]);
                        both += 1;
                    }
                    // kafka-protocol reads the first headers and leaves the rest.
                    (None, Some(theirs)) => {
                        assert!(!damaged[start..].is_empty() && theirs.len() <= headers.len() + 1);
                        refused_here += 1;
                    }
                }
            }
        }
    }
    println!("{both} alike, {neither} refused by both, {refused_here} refused here alone");
    assert!(both > 10_000 && neither > 1_000, "{both} {neither} {refused_here}");
}
