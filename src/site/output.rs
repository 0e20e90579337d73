//! The folder of the site.

use std::collections::BTreeSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::diagnostic::Problem;

/// The list of files that a build made, so that the next one removes what is no longer made.
const MANIFEST: &str = ".haechi-files";

/// A folder being filled.
pub(super) struct Output {
    folder: PathBuf,
    before: BTreeSet<String>,
    now: Mutex<BTreeSet<String>>,
    written: AtomicUsize,
}

impl Output {
    pub(super) fn open(folder: &Path) -> Result<Self, Problem> {
        std::fs::create_dir_all(folder).map_err(|error| Problem::file("make", folder, &error))?;
        crate::files::sweep(folder);
        let manifest = folder.join(MANIFEST);
        let before = match std::fs::read_to_string(&manifest) {
            Ok(text) => text.lines().map(str::to_owned).collect(),
            Err(_) => {
                let foreign = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
                if foreign && !folder.join("toc.js").exists() {
                    return Err(Problem::new(format!(
                        "{} holds files that haechi did not make",
                        folder.display()
                    ))
                    .help("name another folder with --dest-dir, or empty this one"));
                }
                BTreeSet::new()
            }
        };
        Ok(Self { folder: folder.to_owned(), before, now: Mutex::default(), written: AtomicUsize::new(0) })
    }

    /// Writes a file if it is new or has changed.
    pub(super) fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Problem> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        let file = self.folder.join(path);
        if std::fs::read(&file).is_ok_and(|old| old == bytes) {
            return Ok(());
        }
        let folder = file.parent().unwrap_or(&self.folder);
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| crate::files::write_by_way_of(&self.folder, &file, bytes));
        self.written.fetch_add(1, Ordering::Relaxed);
        written.map_err(|error| Problem::file("write", &file, &error))
    }

    /// A file that is written piece by piece, for it may be too long to be held.
    pub(super) fn stream(&self, path: &str) -> Result<Stream<'_>, Problem> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        let file = self.folder.join(path);
        let neighbour = crate::files::temporary_file(&self.folder)
            .map_err(|error| Problem::file("write", &file, &error))?;
        Ok(Stream { output: self, file, neighbour: BufWriter::new(neighbour), failed: None })
    }

    /// The text of a file that was written before.
    pub(super) fn read(&self, path: &str) -> Result<String, Problem> {
        let file = self.folder.join(path);
        std::fs::read_to_string(&file).map_err(|error| Problem::file("read", &file, &error))
    }

    /// Copies a file of the book.
    pub(super) fn copy(&self, from: &Path, path: &str) -> Result<(), Problem> {
        let bytes = std::fs::read(from).map_err(|error| Problem::file("read", from, &error))?;
        self.put(path, &bytes)
    }

    /// Removes what an earlier build made and this one did not; says how many files were written.
    pub(super) fn close(self) -> Result<usize, Problem> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for gone in self.before.difference(&now) {
            let inside =
                Path::new(gone).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            if inside {
                let _ = std::fs::remove_file(self.folder.join(gone));
            }
        }
        let list = now.iter().map(|path| format!("{path}\n")).collect::<String>();
        let count = self.written.load(Ordering::Relaxed);
        self.put(MANIFEST, list.as_bytes())?;
        Ok(count)
    }
}

/// A file of the site being written.
pub(super) struct Stream<'a> {
    output: &'a Output,
    file: PathBuf,
    neighbour: BufWriter<NamedTempFile>,
    failed: Option<std::io::Error>,
}

impl Stream<'_> {
    /// Writes on; what fails is said by `close`.
    pub(super) fn write(&mut self, text: &str) {
        if self.failed.is_none() {
            self.failed = self.neighbour.write_all(text.as_bytes()).err();
        }
    }

    /// Puts the file in its place, if it is new or has changed.
    pub(super) fn close(self) -> Result<(), Problem> {
        let failed = |error: std::io::Error| Problem::file("write", &self.file, &error);
        if let Some(error) = self.failed {
            return Err(failed(error));
        }
        let neighbour = self.neighbour.into_inner().map_err(|error| failed(error.into_error()))?;
        if crate::files::same(neighbour.path(), &self.file) {
            return Ok(());
        }
        self.output.written.fetch_add(1, Ordering::Relaxed);
        neighbour.persist(&self.file).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Output;

    #[test]
    fn what_is_no_longer_made_goes_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let build = |names: &[&str]| {
            let output = Output::open(folder.path()).unwrap();
            names.iter().for_each(|name| output.put(name, b"x").unwrap());
            output.close().unwrap()
        };
        assert_eq!(build(&["a/b.html", "toc.js"]), 2);
        std::fs::write(folder.path().join("own.txt"), "mine").unwrap();
        assert_eq!(build(&["toc.js"]), 0);
        assert!(!folder.path().join("a/b.html").exists());
        assert!(folder.path().join("own.txt").exists());
    }

    #[test]
    fn a_folder_of_other_files_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        assert!(Output::open(folder.path()).is_err());
    }
}
