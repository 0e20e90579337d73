//! What is reported of a run to people and machines: in go the results of pages, out come the terminal's
//! text, and by way of [`Report`] JSON, JUnit, SARIF and what a GitHub workflow shows.

mod difference;
mod github;
mod junit;
mod overview;
mod page;
mod place;
mod run;
mod sarif;
mod screen;
mod summary;
mod terminal;

pub use crate::messages::Language;
pub use crate::text::printable;
pub use github::{Annotation, annotations, markdown};
pub use junit::junit;
pub use overview::overview;
pub use page::{Page, Step};
pub use run::Report;
pub(crate) use run::escaped;
pub use sarif::{SarifResult, sarif, sarif_log};
pub use summary::Summary;
pub use terminal::failures;
