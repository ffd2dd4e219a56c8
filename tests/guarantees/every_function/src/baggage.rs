//! `baggage`: reading, changing and building it.

use crate::keep;
use tracebaton::{Baggage, BaggageBuilder, BaggageMember, BaggageValue};

/// Reads a list, its members, their properties and the decoded values.
pub fn baggage(value: &[u8]) {
    let read = Baggage::parse(value);
    keep(read.map_err(|error| (error.rule.name(), error.rule.message(), error.offset)));
    let Ok(baggage) = read else { return };
    keep((baggage.as_bytes(), baggage.is_empty(), baggage.len(), baggage.get(value)));
    baggage.into_iter().chain(&baggage).chain(baggage.iter()).for_each(keep);
    let mut members = baggage.members();
    members.by_ref().for_each(|member| read_member(&baggage, &member));
    keep(members.skipped());
}

fn read_member(baggage: &Baggage<'_>, member: &BaggageMember<'_>) {
    keep(baggage.get(member.key()));
    keep((member.as_bytes(), member.key_str(), member.metadata()));
    decoded(&member.value(), &mut [0; 8]);
    for property in member.properties() {
        keep((property.as_bytes(), property.key(), property.key_str()));
        if let Some(value) = property.value() {
            decoded(&value, &mut [0; 8]);
        }
    }
}

fn decoded(value: &BaggageValue<'_>, buffer: &mut [u8]) {
    keep((value.as_bytes(), value.as_str()));
    value.chars().for_each(keep);
    keep(value.decode_bytes(buffer));
    keep(value.decode_into(buffer));
}

/// Changes a list in each way, and decodes it into the same buffer.
pub fn baggage_change(list: &[u8], key: &[u8], value: &[u8], buffer: &mut [u8]) {
    let Ok(baggage) = Baggage::parse(list) else { return };
    keep(baggage.set(key, value, buffer));
    keep(baggage.remove(key, buffer));
    if let Ok(mut builder) = BaggageBuilder::from_baggage(&baggage, buffer) {
        change_in_place(&mut builder, key, value);
        keep(builder.finish());
    }
    let length = list.len();
    buffer.iter_mut().zip(list).for_each(|(to, from)| *to = *from);
    if let Ok(mut builder) = BaggageBuilder::in_place(buffer, length) {
        change_in_place(&mut builder, key, value);
        keep(builder.finish());
    }
    for member in baggage.members() {
        decoded(&member.value(), buffer);
    }
}

fn change_in_place(builder: &mut BaggageBuilder<'_>, key: &[u8], value: &[u8]) {
    keep(builder.set(key, value).is_ok());
    keep(builder.add(key, value).is_ok());
    keep(builder.add_property_bytes(key, Some(value)).is_ok());
    keep(builder.set(value, key).is_ok());
    keep(builder.remove(key).is_ok());
}

/// Builds a list from the members of another one and a new member.
pub fn baggage_build(list: &[u8], key: &[u8], value: &[u8], buffer: &mut [u8]) {
    let Ok(baggage) = Baggage::parse(list) else { return };
    let text = core::str::from_utf8(value).ok();
    let mut builder = BaggageBuilder::new(buffer);
    keep(builder.add_property(key, text).is_ok());
    for member in baggage.members() {
        keep(builder.copy(&member).is_ok());
    }
    keep(builder.add(key, value).is_ok());
    keep(builder.add_property(key, text).is_ok());
    keep(builder.add_property_bytes(key, Some(value)).is_ok());
    keep(builder.finish());
}
