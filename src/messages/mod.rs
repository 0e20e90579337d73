//! What haechi says to people, in English and in Korean: one file for each room, each message once, both
//! languages side by side.
//!
//! In: the values of a message. Out: a [`Message`], which has its text in both languages; the edge of the
//! program shows the one that [`Language::of_environment`] names. Reports and evidence that machines read
//! are English.

#[macro_use]
mod message;

pub(crate) mod bless;
pub(crate) mod book;
pub(crate) mod check;
pub(crate) mod cli;
pub(crate) mod config;
pub(crate) mod count;
pub(crate) mod engine;
pub(crate) mod evidence;
pub(crate) mod file;
pub(crate) mod init;
mod language;
pub(crate) mod markdown;
pub(crate) mod prose;
pub(crate) mod report;
pub(crate) mod repository;
pub(crate) mod serve;
pub(crate) mod site;
pub(crate) mod snippet;
#[cfg(test)]
mod tests;
pub(crate) mod verify;

pub use language::Language;
pub use message::{Message, Value};
