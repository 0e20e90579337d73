//! The prose of a Korean book: in go its pages, out come findings. Pure.
//!
//! It checks what a machine can check: spaces and marks, the register of sentence endings, particles that
//! agree, the words of the glossary, English that is explained where it comes first. A page that means it
//! otherwise says so: `<!-- haechi: allow WORD -->`.

mod checker;
mod korean;
mod passage;

pub use checker::ProseChecker;
