//! What a Docker Engine must have before a page can run in it: the image of the sandbox, and the mirror
//! that serves images to sandboxes. In goes an engine that answers; afterwards it has both.
//!
//! Everything goes through the engine's API: it may run on another machine.

mod base;
mod build;
mod connection;
mod doctor;
mod error;
mod hub;
mod mirror;
mod progress;
mod published;
mod recipe;
mod up;
mod usage;

pub use connection::Provision;
pub use doctor::{Check, Health, examine};
pub use error::Error;
pub use hub::Hub;
pub use progress::{Event, Progress};
pub use up::sandbox_image;
pub use usage::{Usage, remove, usage};
