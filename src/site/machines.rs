//! What machines read of a site: search engines and language models.

use std::fmt::Write as _;

use serde_json::json;

use crate::book::Book;

/// A page as machines are told of it.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) href: &'a str,
    pub(super) source: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
}

/// Where the site will be, if `[output.html] site-url` is a whole address.
pub(super) fn base(book: &Book) -> Option<String> {
    let url = book.config.output.html.site_url.as_deref()?;
    let whole = url.starts_with("https://") || url.starts_with("http://");
    whole.then(|| if url.ends_with('/') { url.to_owned() } else { format!("{url}/") })
}

/// The address of a page of the site: its file name is left out where it says nothing.
pub(super) fn address(base: &str, href: &str) -> String {
    let mut url = base.to_owned();
    let _ = pulldown_cmark_escape::escape_href(&mut url, href.strip_suffix("index.html").unwrap_or(href));
    url
}

/// The files, with their paths.
pub(super) fn files(book: &Book, pages: &[Told<'_>]) -> Vec<(&'static str, String)> {
    let mut files = vec![("llms.txt", llms(book, pages))];
    let mut robots = String::from("User-agent: *\nAllow: /\n");
    if let Some(base) = base(book) {
        let _ = writeln!(robots, "Sitemap: {base}sitemap.xml");
        files.push(("sitemap.xml", sitemap(&base, pages)));
    }
    files.push(("robots.txt", robots));
    files
}

fn sitemap(base: &str, pages: &[Told<'_>]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages {
        let _ = writeln!(text, "<url><loc>{}</loc></url>", address(base, page.href));
    }
    text.push_str("</urlset>\n");
    text
}

/// As llmstxt.org has it: the book in a few lines, and links to its pages as Markdown.
fn llms(book: &Book, pages: &[Told<'_>]) -> String {
    let mut text = format!("# {}\n", book.title());
    if let Some(description) = &book.config.book.description {
        let _ = write!(text, "\n> {description}\n");
    }
    text.push('\n');
    let base = base(book).unwrap_or_default();
    for page in pages {
        let title = page.title.replace(['[', ']'], "");
        let _ = writeln!(text, "- [{title}]({}): {}", address(&base, page.source), page.description);
    }
    text
}

/// What a page is, as JSON-LD (schema.org); safe inside a `script` element.
pub(super) fn linked_data(book: &Book, title: &str, description: &str) -> String {
    let data = json!({
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": title,
        "description": description,
        "inLanguage": book.config.language(),
        "isPartOf": { "@type": "Book", "name": book.title() },
    });
    data.to_string().replace('<', "\\u003c")
}
