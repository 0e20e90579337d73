//! One page: in goes all that it is made from ([`PageInputs`]), out comes what it becomes ([`PageOutput`]).

mod callouts;
mod code;
mod compose;
mod content;
mod context;
mod danger;
mod description;
mod diagram;
mod footnotes;
mod git_dates;
mod glossary;
mod highlight;
mod image;
mod inputs;
mod known_errors;
mod lines;
mod links;
mod lists;
mod output;
mod pictures;
mod playback;
mod reader;
mod table;
mod tabs;

pub(crate) use compose::{Composer, playback_path, reader_path, recording_path};
pub(crate) use context::SiteContext;
pub use diagram::diagram_problems;
pub(super) use inputs::PageInputs;
pub(super) use output::{PageOutput, PageSummary};
pub(super) use pictures::{PictureSizes, are_unchanged};
