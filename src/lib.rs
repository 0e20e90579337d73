//! haechi publishes documentation that is proven: it builds a book of Markdown
//! into a site, runs the book's shell and Docker snippets in a real Docker
//! Engine, and compares what they print with what the prose promises.
//!
//! The rooms follow the data; ARCHITECTURE.md has the picture.

pub mod bless;
pub mod book;
mod browser;
pub mod check;
mod checkout;
pub mod cli;
pub mod config;
mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod init;
pub mod markdown;
pub mod matching;
pub mod messages;
mod nonce;
mod owner;
pub mod prose;
pub mod provision;
pub mod reader;
pub mod report;
pub mod repository;
pub mod sandbox;
mod serve;
pub mod site;
pub mod snippet;
pub mod text;
pub mod verify;
