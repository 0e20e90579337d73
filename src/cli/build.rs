//! `haechi build` and `haechi serve`

use std::path::Path;

use super::arguments::Serve;
use super::Exit;

pub(super) fn build(_book: &Path, _dest_dir: Option<&Path>) -> Exit { Exit::Good }
pub(super) fn serve(_options: &Serve) -> Exit { Exit::Good }
