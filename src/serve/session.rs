//! What follows from each change while an author writes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::channel::{Channel, Topic};
use super::preview::{Preview, Saved};
use super::watch::{Change, WatchedPaths};
use crate::book::Book;
use crate::config::Config;
use crate::files;
use crate::site::Built;
use crate::text::{Problem, Source};

/// What the terminal reports to the author.
pub(crate) enum Event<'a> {
    /// The book was built.
    Built(Built),
    /// A page is shown, so long after it was saved.
    Shown(&'a str, Duration),
    /// Something is wrong.
    Problems(&'a [Problem]),
}

/// What a session is given by whoever starts it.
pub(crate) struct SessionOptions {
    /// The folder of the book.
    pub(crate) root: PathBuf,
    pub(crate) preview: Arc<Mutex<Preview>>,
    pub(crate) channel: Channel,
    /// Loads the book as it is now.
    pub(crate) load: Box<dyn Fn() -> Result<Book, Vec<Problem>> + Send>,
    /// Called with the pages that were saved, if their snippets are to be run.
    pub(crate) verify: Option<Box<dyn FnMut(Vec<String>) + Send>>,
    pub(crate) report: fn(Event<'_>),
}

/// A book that is being written: it is built again as its files change.
pub(crate) struct Session {
    options: SessionOptions,
    /// What is watched besides the pictures.
    watched: WatchedPaths,
    /// The files that the pages included when they were loaded last.
    included: BTreeSet<PathBuf>,
}

impl Session {
    /// Builds the book for the first time; `None` if that fails, which has been reported.
    pub(crate) fn start(options: SessionOptions, book: Book) -> Option<Self> {
        let mut session = Self { options, watched: WatchedPaths::default(), included: BTreeSet::new() };
        let built = session.build(Ok(book))?;
        (session.options.report)(Event::Built(built));
        Some(session)
    }

    fn preview(&self) -> MutexGuard<'_, Preview> {
        self.options.preview.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that is to be watched.
    pub(super) fn watched(&self) -> WatchedPaths {
        let mut watched = self.watched.clone();
        watched.files.extend(self.preview().pictures());
        watched
    }

    /// Does what a change asks for; returns what is to be watched from then on.
    pub(super) fn react(&mut self, change: Change) -> WatchedPaths {
        match change {
            Change::Saved(files) => self.show(&files),
            Change::Quiet => {
                self.update();
            }
            Change::Unknown => self.reload(),
            Change::Unwatched(problem) => (self.options.report)(Event::Problems(&[problem])),
        }
        self.watched()
    }

    /// Shows saved pages at once. All else waits until the author pauses.
    fn show(&mut self, files: &[PathBuf]) {
        let began = Instant::now();
        let saved = self.preview().save(files);
        match saved {
            Ok(Saved::Pages { pages, problems }) => {
                self.report(Topic::Pages, &problems);
                let hrefs: Vec<String> = pages.iter().map(|(_, href)| href.clone()).collect();
                self.options.channel.send_reload(Some(&hrefs));
                for (page, _) in &pages {
                    (self.options.report)(Event::Shown(page, began.elapsed()));
                }
                if let Some(verify) = &mut self.options.verify
                    && files.iter().any(|file| file.extension().is_some_and(|kind| kind == "md"))
                {
                    verify(pages.into_iter().map(|(page, _)| page).collect());
                }
            }
            Ok(Saved::More) => self.reload(),
            Err(problem) => self.report(Topic::Pages, &[problem]),
        }
    }

    /// Builds the book, and has open pages shown anew.
    fn reload(&mut self) {
        if self.update() {
            self.options.channel.send_reload(None);
        }
    }

    /// Loads and builds what has changed; says whether that worked.
    fn update(&mut self) -> bool {
        let book = (self.options.load)();
        let Some(built) = self.build(book) else { return false };
        if built.written > 0 {
            (self.options.report)(Event::Built(built));
        }
        self.report(Topic::Book, &[]);
        true
    }

    fn build(&mut self, book: Result<Book, Vec<Problem>>) -> Option<Built> {
        self.set_watched(book.as_ref().ok());
        match book.and_then(|book| self.preview().build(book)) {
            Ok(built) => Some(built),
            Err(problems) => {
                self.report(Topic::Book, &problems);
                None
            }
        }
    }

    /// Watches what the settings say now, also where the book cannot be loaded.
    fn set_watched(&mut self, book: Option<&Book>) {
        if let Some(book) = book {
            self.included.clone_from(&book.included);
        }
        let root = &self.options.root;
        let config = book.map_or_else(|| read_config(root), |book| Some(book.config.clone()));
        if let Some(config) = config {
            self.watched = watched_paths(root, &config, &self.included);
        }
    }

    /// Reports what is wrong, at the terminal and in the open pages, or that nothing is.
    fn report(&self, topic: Topic, problems: &[Problem]) {
        (self.options.report)(Event::Problems(problems));
        self.options.channel.send_problems(topic, problems);
    }
}

/// What `book.toml` says, if it can be read.
fn read_config(root: &Path) -> Option<Config> {
    let file = root.join("book.toml");
    let text = std::fs::read_to_string(&file).ok()?;
    Config::parse(&Source::new(file, text)).ok()
}

/// What a book is made from.
fn watched_paths(root: &Path, config: &Config, included: &BTreeSet<PathBuf>) -> WatchedPaths {
    let at = |path: &Path| files::absolute(&root.join(path));
    let html = &config.output.html;
    let folders =
        [&config.book.src, Path::new("themes"), Path::new("evidence"), &html.theme_dir(Path::new(""))]
            .into_iter()
            .chain(config.build.extra_watch_dirs.iter().map(PathBuf::as_path))
            .map(at)
            .collect();
    let beside = html.additional_css.iter().chain(&html.additional_js).map(PathBuf::as_path);
    let mut single: BTreeSet<PathBuf> = beside.chain([Path::new("book.toml")]).map(at).collect();
    single.extend(included.iter().map(|file| files::absolute(file)));
    WatchedPaths { folders, files: single }
}
