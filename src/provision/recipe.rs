//! The recipes of the images that every run needs. They are in this program, so that nothing else must
//! lie ready.

use bytes::Bytes;
use tar::{Builder, EntryType, Header};

use crate::messages::{Message, engine as messages};

/// What an image is made from.
#[derive(Debug)]
pub(super) struct Recipe {
    /// Its name below `haechi/`.
    pub(super) name: &'static str,
    /// What it is to its user.
    pub(super) what: fn() -> Message,
    /// How long it takes to make, in words.
    pub(super) duration: fn() -> Message,
    /// The release of Debian that it is made from.
    pub(super) suite: &'static str,
    files: &'static [(&'static str, File)],
}

/// A file of a recipe.
#[derive(Debug, Clone, Copy)]
enum File {
    Text(&'static str),
    Program(&'static str),
    Link(&'static str),
}

macro_rules! text {
    ($path:literal) => {
        File::Text(include_str!(concat!("../../images/", $path)))
    };
}

macro_rules! program {
    ($path:literal) => {
        File::Program(include_str!(concat!("../../images/", $path)))
    };
}

/// The sandbox.
pub(super) const ENGINE: Recipe = Recipe {
    name: "engine",
    what: messages::the_sandbox,
    duration: messages::about_a_minute,
    suite: "sid",
    files: &[
        ("Dockerfile", text!("engine/Dockerfile")),
        ("inside/gitconfig", text!("engine/inside/gitconfig")),
        ("inside/make-root", program!("engine/inside/make-root")),
        ("inside/programs/editor", program!("engine/inside/programs/editor")),
        ("inside/programs/emacs", File::Link("editor")),
        ("inside/programs/journalctl", File::Link("systemctl")),
        ("inside/programs/less", program!("engine/inside/programs/less")),
        ("inside/programs/man", program!("engine/inside/programs/man")),
        ("inside/programs/more", File::Link("less")),
        ("inside/programs/nano", File::Link("editor")),
        ("inside/programs/service", File::Link("systemctl")),
        ("inside/programs/sudo", program!("engine/inside/programs/sudo")),
        ("inside/programs/systemctl", program!("engine/inside/programs/systemctl")),
        ("inside/programs/vi", File::Link("editor")),
        ("inside/programs/vim", File::Link("editor")),
        ("inside/start", program!("engine/inside/start")),
        ("wall/door.conf", text!("engine/wall/door.conf")),
        ("wall/enter", program!("engine/wall/enter")),
        ("wall/init", program!("engine/wall/init")),
        ("wall/pivot", program!("engine/wall/pivot")),
    ],
};

/// The mirror that serves images to sandboxes.
pub(super) const MIRROR: Recipe = Recipe {
    name: "mirror",
    what: messages::the_mirror,
    duration: messages::about_20_seconds,
    suite: "trixie",
    files: &[
        ("Dockerfile", text!("mirror/Dockerfile")),
        ("read.yml", text!("mirror/read.yml")),
        ("serve", program!("mirror/serve")),
        ("write.yml", text!("mirror/write.yml")),
    ],
};

impl Recipe {
    /// The image under a tag that changes with the recipe.
    pub(super) fn image(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (path, file) in self.files {
            let (kind, content) = match file {
                File::Text(text) => ("text", text),
                File::Program(text) => ("program", text),
                File::Link(target) => ("link", target),
            };
            for part in [path, kind, *content] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        format!("haechi/{}:{}", self.name, &hasher.finalize().to_hex()[..12])
    }

    /// The folder that the image is built from, as an archive.
    ///
    /// # Errors
    /// When an archive cannot contain it.
    pub(super) fn context(&self) -> std::io::Result<Bytes> {
        let mut archive = Builder::new(Vec::new());
        for (path, file) in self.files {
            let mut header = Header::new_gnu();
            header.set_mode(if matches!(file, File::Text(_)) { 0o644 } else { 0o755 });
            match file {
                File::Text(text) | File::Program(text) => {
                    header.set_size(text.len() as u64);
                    archive.append_data(&mut header, path, text.as_bytes())?;
                }
                File::Link(target) => {
                    header.set_entry_type(EntryType::Symlink);
                    header.set_size(0);
                    archive.append_link(&mut header, path, target)?;
                }
            }
        }
        Ok(archive.into_inner()?.into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;

    /// A file that is added to a folder of `images` must be named here, too.
    #[test]
    fn recipes_are_their_folders() {
        for recipe in [ENGINE, MIRROR] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("images").join(recipe.name);
            let files = walkdir::WalkDir::new(&folder).into_iter().map(Result::unwrap);
            let found: BTreeSet<String> = files
                .filter(|file| !file.file_type().is_dir())
                .map(|file| file.path().strip_prefix(&folder).unwrap().to_str().unwrap().to_owned())
                .collect();
            assert_eq!(
                recipe.files.iter().map(|(path, _)| (*path).to_owned()).collect::<BTreeSet<_>>(),
                found
            );
            for (path, file) in recipe.files {
                let path = folder.join(path);
                match file {
                    File::Link(target) => assert_eq!(path.read_link().unwrap(), Path::new(target)),
                    File::Text(_) => assert_eq!(path.metadata().unwrap().permissions().mode() & 0o111, 0),
                    File::Program(_) => assert_ne!(path.metadata().unwrap().permissions().mode() & 0o111, 0),
                }
            }
        }
    }

    #[test]
    fn an_image_is_named_after_what_it_is_made_from() {
        let (engine, mirror) = (ENGINE.image(), MIRROR.image());
        assert!(engine.starts_with("haechi/engine:") && mirror.starts_with("haechi/mirror:"));
        let other = Recipe { files: &[("Dockerfile", File::Text("FROM scratch"))], ..ENGINE };
        assert_ne!(other.image(), engine);
    }

    #[test]
    fn the_context_holds_programs_and_links() {
        let context = ENGINE.context().unwrap();
        let mut archive = tar::Archive::new(&context[..]);
        let entries: Vec<_> = archive.entries().unwrap().map(Result::unwrap).collect();
        assert_eq!(entries.len(), ENGINE.files.len());
        let mode = |path: &str| {
            let entry = entries.iter().find(|entry| entry.path().unwrap() == Path::new(path)).unwrap();
            entry.header().mode().unwrap()
        };
        assert_eq!(mode("wall/init"), 0o755);
        assert_eq!(mode("Dockerfile"), 0o644);
        let link = entries.iter().find(|entry| entry.path().unwrap().ends_with("vi")).unwrap();
        assert_eq!(link.link_name().unwrap().unwrap(), Path::new("editor"));
    }
}
