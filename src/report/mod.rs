//! What people and machines are told of a run: in go the results of pages, out come the terminal's
//! text, JUnit, GitHub annotations and JSON.

mod difference;
mod github;
mod json;
mod junit;
mod summary;
mod terminal;
mod words;

pub use github::annotations;
pub use json::json;
pub use junit::junit;
pub use summary::Summary;
pub use terminal::{failures, printable};
pub use words::{Language, Words};
