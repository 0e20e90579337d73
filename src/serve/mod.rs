//! The preview: in goes a book that is being written, out comes its site over HTTP, built again on each
//! save, with a message to each open page when it is.

mod channel;
mod files;
mod hosts;
mod preview;
mod server;
mod session;
mod socket;
mod state;
mod watch;

pub(crate) use channel::{Channel, Topic};
pub(crate) use preview::Preview;
pub(crate) use server::serve;
pub(crate) use session::{Event, Session, SessionOptions};
