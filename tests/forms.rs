//! Pages in the forms that people write, each with its right verdict in its first line: `pass` is
//! exit code 0, `fail` is 1, and `error` is 1 with a verdict of that name. So are the examples of the
//! pages that explain which blocks run.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use haechi::markdown::{Document, Extensions};
use haechi::text::Source;
use rayon::prelude::*;

/// A page that waits for what never comes ends soon.
const SETTINGS: &str = "[book]\ntitle = \"Forms\"\nsrc = \"content\"\n\n[verify]\ntimeout = \"6s\"\n";

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/forms");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.sort();
    pages
}

/// The verdict that stands in a page's first line.
fn right(page: &Path) -> String {
    let text = std::fs::read_to_string(page).unwrap();
    let first = text.lines().next().unwrap_or_default();
    let word = first.strip_prefix("<!-- right: ").and_then(|rest| rest.strip_suffix(" -->"));
    let word = word.unwrap_or_else(|| panic!("{} does not say its right verdict", page.display()));
    assert!(matches!(word, "pass" | "fail" | "error"), "{}: {word}", page.display());
    word.to_owned()
}

/// Runs a page as the only one of a book in a folder of its own.
fn verify(text: &str) -> Output {
    verify_with(SETTINGS, text)
}

/// The same, with this for its book.toml.
fn verify_with(settings: &str, text: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    std::fs::create_dir(&content).unwrap();
    std::fs::write(folder.path().join("book.toml"), settings).unwrap();
    std::fs::write(content.join("SUMMARY.md"), "- [Page](page.md)\n").unwrap();
    std::fs::write(content.join("page.md"), text).unwrap();
    run(folder.path())
}

fn run(book: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--engine", "local", "--trust", "--json"])
        .arg(book)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

/// What haechi says of a page, in the words of the pages' first lines.
fn verdict(output: &Output) -> String {
    let has_error = String::from_utf8_lossy(&output.stdout).contains("\"error\"");
    match output.status.code() {
        Some(0) => "pass".into(),
        Some(1) if has_error => "error".into(),
        Some(1) => "fail".into(),
        other => format!("exit code {other:?}"),
    }
}

/// The reasons that haechi gives, for the message.
fn reasons(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .map(str::trim)
        .filter(|line| line.starts_with("\"reason\""))
        .map(|line| format!("\n    {line}"))
        .collect()
}

/// Judges pages, each a name, a text and its right verdict; fails with those that are judged wrong.
fn judge(pages: &[(String, String, String)]) {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let judged = |(name, text, right): &(String, String, String)| {
        let output = verify(text);
        let found = verdict(&output);
        // A page that is false may keep something else from being found out.
        let is_right = found == *right || (right == "fail" && found == "error");
        (!is_right).then(|| format!("{name}: {found}, not {right}{}", reasons(&output)))
    };
    let wrong: Vec<String> = threads.install(|| pages.par_iter().filter_map(judged).collect());
    let (count, all) = (wrong.len(), pages.len());
    assert!(wrong.is_empty(), "{count} of {all} pages are judged wrong:\n{}", wrong.join("\n"));
}

#[test]
fn each_page_has_its_right_verdict() {
    let pages = pages();
    assert!(pages.len() >= 150, "only {} pages", pages.len());
    let read = |page: &PathBuf| {
        let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(page).unwrap(), right(page))
    };
    judge(&pages.iter().map(read).collect::<Vec<_>>());
}

/// Pages that lie beside the project, with their right verdict and the number of their commands.
#[test]
fn the_pages_beside_the_project_are_judged_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return support::not_run(
            "the_pages_beside_the_project_are_judged_right",
            &format!("there is no {}", folder.display()),
        );
    };
    let page = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next()?.strip_prefix("<!-- right: ")?.to_owned();
        let right = first.split([',', ' ']).next()?.to_owned();
        Some((path.file_stem()?.to_string_lossy().into_owned(), text, right))
    };
    let pages: Vec<_> = entries.filter_map(|entry| page(entry.unwrap().path())).collect();
    assert!(pages.len() >= 19, "only {} pages", pages.len());
    judge(&pages);
}

/// At each heading a page may begin again, with a folder and a shell of its own.
#[test]
fn a_section_begins_again_where_the_book_says_so() {
    let page = "## One\n\n```sh\ntouch left; word=one\n```\n\n## Two\n\n```sh\nls; echo \"[$word]\"\n```\n\n\
        ```text\n[]\n```\n";
    let output = verify_with(&format!("{SETTINGS}fresh = \"section\"\n"), page);
    assert_eq!(verdict(&output), "pass", "{}", reasons(&output));
    assert_eq!(verdict(&verify(page)), "fail");
}

/// A page that goes on from one that begins again finds what is there at that one's end.
#[test]
fn a_page_goes_on_from_where_another_ended() {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    std::fs::create_dir(&content).unwrap();
    std::fs::write(folder.path().join("book.toml"), SETTINGS).unwrap();
    std::fs::write(content.join("SUMMARY.md"), "- [One](one.md)\n- [Two](two.md)\n").unwrap();
    let one = "```sh\ntouch old\n```\n\n<!-- haechi: fresh -->\n\n```sh\ntouch new\n```\n";
    std::fs::write(content.join("one.md"), one).unwrap();
    let two = "<!-- haechi: continues one.md -->\n\n```sh\nls\n```\n\n```text\nnew\n```\n";
    std::fs::write(content.join("two.md"), two).unwrap();
    let output = run(folder.path());
    assert_eq!(verdict(&output), "pass", "{}", reasons(&output));
}

/// The examples of a document: the place, the text and the right verdict of each.
fn examples(name: &str) -> Vec<(String, String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let source = Source::new(name, std::fs::read_to_string(file).unwrap());
    let document = Document::parse(&source, Extensions::default());
    let pages = document.fences().filter(|fence| fence.language == "page");
    let example = |fence: &haechi::markdown::Fence| {
        let info = source.text[fence.range.clone()].lines().next().unwrap_or_default();
        let right = info.rsplit(' ').next().unwrap_or_default();
        let text = fence.lines.iter().map(|line| format!("{}\n", line.text)).collect();
        (format!("docs/{name}:{}", source.position(fence.range.start).line), text, right.to_owned())
    };
    pages.map(example).collect()
}

#[test]
fn the_examples_of_the_rules_are_as_they_say() {
    let examples = examples("en/snippets.md");
    assert!(examples.len() >= 20, "only {} examples", examples.len());
    judge(&examples);
}

#[test]
fn the_korean_rules_have_the_same_examples() {
    let shown = |name| examples(name).into_iter().map(|(_, text, right)| (text, right)).collect::<Vec<_>>();
    assert_eq!(shown("ko/snippets.md"), shown("en/snippets.md"));
}
