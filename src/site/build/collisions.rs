//! What would stand in one place of the site: in goes a book, out comes a problem for each place that two
//! of its files claim, or one of them and the site itself.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::files;
use crate::messages::{Message, site as messages};
use crate::site::page::{playback_path, reader_path, recording_path};
use crate::site::search;
use crate::site::theme::{icon, own_files};
use crate::site::whole::{PRINT, Redirects};
use crate::text::Problem;
use crate::verify::{evidence_file, recording_file};

/// Says which files of a book claim one place; `theme` names the files of the theme. What machines read,
/// such as `robots.txt`, is claimed by nobody: a book may have its own.
pub(super) fn file_collisions<'t>(
    book: &Book,
    redirects: &Redirects,
    theme: impl Iterator<Item = &'t String>,
) -> Vec<Problem> {
    let mut places = Places::default();
    for path in theme {
        places.claim(path.clone(), messages::the_theme());
    }
    places.claim_whole(book);
    places.claim_redirects(book, redirects);
    places.claim_pages(book);
    places.claim_files(book);
    places.claim_folders();
    places.problems
}

/// Who claims which path of the site.
#[derive(Default)]
struct Places {
    owners: BTreeMap<String, Message>,
    problems: Vec<Problem>,
}

impl Places {
    fn claim(&mut self, path: impl Into<String>, owner: Message) {
        let path = path.into();
        match self.owners.get(&path) {
            Some(other) if *other != owner => self.problems.push(collision(other, &owner, &path)),
            Some(_) => {}
            None => drop(self.owners.insert(path, owner)),
        }
    }

    /// What stands for the book as a whole.
    fn claim_whole(&mut self, book: &Book) {
        let html = &book.config.output.html;
        for (owner, paths) in [
            (messages::the_contents(), &["toc.html", "toc-frame.html", "toc.js"][..]),
            (messages::the_state(), &["state.html", "badge.svg", "badge.json"]),
        ] {
            paths.iter().for_each(|path| self.claim(*path, owner.clone()));
        }
        if book.config.check.as_ref().is_some_and(|check| check.glossary.is_some()) {
            self.claim("terms.js", messages::the_glossary());
        }
        self.claim("reader.book.js", messages::the_reader());
        if search::is_enabled(book) {
            let scripts = book.assets.iter().map(|asset| asset.to_string_lossy());
            let scripts = scripts.filter(|path| is_search_script(path)).chain(["search/index.js".into()]);
            scripts.for_each(|path| self.claim(path, messages::the_search()));
        }
        if html.print.enable {
            self.claim(PRINT, messages::the_print());
        }
        if !book.pages.iter().any(|page| page.path.html() == "index.html") {
            self.claim("index.html", messages::the_first_page());
        }
        if html.input_404.as_deref() != Some("")
            && !book.pages.iter().any(|page| page.path.html() == "404.html")
        {
            self.claim("404.html", messages::the_404_page());
        }
    }

    fn claim_redirects(&mut self, book: &Book, redirects: &Redirects) {
        for (from, _) in redirects.iter() {
            if !book.pages.iter().any(|page| page.path.html() == *from) {
                self.claim(from.clone(), messages::the_redirect(from));
            }
        }
    }

    fn claim_pages(&mut self, book: &Book) {
        let is_recording = |file: &&PathBuf| {
            let name = file.to_string_lossy();
            name.ends_with(".cast") || name.ends_with(".cast.js") || name.ends_with(".reader.js")
        };
        let casts: HashSet<&PathBuf> = book.assets.iter().filter(is_recording).collect();
        let folder = shown(book, &book.content);
        for page in &book.pages {
            let name = named(&folder, Path::new(page.path.as_str()));
            self.claim(page.path.html(), Message::verbatim(&name));
            self.claim(page.path.as_str(), Message::verbatim(&name));
            let evidence = evidence_file(&book.root, page.path.as_str());
            let recording = recording_path(page);
            for path in [playback_path(&recording), recording] {
                if casts.contains(&PathBuf::from(&path)) && recording_file(&evidence).is_file() {
                    self.claim(path, messages::the_recording(&name));
                }
            }
            let path = reader_path(page);
            if casts.contains(&PathBuf::from(&path)) {
                self.claim(path, messages::the_reader_of(&name));
            }
        }
    }

    fn claim_files(&mut self, book: &Book) {
        for file in own_files(book) {
            let path = file.to_string_lossy();
            self.claim(path.clone(), Message::verbatim(path));
        }
        let folder = shown(book, &book.content);
        for asset in &book.assets {
            self.claim(asset.to_string_lossy(), Message::verbatim(named(&folder, asset)));
        }
        if let Some(name) = icon(book) {
            let folder = shown(book, &book.config.output.html.theme_dir(&book.root));
            self.claim(name, Message::verbatim(named(&folder, Path::new(name))));
        }
    }

    /// A path is a file or a folder, not both.
    fn claim_folders(&mut self) {
        for (path, owner) in &self.owners {
            let mut above = Path::new(path).ancestors().skip(1).filter_map(Path::to_str);
            let found = above.find_map(|above| self.owners.get_key_value(above));
            self.problems.extend(found.map(|(above, other)| collision(other, owner, above)));
        }
    }
}

/// How many scripts the search has depends on the words of the book.
fn is_search_script(path: &str) -> bool {
    path.strip_prefix("search/").is_some_and(|name| name.ends_with(".js") && !name.contains('/'))
}

/// Anchors of two pages that are one in the page of the whole book. Of two pages it is said once.
pub(super) fn anchor_collisions<'a>(pages: impl Iterator<Item = (&'a str, &'a [String])>) -> Vec<Problem> {
    let mut known = HashMap::new();
    let mut reported = HashSet::new();
    let mut problems = Vec::new();
    for (page, anchors) in pages {
        for anchor in anchors {
            let other = *known.entry(anchor).or_insert(page);
            if other != page && reported.insert((other, page)) {
                let problem = Problem::new(messages::anchor_collision(other, page, anchor));
                problems.push(problem.help(messages::anchor_collision_help()));
            }
        }
    }
    problems
}

fn collision(one: &Message, other: &Message, path: &str) -> Problem {
    Problem::new(messages::collision(one, other, path)).help(messages::collision_help())
}

/// A file in a folder of the book as its author knows it.
fn named(folder: &Path, file: &Path) -> String {
    folder.join(file).to_string_lossy().into_owned()
}

/// A folder from that of `book.toml`.
fn shown(book: &Book, folder: &Path) -> PathBuf {
    let (folder, root) = (files::absolute(folder), files::absolute(&book.root));
    folder.strip_prefix(root).map_or_else(|_| folder.clone(), Path::to_owned)
}
