//! A file of the site that is written piece by piece, for it may be too long for memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::stage::Output;
use super::stamp::{Digest, FileStamp};
use crate::text::Problem;

/// A file of the site being written.
pub(crate) struct Stream<'a> {
    output: &'a Output<'a>,
    path: String,
    staged: PathBuf,
    file: BufWriter<File>,
    at: u64,
    failed: Option<std::io::Error>,
}

impl<'a> Stream<'a> {
    pub(crate) fn open(output: &'a Output<'a>, path: &str) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| Problem::cannot_write(&output.site_file(path), &error);
        let staged = output.stage_file(path)?;
        let file = File::create(&staged).map_err(failed)?;
        Ok(Self { output, path: path.to_owned(), staged, file: BufWriter::new(file), at: 0, failed: None })
    }

    /// Appends, and returns the offset; an error is reported by `close`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> u64 {
        let begin = self.at;
        self.at += bytes.len() as u64;
        if self.failed.is_none() {
            self.failed = self.file.write_all(bytes).err();
        }
        begin
    }

    /// Appends a piece of another file; returns its offset and length.
    pub(crate) fn write_from(&mut self, file: Option<&File>, (start, length): (u64, u64)) -> (u64, u64) {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        let read = file.map_or(Ok(()), |file| file.read_exact_at(&mut bytes, start));
        if let Err(error) = read {
            self.failed.get_or_insert(error);
        }
        (self.write(&bytes), length)
    }

    /// Ends the file; it waits to be put in its place unless the site has the same already.
    pub(crate) fn close(self) -> Result<(), Problem> {
        let old = self.output.site_file(&self.path);
        let failed = |error: std::io::Error| Problem::cannot_write(&old, &error);
        if let Some(error) = self.failed {
            return Err(failed(error));
        }
        let open = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        if self.output.replaces_files() && crate::files::same(&self.staged, &old) {
            let stamp = FileStamp::read(&old);
            std::fs::remove_file(&self.staged).map_err(failed)?;
            self.output.record_unchanged(&self.path, stamp);
            return Ok(());
        }
        self.output.record_staged(&self.path, &open, Digest::default()).map_err(failed)
    }
}
