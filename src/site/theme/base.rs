//! What every template is given.

use std::path::Path;

use tera::Context;

use super::own_files::site_paths;
use crate::book::Book;
use crate::site::live_reload::LiveReload;
use crate::site::words::Words;
use crate::site::{csp, search, whole};

/// The picture that other sites show beside a link, beside the book's pages.
pub(crate) const CARD: &str = "card.png";

pub(super) fn base(book: &Book, words: &Words, icon: &str, live: LiveReload) -> Context {
    let html = &book.config.output.html;
    let mut context = Context::new();
    context.insert("book_title", book.title());
    context.insert("book_description", &book.config.book.description);
    context.insert("language", book.config.language());
    context.insert("direction", &book.config.book.text_direction);
    context.insert("scheme", &scheme(html.default_theme.as_deref()));
    context.insert("repository", &html.git_repository_url);
    context.insert("icon", icon);
    context.insert("styles", &site_paths(&html.additional_css));
    context.insert("scripts", &site_paths(&html.additional_js));
    context.insert("search", &search::is_enabled(book));
    context.insert("print", &html.print.enable);
    context.insert("live", &(live == LiveReload::On));
    context.insert("policy", &csp::strict(live));
    context.insert("words", words);
    context.insert("card", &card(book));
    context
}

/// The address of the book's card, if it has one and says where it will be.
pub(super) fn card(book: &Book) -> Option<String> {
    book.assets.iter().find(|asset| **asset == Path::new(CARD))?;
    Some(whole::address(&whole::base_url(book)?, CARD))
}

/// mdBook's five themes are light or dark.
fn scheme(theme: Option<&str>) -> Option<&'static str> {
    match theme? {
        "light" | "rust" => Some("light"),
        "coal" | "navy" | "ayu" | "dark" => Some("dark"),
        _ => None,
    }
}
