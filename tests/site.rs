//! What a build leaves: the same site whether it is built anew or on top of another, and never half of one.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// Builds the book on top of what is there, and compares it with the site that is built anew.
#[track_caller]
fn is_as_anew(folder: &Path, what: &str) {
    let (changed, anew) = (build(folder), anew(folder));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&changed), names(&anew), "{what}");
    for (path, bytes) in &changed {
        assert!(bytes == &anew[path], "{what}: {} differs", path.display());
    }
}

#[test]
fn a_site_that_is_changed_is_the_site_that_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    let check = |what: &str| is_as_anew(folder.path(), what);
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

/// A book of these files in `book`; pages are those that `SUMMARY.md` names.
fn book_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [("book.toml", "[book]\ntitle = \"b\"\n")].iter().chain(files) {
        put(folder.path(), path, text);
    }
    folder
}

fn put(folder: &Path, path: &str, text: &str) {
    let file = folder.join("book").join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

/// What a build that fails says.
#[track_caller]
fn fails(folder: &Path) -> String {
    let output = haechi(folder).output().unwrap();
    assert!(!output.status.success(), "it was built");
    // Long messages are wrapped where they are shown.
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

fn text_of(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join("book/book").join(path)).unwrap()
}

#[test]
fn a_site_inside_of_the_pages_folder_is_no_part_of_itself() {
    let folder = book_of(&[
        ("book.toml", "[book]\nsrc = \".\"\n"),
        ("SUMMARY.md", "- [P](p.md)\n"),
        ("p.md", "# P\n"),
        ("a.txt", "a"),
    ]);
    let first: Vec<PathBuf> = build(folder.path()).into_keys().collect();
    assert!(first.contains(&PathBuf::from("a.txt")));
    let second: Vec<PathBuf> = build(folder.path()).into_keys().collect();
    assert_eq!(first, second, "a second build adds nothing");
    let elsewhere = folder.path().join("book/elsewhere");
    for _ in 0..2 {
        let built = haechi(folder.path()).arg("--dest-dir").arg(&elsewhere).status().unwrap();
        assert!(built.success());
        let files: Vec<PathBuf> = files(&elsewhere).into_keys().collect();
        assert_eq!(files, first, "neither that site nor the other");
    }
    let checked = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["check", "book"])
        .current_dir(folder.path())
        .output();
    let checked = checked.unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn a_file_that_becomes_a_folder_and_back_is_built_each_time() {
    let folder = book_of(&[("src/SUMMARY.md", "- [P](p.md)\n"), ("src/p.md", "# P\n")]);
    let source = folder.path().join("book/src");
    let check = |what: &str| is_as_anew(folder.path(), what);
    for round in 0..2 {
        put(folder.path(), "src/data", &format!("file {round}"));
        check("a file");
        std::fs::remove_file(source.join("data")).unwrap();
        put(folder.path(), "src/data/a/b.txt", "in a folder");
        check("a folder");
        std::fs::remove_dir_all(source.join("data")).unwrap();
    }
    // What somebody else put there is not removed.
    put(folder.path(), "src/data/a.txt", "in a folder");
    build(folder.path());
    put(folder.path(), "book/data/own.txt", "mine");
    std::fs::remove_dir_all(source.join("data")).unwrap();
    put(folder.path(), "src/data", "a file");
    let said = fails(folder.path());
    assert!(said.contains("data") && said.contains("own.txt"), "{said}");
    assert_eq!(text_of(folder.path(), "data/own.txt"), "mine");
    std::fs::remove_file(folder.path().join("book/book/data/own.txt")).unwrap();
    build(folder.path());
    assert_eq!(text_of(folder.path(), "data"), "a file");
}

#[test]
fn what_stands_in_one_place_is_an_error_with_both_names() {
    let page = "# P\n";
    for (files, names) in [
        // Two pages of one address.
        (&[("src/README.md", page), ("src/index.md", page)][..], ["README.md", "index.md"]),
        (&[("src/a/README.md", page), ("src/a/index.md", page)], ["a/README.md", "a/index.md"]),
        // Two pages whose anchors begin alike in print.html.
        (&[("src/a/b.md", page), ("src/a-b.md", page)], ["a/b.md", "a-b.md"]),
        (&[("src/a b.md", page), ("src/a.b.md", page)], ["a b.md", "a.b.md"]),
        // A page, and a heading of another; two headings.
        (&[("src/a.md", "# A\n\n## B\n"), ("src/a-b.md", "# P\n")], ["a.md", "a-b.md"]),
        (&[("src/a.md", "# A\n\n## B C\n"), ("src/a-b.md", "# P\n\n## C\n")], ["a.md", "#a-b-c"]),
        // A page and a file beside it.
        (&[("src/a.md", page), ("src/a.html", "x")], ["a.md", "a.html"]),
        (&[("src/a.md", page), ("src/a.html/b.txt", "x")], ["a.md", "a.html/b.txt"]),
        (&[("src/a.md", page), ("src/a.cast", "x"), ("evidence/a.cast", "x")], ["src/a.cast", "recording"]),
        // A page, or a file, and what every site has.
        (&[("src/print.md", page)], ["print.md", "print.html"]),
        (&[("src/toc.md", page)], ["toc.md", "toc.html"]),
        (&[("src/a.md", page), ("src/search/index.js", "x")], ["search/index.js", "search"]),
        (&[("src/a.md", page), ("src/haechi.css", "x")], ["haechi.css", "theme"]),
        (&[("src/a.md", page), ("src/toc.js", "x")], ["toc.js", "table of contents"]),
    ] {
        let pages =
            files.iter().filter_map(|(path, _)| path.strip_prefix("src/")).filter(|p| p.ends_with(".md"));
        let summary: String = pages.map(|path| format!("- [P](<{path}>)\n")).collect();
        let folder = book_of(&[&[("src/SUMMARY.md", summary.as_str())], files].concat());
        let said = fails(folder.path());
        assert!(names.iter().all(|name| said.contains(name)), "{names:?}: {said}");
        assert!(!folder.path().join("book/book").exists(), "{names:?}");
    }
}

#[test]
fn a_book_s_own_files_stand_in_for_what_machines_read() {
    let folder = book_of(&[
        ("src/SUMMARY.md", "- [P](p.md)\n- [Q](404.md)\n"),
        ("src/p.md", "# P\n"),
        ("src/404.md", "# Lost\n"),
        ("src/robots.txt", "own"),
        ("src/llms.txt", "own"),
        ("src/CNAME", "own"),
    ]);
    for round in 0..3 {
        put(folder.path(), "src/p.md", &format!("# P\n\n{round}\n"));
        build(folder.path());
        for name in ["robots.txt", "llms.txt", "CNAME"] {
            assert_eq!(text_of(folder.path(), name), "own", "{name} of build {round}");
        }
        assert!(text_of(folder.path(), "404.html").contains("id=\"lost\""), "build {round}");
    }
    // Without print.html its anchors cannot collide.
    put(folder.path(), "book.toml", "[output.html.print]\nenable = false\n");
    put(folder.path(), "src/SUMMARY.md", "- [P](a/b.md)\n- [Q](a-b.md)\n");
    put(folder.path(), "src/a/b.md", "# P\n");
    put(folder.path(), "src/a-b.md", "# Q\n");
    build(folder.path());
}

#[test]
fn footnotes_stand_inside_footnotes() {
    let folder = book_of(&[
        ("src/SUMMARY.md", "- [P](p.md)\n"),
        (
            "src/p.md",
            "# P\n\nbefore[^a] and[^b]\n\n[^a]: outer[^c] begins\n\n    > [^b]: inner\n\n    outer ends\n\n\
             [^c]: of a note[^d]\n\n[^d]: deep\n\n[^e]: nobody[^f] asks\n\n[^f]: nor here\n\nafter\n",
        ),
    ]);
    build(folder.path());
    let html = text_of(folder.path(), "p.html");
    let at = |piece: &str| html.find(piece).unwrap_or_else(|| panic!("{piece} is missing: {html}"));
    assert!(at("before<sup") < at("after</p>") && at("after</p>") < at("<ol class=\"footnote-definition\">"));
    for (id, pieces) in [
        ("a", &["outer<sup", "begins", "outer ends"][..]),
        ("b", &["inner"]),
        ("c", &["of a note<sup"]),
        ("d", &["deep"]),
    ] {
        let item = &html[at(&format!("<li id=\"footnote-{id}\">"))..];
        let item = &item[..item.find("</li>").unwrap()];
        assert!(pieces.iter().all(|piece| item.contains(piece)), "{id}: {item}");
        assert!(
            item.contains(&format!("href=\"#fr-{id}-1\"")) && html.contains(&format!("id=\"fr-{id}-1\""))
        );
    }
    assert!(!html.contains("nobody") && !html.contains("nor here"), "{html}");
    // The numbers are those of the list.
    let numbers: Vec<_> = ["a", "b", "c", "d"].map(|id| at(&format!("<li id=\"footnote-{id}\">"))).into();
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert!(html.contains("id=\"fr-c-1\"><a href=\"#footnote-c\">3</a>"), "{html}");
}

#[test]
fn a_theme_file_that_cannot_be_read_is_an_error() {
    let folder = book_of(&[("src/SUMMARY.md", "- [P](p.md)\n"), ("src/p.md", "# P\n")]);
    let theme = folder.path().join("book/themes/haechi");
    std::fs::create_dir_all(theme.join("static")).unwrap();
    build(folder.path());
    for (name, bytes) in [("page.html", &b"\xff"[..]), ("words.json", b"{\"en\": {\"a\": \"\xff\"}}")] {
        std::fs::write(theme.join(name), bytes).unwrap();
        let said = fails(folder.path());
        assert!(said.contains(name), "{said}");
        std::fs::remove_file(theme.join(name)).unwrap();
    }
    std::fs::create_dir(theme.join("toc.html")).unwrap();
    assert!(fails(folder.path()).contains("toc.html"));
    std::fs::remove_dir(theme.join("toc.html")).unwrap();
    for (target, link) in [("none.html", "page.html"), ("none.css", "static/haechi.css"), ("x", "static/x")] {
        std::os::unix::fs::symlink(target, theme.join(link)).unwrap();
        let said = fails(folder.path());
        assert!(said.contains(link), "{said}");
        std::fs::remove_file(theme.join(link)).unwrap();
    }
    build(folder.path());
}

#[test]
fn all_that_a_page_is_made_from_is_known_to_the_next_build() {
    let folder = book_of(&[
        ("src/SUMMARY.md", "- [P](p.md)\n- [Q](q.md)\n"),
        ("src/p.md", "# P\n\n![x](../pictures/x.svg)\n\n![y][y]\n\n[y]: ../pictures/y.svg\n"),
        ("src/q.md", "# Q\n\n```sh\necho 1\n```\n"),
    ]);
    let check = |what: &str| is_as_anew(folder.path(), what);
    let svg = |width: u32| format!("<svg width=\"{width}\" height=\"20\"/>");
    check("no picture");
    put(folder.path(), "pictures/x.svg", &svg(30));
    check("a picture outside of the pages' folder");
    assert!(text_of(folder.path(), "p.html").contains("width=\"30\""));
    put(folder.path(), "pictures/x.svg", &svg(40));
    check("it changed");
    put(folder.path(), "pictures/y.svg", &svg(50));
    check("another one");
    assert!(text_of(folder.path(), "p.html").contains("width=\"50\""));
    put(folder.path(), "evidence/q.cast", "{}");
    check("a recording without evidence");
    assert!(!text_of(folder.path(), "q.html").contains("wasm-unsafe-eval"), "nobody vouches for it");
    put(folder.path(), "evidence/q.json", "{}");
    check("what is not evidence");
    std::fs::remove_dir_all(folder.path().join("book/evidence")).unwrap();
    check("it is gone");
}

#[test]
fn settings_count_wherever_the_site_goes() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = book_of(&[("src/SUMMARY.md", "- [P](p.md)\n"), ("src/p.md", "# P\n")]);
    // A name that TOML cannot express.
    let site = folder.path().join(std::ffi::OsStr::from_bytes(b"site-\xff"));
    for title in ["first", "second"] {
        put(folder.path(), "book.toml", &format!("[book]\ntitle = \"{title}\"\n"));
        let built = haechi(folder.path()).arg("--dest-dir").arg(&site).status().unwrap();
        assert!(built.success());
        let html = std::fs::read_to_string(site.join("p.html")).unwrap();
        assert!(html.contains(&format!("<title>P · {title}</title>")), "{html}");
    }
}

#[test]
fn a_picture_that_is_a_pipe_is_not_waited_for() {
    let page = "# P\n\n![x](pipe.svg)\n";
    let folder = book_of(&[("src/SUMMARY.md", "- [P](p.md)\n"), ("src/p.md", page)]);
    let pipe = folder.path().join("book/src/pipe.svg");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let mut command = Command::new("timeout");
    command.args(["20", env!("CARGO_BIN_EXE_haechi"), "build", "book"]).current_dir(folder.path());
    assert!(command.status().unwrap().success(), "it was waited for");
}

#[test]
fn columns_are_aligned_without_styles_that_the_policy_forbids() {
    let table = "# P\n\n| a | b | c | d |\n| --- | :-- | :-: | --: |\n| 1 | 2 | 3 | 4 |\n";
    let folder = book_of(&[("src/SUMMARY.md", "- [P](p.md)\n"), ("src/p.md", table)]);
    build(folder.path());
    let html = text_of(folder.path(), "p.html");
    assert!(!html.contains("style=") && !html.contains("unsafe-inline"), "{html}");
    for cells in [
        "<th>a</th><th>b</th><th class=\"center\">c</th><th class=\"right\">d</th>",
        "<td>1</td><td data-label=\"b\">2</td><td class=\"center\" data-label=\"c\">3</td><td class=\"right\" data-label=\"d\">4</td>",
    ] {
        assert!(html.contains(cells), "{html}");
    }
    let css = text_of(folder.path(), "haechi.css");
    assert!(css.contains("td.right") && css.contains("td.center"));
}
