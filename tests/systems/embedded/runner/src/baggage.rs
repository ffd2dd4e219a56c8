//! Changes of a `baggage`.

use crate::extracted::decoded;
use crate::{Buffer, room};
use tracebaton::{Baggage, BaggageBuilder, BaggageError};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

pub(crate) fn get(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let (baggage, key) = (Baggage::parse(arguments.bytes()?), arguments.bytes()?);
    match baggage.map(|baggage| baggage.get(key)) {
        Ok(Some(member)) => outcome.field("value").is(decoded(member.value(), buffer)?),
        Ok(None) => outcome.field("value").is(Atom::Null),
        Err(error) => outcome.field("error").is(Atom::Bytes(error.rule.name().as_bytes())),
    };
    Some(())
}

pub(crate) fn set(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let baggage = Baggage::parse(arguments.bytes()?);
    let (key, value) = (arguments.bytes()?, arguments.bytes()?);
    compare(baggage.and_then(|baggage| baggage.set(key, value, buffer)), baggage, outcome);
    Some(())
}

pub(crate) fn remove(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let (baggage, key) = (Baggage::parse(arguments.bytes()?), arguments.bytes()?);
    compare(baggage.and_then(|baggage| baggage.remove(key, buffer)), baggage, outcome);
    Some(())
}

pub(crate) fn build(
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let builder = BaggageBuilder::new(room(buffer, arguments.optional_size()?)?);
    let built = built(builder, arguments)?;
    compare(built, built, outcome);
    Some(())
}

fn built<'b>(
    mut builder: BaggageBuilder<'b>,
    steps: &mut Atoms<'_>,
) -> Option<Result<Baggage<'b>, BaggageError>> {
    if steps.take() != Atom::Open {
        return None;
    }
    loop {
        let is_property = match steps.take() {
            Atom::Bool(is_property) => is_property,
            Atom::Close => return Some(Ok(builder.finish())),
            _ => return None,
        };
        let (key, value) = (steps.bytes()?, steps.optional_bytes()?);
        let step = match is_property {
            true => builder.add_property_bytes(key, value),
            false => builder.add(key, value?),
        };
        if let Err(error) = step {
            return Some(Err(error));
        }
    }
}

/// Compares the changed list, which the codec must accept, or the broken rule and the old list.
fn compare(
    result: Result<Baggage<'_>, BaggageError>,
    old: Result<Baggage<'_>, BaggageError>,
    outcome: &mut Comparison<'_>,
) {
    match result {
        Ok(baggage) => {
            outcome.field("value").is(Atom::Bytes(baggage.as_bytes()));
            if Baggage::parse(baggage.as_bytes()) != Ok(baggage) {
                outcome.refuse("the result of the change is refused");
            }
        }
        Err(error) => {
            outcome.field("error").is(Atom::Bytes(error.rule.name().as_bytes()));
            if let Ok(old) = old {
                outcome.field("value").is(Atom::Bytes(old.as_bytes()));
            }
        }
    }
}
