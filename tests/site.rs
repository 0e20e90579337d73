//! What a build leaves: the same site whether it is built anew or on top of another, and never half of one.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

fn haechi(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
    command.args(["build", "book"]).current_dir(folder).stdout(Stdio::null());
    command
}

/// Builds the book of a folder; gives the files of the site.
fn build(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    assert!(haechi(folder).status().unwrap().success());
    files(&folder.join("book/book"))
}

fn files(site: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries =
        walkdir::WalkDir::new(site).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let path = entry.path().strip_prefix(site).unwrap().to_owned();
            (path, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// A book of so many pages, each of which says which generation it is.
fn write(folder: &Path, pages: usize, generation: usize) {
    let source = folder.join("book/src");
    std::fs::create_dir_all(source.join("part")).unwrap();
    std::fs::write(folder.join("book/book.toml"), "[book]\ntitle = \"b\"\n").unwrap();
    let mut summary = String::from("# Summary\n\n");
    for number in 0..pages {
        let name = if number % 3 == 0 { format!("part/p{number}.md") } else { format!("p{number}.md") };
        writeln!(summary, "- [P{number}]({name})").unwrap();
        let text = format!(
            "# P{number}\n\ngeneration{generation} 컨테이너를 {number}.\n\n## Part\n\n```sh\necho {number}\n```\n\n\
             [home](#part)[^n]\n\n[^n]: A note.\n"
        );
        std::fs::write(source.join(name), text).unwrap();
    }
    std::fs::write(source.join("SUMMARY.md"), summary).unwrap();
}

/// The site that is built when nothing is known of an earlier one.
fn anew(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let other = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-r").arg(folder.join("book")).arg(other.path()).status().unwrap();
    assert!(copied.success());
    for made in ["book/book", "book/.haechi"] {
        let _ = std::fs::remove_dir_all(other.path().join(made));
    }
    build(other.path())
}

#[test]
fn a_site_that_is_changed_is_the_site_that_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    let check = |what: &str| {
        let (changed, anew) = (build(folder.path()), anew(folder.path()));
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&changed), names(&anew), "{what}");
        for (path, bytes) in &changed {
            assert!(bytes == &anew[path], "{what}: {} differs", path.display());
        }
    };
    let put = |path: &str, text: &str| std::fs::write(book.join(path), text).unwrap();
    write(folder.path(), 20, 1);
    check("the first build");
    check("nothing changed");
    put("src/p7.md", "# Another\n\nQuite 다른 text.\n");
    check("a page changed");
    write(folder.path(), 19, 1);
    check("a page is gone");
    write(folder.path(), 22, 2);
    check("all pages changed, some are new");
    put("book.toml", "[book]\ntitle = \"another\"\n[output.html]\nno-section-label = true\n");
    check("the settings changed");
    put("book.toml", "[book]\n[output.html.print]\nenable = false\n");
    check("no page for printing");
    put("book.toml", "[book]\n[output.html.search]\nenable = false\n");
    check("no search, printing again");
    std::fs::create_dir_all(book.join("themes/haechi/static")).unwrap();
    put(
        "themes/haechi/404.html",
        "{% extends \"base.html\" %}{% block body %}<main>own</main>{% endblock body %}",
    );
    put("themes/haechi/static/own.css", "p { color: red }");
    check("a theme of its own");
    std::fs::create_dir_all(book.join("theme")).unwrap();
    put("theme/favicon.svg", "<svg/>");
    check("an icon of its own");
    std::fs::create_dir_all(book.join("evidence")).unwrap();
    put("evidence/p4.json", "{}");
    put("src/picture.svg", "<svg/>");
    put("src/404.md", "# Lost\n");
    check("evidence, a picture and a page for lost readers");
    put("src/picture.svg", "<svg></svg>");
    check("the picture changed");
    put("book/p5.html", "somebody wrote here");
    std::fs::remove_file(book.join("book/part/p3.html")).unwrap();
    std::fs::remove_file(book.join("book/print.html")).unwrap();
    check("the site was changed by hand");
    let memory = std::fs::read_dir(book.join(".haechi"))
        .unwrap()
        .flatten()
        .find(|entry| entry.path().is_dir())
        .unwrap();
    for name in ["pages", "words"] {
        let file = memory.path().join(name);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        put("src/p8.md", name);
        check("what is remembered was damaged");
    }
}

#[test]
fn only_so_many_sites_of_a_book_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 2, 1);
    for number in 0..7 {
        let built = haechi(folder.path()).arg("--dest-dir").arg(format!("site{number}")).status().unwrap();
        assert!(built.success());
    }
    let remembered = std::fs::read_dir(folder.path().join("book/.haechi")).unwrap().flatten();
    let sites = remembered.filter(|entry| entry.path().is_dir()).count();
    assert_eq!(sites, 4);
}

#[test]
fn a_build_that_is_killed_leaves_the_old_site_or_the_new() {
    const PAGES: usize = 60;
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("book/book");
    write(folder.path(), PAGES, 0);
    // The generations of a site's pages, without the pages that speak of all.
    let generations = || {
        let mut found = BTreeMap::new();
        for (path, bytes) in files(&site) {
            let text = String::from_utf8_lossy(&bytes);
            let hidden = path.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
            let page = path.file_name().unwrap().to_string_lossy().starts_with('p')
                && path.extension().is_some_and(|e| e == "html");
            if hidden || !page || path == Path::new("print.html") {
                continue;
            }
            let (_, rest) =
                text.split_once("generation").unwrap_or_else(|| panic!("{} is not whole", path.display()));
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            *found.entry(number.parse::<usize>().unwrap()).or_insert(0) += 1;
        }
        found
    };
    let began = std::time::Instant::now();
    build(folder.path());
    let whole = began.elapsed();
    for kill in 1..=40_usize {
        write(folder.path(), PAGES, kill);
        if kill % 10 == 0 {
            let _ = std::fs::remove_dir_all(&site);
        }
        let fresh = !site.exists();
        let mut child = haechi(folder.path()).spawn().unwrap();
        // From the first moment to after the last.
        std::thread::sleep(whole.mul_f64(f64::from(u32::try_from(kill).unwrap()) / 36.0));
        let _ = child.kill();
        child.wait().unwrap();
        if fresh && !site.exists() {
            continue;
        }
        let found = generations();
        let begun = std::fs::read_dir(&site)
            .unwrap()
            .flatten()
            .any(|entry| entry.path().join(".haechi-ready").exists());
        assert!(found.len() == 1 || begun, "half of a site: {found:?}");
        assert_eq!(found.values().sum::<usize>(), PAGES, "{found:?}");
    }
    std::thread::sleep(Duration::from_millis(10));
    build(folder.path());
    assert_eq!(generations(), BTreeMap::from([(40, PAGES)]));
    let left = |folder: &Path| {
        let names = std::fs::read_dir(folder)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(".haechi-") && name != ".haechi-files").collect::<Vec<_>>()
    };
    assert_eq!((left(&site), left(&folder.path().join("book"))), (vec![], vec![]));
}

#[test]
fn what_stands_beside_the_pages_shows_on_them() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 3, 0);
    let source = folder.path().join("book/src");
    let svg =
        |width: u32| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\"/>\n");
    std::fs::write(source.join("part/a.svg"), svg(30)).unwrap();
    std::fs::write(source.join("part/p0.md"), "# P0\n\n![a](a.svg)\n").unwrap();
    let git = |arguments: &[&str], time: &str| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b.c"]).args(arguments);
        command.env("GIT_COMMITTER_DATE", format!("{time} +0000")).current_dir(folder.path());
        assert!(command.stdout(Stdio::null()).status().unwrap().success());
    };
    git(&["init", "-q"], "0");
    git(&["add", "book/src", "book/book.toml"], "0");
    git(&["commit", "-q", "-m", "one"], "1000000000");
    let text = |site: &BTreeMap<PathBuf, Vec<u8>>, file: &str| {
        String::from_utf8(site[Path::new(file)].clone()).unwrap()
    };
    let first = build(folder.path());
    assert!(text(&first, "part/p0.html").contains("alt=\"a\" width=\"30\" height=\"20\""));
    assert!(text(&first, "p1.html").contains("<time datetime=\"2001-09-09T01:46:40Z\">2001-09-09</time>"));

    std::fs::write(source.join("part/a.svg"), svg(40)).unwrap();
    std::fs::write(source.join("p1.md"), "# P1\n\nchanged\n").unwrap();
    git(&["commit", "-q", "-a", "-m", "two"], "1100000000");
    let second = build(folder.path());
    assert!(text(&second, "part/p0.html").contains("width=\"40\""));
    assert!(text(&second, "p1.html").contains("2004-11-09"));
    assert!(text(&second, "p2.html").contains("2001-09-09"));
    let feed = text(&second, "feed.xml");
    let (newest, oldest) = (feed.find(">P1<").unwrap(), feed.find(">P2<").unwrap());
    assert!(newest < oldest && feed.contains("<updated>2004-11-09T"), "{feed}");
    for made in ["book/book", "book/.haechi"] {
        std::fs::remove_dir_all(folder.path().join(made)).unwrap();
    }
    assert_eq!(second, build(folder.path()), "the site is the same when built anew");
}
