//! The book: in goes a folder, out comes a [`Book`] of pages in the order of `SUMMARY.md`,
//! or of Markdown files with no book around them.

mod driver;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod includes;
mod load;
mod model;
mod page;
mod preprocess;
mod programs;
mod renderers;
mod summary;

pub use model::Book;
pub use page::{Page, PagePath};
pub use programs::{MayRun, Untrusted};
pub use summary::{Entry, Part};
