//! Links between the pages of a book.

use pulldown_cmark::CowStr;

use crate::book::PagePath;

/// A link to a Markdown file of the book leads to its page.
pub(super) fn site_link<'a>(url: &CowStr<'a>) -> CowStr<'a> {
    if url.contains("://") || url.starts_with("mailto:") {
        return url.clone();
    }
    let (path, rest) = url.find(['#', '?']).map_or((&**url, ""), |at| url.split_at(at));
    match path.strip_suffix(".md") {
        Some(_) => CowStr::from(format!("{}{rest}", PagePath::new(path).html())),
        None => url.clone(),
    }
}
