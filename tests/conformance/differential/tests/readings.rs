//! Both readings of values whose result is known.

use tracebaton_test_differential::differences::{Cause, causes};
use tracebaton_test_differential::readings::{Header, PARENT, codec, propagator};

const T: &str = "0af7651916cd43dd8448eb211c80319c";
const P: &str = "b7ad6b7169203331";

#[test]
fn both_read_valid_values() {
    let members = |header: Header, value: &str| (header, value.as_bytes().to_vec());
    let values = [
        (members(Header::TraceParent, PARENT), vec![T, P, "01"]),
        (members(Header::TraceState, "a=1 ,\tb= 2"), vec!["a=1", "b= 2"]),
        (members(Header::TraceState, "a=1,b=2,a=3"), vec!["a=1", "b=2", "a=3"]),
        (members(Header::Baggage, "k = %c3%a9 ; p = 1 ;q, k!=,k!=w"), vec!["k!=\"w\"", "k=\"é\";p=\"1\";q"]),
        (members(Header::Baggage, ""), vec![]),
    ];
    for ((header, value), expected) in values {
        assert_eq!(codec(header, &value).unwrap(), expected);
        assert_eq!(propagator(header, &value), expected);
        assert_eq!(causes(header, &value).unwrap(), []);
    }
}

#[test]
fn differences_have_their_cause() {
    use Cause::{Named, Refused};
    let parent = |text: &str| PARENT.replacen("01", text, 1).into_bytes();
    let flags = |text: &str| [&PARENT.as_bytes()[..53], text.as_bytes()].concat();
    let values: [(Header, Vec<u8>, &[Cause]); 9] = [
        (Header::TraceParent, flags("02"), &[Named("random-flag")]),
        (Header::TraceParent, flags("01-"), &[Refused("trailing")]),
        (Header::TraceParent, parent("0x"), &[]),
        (Header::TraceState, b"a=1,b=2=3".to_vec(), &[]),
        (Header::TraceState, b"a=1,b=\x7f".to_vec(), &[Refused("value")]),
        (Header::TraceState, b"a@b@c=1".to_vec(), &[Named("at-sign")]),
        (Header::Baggage, b"a=1=2,b=c d".to_vec(), &[Named("equals-in-value"), Named("malformed-value")]),
        (Header::Baggage, b"a=1\n".to_vec(), &[Refused("control_byte")]),
        (Header::Baggage, b"a=%ff,b=%20".to_vec(), &[Named("encoded-white-space"), Named("value-not-utf-8")]),
    ];
    for (header, value, expected) in values {
        assert_eq!(causes(header, &value).unwrap(), expected, "{}", value.escape_ascii());
    }
}
