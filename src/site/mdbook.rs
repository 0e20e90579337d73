//! Files of the site that mdBook's settings ask for: old addresses, styles and scripts of the book,
//! the name of its host.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};

use super::output::Output;
use super::theme::Theme;
use crate::book::Book;
use crate::diagnostic::Problem;

/// A book's own icon: mdBook looks for these in the theme's folder.
const ICONS: [&str; 2] = ["favicon.svg", "favicon.png"];

/// The files of the book outside of its pages' folder that the site needs, as they are named in both.
pub(super) fn own_files(book: &Book) -> Vec<PathBuf> {
    let html = &book.config.output.html;
    html.additional_css.iter().chain(&html.additional_js).map(|file| clean(file)).collect()
}

/// Styles and scripts of the book, as the site names them.
pub(super) fn links(files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|file| clean(file).to_string_lossy().into_owned()).collect()
}

/// The book's own icon, if it has one.
pub(super) fn icon(book: &Book) -> Option<&'static str> {
    let folder = book.config.output.html.theme_dir(&book.root);
    ICONS.into_iter().find(|name| folder.join(name).is_file())
}

fn clean(path: &Path) -> PathBuf {
    path.components().filter(|part| matches!(part, Component::Normal(_))).collect()
}

/// Writes the files.
pub(super) fn write(
    book: &Book,
    theme: &Theme,
    output: &Output<'_>,
    pages: &HashSet<String>,
) -> Vec<Problem> {
    let html = &book.config.output.html;
    let mut problems = Vec::new();
    for file in own_files(book) {
        let copied = output.copy(&book.root.join(&file), &file.to_string_lossy());
        problems.extend(copied.err().map(|problem| {
            problem.help("additional-css and additional-js of book.toml name files relative to it")
        }));
    }
    if let Some(name) = icon(book) {
        problems.extend(output.copy(&html.theme_dir(&book.root).join(name), name).err());
    }
    let has_own = book.assets.iter().any(|asset| asset == Path::new("CNAME"));
    if let Some(name) = html.cname.as_ref().filter(|_| !has_own) {
        problems.extend(output.put("CNAME", format!("{name}\n").as_bytes()).err());
    }
    for (from, targets) in theme.redirects() {
        let wrong = if !Path::new(from).components().all(|part| matches!(part, Component::Normal(_))) {
            Some("is outside of the site")
        } else if pages.contains(from) && targets.contains_key("") {
            Some("is a page of the book")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            problems.push(
                Problem::new(format!(
                    "[output.html.redirect] of book.toml leads away from `{from}`, which {wrong}"
                ))
                .help("the left side of a redirect is an address that pages have left"),
            );
            continue;
        }
        if pages.contains(from) {
            // The page itself leads on from the fragments that have left it.
            continue;
        }
        // Without a target of the whole page, its fragments still lead on.
        let whole = targets.get("").or_else(|| targets.values().next());
        let written = whole
            .map(|to| theme.redirect(from, to, targets).and_then(|text| output.put(from, text.as_bytes())));
        problems.extend(written.and_then(Result::err));
    }
    problems
}

/// Addresses that pages have left, each with where its fragments lead: the whole page is the empty one.
pub(super) type Redirects = BTreeMap<String, BTreeMap<String, String>>;

/// The redirects of `book.toml`.
pub(super) fn redirects(book: &Book) -> Redirects {
    let mut redirects = Redirects::new();
    for (from, to) in &book.config.output.html.redirect {
        let (page, fragment) = from.split_once('#').unwrap_or((from, ""));
        let page = page.trim_start_matches("./").trim_start_matches('/').to_owned();
        redirects.entry(page).or_default().insert(fragment.to_owned(), to.clone());
    }
    redirects
}
