//! The site: in go a book and its evidence, out come files of HTML, style and script.
//!
//! Pages are rendered in parallel; a file is written only where it changed, whole, by renaming.

mod highlight;
mod live;
mod machines;
mod navigation;
mod output;
mod proof;
mod render;
mod search;
mod state;
mod theme;

use std::path::Path;

use rayon::prelude::*;

use crate::book::{Book, Page};
use crate::diagnostic::Problem;
use crate::markdown::Document;
use crate::verify::{self, Evidence, evidence_file};
use machines::Told;
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
    let theme = Theme::load(&book.root.join("themes")).map_err(|problem| vec![problem])?;
    let navigation = navigation::Navigation::new(book);
    let output = Output::open(destination).map_err(|problem| vec![problem])?;
    let rendered: Vec<Result<Rendered, Problem>> = book
        .pages
        .par_iter()
        .map(|page| {
            let (html, rendered) = render_page(book, page, &theme, &navigation, live)?;
            output.put(&page.path.html(), html.as_bytes())?;
            output.put(page.path.as_str(), page.source.text.as_bytes())?;
            Ok(rendered)
        })
        .collect();
    let (mut texts, mut facts, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for (page, rendered) in book.pages.iter().zip(rendered) {
        match rendered {
            Ok(rendered) => {
                texts.push(rendered.text);
                facts.push((page, rendered.description, rendered.proofs));
            }
            Err(problem) => problems.push(problem),
        }
    }
    let told: Vec<Told<'_>> = texts
        .iter()
        .zip(&facts)
        .map(|(text, (page, description, _))| Told {
            href: &text.href,
            source: page.path.as_str(),
            title: &text.title,
            description,
        })
        .collect();
    let state = BookState::of(
        texts.iter().zip(&facts).map(|(text, (_, _, proofs))| (&*text.href, &*text.title, proofs)),
    );
    for (path, text) in machines::files(book, &told) {
        problems.extend(output.put(path, text.as_bytes()).err());
    }
    let index = search::index(&texts);
    problems
        .par_extend(index.par_iter().filter_map(|(path, script)| output.put(path, script.as_bytes()).err()));
    let first = book.pages.first().map(|page| page.path.html());
    if let (Some(first), false) = (first, book.pages.iter().any(|page| page.path.html() == "index.html")) {
        problems
            .extend(theme.redirect(&first).and_then(|html| output.put("index.html", html.as_bytes())).err());
    }
    let shared = [
        ("toc.html", theme.contents(book, &navigation)),
        ("404.html", theme.not_found(book)),
        ("toc.js", Ok(navigation.script())),
        ("state.html", theme.state(book, &state)),
        ("badge.svg", Ok(state.svg())),
        ("badge.json", Ok(state.json())),
    ];
    for (path, text) in shared {
        problems.extend(text.and_then(|text| output.put(path, text.as_bytes())).err());
    }
    for (path, bytes) in theme.files() {
        problems.extend(output.put(&path, &bytes).err());
    }
    for asset in &book.assets {
        problems.extend(output.copy(&book.content.join(asset), &asset.to_string_lossy()).err());
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let written = output.close().map_err(|problem| vec![problem])?;
    Ok(Built { pages: book.pages.len(), written })
}

/// What the book as a whole needs to know of a page.
struct Rendered {
    text: PageText,
    description: String,
    proofs: ProofSummary,
}

fn render_page(
    book: &Book,
    page: &Page,
    theme: &Theme,
    navigation: &navigation::Navigation,
    live: Live,
) -> Result<(String, Rendered), Problem> {
    let document = Document::parse(&page.source);
    // What is wrong with a snippet is for `verify` and `check` to say: any book of Markdown builds.
    let (plan, _) = verify::plan_page(book, page, &document);
    let evidence = Evidence::read(&evidence_file(&book.root, page.path.as_str()));
    let proofs = Proofs::new(&plan, evidence.as_ref(), &book.config.book.language);
    let content = render::render(&document, &proofs);
    let place = navigation.place(&page.path);
    let title = document.title().map_or_else(|| place.name.clone(), str::to_owned);
    let text = PageText::of(&document, page.path.html(), title.clone());
    let description = render::description(&document);
    let summary = proofs.summary();
    let html = theme.page(&PageContext {
        book,
        page,
        title,
        description: description.clone(),
        headings: &document.headings,
        place,
        content,
        proofs: summary.clone(),
        live,
    })?;
    Ok((html, Rendered { text, description, proofs: summary }))
}
