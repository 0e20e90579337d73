//! The whole book as one page: `print.html`. Its anchors get the name of their page, and links between
//! pages lead to them.

use std::collections::HashSet;

use crate::site::html::escaped;

/// The page of the whole book.
pub(crate) const PRINT: &str = "print.html";

/// What the anchors of a page begin with in the whole.
fn prefix(href: &str) -> String {
    href.trim_end_matches(".html").replace(['/', '.', ' '], "-")
}

/// A page as a part of the whole.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct PrintPart {
    pub(crate) html: String,
    /// Its anchors, that of the page first.
    pub(crate) anchors: Vec<String>,
}

/// The content of a page as a part of the whole; `pages` are the addresses of the book.
pub(crate) fn print_part(
    content: &str,
    href: &str,
    pages: &HashSet<String>,
    break_before: bool,
) -> PrintPart {
    let own = prefix(href);
    let folder = href.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut anchors = vec![own.clone()];
    let moved = |name: &str, value: &str| -> Option<String> {
        match name {
            "id" => {
                anchors.push(format!("{own}-{value}"));
                anchors.last().cloned()
            }
            "for" | "aria-labelledby" | "aria-describedby" => Some(format!("{own}-{value}")),
            "href" => {
                if let Some(fragment) = value.strip_prefix('#') {
                    return Some(format!("#{own}-{fragment}"));
                }
                let target = relative(folder, value)?;
                let (page, fragment) = target
                    .split_once('#')
                    .map_or((&*target, None), |(page, fragment)| (page, Some(fragment)));
                if pages.contains(page) {
                    let page = prefix(page);
                    Some(
                        fragment.map_or_else(|| format!("#{page}"), |fragment| format!("#{page}-{fragment}")),
                    )
                } else {
                    Some(target)
                }
            }
            "src" | "srcset" => relative(folder, value),
            _ => None,
        }
    };
    let class = if break_before { "part turn-page" } else { "part" };
    let body = attributes(content, moved);
    let html = format!("<section class=\"{class}\" id=\"{}\">\n{body}</section>\n", escaped(&own));
    PrintPart { html, anchors }
}

/// A whole page of a folder as it is at the root of the site.
pub(crate) fn rebase_to_root(html: &str, folder: &str) -> String {
    attributes(html, |name, value| match name {
        "data-root" => Some(String::new()),
        "href" | "src" | "srcset" => relative(folder, value),
        _ => None,
    })
}

/// What a relative address in a folder names from the root; nothing for what leads elsewhere.
fn relative(folder: &str, value: &str) -> Option<String> {
    if value.is_empty() || value.starts_with('#') || value.starts_with('/') || value.contains(':') {
        return None;
    }
    let (path, rest) = value.find(['#', '?']).map_or((value, ""), |at| value.split_at(at));
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(format!("{}{rest}", parts.join("/")))
}

/// The HTML with the values of attributes changed where `change` says to what. Only quoted values of
/// tags are looked at: text and comments stay as they are.
fn attributes(html: &str, mut change: impl FnMut(&str, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        out.push_str(text);
        rest = tag;
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").map_or(rest.len(), |at| at + 7);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        loop {
            let Some(at) = rest.find(['"', '\'', '>']) else {
                out.push_str(rest);
                return out;
            };
            out.push_str(&rest[..at]);
            let quote = &rest[at..=at];
            let before = &rest[..at];
            rest = &rest[at + 1..];
            out.push_str(quote);
            if quote == ">" {
                break;
            }
            let Some(end) = rest.find(quote) else {
                out.push_str(rest);
                return out;
            };
            let value = &rest[..end];
            let name = before.trim_end().strip_suffix('=').unwrap_or_default().trim_end();
            let name = name.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
            match change(name, value) {
                Some(value) => out.push_str(&value.replace('"', "&quot;").replace('<', "&lt;")),
                None => out.push_str(value),
            }
            out.push_str(quote);
            rest = &rest[end + 1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_and_links_lead_into_the_whole() {
        let pages = HashSet::from(["a/b.html".to_owned(), "c.html".to_owned()]);
        let html = "<h2 id=\"x\"><a class=\"anchor\" href=\"#x\">id=\"y\" <code>href=\"#x\"</code></a></h2>\
                    <!-- id=\"z\" --><a href=\"../c.html#k\">c</a> <a href=\"../c.html\">c</a> 1 < 2 \
                    <img src=\"p.png\"> <a href='https://h/'>h</a> <a href=\"../f.zip\">f</a>";
        let part = print_part(html, "a/b.html", &pages, false);
        assert_eq!(part.anchors, ["a-b", "a-b-x"]);
        assert_eq!(
            part.html,
            "<section class=\"part\" id=\"a-b\">\n<h2 id=\"a-b-x\"><a class=\"anchor\" href=\"#a-b-x\">id=\"y\" \
             <code>href=\"#x\"</code></a></h2><!-- id=\"z\" --><a href=\"#c-k\">c</a> <a href=\"#c\">c</a> 1 < 2 \
             <img src=\"a/p.png\"> <a href='https://h/'>h</a> <a href=\"f.zip\">f</a></section>\n"
        );
    }

    #[test]
    fn broken_html_loses_nothing() {
        for html in ["<a href=\"x", "<", "a < b", "<!-- x", "<b title='", "<p"] {
            assert!(
                print_part(html, "c.html", &HashSet::new(), true).html.contains(html.trim_end_matches('"')),
                "{html}"
            );
        }
    }
}
