//! The theme: templates and files, those of the book's own `themes` folder before the built-in ones.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rust_embed::RustEmbed;
use serde_json::json;
use tera::{Context, Tera};
use walkdir::WalkDir;

use super::fingerprint::{Fingerprint, Fingerprinter};
use super::live_reload::LiveReload;
use super::mdbook::Redirects;
use super::navigation::{Navigation, Place};
use super::proof::{BookStatus, Label, ProofSummary, engine_name};
use super::words::Words;
use super::{csp, mdbook, metadata, search};
use crate::book::{Book, Page};
use crate::diagnostic::Problem;
use crate::markdown::Heading;

#[derive(RustEmbed)]
#[folder = "themes/haechi"]
struct BuiltIn;

/// Where a theme keeps the files that go to the site as they are.
const STATIC: &str = "static/";
/// What to do about a file of the theme that is wrong.
const FIX: &str = "fix it in themes/haechi, or take it out to use the built-in one";
/// The words of the theme, by language.
const WORDS: &str = "words.json";

/// Templates and files, ready.
pub(super) struct Theme {
    tera: Tera,
    own: PathBuf,
    /// What every template is given.
    base: Context,
    /// What its templates and words say, and which icon it has.
    key: Fingerprint,
    /// Addresses that pages have left, as `mdbook::redirects` has them.
    redirects: Redirects,
    /// The words of the theme in the language of the book.
    words: Words,
}

/// What the page template is given.
pub(super) struct PageContext<'a> {
    pub(super) book: &'a Book,
    pub(super) page: &'a Page,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) headings: &'a [Heading],
    pub(super) place: Place,
    pub(super) content: &'a str,
    pub(super) proofs: &'a ProofSummary,
    pub(super) policy: &'a str,
    /// When the page was last changed, if that is known.
    pub(super) changed: Option<Timestamp>,
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
    pub(super) fn load(book: &Book, live: LiveReload) -> Result<Self, Problem> {
        let own = book.root.join("themes/haechi");
        let mut tera = Tera::default();
        let mut templates = Vec::new();
        let mut all_words = String::new();
        let mut hasher = Fingerprinter::default();
        for name in BuiltIn::iter().filter(|name| !name.starts_with(STATIC)) {
            let text = own_text(&own.join(&*name))?.unwrap_or_else(|| built_in_text(&name));
            hasher.add(text.as_bytes());
            if name == WORDS {
                all_words = text;
            } else {
                templates.push((name.into_owned(), text));
            }
        }
        let help = FIX;
        tera.add_raw_templates(templates).map_err(|error| {
            Problem::new(format!("a template of the theme is malformed: {}", told(&error))).help(help)
        })?;
        let words = Words::parse(&all_words, book.config.language()).map_err(|error| {
            Problem::new(format!("{WORDS} of the theme is malformed: {error}")).help(help)
        })?;
        // Besides settings, this is all of a theme that depends on which files there are.
        let icon = mdbook::icon(book).unwrap_or("icon.svg");
        hasher.add(icon.as_bytes());
        let base = base(book, &words, icon, live);
        let redirects = mdbook::redirects(book);
        Ok(Self { tera, own, base, key: hasher.finish(), redirects, words })
    }

    /// What all pages have of it, as a key.
    pub(super) fn key(&self) -> Fingerprint {
        self.key
    }

    /// Addresses that pages have left.
    pub(super) fn redirects(&self) -> &Redirects {
        &self.redirects
    }

    /// Fragments that have left a page that is still there, with where they lead.
    fn moved(&self, href: &str) -> Vec<(&str, &str)> {
        let found = self.redirects.get(href).into_iter().flatten();
        found.filter(|(fragment, _)| !fragment.is_empty()).map(|(from, to)| (&**from, &**to)).collect()
    }

    /// Its words in the language of the book.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    pub(super) fn page(&self, page: &PageContext<'_>) -> Result<String, Problem> {
        let href = page.page.path.html();
        let mut context = self.context(page.title, &href, &page.page.path.to_root());
        context.insert("head_title", &page.page.title);
        context.insert("description", page.description);
        context.insert("content", page.content);
        context.insert("place", &page.place);
        context.insert("proofs", page.proofs);
        let Label { class, icon, .. } = Label::of(page.proofs.worst);
        let engine = Some(page.proofs.engine.as_str()).filter(|engine| !engine.is_empty());
        let engine = engine.map(|engine| engine_name(&self.words, engine));
        context.insert("tally", &json!({ "class": class, "icon": icon, "engine": engine }));
        context.insert("policy", page.policy);
        context.insert("source", page.page.path.as_str());
        context.insert("edit", &page.edit());
        context.insert("moved", &self.moved(&href));
        let canonical = metadata::base(page.book).map(|base| metadata::address(&base, &href));
        context.insert("canonical", &canonical);
        let linked = metadata::linked_data(page.book, page.title, page.description, page.changed);
        context.insert("linked_data", &linked);
        context.insert("changed", &page.changed.map(|time| time.to_string()));
        context.insert("changed_day", &page.changed.map(|time| time.strftime("%Y-%m-%d").to_string()));
        let shown = |heading: &&Heading| matches!(heading.level, 2 | 3);
        let headings: Vec<_> = page
            .headings
            .iter()
            .filter(|_| page.book.config.output.html.sidebar_header_nav)
            .filter(shown)
            .map(|heading| HeadingContext {
                level: heading.level,
                text: &heading.text,
                anchor: &heading.anchor,
            })
            .collect();
        context.insert("headings", &headings);
        self.render("page.html", &context)
    }

    pub(super) fn contents(&self, navigation: &Navigation) -> Result<String, Problem> {
        let mut context = self.context(self.words.get("contents"), "toc.html", "");
        context.insert("tree", navigation.tree());
        self.render("toc.html", &context)
    }

    /// The page of the whole book, before and after its parts.
    pub(super) fn print(&self, tree: &str) -> Result<(String, String), Problem> {
        const MARK: &str = "haechi-parts-stand-here";
        let mut context = self.base.clone();
        context.insert("path", "print.html");
        context.insert("root", "");
        context.insert("title", &context.get("book_title").cloned());
        context.insert("tree", tree);
        context.insert("mark", MARK);
        let html = self.render("print.html", &context)?;
        let (before, after) = html.split_once(MARK).ok_or_else(|| {
            Problem::new("the template print.html has no {{ mark }}, where the pages stand")
        })?;
        Ok((before.to_owned(), after.to_owned()))
    }

    /// The page for addresses that lead nowhere; `content` is the book's own.
    pub(super) fn not_found(&self, book: &Book, content: Option<&str>) -> Result<String, Problem> {
        // It is shown at any address, so its links begin at the root of the host.
        let root = book.config.output.html.site_url.as_deref().unwrap_or("/");
        let root = if root.ends_with('/') { root.to_owned() } else { format!("{root}/") };
        let mut context = self.context(self.words.get("missing"), "404.html", &root);
        context.insert("content", &content);
        self.render("404.html", &context)
    }

    pub(super) fn state(&self, state: &BookStatus) -> Result<String, Problem> {
        let mut context = self.context(self.words.get("state"), "state.html", "");
        context.insert("state", state);
        self.render("state.html", &context)
    }

    /// The page at an address that was left: `fragments` lead on by themselves.
    pub(super) fn redirect(
        &self,
        from: &str,
        to: &str,
        fragments: &BTreeMap<String, String>,
    ) -> Result<String, Problem> {
        let root = "../".repeat(from.matches('/').count());
        let mut context = self.context("", from, &root);
        context.insert("to", to);
        let fragments: BTreeMap<_, _> =
            fragments.iter().filter(|(fragment, _)| !fragment.is_empty()).collect();
        let fragments = (!fragments.is_empty()).then(|| json!(fragments).to_string());
        context.insert("fragments", &fragments);
        self.render("redirect.html", &context)
    }

    fn context(&self, title: &str, path: &str, root: &str) -> Context {
        let mut context = self.base.clone();
        context.insert("title", title);
        context.insert("path", path);
        context.insert("root", root);
        context
    }

    fn render(&self, template: &str, context: &Context) -> Result<String, Problem> {
        self.tera.render(template, context).map_err(|error| {
            Problem::new(format!("the template {template} fails: {}", told(&error))).help(FIX)
        })
    }

    /// The files that go to the site as they are.
    ///
    /// # Errors
    /// When one of the book's own cannot be read.
    pub(super) fn files(&self) -> Result<BTreeMap<String, Cow<'static, [u8]>>, Problem> {
        let mut files: BTreeMap<String, Cow<'static, [u8]>> = BuiltIn::iter()
            .filter_map(|name| Some((name.strip_prefix(STATIC)?.to_owned(), BuiltIn::get(&name)?.data)))
            .collect();
        let folder = self.own.join(STATIC);
        if !folder.exists() {
            return Ok(files);
        }
        for entry in WalkDir::new(&folder) {
            let entry = entry.map_err(|error| unreadable(&folder, &error.into()))?;
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.is_symlink() {
                // It may lead to any file of the machine, which would be published.
                let message = format!("{} is a link, which a site does not follow", path.display());
                return Err(Problem::new(message).help("put a copy of the file in its place"));
            }
            if kind.is_file() {
                let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
                let name = path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().into_owned();
                files.insert(name, Cow::Owned(bytes));
            }
        }
        Ok(files)
    }
}

/// A template of the book's own, if it has that one.
fn own_text(file: &Path) -> Result<Option<String>, Problem> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        // A link that leads nowhere is there.
        Err(error) if error.kind() == ErrorKind::NotFound && file.symlink_metadata().is_err() => Ok(None),
        Err(error) => Err(unreadable(file, &error)),
    }
}

fn unreadable(file: &Path, error: &std::io::Error) -> Problem {
    Problem::file("read", file, error).help(FIX)
}

fn built_in_text(name: &str) -> String {
    BuiltIn::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

/// What every template is given.
fn base(book: &Book, words: &Words, icon: &str, live: LiveReload) -> Context {
    let html = &book.config.output.html;
    let mut context = Context::new();
    context.insert("book_title", book.title());
    context.insert("book_description", &book.config.book.description);
    context.insert("language", book.config.language());
    context.insert("direction", &book.config.book.text_direction);
    context.insert("scheme", &scheme(html.default_theme.as_deref()));
    context.insert("repository", &html.git_repository_url);
    context.insert("icon", icon);
    context.insert("styles", &mdbook::links(&html.additional_css));
    context.insert("scripts", &mdbook::links(&html.additional_js));
    context.insert("search", &search::is_enabled(book));
    context.insert("print", &html.print.enable);
    context.insert("live", &(live == LiveReload::On));
    context.insert("policy", &csp::strict(live));
    context.insert("words", words);
    context
}

/// mdBook's five themes are light or dark.
fn scheme(theme: Option<&str>) -> Option<&'static str> {
    match theme? {
        "light" | "rust" => Some("light"),
        "coal" | "navy" | "ayu" | "dark" => Some("dark"),
        _ => None,
    }
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
