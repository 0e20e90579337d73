//! One page: in goes all that it is made from ([`PageInputs`]), out comes what it becomes ([`PageOutput`]).

mod code;
mod compose;
mod content;
mod context;
mod description;
mod diagram;
mod footnotes;
mod git_dates;
mod highlight;
mod image;
mod inputs;
mod links;
mod output;
mod pictures;
mod playback;
mod table;
mod tabs;

pub(crate) use compose::{Composer, playback_path, recording_path};
pub(crate) use context::SiteContext;
pub use diagram::diagram_problems;
pub(super) use inputs::PageInputs;
pub(super) use output::{PageOutput, PageSummary};
pub(super) use pictures::{PictureSizes, are_unchanged};
