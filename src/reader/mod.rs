//! A reader's own screen beside the page: in goes what a page promises and what readers pasted from their
//! terminals ([`Question`]), out comes what that means ([`Answer`]). Pure, and asked in the reader's
//! browser: `crates/reader` makes WebAssembly of it.

mod answer;
mod compare;
mod errors;
mod lines;
mod marks;
mod page;
mod split;
mod step;

pub use answer::{Answer, Conflict, Line, Outcome, Row, RowKind, Span, StepAnswer, Value};
pub use compare::{answer, answer_json};
pub use errors::{KnownError, is_key, is_telling};
pub use page::{PageStep, Pasted, Question};
