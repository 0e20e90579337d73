//! The theme: templates and files, those of the book's own `themes` folder before the built-in ones.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use tera::{Context, Tera};
use walkdir::WalkDir;

use super::live::Live;
use super::machines;
use super::navigation::{Navigation, Place};
use super::proof::ProofSummary;
use super::state::BookState;
use crate::book::{Book, Page};
use crate::diagnostic::Problem;
use crate::markdown::Heading;

#[derive(RustEmbed)]
#[folder = "themes/haechi"]
struct BuiltIn;

/// Where a theme keeps the files that go to the site as they are.
const STATIC: &str = "static/";

/// Templates and files, ready.
pub(super) struct Theme {
    tera: Tera,
    own: PathBuf,
}

/// What the page template is given.
pub(super) struct PageContext<'a> {
    pub(super) book: &'a Book,
    pub(super) page: &'a Page,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) headings: &'a [Heading],
    pub(super) place: Place,
    pub(super) content: String,
    pub(super) proofs: ProofSummary,
    pub(super) live: Live,
}

impl PageContext<'_> {
    /// Where the page can be changed.
    fn edit(&self) -> Option<String> {
        let template = self.book.config.output.html.edit_url_template.as_ref()?;
        let file = self.book.config.book.src.join(self.page.path.as_str());
        Some(template.replace("{path}", &file.to_string_lossy()))
    }
}

#[derive(serde::Serialize)]
struct HeadingContext<'a> {
    level: u8,
    text: &'a str,
    anchor: &'a str,
}

impl Theme {
    /// The built-in theme, with what `themes/haechi` of the book has in place of it.
    pub(super) fn load(themes: &Path) -> Result<Self, Problem> {
        let own = themes.join("haechi");
        let mut tera = Tera::default();
        let mut templates = Vec::new();
        for name in BuiltIn::iter().filter(|name| !name.starts_with(STATIC)) {
            let file = own.join(&*name);
            let text = match std::fs::read_to_string(&file) {
                Ok(text) => text,
                Err(_) => built_in_text(&name),
            };
            templates.push((name.into_owned(), text));
        }
        tera.add_raw_templates(templates).map_err(|error| {
            Problem::new(format!("a template of the theme is malformed: {}", told(&error)))
                .help("mend it in themes/haechi, or take it out to use the built-in one")
        })?;
        Ok(Self { tera, own })
    }

    pub(super) fn page(&self, page: &PageContext<'_>) -> Result<String, Problem> {
        let mut context = context(page.book, &page.page.path.to_root());
        context.insert("title", &page.title);
        context.insert("description", &page.description);
        context.insert("path", &page.page.path.html());
        context.insert("content", &page.content);
        context.insert("place", &page.place);
        context.insert("proofs", &page.proofs);
        context.insert("live", &(page.live == Live::On));
        context.insert("source", page.page.path.as_str());
        context.insert("edit", &page.edit());
        let canonical =
            machines::base(page.book).map(|base| machines::address(&base, &page.page.path.html()));
        context.insert("canonical", &canonical);
        context.insert("linked_data", &machines::linked_data(page.book, &page.title, &page.description));
        let headings: Vec<_> = page
            .headings
            .iter()
            .filter(|heading| matches!(heading.level, 2 | 3))
            .map(|heading| HeadingContext {
                level: heading.level,
                text: &heading.text,
                anchor: &heading.anchor,
            })
            .collect();
        context.insert("headings", &headings);
        self.render("page.html", &context)
    }

    pub(super) fn contents(&self, book: &Book, navigation: &Navigation) -> Result<String, Problem> {
        let mut context = context(book, "");
        context.insert("title", "차례");
        context.insert("path", "toc.html");
        context.insert("tree", navigation.tree());
        self.render("toc.html", &context)
    }

    pub(super) fn not_found(&self, book: &Book) -> Result<String, Problem> {
        // It is shown at any address, so its links begin at the root of the host.
        let root = book.config.output.html.site_url.as_deref().unwrap_or("/");
        let mut context =
            context(book, &if root.ends_with('/') { root.to_owned() } else { format!("{root}/") });
        context.insert("title", "없는 쪽");
        context.insert("path", "404.html");
        self.render("404.html", &context)
    }

    pub(super) fn state(&self, book: &Book, state: &BookState) -> Result<String, Problem> {
        let mut context = context(book, "");
        context.insert("title", "검증 상태");
        context.insert("path", "state.html");
        context.insert("state", state);
        self.render("state.html", &context)
    }

    pub(super) fn redirect(&self, to: &str) -> Result<String, Problem> {
        let mut context = Context::new();
        context.insert("to", to);
        self.render("redirect.html", &context)
    }

    fn render(&self, template: &str, context: &Context) -> Result<String, Problem> {
        self.tera.render(template, context).map_err(|error| {
            Problem::new(format!("the template {template} fails: {}", told(&error)))
                .help("mend it in themes/haechi, or take it out to use the built-in one")
        })
    }

    /// The files that go to the site as they are.
    pub(super) fn files(&self) -> Vec<(String, Cow<'static, [u8]>)> {
        let mut files: std::collections::BTreeMap<String, Cow<'static, [u8]>> = BuiltIn::iter()
            .filter_map(|name| Some((name.strip_prefix(STATIC)?.to_owned(), BuiltIn::get(&name)?.data)))
            .collect();
        let folder = self.own.join(STATIC);
        for entry in WalkDir::new(&folder).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
            if let (Ok(name), Ok(bytes)) = (entry.path().strip_prefix(&folder), std::fs::read(entry.path())) {
                files.insert(name.to_string_lossy().into_owned(), Cow::Owned(bytes));
            }
        }
        files.into_iter().collect()
    }
}

fn built_in_text(name: &str) -> String {
    BuiltIn::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

fn context(book: &Book, root: &str) -> Context {
    let mut context = Context::new();
    context.insert("book_title", book.title());
    context.insert("book_description", &book.config.book.description);
    context.insert("language", &book.config.book.language);
    context.insert("repository", &book.config.output.html.git_repository_url);
    context.insert("root", root);
    context
}

/// An error with its causes, on one line.
fn told(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
