//! Which files of a book changed: in go the places that it is made from, out come changes.
//!
//! A file that is saved is often another file under the same name, and so is a folder that is moved away
//! and back. So it is folders that are watched, and those around them, too; whatever comes or goes there
//! makes all of it be watched anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::messages::serve as messages;
use crate::text::Problem;

/// Saves that come this close together are one.
const DEBOUNCE: Duration = Duration::from_millis(5);
/// A save is not delayed for longer than this by others.
const MAX_DELAY: Duration = Duration::from_millis(100);
/// After so long without a save, what follows from the last ones is done.
const QUIET: Duration = Duration::from_millis(300);

/// The places that a book is made from, as absolute paths. They need not be there yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WatchedPaths {
    /// Folders, with all that is in them.
    pub(super) folders: BTreeSet<PathBuf>,
    /// Files elsewhere.
    pub(super) files: BTreeSet<PathBuf>,
}

/// What happened to the files of a book.
#[derive(Debug)]
pub(super) enum Change {
    /// These were saved, made or removed.
    Saved(Vec<PathBuf>),
    /// Something may have changed, and what it was is not known.
    Unknown,
    /// Files can no longer be watched, for this reason.
    Unwatched(Problem),
    /// Nothing has been saved for a while, after something was.
    Quiet,
}

/// What the watcher saw.
enum RawEvent {
    Path(PathBuf),
    /// Events were lost.
    Lost,
}

impl WatchedPaths {
    /// Whether a change of a path may change the book.
    fn affects(&self, path: &Path) -> bool {
        let is_inside = |folder: &PathBuf| {
            let inner = path.strip_prefix(folder).ok();
            inner.is_some_and(|inner| !inner.iter().any(|name| is_scratch(Path::new(name))))
        };
        self.files.contains(path) || self.folders.iter().any(is_inside) || self.is_around(path)
    }

    /// Whether a path is one of the folders, or around one, so that what is watched may be another now.
    fn is_around(&self, path: &Path) -> bool {
        let around = self.files.iter().filter_map(|file| file.parent());
        self.folders.iter().map(PathBuf::as_path).chain(around).any(|folder| folder.starts_with(path))
    }

    /// The folders to watch so that nothing is missed.
    fn places(&self) -> BTreeMap<PathBuf, RecursiveMode> {
        let there = |path: &Path| path.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned);
        let whole: BTreeSet<&PathBuf> = self.folders.iter().filter(|folder| folder.is_dir()).collect();
        let around = self.folders.iter().chain(&self.files).filter_map(|path| there(path.parent()?));
        let mut places: BTreeMap<PathBuf, RecursiveMode> =
            around.map(|folder| (folder, RecursiveMode::NonRecursive)).collect();
        places.extend(whole.iter().map(|&folder| (folder.clone(), RecursiveMode::Recursive)));
        places.retain(|place, _| !whole.iter().any(|&folder| place != folder && place.starts_with(folder)));
        places
    }
}

/// Whether a path is one that editors make beside the file that they save.
fn is_scratch(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || name == "4913"
}

/// Calls `react` on a thread of its own whenever something changes; it says what is watched from then on.
///
/// # Errors
/// When the system cannot watch.
pub(super) fn follow(
    watched: WatchedPaths,
    react: impl FnMut(Change) -> WatchedPaths + Send + 'static,
) -> Result<(), Problem> {
    let (saw, seen) = channel();
    let watcher = start_watcher(&watched, &saw)?;
    std::thread::spawn(move || Follower { watched, _watcher: watcher, saw, react }.run(&seen));
    Ok(())
}

fn start_watcher(watched: &WatchedPaths, saw: &Sender<RawEvent>) -> Result<RecommendedWatcher, Problem> {
    let (own, saw) = (watched.clone(), saw.clone());
    let tell = move |event| {
        for seen in interpret(event, &own) {
            let _ = saw.send(seen);
        }
    };
    let failed = |error: notify::Error| {
        Problem::new(messages::cannot_watch(error)).help(messages::cannot_watch_help())
    };
    let mut watcher = notify::recommended_watcher(tell).map_err(failed)?;
    for (place, mode) in watched.places() {
        match watcher.watch(&place, mode) {
            // It is gone by now, which is seen from around it.
            Err(error) if is_gone(&error) => {}
            // A page may name a picture where nobody may look.
            Err(error) if mode == RecursiveMode::NonRecursive && is_forbidden(&error) => {}
            other => other.map_err(failed)?,
        }
    }
    Ok(watcher)
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn is_forbidden(error: &notify::Error) -> bool {
    matches!(&error.kind, ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// What an event of the watcher means.
fn interpret(event: notify::Result<Event>, watched: &WatchedPaths) -> Vec<RawEvent> {
    match event {
        Ok(event) if !event.need_rescan() => {
            let is_change = !event.kind.is_access();
            let paths = event.paths.into_iter().filter(|path| is_change && watched.affects(path));
            paths.map(RawEvent::Path).collect()
        }
        Ok(_) | Err(_) => vec![RawEvent::Lost],
    }
}

struct Follower<F> {
    watched: WatchedPaths,
    _watcher: RecommendedWatcher,
    saw: Sender<RawEvent>,
    react: F,
}

impl<F: FnMut(Change) -> WatchedPaths> Follower<F> {
    fn run(mut self, seen: &Receiver<RawEvent>) {
        let mut due = false;
        loop {
            let first = if due {
                match seen.recv_timeout(QUIET) {
                    Ok(first) => first,
                    Err(RecvTimeoutError::Timeout) => {
                        due = false;
                        self.handle(Change::Quiet);
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            } else {
                let Ok(first) = seen.recv() else { return };
                first
            };
            let change = gather(first, seen);
            if match &change {
                Change::Saved(paths) => paths.iter().any(|path| self.watched.is_around(path)),
                _ => true,
            } {
                self.rewatch();
            }
            self.handle(change);
            due = true;
        }
    }

    fn handle(&mut self, change: Change) {
        let mut watched = (self.react)(change);
        while watched != self.watched {
            self.watched = watched;
            self.rewatch();
            // Nobody saw what was saved there before.
            watched = (self.react)(Change::Unknown);
        }
    }

    /// The old watcher ends when the new one is there.
    fn rewatch(&mut self) {
        match start_watcher(&self.watched, &self.saw) {
            Ok(watcher) => self._watcher = watcher,
            Err(problem) => drop((self.react)(Change::Unwatched(problem))),
        }
    }
}

/// All that comes together with what was seen first.
fn gather(first: RawEvent, seen: &Receiver<RawEvent>) -> Change {
    let end = Instant::now() + MAX_DELAY;
    let (mut paths, mut lost) = (BTreeSet::new(), false);
    let mut next = Some(first);
    while let Some(now) = next.take() {
        match now {
            RawEvent::Path(path) => drop(paths.insert(path)),
            RawEvent::Lost => lost = true,
        }
        if Instant::now() < end {
            next = seen.recv_timeout(DEBOUNCE).ok();
        }
    }
    if lost { Change::Unknown } else { Change::Saved(paths.into_iter().collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(root: &Path) -> WatchedPaths {
        WatchedPaths {
            folders: BTreeSet::from([root.join("src"), root.join("none/themes")]),
            files: BTreeSet::from([root.join("book.toml"), root.join("src/part/.x")]),
        }
    }

    #[test]
    fn folders_are_watched_from_within_and_from_around() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("src/part")).unwrap();
        let places = watched(root).places();
        let (whole, alone) = (RecursiveMode::Recursive, RecursiveMode::NonRecursive);
        assert_eq!(places, BTreeMap::from([(root.to_owned(), alone), (root.join("src"), whole)]));
    }

    #[test]
    fn what_is_beside_does_not_concern_the_book() {
        let watched = watched(Path::new("/b"));
        for path in ["/b/src/p.md", "/b/book.toml", "/b/src", "/b", "/b/none", "/b/src/part/.x"] {
            assert!(watched.affects(Path::new(path)), "{path}");
        }
        for path in ["/b/other", "/b/.haechi/x", "/b/src/.git/x", "/b/src/p.md~", "/b/none/other", "/c"] {
            assert!(!watched.affects(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn an_error_of_the_watcher_and_a_rescan_may_hide_anything() {
        let watched = watched(Path::new("/b"));
        let rescan = Event::new(notify::EventKind::Other).set_flag(notify::event::Flag::Rescan);
        for event in [Ok(rescan), Err(notify::Error::generic("x"))] {
            assert!(matches!(interpret(event, &watched)[..], [RawEvent::Lost]));
        }
        let (saw, seen) = channel();
        saw.send(RawEvent::Lost).unwrap();
        let change = gather(RawEvent::Path("/b/src/p.md".into()), &seen);
        assert!(matches!(change, Change::Unknown), "{change:?}");
    }
}
