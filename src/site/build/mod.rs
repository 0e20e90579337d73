//! Builds a site: in go a book and what the build before it left, out come the files of the site.
//!
//! Pages are made in parallel, each once: what a page became is kept as long as all that it is made from
//! stays the same.

mod assets;
mod builder;
mod cache;
mod cached_page;
mod collisions;
mod edition;
mod index_store;
mod job;
mod page_fingerprint;
mod pages;
mod print_page;
mod whole_files;

pub(crate) use builder::rebuild;
pub use builder::{Built, build};
pub(crate) use cache::BuildCache;
