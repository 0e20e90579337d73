//! The files of a site that wait for their places.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::commit::{MANIFEST, READY, commit, recover};
use super::stamp::{Digest, FileStamp, FileStamps, digest};
use crate::messages::site as messages;
use crate::text::Problem;

/// The folder of a site being filled.
pub(crate) struct Output<'a> {
    folder: PathBuf,
    /// Whether the folder is new, so that it appears by one renaming.
    is_new: bool,
    /// Where new files wait.
    stage: TempDir,
    /// The files of the build before.
    old_files: BTreeSet<String>,
    old_stamps: &'a FileStamps,
    pending: Mutex<Pending>,
}

#[derive(Default)]
struct Pending {
    /// The stamps of the site's files so far.
    stamps: FileStamps,
    /// How many files wait.
    staged: usize,
    folders: HashSet<PathBuf>,
}

/// What a build changed.
pub(crate) struct Committed {
    /// How many files were new or had changed.
    pub(crate) written: usize,
    /// The stamps of all files of the site.
    pub(crate) stamps: FileStamps,
}

impl<'a> Output<'a> {
    /// Opens the folder of a site, of which `old_stamps` are known from the build before.
    ///
    /// # Errors
    /// When it cannot be written, or contains files that haechi did not make.
    pub(crate) fn open(folder: &Path, old_stamps: &'a FileStamps) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| Problem::cannot_create(folder, &error);
        let parent =
            folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).map_err(failed)?;
        recover(folder)?;
        for place in [parent, folder] {
            crate::files::sweep(place);
        }
        let filled = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        let beside = (!filled).then(|| crate::files::temporary_folder_in(parent, "site-"));
        let new = |is_new, stage, old_files| {
            let pending = Mutex::default();
            Self { folder: folder.to_owned(), is_new, stage, old_files, old_stamps, pending }
        };
        if let Some(Ok(stage)) = beside {
            return Ok(new(true, stage, BTreeSet::new()));
        }
        std::fs::create_dir_all(folder).map_err(failed)?;
        let old_files = read_manifest(folder, filled)?;
        let stage = crate::files::temporary_folder_in(folder, "site-").map_err(failed)?;
        Ok(new(false, stage, old_files))
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a file is in the folder of the site.
    pub(crate) fn site_file(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Whether the folder has files of an earlier build.
    pub(super) fn replaces_files(&self) -> bool {
        !self.is_new
    }

    /// Writes a file if it is new or has changed.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Problem> {
        let digest = digest(bytes);
        if let Some(stamp) = self.stamp_if_equal(path, bytes, digest) {
            self.pending().stamps.insert(path.to_owned(), (stamp, digest));
            return Ok(());
        }
        let failed = |error: std::io::Error| Problem::cannot_write(&self.site_file(path), &error);
        let staged = self.stage_file(path)?;
        let mut open = File::create(&staged).map_err(failed)?;
        open.write_all(bytes).map_err(failed)?;
        self.record_staged(path, &open, digest).map_err(failed)
    }

    /// The stamp of a file that is there and has these bytes.
    fn stamp_if_equal(&self, path: &str, bytes: &[u8], digest: Digest) -> Option<FileStamp> {
        if self.is_new {
            return None;
        }
        let file = self.site_file(path);
        let data = std::fs::symlink_metadata(&file).ok().filter(std::fs::Metadata::is_file)?;
        if crate::files::link_above(&self.folder, Path::new(path)).is_some() {
            return None;
        }
        let stamp = FileStamp::of(&data)?;
        if let Some((old_stamp, old_digest)) = self.old_stamps.get(path)
            && *old_stamp == stamp
        {
            return (*old_digest == digest).then_some(stamp);
        }
        (data.len() == bytes.len() as u64 && std::fs::read(&file).ok()? == bytes).then_some(stamp)
    }

    /// Where a new file waits; its folder is made.
    pub(super) fn stage_file(&self, path: &str) -> Result<PathBuf, Problem> {
        let staged = self.stage.path().join(path);
        if let Some(own) = self.find_obstacle(path) {
            let problem = Problem::new(messages::obstacle(own.display(), path));
            return Err(problem.help(messages::obstacle_help()));
        }
        if let Some(folder) = staged.parent()
            && !self.pending().folders.contains(folder)
        {
            std::fs::create_dir_all(folder).map_err(|error| Problem::cannot_create(folder, &error))?;
            self.pending().folders.insert(folder.to_owned());
        }
        Ok(staged)
    }

    /// What somebody else put where a file of the site goes, and a renaming cannot replace: a file in a
    /// folder of that name, or one that has the name of a folder.
    fn find_obstacle(&self, path: &str) -> Option<PathBuf> {
        if self.is_new {
            return None;
        }
        // A link could lead anywhere, whoever made it.
        if let Some(link) = crate::files::link_above(&self.folder, Path::new(path)) {
            return Some(link);
        }
        let above = || Path::new(path).ancestors().skip(1).take_while(|above| !above.as_os_str().is_empty());
        let is_foreign = |inside: &Path| !self.old_files.contains(&*inside.to_string_lossy());
        let target = self.site_file(path);
        if target.is_dir() && !target.is_symlink() {
            let files =
                WalkDir::new(&target).into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
            let mut paths = files.map(walkdir::DirEntry::into_path);
            return paths.find(|path| is_foreign(path.strip_prefix(&self.folder).unwrap_or(path)));
        }
        let file = above().find(|above| self.folder.join(above).is_file())?;
        is_foreign(file).then(|| self.folder.join(file))
    }

    /// Notes a file that waits.
    pub(super) fn record_staged(&self, path: &str, open: &File, digest: Digest) -> std::io::Result<()> {
        let stamp = FileStamp::of(&open.metadata()?);
        let mut pending = self.pending();
        pending.staged += 1;
        pending.stamps.extend(stamp.map(|stamp| (path.to_owned(), (stamp, digest))));
        Ok(())
    }

    /// Notes a file that is in its place already.
    pub(super) fn record_unchanged(&self, path: &str, stamp: Option<FileStamp>) {
        self.pending().stamps.extend(stamp.map(|stamp| (path.to_owned(), (stamp, Digest::default()))));
    }

    /// Keeps files of the build before as they are, if none of them has changed; says whether it did.
    pub(crate) fn keep<'f>(&self, files: impl IntoIterator<Item = &'f str>) -> bool {
        let mut kept = Vec::new();
        for path in files {
            if !self.is_unchanged(path) {
                return false;
            }
            kept.extend(self.old_stamps.get(path).map(|stamp| (path.to_owned(), *stamp)));
        }
        self.pending().stamps.extend(kept);
        true
    }

    /// Whether a file is as the build before wrote it.
    pub(crate) fn is_unchanged(&self, path: &str) -> bool {
        let stamp = FileStamp::read(&self.site_file(path));
        stamp.is_some() && stamp == self.old_stamps.get(path).map(|(stamp, _)| *stamp)
    }

    /// The text of a file that was written or kept.
    pub(crate) fn read(&self, path: &str) -> Result<String, Problem> {
        let [staged, file] = [self.stage.path(), &self.folder].map(|folder| folder.join(path));
        std::fs::read_to_string(&staged)
            .or_else(|_| std::fs::read_to_string(&file))
            .map_err(|error| Problem::cannot_read(&file, &error))
    }

    /// Copies a file of the book.
    pub(crate) fn copy(&self, from: &Path, path: &str) -> Result<(), Problem> {
        let bytes = std::fs::read(from).map_err(|error| Problem::cannot_read(from, &error))?;
        self.put(path, &bytes)
    }

    /// Copies a file of the book unless neither it nor its copy has changed; returns its stamp.
    pub(crate) fn copy_changed(
        &self,
        from: &Path,
        path: &str,
        copied: &HashMap<String, FileStamp>,
    ) -> Result<Option<FileStamp>, Problem> {
        let stamp = FileStamp::read(from);
        let is_same = stamp.is_some() && stamp == copied.get(path).copied();
        if !(is_same && self.keep([path])) {
            self.copy(from, path)?;
        }
        Ok(stamp)
    }

    /// Puts everything in its place, and removes what an earlier build made and this one did not.
    pub(crate) fn commit(self) -> Result<Committed, Problem> {
        let (written, files) = {
            let pending = self.pending();
            (pending.staged, pending.stamps.keys().cloned().collect::<BTreeSet<_>>())
        };
        if files != self.old_files {
            let list = files.iter().map(|path| format!("{path}\n")).collect::<String>();
            self.put(MANIFEST, list.as_bytes())?;
        }
        let mut stamps = std::mem::take(&mut self.pending().stamps);
        stamps.remove(MANIFEST);
        let staged = self.pending().staged;
        let failed = |error: std::io::Error| Problem::cannot_write(&self.folder, &error);
        if self.is_new {
            match std::fs::rename(self.stage.path(), &self.folder) {
                Ok(()) => drop(self.stage.keep()),
                // The folder is there and cannot be replaced, such as one that is mounted.
                Err(_) => {
                    std::fs::create_dir_all(&self.folder).map_err(failed)?;
                    commit(&self.folder, self.stage.path())?;
                }
            }
        } else if staged > 0 {
            std::fs::write(self.stage.path().join(READY), "").map_err(failed)?;
            commit(&self.folder, self.stage.path())?;
        }
        Ok(Committed { written, stamps })
    }
}

/// The files that a build before made in a folder.
fn read_manifest(folder: &Path, filled: bool) -> Result<BTreeSet<String>, Problem> {
    match std::fs::read_to_string(folder.join(MANIFEST)) {
        Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
        Err(_) if filled && !folder.join("toc.js").exists() => {
            let message = messages::foreign_files(folder.display());
            Err(Problem::new(message).help(messages::foreign_files_help()))
        }
        Err(_) => Ok(BTreeSet::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stream;
    use super::*;

    #[test]
    fn what_is_no_longer_made_goes_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let none = FileStamps::new();
        let build = |names: &[&str]| {
            let output = Output::open(&site, &none).unwrap();
            names.iter().for_each(|name| output.put(name, b"x").unwrap());
            output.commit().unwrap().written
        };
        assert_eq!(build(&["a/b.html", "toc.js"]), 2);
        std::fs::write(site.join("own.txt"), "mine").unwrap();
        assert_eq!(build(&["toc.js"]), 0);
        assert!(!site.join("a/b.html").exists());
        assert!(site.join("own.txt").exists());
        let hidden = |folder: &Path| std::fs::read_dir(folder).unwrap().flatten().count();
        assert_eq!((hidden(folder.path()), hidden(&site)), (1, 4), "nothing is left behind");
    }

    #[test]
    fn a_folder_of_other_files_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        assert!(Output::open(folder.path(), &FileStamps::new()).is_err());
    }

    #[test]
    fn a_build_that_failed_changes_nothing_and_one_that_died_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let none = FileStamps::new();
        let output = Output::open(&site, &none).unwrap();
        for (path, text) in [("a.html", "old"), ("gone.html", "old"), ("toc.js", "old")] {
            output.put(path, text.as_bytes()).unwrap();
        }
        output.commit().unwrap();
        let read = |path: &str| std::fs::read_to_string(site.join(path)).ok();

        let output = Output::open(&site, &none).unwrap();
        output.put("a.html", b"new").unwrap();
        drop(output);
        assert_eq!(read("a.html").as_deref(), Some("old"));

        // What a process leaves that is killed between the renamings.
        let stage = site.join(crate::files::orphaned_name("site-x"));
        std::fs::create_dir_all(stage.join("d")).unwrap();
        for (path, text) in
            [("a.html", "new"), ("d/b.html", "new"), (MANIFEST, "a.html\nd/b.html\ntoc.js\n"), (READY, "")]
        {
            std::fs::write(stage.join(path), text).unwrap();
        }
        drop(Output::open(&site, &none).unwrap());
        assert_eq!(read("a.html").as_deref(), Some("new"));
        assert_eq!(read("d/b.html").as_deref(), Some("new"));
        assert_eq!(read("gone.html"), None);
        assert!(!stage.exists());
    }

    #[test]
    fn a_file_that_somebody_changed_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let none = FileStamps::new();
        let output = Output::open(&site, &none).unwrap();
        output.put("a.html", b"x").unwrap();
        output.put("toc.js", b"x").unwrap();
        let stamps = output.commit().unwrap().stamps;
        let output = Output::open(&site, &stamps).unwrap();
        assert!(output.keep(["a.html", "toc.js"]));
        std::fs::write(site.join("a.html"), "y").unwrap();
        assert!(!output.keep(["a.html"]));
        assert!(!output.keep(["none.html"]));
        output.put("a.html", b"x").unwrap();
        output.put("toc.js", b"x").unwrap();
        assert_eq!(output.commit().unwrap().written, 1);
        assert_eq!(std::fs::read(site.join("a.html")).unwrap(), b"x");
    }

    #[test]
    fn a_stream_that_says_the_same_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let none = FileStamps::new();
        let build = |text: &[u8]| {
            let output = Output::open(&site, &none).unwrap();
            output.put("toc.js", b"x").unwrap();
            let mut stream = Stream::open(&output, "print.html").unwrap();
            stream.write(text);
            stream.close().unwrap();
            output.commit().unwrap().written
        };
        assert_eq!([build(b"a"), build(b"a"), build(b"b")], [2, 0, 1]);
        assert_eq!(std::fs::read(site.join("print.html")).unwrap(), b"b");
    }
}
