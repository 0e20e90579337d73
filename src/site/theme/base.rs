//! What every template is given.

use tera::Context;

use super::own_files::site_paths;
use crate::book::Book;
use crate::site::live_reload::LiveReload;
use crate::site::words::Words;
use crate::site::{csp, search};

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
