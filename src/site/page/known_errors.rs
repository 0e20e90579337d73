//! The errors that a book explains: in goes the page that `[check] troubleshooting` names, out comes the
//! script by which a reader's screen leads to its entries.

use std::collections::HashSet;

use pulldown_cmark::{Event, Tag, TagEnd};
use serde_json::json;

use crate::book::Book;
use crate::markdown::{Document, Fence};
use crate::reader::{KnownError, is_key, is_telling};
use crate::site::words::Words;
use crate::snippet::{Dialect, Prompt};

/// The errors of a book. One that explains none has none.
#[derive(Debug, Default)]
pub(crate) struct KnownErrors {
    /// Where the page is on the site.
    href: String,
    entries: Vec<Entry>,
}

/// A section of the page with what its error is known by.
#[derive(Debug, Default, PartialEq)]
struct Entry {
    title: String,
    anchor: String,
    keys: Vec<String>,
}

/// How many words a message has at least: one that a heading names, one in the text or in an output.
const IN_HEADING: usize = 2;
const IN_TEXT: usize = 3;

impl KnownErrors {
    /// The page that `[check] troubleshooting` names.
    pub(crate) fn of(book: &Book) -> Self {
        let name = book.config.check.as_ref().and_then(|check| check.troubleshooting.as_deref());
        let page = name.and_then(|name| book.pages.iter().find(|page| page.path.as_str() == name));
        page.map_or_else(Self::default, |page| Self {
            href: page.path.html(),
            entries: entries(&page.parse()),
        })
    }

    /// The script with the errors and with the words of the box that screens are pasted into.
    pub(crate) fn script(&self, words: &Words) -> String {
        let errors: Vec<KnownError> =
            self.entries.iter().map(|entry| KnownError { keys: entry.keys.clone() }).collect();
        let links: Vec<_> = self
            .entries
            .iter()
            .map(|entry| json!([format!("{}#{}", self.href, entry.anchor), entry.title]))
            .collect();
        let words: serde_json::Map<_, _> =
            words.beginning("reader_").map(|(name, word)| (name.to_owned(), json!(word))).collect();
        format!(
            "window.haechiReaderBook = {};\n",
            json!({ "errors": errors, "links": links, "words": words })
        )
    }
}

/// The sections of a page that explain an error.
fn entries(document: &Document<'_>) -> Vec<Entry> {
    let programs = programs(document);
    let mut headings = document.headings.iter();
    let mut entries: Vec<Entry> = Vec::new();
    let mut in_heading = false;
    for (event, range) in &document.events {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                let heading = headings.next();
                entries.push(Entry {
                    title: heading.map(|heading| heading.text.clone()).unwrap_or_default(),
                    anchor: heading.map(|heading| heading.anchor.clone()).unwrap_or_default(),
                    keys: Vec::new(),
                });
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Code(code) => {
                let is_message = match in_heading {
                    true => is_key(code, IN_HEADING) || is_telling(code),
                    false => is_key(code, IN_TEXT) && !is_command(code, &programs),
                };
                if let Some(entry) = entries.last_mut().filter(|_| is_message) {
                    entry.keys.push(code.to_string());
                }
            }
            // A section whose heading names no message is known by what it shows.
            Event::Start(Tag::CodeBlock(_)) => {
                let fence = document.fences().find(|fence| fence.range == *range);
                if let (Some(entry), Some(fence)) = (entries.last_mut(), fence)
                    && entry.keys.is_empty()
                {
                    entry.keys.extend(messages(fence));
                }
            }
            _ => {}
        }
    }
    entries.retain(|entry| !entry.keys.is_empty());
    entries
}

/// The lines of a block of output, or of a transcript, that say enough.
fn messages(fence: &Fence) -> Vec<String> {
    let is_shown = matches!(Dialect::of(&fence.language), Some(Dialect::Session | Dialect::Output))
        && fence.attributes.file.is_none();
    let lines = fence.lines.iter().map(|line| line.text.trim()).filter(|_| is_shown);
    // Columns are a table, not a message.
    lines
        .filter(|line| Prompt::any(line).is_none() && !line.contains("   ") && is_key(line, IN_TEXT))
        .map(str::to_owned)
        .collect()
}

/// The programs that the commands of a page run.
fn programs<'d>(document: &'d Document<'_>) -> HashSet<&'d str> {
    let fences = document.fences().filter(|fence| Dialect::of(&fence.language).is_some());
    let lines = fences.flat_map(|fence| &fence.lines).map(|line| line.text.as_str());
    let typed = lines.map(|line| Prompt::shell(line).map_or(line, |prompt| prompt.typed));
    let words = typed.filter_map(|line| line.split_whitespace().next());
    words.filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')).collect()
}

/// Whether a text is typed rather than printed.
fn is_command(code: &str, programs: &HashSet<&str>) -> bool {
    let mut words = code.split_whitespace();
    code.contains('=')
        || words.clone().next().is_some_and(|first| programs.contains(first))
        || words.any(|word| word.starts_with(['-', '$', '|', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;
    use crate::text::Source;

    #[test]
    fn an_entry_is_known_by_what_its_heading_names_or_shows() {
        let text = "# Trouble\n\n## `port is already allocated`\n\n```sh\ndocker run -p 80:80 nginx\n```\n\n\
            ```text\nBind for 0.0.0.0:80 failed: port is already allocated\n```\n\nOr `address already in use`, \
            see `docker ps` and `docker system prune --all now`.\n\n## No name\n\n```text\nping: bad address 'web'\n```\n\n\
            ## `localhost` fails\n\n```text\nweb\nNAME   ID   STATUS   PORTS\n```\n";
        let source = Source::new("t.md", text);
        let found = entries(&Document::parse(&source, Extensions::default()));
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        let wanted = [
            ("port is already allocated", keys(&["port is already allocated", "address already in use"])),
            ("No name", keys(&["ping: bad address 'web'"])),
        ];
        let found: Vec<(&str, Vec<String>)> =
            found.iter().map(|entry| (entry.title.as_str(), entry.keys.clone())).collect();
        assert_eq!(found, wanted);
    }
}
