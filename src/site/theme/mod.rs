//! The theme: in go the book's own `themes/haechi` and the built-in one, out come whole pages and the files
//! that go to the site as they are.

mod base;
mod files;
mod own_files;
mod page;
mod templates;

pub(super) use base::CARD;
pub(super) use files::static_files;
pub(super) use own_files::{icon, own_files};
pub(super) use page::PageContext;
pub(super) use templates::Theme;
