//! The ground of all rooms: a source text, places in it, and what is wrong there.

mod duration;
mod printable;
mod problem;
mod source;

pub(crate) use duration::parse_duration;
pub use printable::printable;
pub(crate) use printable::{is_printable, printable_lines};
pub use problem::Problem;
pub use source::{ByteRange, Position, Source};
