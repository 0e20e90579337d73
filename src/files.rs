//! Files that are written whole or not at all, and what a process that was killed left of them.

use std::fs::{DirEntry, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use tempfile::{Builder, TempDir};

/// What the names of temporary files and folders begin with; the number of their process follows.
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

/// Whether two files hold the same.
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

/// Whether something in a folder is what a process that no longer runs left of its own.
pub(crate) fn is_of_the_dead(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next());
    owner
        .and_then(|pid| pid.parse::<u32>().ok())
        .is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists())
}

/// Removes what processes that no longer run left in a folder.
pub(crate) fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if !is_of_the_dead(&entry) {
            continue;
        }
        let _ = match entry.file_type() {
            Ok(kind) if kind.is_dir() => std::fs::remove_dir_all(entry.path()),
            _ => std::fs::remove_file(entry.path()),
        };
    }
}

fn prefix(kind: &str) -> String {
    format!("{PREFIX}{}-{kind}", std::process::id())
}

/// What an address names: `%EA` and the like are bytes.
pub(crate) fn percent_decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = path.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_dead_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mine = prefix("x");
        for name in [".haechi-4294967295-abc", mine.as_str(), "haechi-4294967295-abc", ".haechi-files"] {
            std::fs::write(path(name), "x").unwrap();
        }
        sweep(folder.path());
        assert!(!path(".haechi-4294967295-abc").exists());
        assert!(
            path(&mine).exists() && path("haechi-4294967295-abc").exists() && path(".haechi-files").exists()
        );
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
