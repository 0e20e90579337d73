//! The site: in go a book and its evidence, out come files of HTML, style and script.
//!
//! Pages are rendered in parallel, each once: what a page became is kept as long as all that it is made
//! from stays the same.

mod code;
mod collisions;
mod diagram;
mod highlight;
mod history;
mod live;
mod machines;
mod mdbook;
mod memory;
mod navigation;
mod notes;
mod output;
mod pdf;
mod pictures;
mod policy;
mod preview;
mod print;
mod proof;
mod render;
mod search;
mod server;
mod state;
mod theme;
mod watch;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::book::{Book, Page};
use crate::diagnostic::Problem;
use crate::markdown::Document;
use crate::verify::{self, Store};
use history::History;
use machines::Told;
use memory::{Inputs, Kept, Key, Keys, Memory, Rendered};
use navigation::Navigation;
use output::Output;
use pictures::{Pictures, Sizes};
use proof::{ProofSummary, Proofs};
use search::Indexed;
use state::BookState;
use theme::{PageContext, Theme};

pub use live::{Live, serve};
pub use notes::{About, Notes};
pub use pdf::print as print_pdf;
pub use preview::{Preview, Saved};
pub use watch::{Change, Watched};

/// What a build wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// How many pages the site has.
    pub pages: usize,
    /// How many files were new or had changed.
    pub written: usize,
}

/// Builds the site of a book into `destination`, with what the build before it remembers.
///
/// # Errors
/// When a template fails, or a file cannot be written.
pub fn build(book: &Book, destination: &Path, live: Live) -> Result<Built, Vec<Problem>> {
    let before = Memory::read(book, destination);
    let history = History::of(book);
    let theme = Theme::load(book, live).map_err(|problem| vec![problem])?;
    let navigation = Navigation::new(book);
    let store = Store::open(&book.root, &book.trusted_refs).map_err(|problem| vec![problem])?;
    let view = View { book, theme: &theme, navigation: &navigation, history: &history, store: &store, live };
    let (built, mut after) = build_after(&before, view, destination)?;
    if built.written > 0 || after.whole != before.whole {
        after.write(&before);
    }
    Ok(built)
}

/// What is wrong with the diagrams of a page that cannot be drawn; the site shows them as text.
pub fn undrawn(page: &Page, document: &Document<'_>) -> Vec<Problem> {
    let wrong = document.fences().filter_map(|fence| Some((fence, render::drawing(fence)?.err()?)));
    wrong.map(|(fence, message)| Problem::new(message).at(&page.source, fence.range.clone())).collect()
}

/// Builds a site of which `before` is known; gives what is known of it then.
fn build_after(before: &Memory, view: View<'_>, destination: &Path) -> Result<(Built, Memory), Vec<Problem>> {
    let one = |problem| vec![problem];
    let View { book, theme, live, .. } = view;
    let theme_files = theme.files().map_err(one)?;
    let collisions = collisions::collisions(book, theme_files.keys());
    if !collisions.is_empty() {
        return Err(collisions);
    }
    let output = Output::open(destination, &before.looks).map_err(one)?;
    let keys = Keys::new(book, theme.key(), live).map_err(one)?;
    let hrefs = book.pages.iter().map(|page| page.path.html()).collect();
    let site = Site { view, output: &output, before, keys, hrefs };
    let mut after = site.all()?;
    let mut problems = mdbook::write(book, theme, &output, &site.hrefs);
    for (path, bytes) in &theme_files {
        problems.extend(output.put(path, bytes).err());
    }
    for asset in &book.assets {
        let (from, path) = (book.content.join(asset), asset.to_string_lossy());
        match output.copy_changed(&from, &path, &before.copied) {
            Ok(look) => after.copied.extend(look.map(|look| (path.into_owned(), look))),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let closed = output.close().map_err(one)?;
    after.looks = closed.looks;
    Ok((Built { pages: book.pages.len(), written: closed.written }, after))
}

/// A site being built.
struct Site<'a> {
    view: View<'a>,
    output: &'a Output<'a>,
    before: &'a Memory,
    keys: Keys,
    hrefs: HashSet<String>,
}

/// What a page is composed of besides itself.
#[derive(Clone, Copy)]
struct View<'a> {
    book: &'a Book,
    theme: &'a Theme,
    navigation: &'a Navigation,
    history: &'a History,
    store: &'a Store,
    live: Live,
}

/// A page as HTML.
struct Composed {
    /// The whole page.
    html: String,
    /// What stands in it.
    content: String,
    title: String,
    description: String,
    proofs: ProofSummary,
    /// Where the recording of the page's run is in the site, if it is shown.
    recording: Option<String>,
    pictures: Sizes,
}

impl View<'_> {
    fn compose(&self, inputs: &Inputs<'_>, document: &Document<'_>) -> Result<Composed, Problem> {
        let (book, page) = (self.book, inputs.page);
        // What is wrong with a snippet is for `verify` and `check` to say: any book of Markdown builds.
        let plan = verify::plan_page(book, page, document);
        let judged = |bytes: &[u8]| self.store.judge(&plan, bytes, inputs.vouchers);
        let stored = inputs.evidence.as_deref().and_then(judged);
        let is_recorded = |bytes| stored.as_ref().is_some_and(|stored| stored.was_written_with(bytes));
        let recording = inputs.recording.as_deref().filter(|bytes| is_recorded(bytes)).map(|_| cast(page));
        let plays = recording.is_some();
        let name = recording.as_ref().and_then(|path| path.rsplit('/').next()).map(str::to_owned);
        let proofs = Proofs::new(&plan, stored.as_ref(), self.theme, name);
        let pictures = Pictures::new(&book.content);
        let content = render::render(&render::Page {
            document,
            proofs: &proofs,
            theme: self.theme,
            book,
            path: &page.path,
            pictures: &pictures,
        });
        let place = self.navigation.place(&page.path);
        let title = document.title().map_or_else(|| place.name.clone(), str::to_owned);
        let description = render::description(document);
        let proofs = proofs.summary();
        let html = self.theme.page(&PageContext {
            book,
            page,
            title: &title,
            description: &description,
            headings: &document.headings,
            place,
            content: &content,
            proofs: &proofs,
            policy: &policy::of(document, self.live, plays),
            changed: inputs.changed,
        })?;
        Ok(Composed { html, content, title, description, proofs, recording, pictures: pictures.asked() })
    }
}

/// Where the recording of a page's run is in the site.
fn cast(page: &Page) -> String {
    let html = page.path.html();
    format!("{}.cast", html.strip_suffix(".html").unwrap_or(&html))
}

/// How many pages are rendered before their parts of `print.html` are written.
const TOGETHER: usize = 128;
/// The page of the whole book.
const PRINT: &str = "print.html";

/// A page's part of `print.html`.
enum Part {
    New(String),
    /// It is there in the file of the build before: where it begins, and how long it is.
    Old((u64, u64)),
}

impl Site<'_> {
    /// Builds what is new or has changed; keeps the rest.
    fn all(&self) -> Result<Memory, Vec<Problem>> {
        let mut after = Memory::default();
        let book = self.view.book;
        let keys: Vec<Key> = (0..self.view.book.pages.len())
            .into_par_iter()
            .map(|number| {
                self.keys.page(book, &Inputs::read(book, number, self.view.history, self.view.store))
            })
            .collect();
        after.whole = self.keys.whole(self.view.book, keys.iter());
        let kept: Vec<Option<&Kept>> = keys
            .par_iter()
            .zip(&self.view.book.pages)
            .map(|(key, page)| {
                let kept = self.before.pages.get(page.path.as_str()).filter(|kept| kept.key == *key)?;
                let kept = Some(kept).filter(|kept| pictures::are_still(&kept.pictures, &book.content))?;
                self.output.keep(kept.files.iter().map(String::as_str)).then_some(kept)
            })
            .collect();
        let same = after.whole == self.before.whole
            && kept.iter().all(Option::is_some)
            && self.output.keep(self.before.files.iter().map(String::as_str));
        if same {
            after.pages.clone_from(&self.before.pages);
            after.files.clone_from(&self.before.files);
            return Ok(after);
        }
        let (pages, files) = std::thread::scope(|scope| {
            // `print.html` is written while everything else is made.
            let (sender, parts) = std::sync::mpsc::sync_channel(16);
            let print = self.view.book.config.output.html.print.enable;
            let old = File::open(self.output.old(PRINT)).ok();
            let old = old.filter(|_| self.output.looks_as_before(PRINT));
            let has_old = old.is_some() || !print;
            let printing = print.then(|| scope.spawn(move || self.print(parts, old.as_ref())));
            let mut pages = self.pages(&keys, &kept, has_old, &sender)?;
            drop(sender);
            let (files, mut problems) = self.whole(&pages);
            problems.extend(collisions::anchors(
                self.view
                    .book
                    .pages
                    .iter()
                    .zip(&pages)
                    .map(|(page, kept)| (page.path.as_str(), &*kept.told.anchors)),
            ));
            if let Some(printing) = printing {
                let places = printing.join().expect("a panic has been told")?;
                for (page, place) in pages.iter_mut().zip(places) {
                    page.part = place;
                }
            }
            if problems.is_empty() { Ok((pages, files)) } else { Err(problems) }
        })?;
        after.files = files;
        let paths = self.view.book.pages.iter().map(|page| page.path.as_str().to_owned());
        after.pages = paths.zip(pages).collect();
        Ok(after)
    }

    /// Renders and writes the pages that are not kept, and hands their parts of `print.html` on.
    fn pages(
        &self,
        keys: &[Key],
        kept: &[Option<&Kept>],
        has_old: bool,
        parts: &SyncSender<Part>,
    ) -> Result<Vec<Kept>, Vec<Problem>> {
        let (mut pages, mut problems) = (Vec::with_capacity(keys.len()), Vec::new());
        let numbers: Vec<usize> = (0..keys.len()).collect();
        // A part that is not in the old file is made anew, and so is a page whose words cannot be read.
        let is_kept =
            |number: usize| kept[number].filter(|kept| has_old && kept.indexed(self.before).is_some());
        let make = |number: usize| self.page(number);
        // Where few pages have changed, they are made while the words of the others are read.
        let changed: Vec<usize> = numbers.iter().copied().filter(|&number| kept[number].is_none()).collect();
        let few = changed.len() <= TOGETHER / 2;
        let (early, _) = rayon::join(
            || changed.into_par_iter().filter(|_| few).map(|number| (number, make(number))).collect(),
            || numbers.par_iter().filter(|&&number| is_kept(number).is_some()).count(),
        );
        let early: Mutex<HashMap<_, _>> = Mutex::new(early);
        let taken = |number| early.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        for some in numbers.chunks(TOGETHER) {
            let done: Vec<_> = some
                .par_iter()
                .map(|&number| match is_kept(number) {
                    Some(kept) => Ok((Part::Old(kept.part), kept.clone())),
                    None => taken(number).unwrap_or_else(|| make(number)),
                })
                .collect();
            for page in done {
                match page {
                    Ok((part, page)) => {
                        // Nobody takes it where there is no such page.
                        let _ = parts.send(part);
                        pages.push(page);
                    }
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if problems.is_empty() { Ok(pages) } else { Err(problems) }
    }

    /// Writes the page of the whole book; gives where in it each part stands.
    fn print(&self, parts: Receiver<Part>, old: Option<&File>) -> Result<Vec<(u64, u64)>, Vec<Problem>> {
        let one = |problem| vec![problem];
        let tree = print::part(self.view.navigation.tree(), PRINT, &self.hrefs, false).html;
        let (top, end) = self.view.theme.print(&tree).map_err(one)?;
        let mut stream = self.output.stream(PRINT).map_err(one)?;
        stream.write(top.as_bytes());
        let mut places = Vec::new();
        for part in parts {
            places.push(match part {
                Part::New(part) => (stream.write(part.as_bytes()), part.len() as u64),
                Part::Old(place) => stream.write_from(old, place),
            });
        }
        stream.write(end.as_bytes());
        stream.close().map_err(one)?;
        Ok(places)
    }

    /// Writes what stands for the book as a whole; gives the files.
    fn whole(&self, pages: &[Kept]) -> (Vec<String>, Vec<Problem>) {
        let View { book, theme, navigation, .. } = self.view;
        let output = self.output;
        let html = &book.config.output.html;
        let told: Vec<Told<'_>> = book
            .pages
            .iter()
            .zip(pages)
            .map(|(page, kept)| Told {
                href: &kept.told.href,
                source: page.path.as_str(),
                title: &kept.told.title,
                description: &kept.told.description,
                changed: self.view.history.changed(page),
            })
            .collect();
        let state = BookState::of(
            pages.iter().map(|page| (&*page.told.href, &*page.told.title, &page.told.proofs)),
            |word| theme.word(word).to_owned(),
        );
        let not_found = book.not_found.as_ref().map(|page| {
            let document = page.parse();
            let plan = verify::plan_page(book, page, &document);
            let proofs = Proofs::new(&plan, None, theme, None);
            render::render(&render::Page {
                document: &document,
                proofs: &proofs,
                theme,
                book,
                path: &page.path,
                pictures: &Pictures::new(&book.content),
            })
        });
        let mut files: Vec<(String, Result<String, Problem>)> = Vec::new();
        let mut add = |path: &str, text: Result<String, Problem>| files.push((path.to_owned(), text));
        for (path, text) in machines::files(book, &told) {
            if !book.assets.iter().any(|asset| asset == Path::new(path)) {
                add(path, Ok(text));
            }
        }
        add("toc.html", theme.contents(navigation));
        add("toc.js", Ok(navigation.script()));
        add("state.html", theme.state(&state));
        add("badge.svg", Ok(state.svg()));
        add("badge.json", Ok(state.json()));
        if html.input_404.as_deref() != Some("") && !self.hrefs.contains("404.html") {
            add("404.html", theme.not_found(book, not_found.as_deref()));
        }
        if let (Some(first), false) = (told.first(), self.hrefs.contains("index.html")) {
            add("index.html", self.index(first.href));
        }
        if html.search.as_ref().is_none_or(|search| search.enable) {
            let indexed: Vec<_> = pages.iter().filter_map(|page| page.indexed(self.before)).collect();
            let indexed: Vec<_> = indexed.iter().map(|page| &**page).enumerate().collect();
            files.extend(search::index(&indexed).into_iter().map(|(path, script)| (path, Ok(script))));
        }
        let mut paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        if html.print.enable {
            paths.push(PRINT.into());
        }
        let put = |(path, text): (String, Result<String, Problem>)| {
            text.and_then(|text| output.put(&path, text.as_bytes())).err()
        };
        (paths, files.into_par_iter().filter_map(put).collect())
    }

    /// The site's first page: the first page of the book, as mdBook has it.
    fn index(&self, first: &str) -> Result<String, Problem> {
        let html = self.output.read(first)?;
        Ok(match first.rsplit_once('/') {
            Some((folder, _)) => print::at_the_root(&html, folder),
            None => html,
        })
    }

    /// Renders and writes a page.
    fn page(&self, number: usize) -> Result<(Part, Kept), Problem> {
        let (book, settings) = (self.view.book, &self.view.book.config.output.html);
        // They are read anew, so that the key is that of what the page is made from.
        let inputs = Inputs::read(book, number, self.view.history, self.view.store);
        let key = self.keys.page(book, &inputs);
        let page = inputs.page;
        let document = page.parse();
        let Composed { html, content, title, description, proofs, recording, pictures } =
            self.view.compose(&inputs, &document)?;
        let href = page.path.html();
        self.output.put(&href, html.as_bytes())?;
        self.output.put(page.path.as_str(), page.source.text.as_bytes())?;
        let mut files = vec![href.clone(), page.path.as_str().to_owned()];
        if let Some((path, recorded)) = recording.zip(inputs.recording.as_ref()) {
            self.output.put(&path, recorded)?;
            files.push(path);
        }
        let mut indexed = Indexed::default();
        let search = settings.search.as_ref();
        if search.is_none_or(|search| search.enable && !mdbook::left_out(search, &href)) {
            let scripts;
            (indexed, scripts) = search::page(&document, &href, &title, number);
            for (path, script) in scripts {
                self.output.put(&path, script.as_bytes())?;
                files.push(path);
            }
        }
        let part = match settings.print.enable {
            true => print::part(&content, &href, &self.hrefs, settings.print.page_break),
            false => print::Part::default(),
        };
        let told = Rendered { href, title, description, proofs, anchors: part.anchors };
        Ok((Part::New(part.html), Kept::new(key, pictures, files, told, indexed)))
    }
}
