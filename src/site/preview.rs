//! What a preview holds between two saves, so that the page that was saved is there at once; what
//! stands for the book as a whole follows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::git_dates::GitDates;
use super::live_reload::LiveReload;
use super::memory::{BuildCache, Inputs};
use super::navigation::Navigation;
use super::theme::Theme;
use super::{Built, View, build_after};
use crate::book::Book;
use crate::diagnostic::Problem;
use crate::files;
use crate::verify::{self, Store};

/// A book that is being written, and its site.
pub struct Preview {
    site: PathBuf,
    memory: BuildCache,
    loaded: Option<Loaded>,
}

struct Loaded {
    book: Book,
    theme: Theme,
    navigation: Navigation,
    git_dates: GitDates,
}

/// What became of a save.
pub enum Saved {
    /// These pages are on the site, each with its address; the problems are what their author should know.
    Pages {
        /// Their paths in the book, and on the site.
        pages: Vec<(String, String)>,
        /// What is wrong with their fences and directives.
        problems: Vec<Problem>,
    },
    /// More than pages changed: the book must be built.
    More,
}

impl Preview {
    /// A preview in a folder of its own.
    pub fn new(site: PathBuf) -> Self {
        Self { site, memory: BuildCache::default(), loaded: None }
    }

    /// Builds the book anew, but for what has not changed.
    ///
    /// # Errors
    /// As [`super::build`].
    pub fn build(&mut self, book: Book) -> Result<Built, Vec<Problem>> {
        // A page that was shown at once is not what the memory says: it is made again.
        let theme = Theme::load(&book, LiveReload::On).map_err(|problem| vec![problem])?;
        let navigation = Navigation::new(&book);
        let git_dates = GitDates::of(&book);
        let store = Store::open(&book.root, &book.trusted_refs).map_err(|problem| vec![problem])?;
        let view = View {
            book: &book,
            theme: &theme,
            navigation: &navigation,
            git_dates: &git_dates,
            store: &store,
            live: LiveReload::On,
        };
        let (built, memory) = build_after(&self.memory, view, &self.site)?;
        self.memory = memory;
        self.loaded = Some(Loaded { book, theme, navigation, git_dates });
        Ok(built)
    }

    /// The pictures outside of the pages' folder that the pages of the last build show, there or not.
    pub fn pictures(&self) -> BTreeSet<PathBuf> {
        let Some(Loaded { book, .. }) = &self.loaded else { return BTreeSet::new() };
        let content = files::absolute(&book.content);
        let pictures = self.memory.pages.values().flat_map(|kept| kept.pictures.keys());
        let climbing = pictures.filter(|path| path.split('/').any(|part| part == ".."));
        let paths = climbing.map(|path| files::absolute(&content.join(path)));
        paths.filter(|path| !path.starts_with(&content)).collect()
    }

    /// Shows saved pages at once, if pages are all that was saved.
    ///
    /// # Errors
    /// When a page cannot be read or its template fails.
    pub fn save(&mut self, files: &[PathBuf]) -> Result<Saved, Problem> {
        let Some(Loaded { book, theme, navigation, git_dates }) = &mut self.loaded else {
            return Ok(Saved::More);
        };
        let mut numbers = Vec::new();
        for file in files {
            // The recording is beside the evidence, which is saved, too.
            if file.extension().is_some_and(|kind| kind == "cast") {
                continue;
            }
            match book.page_at(file) {
                Some(number) => numbers.push(number),
                None => return Ok(Saved::More),
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        let store = &Store::open(&book.root, &book.trusted_refs)?;
        let (mut pages, mut problems) = (Vec::new(), Vec::new());
        for number in numbers {
            if !book.reload(number)? {
                return Ok(Saved::More);
            }
            let page = &book.pages[number];
            let view = View { book, theme, navigation, git_dates, store, live: LiveReload::On };
            let document = page.parse();
            let html = view.compose(&Inputs::read(book, number, git_dates, store), &document)?.html;
            let found = verify::plan_page(book, page, &document).problems;
            problems.extend(document.problems.iter().cloned().chain(found));
            let path = self.site.join(page.path.html());
            crate::files::write_by_way_of(&self.site, &path, html.as_bytes())
                .map_err(|error| Problem::file("write", &path, &error))?;
            pages.push((page.path.as_str().to_owned(), page.path.html()));
        }
        Ok(Saved::Pages { pages, problems })
    }
}

/// Whether a path is one that editors make beside the file that they save.
pub(super) fn is_scratch(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || name == "4913"
}
