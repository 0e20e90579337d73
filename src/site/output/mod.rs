//! The folder of the site: in go files, out comes a folder that changes all at once.
//!
//! What is new or has changed is written beside the site first, and put in its place when all of it is
//! there. A site that is built for the first time appears at once, by one renaming. A later one is
//! changed by renamings without anything else between them; should a process die just then, the next
//! build ends what it began.

mod commit;
mod stage;
mod stamp;
mod stream;

pub(super) use stage::Output;
pub(super) use stamp::{FileStamp, FileStamps};
pub(super) use stream::Stream;
