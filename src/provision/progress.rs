//! Events while images are made.

/// What is called as the work goes on.
pub type Progress<'a> = &'a (dyn Fn(Event<'_>) + Sync);

/// What is being done.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A step begins.
    Step(&'a str),
    /// A program that makes an image printed a line.
    Output(&'a str),
}
