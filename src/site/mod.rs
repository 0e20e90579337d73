//! The site: in go a book and its evidence, out come files of HTML, style and script.
//!
//! `page` makes what each page becomes, `whole` and `search` what stands for the book; `proof` shows the
//! evidence, `theme` has templates and words; `build` decides what is made again, and `output` puts files in
//! their places.

mod build;
mod csp;
mod fingerprint;
mod html;
mod live;
mod live_reload;
mod notes;
mod output;
mod page;
mod preview;
mod proof;
mod search;
mod server;
mod theme;
mod watch;
mod whole;
mod words;

pub use build::{Built, build};
pub use live::serve;
pub use live_reload::LiveReload;
pub use notes::{About, Notes};
pub use page::diagram_problems;
pub use preview::{Preview, Saved};
pub use watch::{Change, Watched};
pub use whole::print_pdf;
