//! Events while images are made.

use crate::messages::Message;

/// What is called as the work goes on.
pub type Progress<'a> = &'a (dyn Fn(Event<'_>) + Sync);

/// What is being done.
#[derive(Debug, Clone)]
pub enum Event<'a> {
    /// A step begins.
    Step(Message),
    /// A program that makes an image printed a line.
    Output(&'a str),
}
