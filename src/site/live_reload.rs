//! Whether a site is built for reading or for writing.

/// Whether pages listen for changes and reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveReload {
    /// They do.
    On,
    /// They do not.
    Off,
}
