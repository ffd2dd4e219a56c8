//! The formats other than W3C's, and the block of raw headers (`FORMATS.md` F1 to F12, F15).

mod raw;
mod several;
mod single;

pub use raw::raw_headers;

use crate::{Header, Refusal, TraceParent, traceparent};
use several::{b3_multi, datadog, instana};
use single::{b3, elastic, jaeger, xray};

/// A trace id and a span id, as numbers.
pub type Ids = (u128, u64);

/// The context in the accepted headers of one format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatContext {
    /// The ids; `None` if there is only a decision.
    pub ids: Option<Ids>,
    /// `accept`, `deny`, `defer` or `debug`.
    pub sampling: &'static str,
    /// The field that the format's own rules ignore, if any.
    pub ignored: Option<Refusal>,
}

/// The verdict on one format: absent, or the index of a header and either the context or the broken rule.
pub type FormatVerdict = Option<(usize, Result<FormatContext, Refusal>)>;

/// A record read in several formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The format that gives the parent.
    pub arrived_as: Option<&'static str>,
    /// The formats of the order that were found and not chosen: name, index of the header, and fate.
    pub others: Vec<(&'static str, usize, Fate)>,
}

/// The fate of a format that was not chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A span of the chosen trace.
    SameTrace,
    /// A span of another trace.
    OtherTrace,
    /// No ids.
    Decision,
    /// A broken rule.
    Refused(Refusal),
}

/// The formats that are read.
pub const READABLE: [&str; 8] =
    ["tracecontext", "b3", "b3multi", "jaeger", "datadog", "elastic", "instana", "xray"];

/// The parent of a record, and the other formats found in it (F12).
pub fn choose(headers: &[Header], order: &[&'static str]) -> Chosen {
    let read: Vec<_> = order.iter().map(|format| (*format, read_format(headers, format))).collect();
    let ids = |verdict: &FormatVerdict| match verdict {
        Some((_, Ok(context))) => context.ids,
        _ => None,
    };
    let chosen = read.iter().find(|(_, verdict)| ids(verdict).is_some());
    let arrived_as = chosen.map(|(format, _)| *format);
    let parent = chosen.and_then(|(_, verdict)| ids(verdict));
    let fate = |verdict: &FormatVerdict| match (verdict.as_ref()?, parent) {
        ((index, Err(refusal)), _) => Some((*index, Fate::Refused(*refusal))),
        ((index, Ok(FormatContext { ids: None, .. })), _) => Some((*index, Fate::Decision)),
        ((index, Ok(FormatContext { ids: Some((trace, _)), .. })), Some((chosen, _))) => {
            let low = |id: u128| id % (1 << 64);
            let is_short = |id: u128| id < 1 << 64;
            let same =
                *trace == chosen || (is_short(*trace) || is_short(chosen)) && low(*trace) == low(chosen);
            Some((*index, if same { Fate::SameTrace } else { Fate::OtherTrace }))
        }
        _ => None,
    };
    let mut others: Vec<(&'static str, usize, Fate)> = Vec::new();
    for (format, verdict) in &read {
        if Some(*format) != arrived_as
            && others.iter().all(|(listed, ..)| listed != format)
            && let Some((index, fate)) = fate(verdict)
        {
            others.push((format, index, fate));
        }
    }
    Chosen { arrived_as, others }
}

/// Reads the headers of one format.
pub fn read_format(headers: &[Header], format: &str) -> FormatVerdict {
    let find = |name: &str| {
        let is_named = |(_, header): &(usize, &Header)| {
            String::from_utf8_lossy(&header.0).eq_ignore_ascii_case(name) && header.1.is_some()
        };
        let (index, (_, value)) = headers.iter().enumerate().rfind(is_named)?;
        Some((index, value.clone()?))
    };
    let single = |name: &str, read: fn(&[u8]) -> Result<FormatContext, Refusal>| {
        find(name).map(|(index, value)| (index, read(&value)))
    };
    match format {
        "tracecontext" => single("traceparent", of_traceparent),
        "b3" => single("b3", b3),
        "jaeger" => single("uber-trace-id", jaeger),
        "elastic" => single("elasticapmtraceparent", elastic),
        "xray" => single("x-amzn-trace-id", xray),
        "b3multi" => b3_multi(["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"].map(find)),
        "datadog" => {
            let names = ["trace-id", "parent-id", "sampling-priority", "tags"];
            datadog(names.map(|name| find(&format!("x-datadog-{name}"))))
        }
        "instana" => instana(["t", "s", "l_s", "c", "l"].map(|name| find(&format!("x_instana_{name}")))),
        _ => None,
    }
}

type Found = Option<(usize, Vec<u8>)>;

fn context(trace: u128, span: u64, sampling: &'static str) -> FormatContext {
    FormatContext { ids: Some((trace, span)), sampling, ignored: None }
}

fn decision(sampling: &'static str) -> FormatContext {
    FormatContext { ids: None, sampling, ignored: None }
}

fn accept_if(sampled: bool) -> &'static str {
    if sampled { "accept" } else { "deny" }
}

fn of_traceparent(value: &[u8]) -> Result<FormatContext, Refusal> {
    let named = |(rule, offset)| match rule {
        "version_forbidden" => ("version", offset),
        "parent_id" => ("span_id", offset),
        "parent_id_zero" => ("span_id_zero", offset),
        "trace_flags" => ("sampling", offset),
        rule => (rule, offset),
    };
    let TraceParent { trace_id, parent_id, flags, .. } = traceparent(value).map_err(named)?;
    Ok(context(u128::from_be_bytes(trace_id), u64::from_be_bytes(parent_id), accept_if(flags & 1 == 1)))
}

/// The words of a name: letters in lower case, and a dash for each spelling that bridges use for a dash (F1).
pub fn plain_name(name: &[u8]) -> Vec<u8> {
    // A name that is not UTF-8 is not known. One byte stands for one character here.
    let text: String = name.iter().map(|byte| char::from(*byte)).collect::<String>().to_ascii_lowercase();
    let text = text.replace("__dash__", "-").replace("_hyphen_", "-").replace("_$dash$_", "-");
    text.replace('_', "-").chars().map(|letter| letter as u8).collect()
}
