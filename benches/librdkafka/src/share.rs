//! The codec's part of all that a producer and a consumer execute.

use crate::Error;
use crate::callgrind::{self, Profile};
use serde::Serialize;
use std::path::Path;

/// Two runs: what they differ by is the records', without the start and the end of the processes.
const FEW: u64 = 1_000;
const MANY: u64 = 5_000;

/// Instructions for one record that carries a context, at both ends together.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// Those of the producer's process and of the consumer's, with all their libraries and threads.
    pub all: f64,
    /// Those in functions of the codec.
    pub codec: f64,
    /// Those in functions of the glue, and of this program around it.
    pub glue: f64,
    /// The codec's part of all, in percent.
    pub codec_percent: f64,
    /// The codec's and the glue's part of all, in percent.
    pub both_percent: f64,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    all: f64,
    codec: f64,
    glue: f64,
}

impl Counts {
    fn of(profiles: &[Profile]) -> Self {
        let mut counts = Self::default();
        for (name, count) in profiles.iter().flatten() {
            let count = *count as f64;
            counts.all += count;
            match name.as_str() {
                "send_codec" | "receive_codec" => counts.glue += count,
                name if name.starts_with("tracebaton_rdkafka_") => counts.glue += count,
                name if name.contains("tracebaton") => counts.codec += count,
                _ => {}
            }
        }
        counts
    }
}

pub(crate) fn count(program: &Path) -> Result<Share, Error> {
    let few = Counts::of(&callgrind::processes(program, "traffic", FEW)?);
    let many = Counts::of(&callgrind::processes(program, "traffic", MANY)?);
    let records = (MANY - FEW) as f64;
    let [all, codec, glue] = [many.all - few.all, many.codec - few.codec, many.glue - few.glue]
        .map(|instructions| instructions / records);
    if codec <= 0.0 || glue <= 0.0 {
        return Err("callgrind has seen nothing of the codec: was the program stripped?".into());
    }
    Ok(Share {
        all,
        codec,
        glue,
        codec_percent: 100.0 * codec / all,
        both_percent: 100.0 * (codec + glue) / all,
    })
}
