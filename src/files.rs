//! Files that are written whole or not at all, and what a process that was killed left of them.

use std::fs::{DirEntry, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use tempfile::{Builder, TempDir};

use crate::owner::{Owner, ProcessState};

/// What the names of temporary files and folders begin with; their process follows.
const PREFIX: &str = ".haechi-";

/// The list of the files of a site in its folder: which folder has it is a site that haechi made.
pub(crate) const SITE_LIST: &str = ".haechi-files";

/// Writes a file by way of a neighbour that is renamed. A file that is there keeps its permissions.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    write_by_way_of(folder, path, bytes)
}

/// Writes a file by way of a temporary one in `folder`, which is on the same disk.
pub(crate) fn write_by_way_of(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let readable = || std::fs::Permissions::from_mode(0o644);
    let permissions = std::fs::metadata(path).map_or_else(|_| readable(), |old| old.permissions());
    let mut neighbour = Builder::new().prefix(&prefix("")).permissions(permissions).tempfile_in(folder)?;
    neighbour.write_all(bytes)?;
    neighbour.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A path from the root of the machine, without `.` and `..`.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            part => clean.push(part),
        }
    }
    clean
}

/// Reads a file that is one and no link to one, and not larger than that.
pub(crate) fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !path.symlink_metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    read_plain(path, most)
}

/// Reads a file that is one: no device, no pipe, and not larger than that.
pub(crate) fn read_plain(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a file, or too large");
    // Opening a pipe would wait for somebody to write to it.
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_dir() {
        // As the system says it.
        return std::fs::read(path);
    }
    if !kind.is_file() {
        return Err(refused());
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len().min(most);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(refused()) } else { Ok(bytes) }
}

/// Reads the text of such a file.
pub(crate) fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read_plain(path, most)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The first part of a path below a folder that is a link, the last one left aside.
pub(crate) fn link_above(folder: &Path, path: &Path) -> Option<PathBuf> {
    let above = path.ancestors().skip(1).take_while(|above| !above.as_os_str().is_empty());
    above.map(|above| folder.join(above)).filter(|above| above.is_symlink()).last()
}

/// Writes something into a folder and removes it again.
pub(crate) fn try_to_write(folder: &Path) -> io::Result<()> {
    Builder::new().prefix(&prefix("")).tempfile_in(folder)?.write_all(b"haechi")
}

/// Where haechi keeps what belongs to this user and this machine: `$XDG_STATE_HOME/haechi`, or below
/// `~/.local/state`. A path that is not absolute is left aside, as the XDG specification asks: it could lie
/// in a book.
pub(crate) fn state_folder() -> Option<PathBuf> {
    own_folder("XDG_STATE_HOME", ".local/state")
}

/// Where haechi keeps what can be had again: `$XDG_CACHE_HOME/haechi`, or below `~/.cache`.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    own_folder("XDG_CACHE_HOME", ".cache")
}

fn own_folder(variable: &str, usual: &str) -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let named = std::env::var_os(variable).map(PathBuf::from).and_then(absolute);
    let folder = named.or_else(|| Some(absolute(std::env::home_dir()?)?.join(usual)))?;
    Some(folder.join("haechi"))
}

/// Whether two files have the same content.
pub(crate) fn same(one: &Path, other: &Path) -> bool {
    let (Ok(mut one), Ok(mut other)) = (File::open(one), File::open(other)) else { return false };
    let lengths = [&one, &other].map(|file| file.metadata().map(|data| data.len()).ok());
    if lengths[0].is_none() || lengths[0] != lengths[1] {
        return false;
    }
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let Ok(count) = one.read(&mut left) else { return false };
        if count == 0 {
            return true;
        }
        if other.read_exact(&mut right[..count]).is_err() || left[..count] != right[..count] {
            return false;
        }
    }
}

/// A folder in the system's place for temporary ones.
pub(crate) fn temporary_folder(kind: &str) -> io::Result<TempDir> {
    let place = std::env::temp_dir();
    sweep(&place);
    temporary_folder_in(&place, kind)
}

/// A temporary folder in another folder; anybody may read it.
pub(crate) fn temporary_folder_in(place: &Path, kind: &str) -> io::Result<TempDir> {
    let readable = std::fs::Permissions::from_mode(0o755);
    Builder::new().prefix(&prefix(kind)).permissions(readable).tempdir_in(place)
}

/// Whether something in a folder is what a process of this machine left that is known to have ended.
pub(crate) fn is_orphaned(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let owner = name.to_str().and_then(|name| Owner::read(name.strip_prefix(PREFIX)?, '-'));
    owner.is_some_and(|owner| owner.state() == ProcessState::Ended)
}

/// Removes what processes that have ended left in a folder. What belongs to another machine or another
/// PID namespace stays: the folder may be shared, and its owner at work.
pub(crate) fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if !is_orphaned(&entry) {
            continue;
        }
        let _ = match entry.file_type() {
            Ok(kind) if kind.is_dir() => std::fs::remove_dir_all(entry.path()),
            _ => std::fs::remove_file(entry.path()),
        };
    }
}

fn prefix(kind: &str) -> String {
    format!("{PREFIX}{}-{kind}", Owner::current().label('-'))
}

/// A name that a process of this machine gave that has ended.
#[cfg(test)]
pub(crate) fn orphaned_name(kind: &str) -> String {
    prefix(kind).replacen(&std::process::id().to_string(), "4294967295", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_be_orphaned_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mine = prefix("x");
        let ended = orphaned_name("x");
        // A process of that number, on a machine that shares the folder.
        let home = Owner::current().label('-').rsplit_once('-').unwrap().1.to_owned();
        let elsewhere = ended.replacen(&home, "0123456789ab", 1);
        let nobody = ".haechi-4294967295-abc";
        let kept = [mine.as_str(), &elsewhere, nobody, &ended[1..], ".haechi-files"];
        for name in kept.iter().chain([&ended.as_str()]) {
            std::fs::write(path(name), "x").unwrap();
        }
        sweep(folder.path());
        assert!(!path(&ended).exists());
        assert_eq!(kept.map(|name| path(name).exists()), [true; 5], "{kept:?}");
    }

    #[test]
    fn what_has_no_end_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        assert!(read_plain(&path, 3).is_err());
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "123").unwrap();
        assert!(read_plain(&path, 2).is_err() && read_plain(&path, 3).is_ok());
    }

    #[test]
    fn a_file_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/page.md");
        write(&path, b"a").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        write(&path, b"b").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read(&path).unwrap(), b"b");
    }
}
