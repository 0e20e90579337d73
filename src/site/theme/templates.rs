//! The templates, and the pages that they make.

use std::collections::BTreeMap;

use serde_json::json;
use tera::{Context, Tera};

use super::base::{base, card};
use super::files::templates;
use super::own_files;
use super::page::PageContext;
use crate::book::Book;
use crate::messages::{Message, site as messages};
use crate::site::fingerprint::{Fingerprint, Fingerprinter};
use crate::site::live_reload::LiveReload;
use crate::site::proof::BookStatus;
use crate::site::whole::{Navigation, PRINT};
use crate::site::words::Words;
use crate::text::Problem;

/// The words of the theme, by language.
const WORDS: &str = "words.json";

/// The theme of a book, ready.
pub(crate) struct Theme {
    tera: Tera,
    /// What every template is given.
    base: Context,
    fingerprint: Fingerprint,
    words: Words,
}

impl Theme {
    /// The built-in theme, with what `themes/haechi` of the book has in place of it.
    pub(crate) fn load(book: &Book, live: LiveReload) -> Result<Self, Problem> {
        let malformed = |what: Message, why: String| {
            Problem::new(messages::malformed(what, why)).help(messages::theme_help())
        };
        let mut fingerprinter = Fingerprinter::default();
        let mut texts = templates(book)?;
        texts.iter().for_each(|(_, text)| fingerprinter.add(text.as_bytes()));
        let words: String = texts.extract_if(.., |(name, _)| name == WORDS).map(|(_, text)| text).collect();
        let mut tera = Tera::default();
        tera.add_raw_templates(texts)
            .map_err(|error| malformed(messages::a_template(), with_causes(&error)))?;
        let words = Words::parse(&words, book.config.language())
            .map_err(|error| malformed(Message::verbatim(WORDS), error.to_string()))?;
        // Besides settings, this is all of a theme that depends on which files there are.
        let icon = own_files::icon(book).unwrap_or("icon.svg");
        fingerprinter.add(icon.as_bytes());
        fingerprinter.add(format!("{:?}", card(book)).as_bytes());
        let base = base(book, &words, icon, live);
        Ok(Self { tera, base, fingerprint: fingerprinter.finish(), words })
    }

    /// The fingerprint of what its templates and words say, and which icon it has.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Its words in the language of the book.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// A page of the book.
    pub(crate) fn page(&self, page: &PageContext<'_>) -> Result<String, Problem> {
        let path = &page.page.path;
        let mut context = self.context(page.title, &path.html(), &path.to_root());
        page.fill(&mut context, &self.words);
        self.render("page.html", &context)
    }

    /// The tree of contents as a page.
    pub(crate) fn contents(&self, navigation: &Navigation) -> Result<String, Problem> {
        let mut context = self.context(self.words.get("contents"), "toc.html", "");
        context.insert("tree", navigation.tree());
        self.render("toc.html", &context)
    }

    /// The picture that other sites show beside a link to the book, as a page to be drawn.
    pub(crate) fn card(&self) -> Result<String, Problem> {
        self.render("card.html", &self.base)
    }

    /// The tree alone, for pages without scripts to show in a frame.
    pub(crate) fn framed_contents(&self, navigation: &Navigation) -> Result<String, Problem> {
        let mut context = self.context(self.words.get("contents"), "toc-frame.html", "");
        context.insert("tree", &navigation.framed_tree());
        self.render("toc-frame.html", &context)
    }

    /// The page of the whole book, before and after its parts.
    pub(crate) fn print(&self, tree: &str) -> Result<(String, String), Problem> {
        const MARK: &str = "haechi-parts-stand-here";
        let mut context = self.base.clone();
        context.insert("path", PRINT);
        context.insert("root", "");
        context.insert("title", &context.get("book_title").cloned());
        context.insert("tree", tree);
        context.insert("mark", MARK);
        let html = self.render("print.html", &context)?;
        let (before, after) = html
            .split_once(MARK)
            .ok_or_else(|| Problem::new(messages::no_mark()).help(messages::theme_help()))?;
        Ok((before.to_owned(), after.to_owned()))
    }

    /// The page for addresses that lead nowhere; `content` is the book's own.
    pub(crate) fn not_found(&self, book: &Book, content: Option<&str>) -> Result<String, Problem> {
        // It is shown at any address, so its links begin at the root of the host.
        let root = book.config.output.html.site_url.as_deref().unwrap_or("/");
        let root = if root.ends_with('/') { root.to_owned() } else { format!("{root}/") };
        let mut context = self.context(self.words.get("missing"), "404.html", &root);
        context.insert("content", &content);
        self.render("404.html", &context)
    }

    /// The status of the book as a page.
    pub(crate) fn status(&self, status: &BookStatus) -> Result<String, Problem> {
        let mut context = self.context(self.words.get("state"), "state.html", "");
        context.insert("state", status);
        self.render("state.html", &context)
    }

    /// The page at an address that was left: `fragments` lead on by themselves.
    pub(crate) fn redirect(
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
            Problem::new(messages::template_failed(template, with_causes(&error)))
                .help(messages::theme_help())
        })
    }
}

/// An error with its causes, on one line.
fn with_causes(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
