//! Puts staged files in their places by renaming, and removes what the site no longer has.

use std::collections::{BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use crate::text::Problem;

/// The list of files that a build made, so that the next one removes what is no longer made.
pub(super) const MANIFEST: &str = crate::files::SITE_LIST;
/// Says in the stage that all of it is there.
pub(super) const READY: &str = ".haechi-ready";

/// Ends what a build began that died while it put its files in their places.
pub(super) fn recover(folder: &Path) -> Result<(), Problem> {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let stage = entry.path();
        if crate::files::is_orphaned(&entry) && stage.join(READY).exists() {
            commit(folder, &stage)?;
        }
    }
    Ok(())
}

/// Puts the files of a stage in their places, and removes those that the site no longer has.
pub(super) fn commit(folder: &Path, stage: &Path) -> Result<(), Problem> {
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
        put(entry, &mut made).map_err(|error| Problem::cannot_write(entry.path(), &error))?;
    }
    for path in &gone {
        if is_within(path) && crate::files::link_above(folder, Path::new(path)).is_none() {
            let _ = std::fs::remove_file(folder.join(path));
        }
    }
    for entry in last.iter().filter(|entry| entry.file_name() == MANIFEST) {
        put(entry, &mut made).map_err(|error| Problem::cannot_write(entry.path(), &error))?;
    }
    let _ = std::fs::remove_dir_all(stage);
    Ok(())
}

/// Puts a file that waited in its place.
fn place(folder: &Path, staged: &Path, path: &Path, made: &mut HashSet<PathBuf>) -> std::io::Result<()> {
    let target = folder.join(path);
    if crate::files::link_above(folder, path).is_some() {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "a link stands in its way"));
    }
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
    if crate::files::link_above(folder, path).is_some() || folder.join(path).is_symlink() {
        return;
    }
    let is_stale_part = |inside: &str| {
        is_within(inside)
            && Path::new(inside).starts_with(path)
            && crate::files::link_above(folder, Path::new(inside)).is_none()
    };
    for inside in gone.iter().filter(|inside| is_stale_part(inside)) {
        let _ = std::fs::remove_file(folder.join(inside));
    }
    for entry in WalkDir::new(folder.join(path)).contents_first(true).into_iter().flatten() {
        // A folder that is not empty stays.
        let _ = std::fs::remove_dir(entry.path());
    }
    for above in path.ancestors().skip(1).filter_map(Path::to_str) {
        if gone.iter().any(|inside| *inside == above) && is_within(above) {
            let _ = std::fs::remove_file(folder.join(above));
        }
    }
}

/// Whether a path of a list stays inside of the folder that it is in.
fn is_within(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
