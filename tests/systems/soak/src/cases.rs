//! The cases: the headers of a record, and the expected headers after each hop.

use crate::pattern::{Outcome, Pattern, SPAN_ID_BYTES, TRACE_ID};
use crate::payload::Random;
use crate::{poison, well_formed};
use anyhow::{Result, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use tracebaton_oracle::{Carry, Context, Extracted, Header, Verdict, child, extract, inject};
use tracebaton_rows::{Row, difference, rows};

/// One in this many records has malformed or unusual headers.
const POISON_ONE_IN: usize = 5;
/// One in this many records is large: a huge value, thousands of headers, or no room for a context.
const LARGE_ONE_IN: usize = 2_000;

/// The headers of a record.
#[derive(Debug)]
pub struct Case {
    /// Its name; the id of a vector.
    pub id: String,
    /// The kind of headers, for counting.
    pub kind: String,
    /// The headers that the source sends.
    pub sent: Pattern,
    /// The headers that each hop sends.
    pub passed: Pattern,
    /// The size of the record's value; 0 is the smallest possible.
    pub value_size: usize,
    /// Whether no name contains a NUL, so that librdkafka shows whole names and the lists can be compared.
    pub names_are_whole: bool,
}

/// All cases.
#[derive(Debug)]
pub struct Cases {
    all: Vec<Case>,
    well_formed: usize,
    poison: usize,
}

impl Cases {
    /// The cases of the vectors, and further ones.
    ///
    /// # Errors
    ///
    /// If the vectors cannot be read, disagree with the oracle, or leave a rule out.
    pub fn load() -> Result<Self> {
        let mut all: Vec<Case> = well_formed::headers()
            .iter()
            .map(|(id, headers)| Case::new(id, "well-formed", headers))
            .collect();
        let well_formed = all.len();
        for row in rows()? {
            if let tracebaton_rows::Case::Extract { headers, .. } = &row.case {
                let headers: Vec<Header> = headers
                    .iter()
                    .map(|(name, value)| (name.0.clone(), value.clone().map(|it| it.0)))
                    .collect();
                agrees(&row, &extract(&headers))?;
                all.push(Case::new(&row.id, poison::kind(&headers), &headers));
            }
        }
        all.extend(poison::names_in_other_case());
        let poison = all.len() - well_formed;
        all.extend(poison::large());
        let cases = Self { all, well_formed, poison };
        ensure!(cases.rules().len() == RULES, "not all rules have a vector: {:?}", cases.rules());
        Ok(cases)
    }

    /// The rules that the source's headers of a case break, such as `traceparent too_short`.
    fn rules(&self) -> BTreeSet<String> {
        let broken = |case: &Case| {
            let names = ["traceparent", "tracestate", "baggage"];
            let rules = names.into_iter().zip(case.sent.reading.outcomes);
            rules.filter_map(|(name, outcome)| match outcome {
                Outcome::Refused(_, rule, _) => Some(format!("{name} {rule}")),
                _ => None,
            })
        };
        self.all.iter().flat_map(broken).collect()
    }

    /// The case of a record, and its number.
    pub fn of(&self, seed: u64, sequence: u64) -> (u32, &Case) {
        let mut random = Random::new(!seed, sequence);
        let large = self.well_formed + self.poison;
        let number = if random.below(LARGE_ONE_IN) == 0 {
            large + random.below(self.all.len() - large)
        } else if random.below(POISON_ONE_IN) == 0 {
            self.well_formed + random.below(self.poison)
        } else {
            random.below(self.well_formed)
        };
        (u32::try_from(number).unwrap_or(u32::MAX), &self.all[number])
    }

    /// The case with this number.
    pub fn get(&self, number: u32) -> Option<&Case> {
        self.all.get(usize::try_from(number).ok()?)
    }

    /// The count of cases.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are no cases.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// The count of rules for the three headers: PROFILE.md, broken rules.
const RULES: usize = 21;

impl Case {
    /// A case of these headers. A hop continues their trace, or begins a new one if there is none.
    pub fn new(id: &str, kind: &str, headers: &[Header]) -> Self {
        let passed = child(headers, SPAN_ID_BYTES, None).unwrap_or_else(|| restarted(headers));
        Self {
            id: id.to_owned(),
            kind: kind.to_owned(),
            sent: Pattern::of(headers),
            passed: Pattern::of(&passed),
            value_size: 0,
            names_are_whole: headers.iter().all(|(name, _)| !name.contains(&0)),
        }
    }

    /// The headers of a record of this case when it reaches this stage.
    pub fn arriving(&self, stage: usize) -> &Pattern {
        if stage == 0 { &self.sent } else { &self.passed }
    }

    /// Whether the record has no room for a context, so that a hop sends it without one.
    pub fn has_no_room(&self) -> bool {
        self.value_size > 0
    }
}

/// These headers with a new trace and their own baggage.
fn restarted(headers: &[Header]) -> Vec<Header> {
    let traceparent = format!("00-{TRACE_ID}-{}-03", crate::pattern::SPAN_ID).into_bytes();
    let baggage = extract(headers).baggage.accepted_value().map(<[u8]>::to_vec);
    let context = Context { traceparent: Some(traceparent), tracestate: None, baggage };
    inject(headers, &context, Carry::All)
}

/// Checks that the row expects the oracle's verdicts.
fn agrees(row: &Row, extracted: &Extracted) -> Result<()> {
    let verdicts = [
        ("traceparent", verdict(&extracted.traceparent)),
        ("tracestate", verdict(&extracted.tracestate)),
        ("baggage", verdict(&extracted.baggage)),
    ];
    for (name, actual) in verdicts {
        let mut expected = row.expect.get(name).cloned().unwrap_or_default();
        if let Some(members) = expected.as_object_mut() {
            members.retain(|member, _| ["verdict", "rule", "offset", "index"].contains(&member.as_str()));
            let found = difference(&expected, &actual);
            ensure!(found.is_none(), "{} differs from the oracle: {}", row.id, found.unwrap());
        }
    }
    Ok(())
}

fn verdict<T>(verdict: &Verdict<T>) -> Value {
    match verdict {
        Verdict::Absent => serde_json::json!({"verdict": "absent"}),
        Verdict::Accepted { index, .. } => serde_json::json!({"verdict": "accepted", "index": index}),
        Verdict::Refused { index, rule, offset } => {
            serde_json::json!({"verdict": "refused", "index": index, "rule": rule, "offset": offset})
        }
    }
}
