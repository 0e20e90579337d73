//! The search index: in go the texts of pages, out come small scripts that the browser loads as a
//! query needs them. `tokenizer` says what a word is.
//!
//! The words of all sections, in the order of their letters, are cut into shards; a query loads the
//! few shards that its words fall into, and the texts of the pages that it shows.

mod index;
mod page;
mod sections;
mod settings;
mod shards;
mod synonyms;
mod tokenizer;
mod vocabulary;

pub(super) use index::index;
pub(super) use page::{PageIndex, page};
pub(super) use settings::{is_enabled, is_page_enabled};
pub(super) use synonyms::synonyms;
pub(super) use tokenizer::PARTICLES;
