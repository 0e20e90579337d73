//! The folder of the site.
//!
//! What is new or has changed is written beside the site first, and put in its place when all of it is
//! there. A site that is built for the first time appears at once, by one renaming. A later one is
//! changed by renamings without anything else between them; should a process die just then, the next
//! build ends what it began.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use walkdir::WalkDir;

use crate::diagnostic::Problem;

/// The list of files that a build made, so that the next one removes what is no longer made.
const MANIFEST: &str = crate::files::SITE_LIST;
/// Says in the folder beside the site that all of it is there.
const READY: &str = ".haechi-ready";

/// How a file looked when it was written: in bytes and nanoseconds. Who changes it changes these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileStamp {
    length: u64,
    modified: u64,
}

impl FileStamp {
    fn of(data: &std::fs::Metadata) -> Option<Self> {
        let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { length: data.len(), modified: u64::try_from(modified.as_nanos()).ok()? })
    }
}

/// What a file holds, as a sum.
type Sum = [u8; 16];

fn sum(bytes: &[u8]) -> Sum {
    let mut sum = Sum::default();
    sum.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    sum
}

/// The files of a site, each with its look and, where it was not written piece by piece, its sum.
pub(super) type FileStamps = HashMap<String, (FileStamp, Sum)>;

/// A folder being filled.
pub(super) struct Output<'a> {
    folder: PathBuf,
    /// Whether the folder is new, so that it appears by one renaming.
    fresh: bool,
    /// Where new files wait.
    stage: TempDir,
    before: BTreeSet<String>,
    /// How the files of the build before looked.
    looked: &'a FileStamps,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    looks: FileStamps,
    /// The files that wait.
    staged: usize,
    folders: HashSet<PathBuf>,
}

/// What a build changed, and how the site looks now.
pub(super) struct Closed {
    pub(super) written: usize,
    pub(super) looks: FileStamps,
}

impl<'a> Output<'a> {
    pub(super) fn open(folder: &Path, looked: &'a FileStamps) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| Problem::file("make", folder, &error);
        let parent =
            folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).map_err(failed)?;
        recover(folder)?;
        for place in [parent, folder] {
            crate::files::sweep(place);
        }
        let filled = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        let beside = (!filled).then(|| crate::files::temporary_folder_in(parent, "site-"));
        if let Some(Ok(stage)) = beside {
            let (before, now) = (BTreeSet::new(), Mutex::default());
            return Ok(Self { folder: folder.to_owned(), fresh: true, stage, before, looked, now });
        }
        std::fs::create_dir_all(folder).map_err(failed)?;
        let before = match std::fs::read_to_string(folder.join(MANIFEST)) {
            Ok(text) => text.lines().map(str::to_owned).collect(),
            Err(_) if filled && !folder.join("toc.js").exists() => {
                return Err(Problem::new(format!(
                    "{} holds files that haechi did not make",
                    folder.display()
                ))
                .help("name another folder with --dest-dir, or empty this one"));
            }
            Err(_) => BTreeSet::new(),
        };
        let stage = crate::files::temporary_folder_in(folder, "site-").map_err(failed)?;
        Ok(Self { folder: folder.to_owned(), fresh: false, stage, before, looked, now: Mutex::default() })
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a file if it is new or has changed.
    pub(super) fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Problem> {
        let file = self.folder.join(path);
        let sum = sum(bytes);
        if let Some(look) = self.known(path, bytes, sum) {
            self.now().looks.insert(path.to_owned(), (look, sum));
            return Ok(());
        }
        let failed = |error: std::io::Error| Problem::file("write", &file, &error);
        let staged = self.place(path)?;
        let mut open = File::create(&staged).map_err(failed)?;
        open.write_all(bytes).map_err(failed)?;
        self.waits(path, &open, sum).map_err(failed)
    }

    /// The look of a file that is there and holds these bytes.
    fn known(&self, path: &str, bytes: &[u8], sum: Sum) -> Option<FileStamp> {
        if self.fresh {
            return None;
        }
        let file = self.folder.join(path);
        let data = std::fs::metadata(&file).ok()?;
        let look = FileStamp::of(&data)?;
        if let Some((before, held)) = self.looked.get(path)
            && *before == look
        {
            return (*held == sum).then_some(look);
        }
        (data.len() == bytes.len() as u64 && std::fs::read(&file).ok()? == bytes).then_some(look)
    }

    /// Where a new file waits; its folder is made.
    fn place(&self, path: &str) -> Result<PathBuf, Problem> {
        let staged = self.stage.path().join(path);
        if let Some(own) = self.in_the_way(path) {
            let message = format!("{} stands where the site has {path}", own.display());
            return Err(Problem::new(message).help("haechi did not make it: move it away, or remove it"));
        }
        if let Some(folder) = staged.parent()
            && !self.now().folders.contains(folder)
        {
            std::fs::create_dir_all(folder).map_err(|error| Problem::file("make", folder, &error))?;
            self.now().folders.insert(folder.to_owned());
        }
        Ok(staged)
    }

    /// What somebody else put where a file of the site goes, and a renaming cannot replace: a file in a
    /// folder of that name, or one that has the name of a folder.
    fn in_the_way(&self, path: &str) -> Option<PathBuf> {
        if self.fresh {
            return None;
        }
        let is_foreign = |inside: &Path| !self.before.contains(&*inside.to_string_lossy());
        let target = self.folder.join(path);
        if target.is_dir() {
            let files =
                WalkDir::new(&target).into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
            let mut paths = files.map(walkdir::DirEntry::into_path);
            return paths.find(|path| is_foreign(path.strip_prefix(&self.folder).unwrap_or(path)));
        }
        let mut folders =
            Path::new(path).ancestors().skip(1).take_while(|above| !above.as_os_str().is_empty());
        let file = folders.find(|above| self.folder.join(above).is_file())?;
        is_foreign(file).then(|| self.folder.join(file))
    }

    fn waits(&self, path: &str, open: &File, sum: Sum) -> std::io::Result<()> {
        let look = FileStamp::of(&open.metadata()?);
        let mut now = self.now();
        now.staged += 1;
        now.looks.extend(look.map(|look| (path.to_owned(), (look, sum))));
        Ok(())
    }

    /// Keeps files of the build before as they are, if they look as they did.
    pub(super) fn keep<'f>(&self, files: impl IntoIterator<Item = &'f str>) -> bool {
        let mut kept = Vec::new();
        for path in files {
            if !self.looks_as_before(path) {
                return false;
            }
            kept.extend(self.looked.get(path).map(|look| (path.to_owned(), *look)));
        }
        self.now().looks.extend(kept);
        true
    }

    /// Whether a file of the build before looks as it did.
    pub(super) fn looks_as_before(&self, path: &str) -> bool {
        let look = std::fs::metadata(self.folder.join(path)).ok().as_ref().and_then(FileStamp::of);
        look.is_some() && look == self.looked.get(path).map(|(look, _)| *look)
    }

    /// A file that is written piece by piece, for it may be too long to be held.
    pub(super) fn stream(&self, path: &str) -> Result<Stream<'_>, Problem> {
        let failed = |error: std::io::Error| Problem::file("write", &self.folder.join(path), &error);
        let staged = self.place(path)?;
        let file = File::create(&staged).map_err(failed)?;
        Ok(Stream {
            output: self,
            path: path.to_owned(),
            staged,
            file: BufWriter::new(file),
            at: 0,
            failed: None,
        })
    }

    /// The text of a file that was written or kept.
    pub(super) fn read(&self, path: &str) -> Result<String, Problem> {
        let [staged, file] = [self.stage.path(), &self.folder].map(|folder| folder.join(path));
        std::fs::read_to_string(&staged)
            .or_else(|_| std::fs::read_to_string(&file))
            .map_err(|error| Problem::file("read", &file, &error))
    }

    /// The file of the build before.
    pub(super) fn old(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Copies a file of the book.
    pub(super) fn copy(&self, from: &Path, path: &str) -> Result<(), Problem> {
        let bytes = std::fs::read(from).map_err(|error| Problem::file("read", from, &error))?;
        self.put(path, &bytes)
    }

    /// Copies a file of the book unless neither it nor its copy has changed; gives how it looks.
    pub(super) fn copy_changed(
        &self,
        from: &Path,
        path: &str,
        copied: &HashMap<String, FileStamp>,
    ) -> Result<Option<FileStamp>, Problem> {
        let look = std::fs::metadata(from).ok().as_ref().and_then(FileStamp::of);
        let same = look.is_some() && look == copied.get(path).copied();
        if !(same && self.keep([path])) {
            self.copy(from, path)?;
        }
        Ok(look)
    }

    /// Puts everything in its place, and removes what an earlier build made and this one did not.
    pub(super) fn close(self) -> Result<Closed, Problem> {
        let (written, list) = {
            let now = self.now();
            (now.staged, now.looks.keys().cloned().collect::<BTreeSet<_>>())
        };
        if list != self.before {
            let list = list.iter().map(|path| format!("{path}\n")).collect::<String>();
            self.put(MANIFEST, list.as_bytes())?;
        }
        let mut looks = std::mem::take(&mut self.now().looks);
        looks.remove(MANIFEST);
        let staged = self.now().staged;
        let failed = |error: std::io::Error| Problem::file("write", &self.folder, &error);
        if self.fresh {
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
        Ok(Closed { written, looks })
    }
}

/// Ends what a build began that died while it put its files in their places.
fn recover(folder: &Path) -> Result<(), Problem> {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let stage = entry.path();
        if crate::files::is_orphaned(&entry) && stage.join(READY).exists() {
            commit(folder, &stage)?;
        }
    }
    Ok(())
}

/// Puts the files of a stage in their places, and removes those that the site no longer has.
fn commit(folder: &Path, stage: &Path) -> Result<(), Problem> {
    let list = |folder: &Path| -> Option<BTreeSet<String>> {
        Some(std::fs::read_to_string(folder.join(MANIFEST)).ok()?.lines().map(str::to_owned).collect())
    };
    let (old, new) = (list(folder), list(stage));
    let gone: BTreeSet<&String> = match (&old, &new) {
        (Some(old), Some(new)) => old.difference(new).collect(),
        _ => BTreeSet::new(),
    };
    let mut made = HashSet::new();
    let files = WalkDir::new(stage).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let (last, files): (Vec<_>, Vec<_>) =
        files.partition(|entry| entry.file_name() == READY || entry.file_name() == MANIFEST);
    let put = |entry: &walkdir::DirEntry, made: &mut HashSet<PathBuf>| -> std::io::Result<()> {
        let path = entry.path().strip_prefix(stage).unwrap_or(entry.path());
        // What is in the way is removed only where something is.
        place(folder, entry.path(), path, made).or_else(|_| {
            make_way(folder, path, &gone);
            place(folder, entry.path(), path, made)
        })
    };
    for entry in &files {
        put(entry, &mut made).map_err(|error| Problem::file("write", entry.path(), &error))?;
    }
    for path in &gone {
        if is_inside(path) {
            let _ = std::fs::remove_file(folder.join(path));
        }
    }
    for entry in last.iter().filter(|entry| entry.file_name() == MANIFEST) {
        put(entry, &mut made).map_err(|error| Problem::file("write", entry.path(), &error))?;
    }
    let _ = std::fs::remove_dir_all(stage);
    Ok(())
}

/// Puts a file that waited in its place.
fn place(folder: &Path, staged: &Path, path: &Path, made: &mut HashSet<PathBuf>) -> std::io::Result<()> {
    let target = folder.join(path);
    if let Some(parent) = target.parent()
        && !made.contains(parent)
    {
        std::fs::create_dir_all(parent)?;
        made.insert(parent.to_owned());
    }
    std::fs::rename(staged, &target)
}

/// Removes files that the site no longer has, and folders that are then empty, where a file is to be: a
/// folder has its name, or a file has the name of its folder.
fn make_way(folder: &Path, path: &Path, gone: &BTreeSet<&String>) {
    let has_left = |inside: &str| is_inside(inside) && Path::new(inside).starts_with(path);
    for inside in gone.iter().filter(|inside| has_left(inside)) {
        let _ = std::fs::remove_file(folder.join(inside));
    }
    for entry in WalkDir::new(folder.join(path)).contents_first(true).into_iter().flatten() {
        // A folder that holds anything stays.
        let _ = std::fs::remove_dir(entry.path());
    }
    for above in path.ancestors().skip(1).filter_map(Path::to_str) {
        if gone.iter().any(|inside| *inside == above) && is_inside(above) {
            let _ = std::fs::remove_file(folder.join(above));
        }
    }
}

/// Whether a path of a list stays inside of the folder that it is in.
fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// A file of the site being written.
pub(super) struct Stream<'a> {
    output: &'a Output<'a>,
    path: String,
    staged: PathBuf,
    file: BufWriter<File>,
    at: u64,
    failed: Option<std::io::Error>,
}

impl Stream<'_> {
    /// Writes on, and says where in the file that begins; what fails is said by `close`.
    pub(super) fn write(&mut self, bytes: &[u8]) -> u64 {
        let begin = self.at;
        self.at += bytes.len() as u64;
        if self.failed.is_none() {
            self.failed = self.file.write_all(bytes).err();
        }
        begin
    }

    /// Writes on with a piece of another file, and says where it stands and how long it is.
    pub(super) fn write_from(&mut self, file: Option<&File>, (start, length): (u64, u64)) -> (u64, u64) {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        let read = file.map_or(Ok(()), |file| file.read_exact_at(&mut bytes, start));
        if let Err(error) = read {
            self.failed.get_or_insert(error);
        }
        (self.write(&bytes), length)
    }

    /// Ends the file.
    pub(super) fn close(self) -> Result<(), Problem> {
        let failed =
            |error: std::io::Error| Problem::file("write", &self.output.folder.join(&self.path), &error);
        if let Some(error) = self.failed {
            return Err(failed(error));
        }
        let open = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        let old = self.output.folder.join(&self.path);
        if !self.output.fresh && crate::files::same(&self.staged, &old) {
            let look = std::fs::metadata(&old).ok().as_ref().and_then(FileStamp::of);
            std::fs::remove_file(&self.staged).map_err(failed)?;
            self.output.now().looks.extend(look.map(|look| (self.path.clone(), (look, Sum::default()))));
            return Ok(());
        }
        self.output.waits(&self.path, &open, Sum::default()).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_made_goes_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let none = FileStamps::new();
        let build = |names: &[&str]| {
            let output = Output::open(&site, &none).unwrap();
            names.iter().for_each(|name| output.put(name, b"x").unwrap());
            output.close().unwrap().written
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
        output.close().unwrap();
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
        let looks = output.close().unwrap().looks;
        let output = Output::open(&site, &looks).unwrap();
        assert!(output.keep(["a.html", "toc.js"]));
        std::fs::write(site.join("a.html"), "y").unwrap();
        assert!(!output.keep(["a.html"]));
        assert!(!output.keep(["none.html"]));
        output.put("a.html", b"x").unwrap();
        output.put("toc.js", b"x").unwrap();
        assert_eq!(output.close().unwrap().written, 1);
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
            let mut stream = output.stream("print.html").unwrap();
            stream.write(text);
            stream.close().unwrap();
            output.close().unwrap().written
        };
        assert_eq!([build(b"a"), build(b"a"), build(b"b")], [2, 0, 1]);
        assert_eq!(std::fs::read(site.join("print.html")).unwrap(), b"b");
    }
}
