//! The codec's share of the instructions of a producer and a consumer.

use crate::Error;
use crate::callgrind::{self, Profile};
use serde::Serialize;
use std::path::Path;

/// The records of two runs. Their difference leaves out the start and end of the processes.
const FEW: u64 = 1_000;
const MANY: u64 = 5_000;

/// Instructions for one record with a context, in both processes together.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// All instructions of both processes, including libraries and threads.
    pub all: f64,
    /// Instructions in functions of the codec.
    pub codec: f64,
    /// Instructions in functions of the glue, and of this program around it.
    pub glue: f64,
    /// The codec's share, in percent.
    pub codec_percent: f64,
    /// The share of the codec and the glue, in percent.
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
        return Err("callgrind counted no function of the codec; the program must not be stripped".into());
    }
    Ok(Share {
        all,
        codec,
        glue,
        codec_percent: 100.0 * codec / all,
        both_percent: 100.0 * (codec + glue) / all,
    })
}
