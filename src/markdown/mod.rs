//! One parse of a page: in goes Markdown, out comes a [`Document`] with its
//! events, headings, fences and directives, each with its byte range.
//!
//! The site and the verifier read the same document, so they cannot disagree
//! about where a block is. Pure.

mod attributes;
mod block;
mod comment;
mod directive;
mod document;
mod extensions;
mod fence;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod github_compat;
mod heading;
mod html;
mod placement;
mod skip;
mod tags;

pub use attributes::Attributes;
pub use block::Block;
pub use directive::{Directive, HttpClaim, Request};
pub use document::{Document, Link};
pub use extensions::Extensions;
pub use fence::{Fence, Line};
pub use github_compat::{Disagreement, github_disagreements};
pub use heading::Heading;
pub use html::HtmlLinks;
pub use skip::{Citation, Skip};
pub(crate) use tags::each_tag;
