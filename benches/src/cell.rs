//! One subject at one work: an operation that can be repeated, and its outcome.

use std::hint::black_box;
use std::mem::MaybeUninit;

/// The caller's memory for output.
pub type Buffer = [u8; 4096];

/// The outcome of one operation, with the parts that the subject provides. Equal for all subjects that do the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub trace_id: Option<[u8; 16]>,
    pub span_id: Option<[u8; 8]>,
    pub is_sampled: Option<bool>,
    pub tracestate: Option<Vec<u8>>,
    pub baggage: Option<Vec<u8>>,
    /// The header that was refused, and the name of the rule.
    pub refused: Option<String>,
    /// All bytes that were written.
    pub written: Option<Vec<u8>>,
    /// Keys and decoded values, sorted by key.
    pub members: Option<Vec<(String, String)>>,
}

/// A cell of a table.
pub struct Cell {
    /// The count of inputs, which are used in turn.
    pub inputs: usize,
    rounds: Box<dyn Fn(u64)>,
    outcome: Box<dyn Fn(usize) -> Outcome>,
}

impl Cell {
    /// An operation in Rust on each of the inputs in turn; `show` converts its output into an outcome.
    pub fn new<Input: 'static, Output: 'static>(
        inputs: Vec<Input>,
        operation: fn(&'static Input, &mut Buffer) -> Output,
        show: fn(&Output, &Buffer) -> Outcome,
    ) -> Self {
        let inputs: &'static [Input] = inputs.leak();
        Self {
            inputs: inputs.len(),
            rounds: Box::new(move |rounds| repeat(inputs, black_box(operation), rounds)),
            outcome: Box::new(move |index| {
                let mut buffer = [0; size_of::<Buffer>()];
                show(&operation(&inputs[index], &mut buffer), &buffer)
            }),
        }
    }

    /// A C loop that does the operation on each of the inputs in turn, and leaves the last output.
    pub fn in_c<Input: 'static, Output: 'static>(
        inputs: Vec<Input>,
        in_c: LoopInC<Input, Output>,
        show: fn(&Output) -> Outcome,
    ) -> Self {
        let inputs: &'static [Input] = inputs.leak();
        let run = move |inputs: &[Input], rounds| {
            let mut output = Box::new(MaybeUninit::<Output>::zeroed());
            // SAFETY: the count of the inputs is correct, and there is room for an output, for which zeros are valid.
            unsafe {
                in_c(inputs.as_ptr(), inputs.len(), rounds, output.as_mut_ptr());
                output.assume_init()
            }
        };
        Self {
            inputs: inputs.len(),
            rounds: Box::new(move |rounds| drop(run(inputs, rounds))),
            outcome: Box::new(move |index| show(&run(&inputs[index..=index], 1))),
        }
    }

    /// Repeats the operation.
    pub fn rounds(&self, rounds: u64) {
        (self.rounds)(rounds);
    }

    /// Does the operation once, on the input with this index.
    pub fn outcome(&self, index: usize) -> Outcome {
        (self.outcome)(index)
    }
}

/// Inputs, their count, the count of operations, and room for the last output.
pub type LoopInC<Input, Output> = unsafe extern "C" fn(*const Input, usize, u64, *mut Output);

fn repeat<Input, Output>(
    inputs: &'static [Input],
    operation: fn(&'static Input, &mut Buffer) -> Output,
    rounds: u64,
) {
    let mut buffer = [0; size_of::<Buffer>()];
    let mut left = usize::try_from(rounds).unwrap_or(usize::MAX);
    while left > 0 {
        let turn = inputs.iter().take(left);
        left -= turn.len();
        for input in turn {
            black_box(&operation(black_box(input), &mut buffer));
        }
    }
}
