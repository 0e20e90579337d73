//! What is kept between two saves, so that the page that was saved is there at once; what stands for the
//! book as a whole follows.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::book::Book;
use crate::files;
use crate::site::{self, BuildCache, Built, Composer, LiveReload, SiteContext};
use crate::text::Problem;
use crate::verify::{self, Store};

/// A book that is being written, and its site.
pub(crate) struct Preview {
    site: PathBuf,
    cache: BuildCache,
    loaded: Option<Loaded>,
}

struct Loaded {
    book: Book,
    context: SiteContext,
}

/// What became of a save.
pub(super) enum Saved {
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
    pub(crate) fn new(site: PathBuf) -> Self {
        Self { site, cache: BuildCache::default(), loaded: None }
    }

    /// Builds the book anew, but for what has not changed.
    ///
    /// # Errors
    /// As [`site::build`].
    pub(super) fn build(&mut self, book: Book) -> Result<Built, Vec<Problem>> {
        let context = SiteContext::load(&book, LiveReload::On).map_err(|problem| vec![problem])?;
        // A page that was shown at once is not what the cache says: it is made again.
        let (built, cache) = site::rebuild(&self.cache, &book, &context, &self.site)?;
        self.cache = cache;
        self.loaded = Some(Loaded { book, context });
        Ok(built)
    }

    /// The pictures outside of the pages' folder that the pages of the last build show, there or not.
    pub(super) fn pictures(&self) -> BTreeSet<PathBuf> {
        let Some(Loaded { book, .. }) = &self.loaded else { return BTreeSet::new() };
        let content = files::absolute(&book.content);
        let climbing =
            self.cache.pictures().into_iter().filter(|path| path.split('/').any(|part| part == ".."));
        let paths = climbing.map(|path| files::absolute(&content.join(path)));
        paths.filter(|path| !path.starts_with(&content)).collect()
    }

    /// Shows a page anew, whose evidence has changed.
    ///
    /// # Errors
    /// As [`Self::save`].
    pub(crate) fn refresh(&mut self, page: PathBuf) -> Result<(), Problem> {
        self.save(&[page]).map(drop)
    }

    /// Shows saved pages at once, if pages are all that was saved.
    ///
    /// # Errors
    /// When a page cannot be read or its template fails.
    pub(super) fn save(&mut self, files: &[PathBuf]) -> Result<Saved, Problem> {
        let Some(Loaded { book, context }) = &mut self.loaded else {
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
            let composer = Composer { book, context, store, edition: self.cache.edition() };
            let document = page.parse();
            let html = composer.html(number, &document)?;
            let found = verify::plan_page(book, page, &document).problems;
            problems.extend(document.problems.iter().cloned().chain(found));
            let path = self.site.join(page.path.html());
            crate::files::write_by_way_of(&self.site, &path, html.as_bytes())
                .map_err(|error| Problem::cannot_write(&path, &error))?;
            pages.push((page.path.as_str().to_owned(), page.path.html()));
        }
        Ok(Saved::Pages { pages, problems })
    }
}
