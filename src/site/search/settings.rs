//! What `[output.html.search]` says.

use mdbook_core::config::Search;

use crate::book::Book;

/// Whether the book has a search.
pub(crate) fn is_enabled(book: &Book) -> bool {
    book.config.output.html.search.as_ref().is_none_or(|search| search.enable)
}

/// Whether the page at an address is found by it.
pub(crate) fn is_page_enabled(book: &Book, href: &str) -> bool {
    let search = book.config.output.html.search.as_ref();
    search.is_none_or(|search| search.enable && !is_excluded(search, href))
}

/// Whether `[output.html.search.chapter]` leaves a page out: a key is a page, or a folder of pages.
fn is_excluded(search: &Search, href: &str) -> bool {
    let mut found: Option<(&str, bool)> = None;
    for (key, settings) in &search.chapter {
        let key = key.strip_suffix(".md").unwrap_or(key);
        let page = href.strip_suffix(".html").unwrap_or(href);
        let contains = page == key || page.strip_prefix(key).is_some_and(|rest| rest.starts_with('/'));
        // The nearest key decides.
        if let (true, Some(enable)) = (contains, settings.enable)
            && found.is_none_or(|(other, _)| key.len() > other.len())
        {
            found = Some((key, enable));
        }
    }
    found.is_some_and(|(_, enable)| !enable)
}
