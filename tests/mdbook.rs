//! A book of mdBook's, as it is: every setting is honoured or named.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

const BOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mdbook");

/// Builds a copy of the book in a folder; the answers about trust are kept there, too.
fn build(folder: &Path, arguments: &[&str]) -> Output {
    let copied = Command::new("cp").args(["-r", BOOK]).arg(folder).status().unwrap();
    assert!(copied.success());
    Command::new(env!("CARGO_BIN_EXE_haechi"))
        .arg("build")
        .arg("mdbook")
        .args(arguments)
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// A book of one page, `p.md`, in a folder of its own, and the other files that it is given.
fn book_of(page: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    for (name, text) in [("src/SUMMARY.md", "- [P](p.md)\n"), ("src/p.md", page)].iter().chain(files) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Runs haechi in a folder.
fn haechi(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn messages(output: &Output) -> String {
    // Long messages are wrapped where they are shown.
    String::from_utf8_lossy(&output.stderr)
        .split_whitespace()
        .filter(|word| *word != "│")
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_book_of_mdbook_builds_with_all_that_it_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let output = build(folder.path(), &["--trust"]);
    let warnings = messages(&output);
    assert!(output.status.success(), "{warnings}");
    let site = folder.path().join("mdbook/book/html");
    let read =
        |name: &str| std::fs::read_to_string(site.join(name)).unwrap_or_else(|_| panic!("{name} is missing"));
    let contains_all = |name: &str, wanted: &[&str]| {
        let text = read(name).replace("&#39;", "'");
        for piece in wanted {
            assert!(text.contains(piece), "{name} lacks {piece}\n{text}");
        }
    };

    // What is not honoured is named, with its place.
    assert!(warnings.contains("mathjax-support has no effect"), "{warnings}");
    assert!(warnings.contains("book.toml:18:1"), "{warnings}");
    assert!(warnings.contains("theme/head.hbs has no effect"), "{warnings}");

    contains_all(
        "index.html",
        &["SHOUT", "href=\"helpers.html\"", "href=\"deep/page.html#a-heading\"", "href=\"deep/index.html\""],
    );
    contains_all(
        "index.html",
        &[
            "data-theme=\"dark\"",
            "styles/own.css",
            "styles/own.js",
            "favicon.svg",
            "https://example.org/book/edit/src/README.md",
        ],
    );
    contains_all(
        "helpers.html",
        &[
            "<title>Another title</title>",
            "From a file: see <a href=\"text.html\">",
            "Not a helper: {{#include ../listings/main.rs}}",
        ],
    );
    assert_eq!(read("helpers.html").matches("ANCHOR").count(), 3, "in the whole file and in its second line");
    assert!(read("helpers.html").matches("class=\"boring\"").count() >= 4);
    contains_all(
        "text.html",
        &[
            "“Quotes” – and dashes — and so on…",
            "<dt id=\"term\">",
            "<dt id=\"term-1\">",
            "id=\"same-heading-1\"",
            "id=\"own-name\"",
        ],
    );
    contains_all(
        "text.html",
        &[
            "id=\"fr-1-2\"",
            "id=\"footnote-two\"",
            "href=\"https://example.org/a.md\"",
            "class=\"note warning\"",
            "<del>gone</del>",
        ],
    );
    contains_all("text.html", &["style-src 'self' 'unsafe-inline'", "img-src 'self' data: https:"]);
    contains_all(
        "deep/page.html",
        &[
            "href=\"../text.html#same-heading-1\"",
            "class=\"moved\" id=\"gone\"",
            "href=\"../helpers.html#ranges-and-anchors\"",
        ],
    );
    contains_all("old.html", &["data-to=\"deep/page.html\"", "url=deep/page.html"]);
    contains_all("old/place.html", &["../redirect.js", "data-to=\"../deep/page.html\""]);
    contains_all("404.html", &["Nothing is here.", "href=\"/book/haechi.css\""]);
    contains_all("CNAME", &["book.example.org"]);
    contains_all(
        "print.html",
        &[
            "id=\"text-same-heading-1\"",
            "href=\"#text-same-heading-1\"",
            "src=\"deep/picture.svg\"",
            "id=\"deep-page\"",
        ],
    );
    contains_all("toc.js", &["haechiContents(", ", 0);"]);
    assert!(!read("toc.js").contains("class=\\\"number\\\""), "no-section-label");
    let search = read("search/index.js");
    assert!(search.contains("\"owners\":[0,1,3]"), "deep/ is left out: {search}");
    let bytes = std::fs::read_to_string(folder.path().join("mdbook/book/count/bytes.txt"));
    assert!(bytes.unwrap().trim().parse::<usize>().unwrap() > 1000);
}

#[test]
fn programs_of_a_book_run_only_when_it_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let output = build(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = messages(&output);
    assert!(said.contains("wants to run `./shout.sh`") && said.contains("--trust"), "{said}");
    assert!(!folder.path().join("mdbook/book").exists());
}

#[test]
fn a_renderer_that_is_alone_leaves_the_site_where_it_is() {
    let files = [("book.toml", "[output.markdown]\n"), ("part", "included")];
    let folder = book_of("# P\n\n{{#include ../part}}\n", &files);
    let output = haechi(folder.path(), &["build"]);
    assert!(output.status.success(), "{}", messages(&output));
    // mdBook's renderer of Markdown empties its folder first.
    let read = |name: &str| std::fs::read_to_string(folder.path().join("book").join(name)).unwrap();
    assert!(read("html/p.html").contains("included"));
    assert_eq!(read("markdown/p.md"), "# P\n\nincluded\n");
}

#[test]
fn preprocessors_run_in_the_order_that_the_book_asks_for() {
    // A preprocessor that puts its name before those that are there.
    let add = r#"[ "$2" = supports ] && exit 0
        exec sed -e 's/^\[.*},{"items":/{"items":/' -e 's/\]$//' -e "s/begins/begins $1/"
        "#;
    let folder = book_of("# P\n\nbegins\n", &[("add.sh", add)]);
    let build = |order: [&str; 3]| {
        let tables = ["a", "b", "c"]
            .iter()
            .zip(order)
            .map(|(name, order)| format!("[preprocessor.{name}]\ncommand = \"sh add.sh {name}\"\n{order}\n"))
            .collect::<String>();
        std::fs::write(folder.path().join("book.toml"), tables).unwrap();
        let output = haechi(folder.path(), &["build", "--trust"]);
        let page = std::fs::read_to_string(folder.path().join("book/p.html")).unwrap_or_default();
        (output.status.success(), messages(&output), page)
    };
    for (order, seen) in [
        (["", "", ""], "begins c b a"),
        (["after = [\"c\"]", "", ""], "begins a c b"),
        (["", "before = [\"a\"]", "before = [\"b\", \"absent\"]"], "begins a b c"),
        (["", "", "renderers = [\"epub\"]"], "begins b a"),
    ] {
        let (ok, said, page) = build(order);
        assert!(ok && page.contains(seen), "{order:?}: {said}");
    }
    let (ok, said, _) = build(["after = [\"b\"]", "after = [\"a\"]", ""]);
    assert!(!ok && said.contains("form a cycle"), "{said}");
}

#[test]
fn what_is_included_must_be_there_and_in_the_book() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("b");
    std::fs::create_dir_all(book.join("src")).unwrap();
    std::fs::write(folder.path().join("secret"), "s").unwrap();
    std::fs::write(book.join("book.toml"), "").unwrap();
    std::fs::write(book.join("src/SUMMARY.md"), "- [P](p.md)\n").unwrap();
    std::fs::write(book.join("part"), "// ANCHOR: a\n// ANCHOR_END: a\n").unwrap();
    let run = |command: &str, page: &str| {
        std::fs::write(book.join("src/p.md"), page).unwrap();
        let output = haechi(folder.path(), &[command, "b"]);
        (output.status.code(), messages(&output))
    };
    let (code, said) = run("build", "# P\n\n{{#include ../../secret}}\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("is outside of") && said.contains("p.md:3:1"), "{said}");
    let (code, said) = run("check", "# P\n\n{{#include none.rs}}\n");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cannot include b/src/none.rs") && said.contains("p.md:3:1"), "{said}");
    let (code, said) = run("check", "# P\n\n{{#include ../part:b}}\n");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("has no `ANCHOR: b`"), "{said}");
    let (code, said) = run("check", "# P\n\n{{#include ../part:a}}\n");
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn no_page_lies_outside_of_the_book() {
    let chapter = "- [A](a.md)\n";
    for (settings, summary, wrong) in [
        ("", "- [A](a.md)\n- [x](..\\\\..\\\\outside.md)\n", "outside the book's folder"),
        ("", "- [A](a.md)\n- [x](../../outside.md)\n", "outside the book's folder"),
        ("", "- [A](a.md)\n- [x](.)\n", "is not a file"),
        ("[output.html]\ninput-404 = \"../../outside.md\"\n", chapter, "outside the book's folder"),
        ("[output.html]\ninput-404 = \"..\\\\..\\\\outside.md\"\n", chapter, "outside the book's folder"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        std::fs::create_dir_all(folder.path().join("book/src")).unwrap();
        put("outside.md", "# A secret\n");
        put("book/book.toml", &format!("[book]\ntitle = \"x\"\n{settings}"));
        put("book/src/SUMMARY.md", summary);
        put("book/src/a.md", "# A\n");
        let output = haechi(folder.path(), &["build", "book"]);
        assert!(
            !output.status.success() && messages(&output).contains(wrong),
            "{summary}{settings}{}",
            messages(&output)
        );
        assert!(!folder.path().join("outside.html").exists() && !folder.path().join("book/book").exists());
    }
}
