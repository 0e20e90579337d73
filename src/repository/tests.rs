use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::text::Problem;

/// A repository in a temporary folder named `app`.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(tree.root()).unwrap();
        tree.git(&["init", "-q", "-b", "main"]);
        tree
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("app")
    }

    fn git(&self, arguments: &[&str]) {
        let options = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always"];
        let done = Command::new("git").args(options).args(arguments).current_dir(self.root()).status();
        assert!(done.unwrap().success(), "{arguments:?}");
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
    }

    fn repository(&self) -> Repository {
        Repository::around(&self.root()).unwrap().unwrap()
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.repository(), Files::Repository).unwrap().unwrap()
    }
}

/// The names in the archive, with modes, and where links lead.
fn contents(snapshot: &Snapshot) -> Vec<String> {
    let mut archive = tar::Archive::new(snapshot.archive());
    let entries = archive.entries().unwrap().map(|entry| {
        let entry = entry.unwrap();
        let target = entry.link_name().unwrap().map(|to| format!(" -> {}", to.display())).unwrap_or_default();
        format!("{:o} {}{target}", entry.header().mode().unwrap(), entry.path().unwrap().display())
    });
    entries.collect()
}

fn said(warnings: &[Problem]) -> Vec<String> {
    warnings.iter().map(|problem| problem.message.english().to_owned()).collect()
}

#[test]
fn a_copy_has_what_git_tracks_and_what_is_new_and_not_ignored() {
    let tree = Tree::new();
    for path in ["Dockerfile", "src/가.c", "gone", "left"] {
        tree.write(path, "x");
    }
    tree.write("run.sh", "#!/bin/sh\n");
    std::fs::set_permissions(tree.root().join("run.sh"), PermissionsExt::from_mode(0o775)).unwrap();
    tree.write(".gitignore", "*.o\n/left\n");
    tree.git(&["add", "--force", "left"]);
    tree.commit();
    std::fs::remove_file(tree.root().join("gone")).unwrap();
    tree.write("new.txt", "x");
    tree.write("src/a.o", "x");
    tree.write("evidence/README.json", "{}");
    assert_eq!(
        contents(&tree.snapshot()),
        [
            "755 app/",
            "644 app/.gitignore",
            "644 app/Dockerfile",
            "644 app/left",
            "644 app/new.txt",
            "755 app/run.sh",
            "644 app/src/가.c",
        ]
    );
}

#[test]
fn the_key_is_of_what_the_copy_holds() {
    let tree = Tree::new();
    tree.write("a", "1");
    tree.write(".gitignore", "ignored\n");
    tree.write("evidence/a.json", "1");
    tree.write("guide/book.toml", "");
    tree.commit();
    let first = tree.snapshot().key().to_owned();
    let is_same = |what: &str| assert_eq!(tree.snapshot().key(), first, "{what}");
    let is_other = |what: &str| assert_ne!(tree.snapshot().key(), first, "{what}");
    tree.write("ignored", "2");
    is_same("an ignored file");
    tree.write("evidence/a.json", "2");
    tree.write("evidence/new/b.cast", "2");
    tree.write("guide/evidence/c.json", "2");
    is_same("evidence");
    tree.write("guide/book/index.html", "2");
    is_same("a site");
    tree.write("a", "1");
    is_same("a file written again");
    tree.git(&["commit", "-q", "--allow-empty", "-m", "y"]);
    is_same("a commit of nothing");
    tree.write("new", "2");
    is_other("a new file");
    std::fs::remove_file(tree.root().join("new")).unwrap();
    std::fs::set_permissions(tree.root().join("a"), PermissionsExt::from_mode(0o755)).unwrap();
    is_other("a file that may be executed");
    std::fs::set_permissions(tree.root().join("a"), PermissionsExt::from_mode(0o644)).unwrap();
    is_same("the mode of before");
    // What git is made to believe is not what counts.
    tree.git(&["update-index", "--assume-unchanged", "a"]);
    tree.write("a", "2");
    is_other("another content that git's index does not tell of");
    // The same files in another folder, by another person, at another time.
    let other = Tree::new();
    other.write("a", "1");
    other.write(".gitignore", "ignored\n");
    other.write("guide/book.toml", "");
    assert_eq!(other.snapshot().key(), first, "another clone");
}

#[test]
fn links_stay_inside_or_are_named() {
    let tree = Tree::new();
    tree.write("docs/a", "x");
    let secret = tree.folder.path().join("secret");
    std::fs::write(&secret, "s3cret").unwrap();
    let link = |target: &str, name: &str| symlink(target, tree.root().join(name)).unwrap();
    link("a", "docs/inside");
    link("../docs", "docs/folder");
    link("..", "docs/top");
    link("nothing", "dangling");
    link("../secret", "above");
    link(secret.to_str().unwrap(), "absolute");
    link("docs/../../secret", "around");
    // Its words stay inside; the other link takes it outside.
    std::fs::create_dir_all(tree.root().join("p/q")).unwrap();
    link("../..", "p/q/up");
    link("up/../secret", "p/q/through");
    tree.commit();
    let snapshot = tree.snapshot();
    assert_eq!(
        contents(&snapshot),
        [
            "755 app/",
            "777 app/dangling -> nothing",
            "644 app/docs/a",
            "777 app/docs/folder -> ../docs",
            "777 app/docs/inside -> a",
            "777 app/docs/top -> ..",
            "777 app/p/q/up -> ../..",
        ]
    );
    let named: Vec<String> = ["above", "absolute", "around", "p/q/through"]
        .map(|link| format!("{link} is a link that leaves the repository: the sandbox does not have it"))
        .into();
    assert_eq!(said(snapshot.warnings()), named);
    assert!(!snapshot.archive().windows(6).any(|bytes| bytes == b"s3cret"));
}

#[test]
fn a_tracked_file_is_not_read_through_a_folder_that_became_a_link() {
    let tree = Tree::new();
    tree.write("folder/secret", "mine");
    tree.commit();
    std::fs::create_dir(tree.folder.path().join("outside")).unwrap();
    std::fs::write(tree.folder.path().join("outside/secret"), "s3cret").unwrap();
    std::fs::remove_dir_all(tree.root().join("folder")).unwrap();
    symlink("../outside", tree.root().join("folder")).unwrap();
    let snapshot = tree.snapshot();
    assert_eq!(contents(&snapshot), ["755 app/"]);
    assert!(!snapshot.archive().windows(6).any(|bytes| bytes == b"s3cret"));
}

/// Reading a pipe would wait for ever.
#[test]
fn what_is_no_file_is_named_and_not_read() {
    let tree = Tree::new();
    tree.write("a", "x");
    tree.write("pipe", "x");
    tree.commit();
    std::fs::remove_file(tree.root().join("pipe")).unwrap();
    assert!(Command::new("mkfifo").arg(tree.root().join("pipe")).status().unwrap().success());
    let snapshot = tree.snapshot();
    assert_eq!(contents(&snapshot), ["755 app/", "644 app/a"]);
    assert_eq!(said(snapshot.warnings()), ["pipe is neither file nor folder: the sandbox does not have it"]);
}

#[test]
fn submodules_and_other_repositories_are_named() {
    let library = Tree::new();
    library.write("code", "x");
    library.commit();
    let tree = Tree::new();
    tree.write("a", "x");
    tree.git(&["submodule", "--quiet", "add", library.root().to_str().unwrap(), "library"]);
    tree.commit();
    std::fs::create_dir(tree.root().join("nested")).unwrap();
    let init = Command::new("git").args(["init", "-q"]).current_dir(tree.root().join("nested")).status();
    assert!(init.unwrap().success());
    std::fs::write(tree.root().join("nested/b"), "x").unwrap();
    let snapshot = tree.snapshot();
    assert_eq!(contents(&snapshot), ["755 app/", "644 app/.gitmodules", "644 app/a", "755 app/library"]);
    assert_eq!(
        said(snapshot.warnings()),
        [
            "nested/ is a repository of its own: the sandbox does not have it",
            "library is a submodule: the sandbox has an empty folder there, as a clone has",
        ]
    );
}

#[test]
fn too_much_is_said_before_it_is_read() {
    let tree = Tree::new();
    for (name, mib) in [("small", 1), ("big.bin", 200), ("huge\u{1b}.bin", 300)] {
        let file = std::fs::File::create(tree.root().join(name)).unwrap();
        file.set_len(mib * 1024 * 1024).unwrap();
    }
    let problem = Snapshot::of(&tree.repository(), Files::Repository).unwrap_err();
    assert_eq!(
        problem.message.english(),
        "the repository's files are more than a sandbox is given: 501 MiB in 3 files, where 256 MiB in 50000 \
         are the bound; the largest are huge\\u{1b}.bin (300 MiB), big.bin (200 MiB), small (1 MiB)"
    );
    tree.write(".gitignore", "*.bin\n");
    assert_eq!(contents(&tree.snapshot()), ["755 app/", "644 app/.gitignore", "644 app/small"]);
}

/// Files that a pull request can bring, and settings of a repository that was handed over whole.
#[test]
fn git_runs_nothing_that_a_repository_names() {
    let tree = Tree::new();
    let trap = tree.folder.path().join("trap");
    let program = format!("touch {}", trap.display());
    // What looks like a repository without a work tree, inside of the tree.
    tree.write("docs/page.md", "");
    tree.write("docs/HEAD", "ref: refs/heads/main\n");
    tree.write("docs/config", &format!("[core]\n\tbare = true\n\tfsmonitor = \"{program}\"\n"));
    for folder in ["docs/objects", "docs/refs"] {
        std::fs::create_dir(tree.root().join(folder)).unwrap();
    }
    tree.commit();
    tree.git(&["config", "core.fsmonitor", &program]);
    let hook = tree.root().join(".git/hooks/post-index-change");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, format!("#!/bin/sh\n{program}\n")).unwrap();
    std::fs::set_permissions(&hook, PermissionsExt::from_mode(0o755)).unwrap();
    let repository = Repository::around(&tree.root().join("docs")).unwrap().unwrap();
    assert_eq!(repository, tree.repository());
    for files in [Files::Repository, Files::Clone] {
        Snapshot::of(&tree.repository(), files).unwrap();
    }
    assert!(!trap.exists(), "a program of the repository ran");
}

#[test]
fn a_clone_has_the_history_and_nothing_else_of_git() {
    let tree = Tree::new();
    tree.write("a", "1");
    tree.commit();
    tree.git(&["tag", "v1"]);
    tree.git(&["remote", "add", "origin", "https://user:t0ken@example.com/me/tool.git"]);
    tree.git(&["config", "http.extraheader", "AUTHORIZATION: s3cret"]);
    let take = || Snapshot::of(&tree.repository(), Files::Clone).unwrap().unwrap();
    let snapshot = take();
    assert_eq!(snapshot.name(), "tool");
    let folder = tempfile::tempdir().unwrap();
    tar::Archive::new(snapshot.archive()).unpack(folder.path()).unwrap();
    let git = |arguments: &[&str]| {
        let output =
            Command::new("git").args(arguments).current_dir(folder.path().join("tool")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(git(&["status", "--porcelain"]), "");
    assert_eq!(git(&["log", "--format=%s %D"]), "x HEAD -> main, tag: v1\n");
    assert_eq!(git(&["remote"]), "");
    let config = std::fs::read_to_string(folder.path().join("tool/.git/config")).unwrap();
    assert!(!config.contains("s3cret") && !config.contains("t0ken"), "{config}");
    let here = tree.folder.path().to_str().unwrap().as_bytes().to_owned();
    assert!(
        !snapshot.archive().windows(here.len()).any(|bytes| bytes == here),
        "it names this machine's folder"
    );
    assert_eq!(take().key(), snapshot.key());
    tree.git(&["commit", "-q", "--allow-empty", "-m", "y"]);
    assert_ne!(take().key(), snapshot.key());
}

#[test]
fn pages_begin_where_they_are_usually_read() {
    let tree = Tree::new();
    tree.write("a", "x");
    let snapshot = std::sync::Arc::new(tree.snapshot());
    let place = |content: &str, page: &str, workdir| {
        Workspace::new(snapshot.clone(), &tree.root().join(content), page, workdir).folder().to_owned()
    };
    std::fs::create_dir_all(tree.root().join("docs")).unwrap();
    assert_eq!(place("", "README.md", Workdir::Auto), "app");
    assert_eq!(place("", "examples/web/README.md", Workdir::Auto), "app/examples/web");
    assert_eq!(place("", "docs/install.md", Workdir::Auto), "app");
    assert_eq!(place("", "docs/install.md", Workdir::Page), "app/docs");
    assert_eq!(place("docs", "guide/install.md", Workdir::Page), "app/docs/guide");
    assert_eq!(place("", "docs/README.md", Workdir::Root), "app");
}

#[test]
fn markdown_is_found_without_what_git_ignores() {
    let tree = Tree::new();
    for path in
        ["README.md", "docs/b.md", "docs/a/c.md", "docs/node_modules/x.md", ".github/y.md", "site/z.md"]
    {
        tree.write(path, "");
    }
    tree.write(".gitignore", "node_modules\n");
    tree.write("book.toml", "[build]\nbuild-dir = \"site\"\n");
    let found = |folder: &Path| -> Vec<String> {
        let found = markdown_below(folder, Repository::around(folder).unwrap().as_ref()).unwrap().into_iter();
        found.map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect()
    };
    assert_eq!(found(&tree.root()), ["README.md", "docs/a/c.md", "docs/b.md"]);
    assert_eq!(found(&tree.root().join("docs")), ["a/c.md", "b.md"]);
    std::fs::remove_dir_all(tree.root().join(".git")).unwrap();
    assert_eq!(found(&tree.root().join("docs/a")), ["c.md"]);
    assert_eq!(found(&tree.root()), ["README.md", "docs/a/c.md", "docs/b.md", "docs/node_modules/x.md"]);
}
