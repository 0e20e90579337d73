//! What machines read of a site: search engines and language models.

use std::fmt::Write as _;

use atom_syndication::{Entry, Feed, Link, Person};
use jiff::Timestamp;
use serde_json::json;

use crate::book::Book;

/// How many changes a feed tells of.
const NEWEST: usize = 20;

/// A page as machines see it.
#[derive(Debug)]
pub(crate) struct PageMeta<'a> {
    pub(crate) href: &'a str,
    pub(crate) source: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    /// When it was last changed, if that is known.
    pub(crate) changed: Option<Timestamp>,
}

/// Where the site will be, if `[output.html] site-url` is a whole address.
pub(crate) fn base_url(book: &Book) -> Option<String> {
    let url = book.config.output.html.site_url.as_deref()?;
    let whole = url.starts_with("https://") || url.starts_with("http://");
    whole.then(|| if url.ends_with('/') { url.to_owned() } else { format!("{url}/") })
}

/// The address of a page of the site: its file name is left out where it says nothing.
pub(crate) fn address(base: &str, href: &str) -> String {
    let mut url = base.to_owned();
    let _ = pulldown_cmark_escape::escape_href(&mut url, href.strip_suffix("index.html").unwrap_or(href));
    url
}

/// The files, with their paths.
pub(crate) fn metadata_files(book: &Book, pages: &[PageMeta<'_>]) -> Vec<(&'static str, String)> {
    let mut files = vec![("llms.txt", llms(book, pages))];
    let mut robots = String::from("User-agent: *\nAllow: /\n");
    if let Some(base) = base_url(book) {
        let _ = writeln!(robots, "Sitemap: {base}sitemap.xml");
        files.push(("sitemap.xml", sitemap(&base, pages)));
    }
    files.push(("robots.txt", robots));
    files.push(("feed.xml", feed(book, pages)));
    files
}

fn sitemap(base: &str, pages: &[PageMeta<'_>]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages {
        let changed = page.changed.map(|time| format!("<lastmod>{time}</lastmod>")).unwrap_or_default();
        let _ = writeln!(text, "<url><loc>{}</loc>{changed}</url>", address(base, page.href));
    }
    text.push_str("</urlset>\n");
    text
}

/// An Atom feed of the pages that were changed last. Without a `site-url` its links lead from where it is.
fn feed(book: &Book, pages: &[PageMeta<'_>]) -> String {
    let base = base_url(book).unwrap_or_default();
    let mut changed: Vec<_> = pages.iter().filter_map(|page| Some((page.changed?, page))).collect();
    changed.sort_by_key(|&(time, _)| std::cmp::Reverse(time));
    changed.truncate(NEWEST);
    let at = |time: Timestamp| time.to_string().parse().unwrap_or_default();
    let link = |rel: &str, href: String| Link { href, rel: rel.into(), ..Link::default() };
    let entries = changed.iter().map(|(time, page)| Entry {
        title: page.title.into(),
        id: id(book, page.href),
        updated: at(*time),
        links: vec![link("alternate", address(&base, page.href))],
        summary: Some(page.description.into()),
        ..Entry::default()
    });
    let feed = Feed {
        title: book.title().into(),
        id: id(book, ""),
        updated: at(changed.first().map_or(Timestamp::UNIX_EPOCH, |(time, _)| *time)),
        subtitle: book.config.book.description.as_deref().map(Into::into),
        authors: book
            .config
            .book
            .authors
            .iter()
            .map(|name| Person { name: name.clone(), ..Person::default() })
            .collect(),
        links: vec![link("self", format!("{base}feed.xml")), link("alternate", format!("{base}index.html"))],
        lang: Some(book.config.language().to_owned()),
        entries: entries.collect(),
        ..Feed::default()
    };
    feed.to_string()
}

/// The name of a page for feed readers, which stays when the site moves.
fn id(book: &Book, href: &str) -> String {
    let hash = blake3::hash(format!("{}\n{href}", book.title()).as_bytes()).to_hex();
    // A UUID of version 8.
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[12..15],
        &hash[15..18],
        &hash[18..30]
    )
}

/// As llmstxt.org has it: the book in a few lines, and links to its pages as Markdown.
fn llms(book: &Book, pages: &[PageMeta<'_>]) -> String {
    let mut text = format!("# {}\n", book.title());
    if let Some(description) = &book.config.book.description {
        let _ = write!(text, "\n> {description}\n");
    }
    text.push('\n');
    let base = base_url(book).unwrap_or_default();
    for page in pages {
        let title = page.title.replace(['[', ']'], "");
        let _ = writeln!(text, "- [{title}]({}): {}", address(&base, page.source), page.description);
    }
    text
}

/// What a page is, as JSON-LD (schema.org); safe inside a `script` element.
pub(crate) fn linked_data(book: &Book, title: &str, description: &str, changed: Option<Timestamp>) -> String {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": title,
        "description": description,
        "inLanguage": book.config.language(),
        "isPartOf": { "@type": "Book", "name": book.title() },
    });
    if let Some(time) = changed {
        data["dateModified"] = json!(time.to_string());
    }
    data.to_string().replace('<', "\\u003c")
}
