//! An interactive shell on a terminal, driven as a person drives it.
//!
//! A shell marks its prompt (see `marks`), and each shell that is opened within it is taught to do
//! the same; the prompts of other programs are known by their look. What a page changes in the
//! reader's environment (`PS1`, `PROMPT_COMMAND`, traps, options) does not reach the marks: they are
//! set again before each line, and where a line takes them away, the shell is asked by a key that only
//! it knows.

mod capture;
mod connection;
mod echo;
mod idle;
mod interrupt;
mod prompt;
mod startup;
mod step;
mod typing;

pub use connection::{Session, Shell};
pub(super) use startup::{COMMAND, environment};
pub use step::{Answers, Ended, Frame, StepOutput, Until};
