//! The site: in go a book and its evidence, out come files of HTML, style and script.
//!
//! Pages are rendered in parallel; a file is written only where it changed, whole, by renaming.

mod code;
mod highlight;
mod live;
mod machines;
mod mdbook;
mod navigation;
mod output;
mod policy;
mod print;
mod proof;
mod render;
mod search;
mod state;
mod theme;

use std::collections::HashSet;
use std::path::Path;

use rayon::prelude::*;

use crate::book::{Book, Page};
use crate::diagnostic::Problem;
use crate::verify::{self, Evidence, evidence_file};
use machines::Told;
use navigation::Navigation;
use output::Output;
use proof::{ProofSummary, Proofs};
use search::PageText;
use state::BookState;
use theme::{PageContext, Theme};

pub use live::{Live, serve};

/// What a build wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// How many pages the site has.
    pub pages: usize,
    /// How many files were new or had changed.
    pub written: usize,
}

/// Builds the site of a book into `destination`.
///
/// # Errors
/// When a fence or directive is malformed, a template fails, or a file cannot be written.
pub fn build(book: &Book, destination: &Path, live: Live) -> Result<Built, Vec<Problem>> {
    let one = |problem| vec![problem];
    let theme = Theme::load(book, live).map_err(one)?;
    let navigation = navigation::Navigation::new(book);
    let output = Output::open(destination).map_err(one)?;
    let site = Site { book, theme: &theme, navigation: &navigation, output: &output, live };
    let hrefs: HashSet<String> = book.pages.iter().map(|page| page.path.html()).collect();
    let rendered = site.pages(&hrefs)?;
    let mut problems = site.whole(&rendered);
    problems.extend(mdbook::write(book, &theme, &output, &hrefs));
    for (path, bytes) in theme.files() {
        problems.extend(output.put(&path, &bytes).err());
    }
    for asset in &book.assets {
        problems.extend(output.copy(&book.content.join(asset), &asset.to_string_lossy()).err());
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let written = output.close().map_err(one)?;
    Ok(Built { pages: book.pages.len(), written })
}

/// A site being built.
struct Site<'a> {
    book: &'a Book,
    theme: &'a Theme,
    navigation: &'a Navigation,
    output: &'a Output,
    live: Live,
}

/// What the book as a whole needs to know of a page.
struct Rendered {
    text: PageText,
    description: String,
    proofs: ProofSummary,
}

/// How many pages are rendered before their parts of `print.html` are written.
const TOGETHER: usize = 64;

impl Site<'_> {
    /// Renders and writes the pages, and `print.html` along with them.
    fn pages(&self, hrefs: &HashSet<String>) -> Result<Vec<Rendered>, Vec<Problem>> {
        let html = &self.book.config.output.html;
        let mut print = match html.print.enable {
            true => {
                let tree = print::part(self.navigation.tree(), "print.html", hrefs, false);
                let (before, after) = self.theme.print(&tree).map_err(|problem| vec![problem])?;
                let mut writer = self.output.stream("print.html").map_err(|problem| vec![problem])?;
                writer.write(&before);
                Some((writer, after))
            }
            false => None,
        };
        let (mut rendered, mut problems) = (Vec::with_capacity(self.book.pages.len()), Vec::new());
        for some in self.book.pages.chunks(TOGETHER) {
            let done: Vec<_> =
                some.par_iter()
                    .map(|page| {
                        let (content, rendered) = self.page(page)?;
                        let part = html.print.enable.then(|| {
                            print::part(&content, &rendered.text.href, hrefs, html.print.page_break)
                        });
                        Ok((part, rendered))
                    })
                    .collect();
            for page in done {
                match page {
                    Ok((part, page)) => {
                        if let (Some((writer, _)), Some(part)) = (&mut print, part) {
                            writer.write(&part);
                        }
                        rendered.push(page);
                    }
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if let Some((mut writer, after)) = print {
            writer.write(&after);
            problems.extend(writer.close().err());
        }
        if problems.is_empty() { Ok(rendered) } else { Err(problems) }
    }

    /// Writes what stands for the book as a whole.
    fn whole(&self, pages: &[Rendered]) -> Vec<Problem> {
        let (book, theme, output) = (self.book, self.theme, self.output);
        let told: Vec<Told<'_>> = book
            .pages
            .iter()
            .zip(pages)
            .map(|(page, rendered)| Told {
                href: &rendered.text.href,
                source: page.path.as_str(),
                title: &rendered.text.title,
                description: &rendered.description,
            })
            .collect();
        let state = BookState::of(
            pages.iter().map(|page| (&*page.text.href, &*page.text.title, &page.proofs)),
            book.config.language(),
        );
        let mut problems = Vec::new();
        for (path, text) in machines::files(book, &told) {
            problems.extend(output.put(path, text.as_bytes()).err());
        }
        let search = book.config.output.html.search.as_ref();
        if search.is_none_or(|search| search.enable) {
            let left_out =
                |page: &&Rendered| !search.is_some_and(|search| mdbook::left_out(search, &page.text.href));
            let texts: Vec<&PageText> = pages.iter().filter(left_out).map(|page| &page.text).collect();
            problems.par_extend(
                search::index(&texts)
                    .par_iter()
                    .filter_map(|(path, script)| output.put(path, script.as_bytes()).err()),
            );
        }
        let not_found = book.not_found.as_ref().map(|page| {
            let document = page.parse();
            let (plan, _) = verify::plan_page(book, page, &document);
            let proofs = Proofs::new(&plan, None, book.config.language());
            render::render(&document, &proofs, theme, &book.config.output.html.code.hidelines)
        });
        let mut shared = vec![
            ("toc.html", theme.contents(self.navigation)),
            ("toc.js", Ok(self.navigation.script())),
            ("state.html", theme.state(&state)),
            ("badge.svg", Ok(state.svg())),
            ("badge.json", Ok(state.json())),
        ];
        if book.config.output.html.input_404.as_deref() != Some("") {
            shared.push(("404.html", theme.not_found(book, not_found.as_deref())));
        }
        for (path, text) in shared {
            problems.extend(text.and_then(|text| output.put(path, text.as_bytes())).err());
        }
        let index = told.iter().any(|page| page.href == "index.html");
        if let (Some(first), false) = (told.first(), index) {
            problems.extend(self.index(first.href).err());
        }
        problems
    }

    /// Makes the first page the site's first page, too, as mdBook does.
    fn index(&self, first: &str) -> Result<(), Problem> {
        let html = self.output.read(first)?;
        match first.rsplit_once('/') {
            Some((folder, _)) => self.output.put("index.html", print::at_the_root(&html, folder).as_bytes()),
            None => self.output.put("index.html", html.as_bytes()),
        }
    }

    /// Renders and writes a page; gives its content, and what the book as a whole needs of it.
    fn page(&self, page: &Page) -> Result<(String, Rendered), Problem> {
        let book = self.book;
        let document = page.parse();
        // What is wrong with a snippet is for `verify` and `check` to say: any book of Markdown builds.
        let (plan, _) = verify::plan_page(book, page, &document);
        let evidence = Evidence::read(&evidence_file(&book.root, page.path.as_str()));
        let proofs = Proofs::new(&plan, evidence.as_ref(), book.config.language());
        let hidelines = &book.config.output.html.code.hidelines;
        let content = render::render(&document, &proofs, self.theme, hidelines);
        let place = self.navigation.place(&page.path);
        let title = document.title().map_or_else(|| place.name.clone(), str::to_owned);
        let description = render::description(&document);
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
            policy: &policy::of(&document, self.live),
        })?;
        let text = PageText::of(&document, page.path.html(), title);
        self.output.put(&text.href, html.as_bytes())?;
        self.output.put(page.path.as_str(), page.source.text.as_bytes())?;
        Ok((content, Rendered { text, description, proofs }))
    }
}
