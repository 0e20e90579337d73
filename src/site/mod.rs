//! The site: in go a book and its evidence, out come files of HTML, style and script.
//!
//! `page` makes what each page becomes, `whole` and `search` what stands for the book; `proof` shows the
//! evidence, `theme` has templates and words; `build` decides what is made again, and `output` puts files in
//! their places.

mod build;
mod card;
mod csp;
mod fingerprint;
mod html;
mod live_reload;
mod output;
mod page;
mod proof;
mod search;
mod theme;
mod whole;
mod words;

pub(crate) use build::{BuildCache, rebuild};
pub use build::{Built, build};
pub use card::draw_card;
pub use live_reload::LiveReload;
pub use page::diagram_problems;
pub(crate) use page::{Composer, SiteContext};
pub use whole::print_pdf;
