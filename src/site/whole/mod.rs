//! What stands for the book as a whole: in go the book and what is known of its pages, out come the tree of
//! contents, the book on one page and as PDF, old addresses, and what machines read.

mod metadata;
mod navigation;
mod pdf;
mod pdf_pages;
mod print;
mod redirects;

pub(super) use metadata::{PageMeta, address, base_url, linked_data, metadata_files};
pub(super) use navigation::{Navigation, Position};
pub use pdf::print_pdf;
pub(super) use print::{PRINT, PrintPart, print_part, rebase_to_root};
pub(super) use redirects::Redirects;
