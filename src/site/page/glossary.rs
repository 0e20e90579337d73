//! The glossary of a book: in goes its page, out come links from the text of other pages to its terms, and
//! the script that explains a term where it stands.

use std::collections::HashSet;

use pulldown_cmark::{Event, Tag, TagEnd};
use serde_json::json;

use crate::book::Book;
use crate::markdown::Document;
use crate::site::html::escaped;
use crate::site::search::PARTICLES;

/// The terms of a book. One without a glossary has none.
#[derive(Debug, Default)]
pub(crate) struct Glossary {
    /// Where its page is on the site.
    href: String,
    entries: Vec<Entry>,
    /// The names of the entries with their numbers, the longest first.
    names: Vec<(String, usize)>,
}

/// A row of the glossary's tables, or a term of its lists.
#[derive(Debug)]
struct Entry {
    anchor: String,
    term: String,
    meaning: String,
}

impl Glossary {
    /// The page that `[check] glossary` names.
    pub(crate) fn of(book: &Book) -> Self {
        let name = book.config.check.as_ref().and_then(|check| check.glossary.as_deref());
        let page = name.and_then(|name| book.pages.iter().find(|page| page.path.as_str() == name));
        page.map_or_else(Self::default, |page| Self::read(&page.parse(), page.path.html()))
    }

    fn read(document: &Document<'_>, href: String) -> Self {
        let entries = entries(document);
        let mut names: Vec<(String, usize)> = entries
            .iter()
            .enumerate()
            // `상태 검사(헬스체크)` is two names.
            .flat_map(|(at, entry)| entry.term.split(['(', ')', ',']).map(move |name| (name.trim(), at)))
            .filter(|(name, _)| name.chars().count() > 1)
            .map(|(name, at)| (name.to_owned(), at))
            .collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self { href, entries, names }
    }

    /// Whether it is this page.
    pub(crate) fn is(&self, href: &str) -> bool {
        self.href == href
    }

    /// The anchor of the row of a table whose first cell says this.
    pub(super) fn anchor(&self, term: &str) -> Option<&str> {
        self.entries.iter().find(|entry| entry.term == term).map(|entry| entry.anchor.as_str())
    }

    /// The text as HTML with each term a link to its meaning where it is first met; `root` leads from the
    /// page to the root of the site. `None` where there is no term.
    pub(super) fn linked(&self, text: &str, root: &str, met: &mut HashSet<usize>) -> Option<String> {
        if self.entries.is_empty() {
            return None;
        }
        let mut html = String::new();
        let (mut done, mut at) = (0, 0);
        while at < text.len() {
            let found = self.name_at(&text[at..]).filter(|(_, entry)| !met.contains(entry));
            if let Some((length, entry)) = found {
                met.insert(entry);
                html.push_str(&escaped(&text[done..at]));
                html.push_str(&format!(
                    "<a class=\"term\" href=\"{root}{}#{}\">{}</a>",
                    escaped(&self.href),
                    escaped(&self.entries[entry].anchor),
                    escaped(&text[at..at + length])
                ));
                at += length;
                done = at;
            }
            // The next word.
            let rest = &text[at..];
            let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            at += word;
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
        if done == 0 {
            return None;
        }
        html.push_str(&escaped(&text[done..]));
        Some(html)
    }

    /// The name that a text begins with, as a word of its own: only a particle may follow it.
    fn name_at(&self, text: &str) -> Option<(usize, usize)> {
        let stands = |name: &str| {
            let Some(rest) = text.strip_prefix(name) else { return false };
            let tail = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            tail == 0 || PARTICLES.contains(&&rest[..tail])
        };
        self.names.iter().find(|(name, _)| stands(name)).map(|(name, entry)| (name.len(), *entry))
    }

    /// What explains the terms, by their anchors; none where there is no glossary.
    pub(crate) fn script(&self) -> Option<String> {
        if self.entries.is_empty() {
            return None;
        }
        let terms: serde_json::Map<_, _> = self
            .entries
            .iter()
            .map(|entry| (entry.anchor.clone(), json!([entry.term, entry.meaning])))
            .collect();
        Some(format!("haechiTerms({});\n", json!(terms)))
    }
}

/// The terms of a glossary: rows of tables (the term first, its meaning last), and lists of definitions.
fn entries(document: &Document<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut anchors = document.terms.iter();
    let mut open = false;
    for (event, _) in &document.events {
        match event {
            Event::Start(Tag::TableCell | Tag::DefinitionListTitle | Tag::DefinitionListDefinition) => {
                cells.push(String::new());
                open = true;
            }
            Event::End(TagEnd::TableCell | TagEnd::DefinitionListTitle) => open = false,
            Event::End(TagEnd::TableHead) => cells.clear(),
            Event::End(end @ (TagEnd::TableRow | TagEnd::DefinitionListDefinition)) => {
                open = false;
                let row = std::mem::take(&mut cells);
                if let [term, .., meaning] = row.as_slice() {
                    let anchor = match end {
                        TagEnd::TableRow => format!("term-{}", term.trim().replace(char::is_whitespace, "-")),
                        _ => anchors.next().cloned().unwrap_or_default(),
                    };
                    let is_new = !entries.iter().any(|entry| entry.anchor == anchor);
                    let (term, meaning) = (term.trim().to_owned(), meaning.trim().to_owned());
                    entries.extend(is_new.then_some(Entry { anchor, term, meaning }));
                }
            }
            Event::Text(text) | Event::Code(text) if open => {
                cells.last_mut().expect("a cell is open").push_str(text);
            }
            Event::SoftBreak if open => cells.last_mut().expect("a cell is open").push(' '),
            _ => {}
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;
    use crate::text::Source;

    const TABLE: &str = "# 용어\n\n| 용어 | 영어 | 뜻 |\n| --- | --- | --- |\n| [이미지](a.md) | image | 묶음 |\n\
                         | 바인드 마운트 | bind mount | 연결 |\n| 헬스 체크(상태 검사) | health check | `검사` |\n";

    fn glossary(text: &str) -> Glossary {
        let source = Source::new("g.md", text);
        Glossary::read(&Document::parse(&source, Extensions::default()), "g.html".into())
    }

    #[test]
    fn a_term_is_a_link_where_it_is_first_met_as_a_word() {
        let glossary = glossary(TABLE);
        let mut met = HashSet::new();
        let link = |text: &str, met: &mut _| glossary.linked(text, "../", met);
        assert_eq!(
            link("이미지는 & 이미지를", &mut met).unwrap(),
            "<a class=\"term\" href=\"../g.html#term-이미지\">이미지</a>는 &amp; 이미지를"
        );
        assert_eq!(link("이미지와", &mut met), None);
        assert_eq!(link("이미지화하고 새이미지", &mut HashSet::new()), None);
        let mount = link("그 바인드 마운트로 상태 검사", &mut met).unwrap();
        assert!(mount.contains("#term-바인드-마운트\">바인드 마운트</a>로"), "{mount}");
        assert!(mount.ends_with("#term-헬스-체크(상태-검사)\">상태 검사</a>"), "{mount}");
    }

    #[test]
    fn meanings_are_in_the_script() {
        let script = glossary(TABLE).script().unwrap();
        assert!(script.contains("\"term-이미지\":[\"이미지\",\"묶음\"]"), "{script}");
        let list = glossary("# G\n\nlayer\n: a piece of\n  an image\n").script().unwrap();
        assert!(list.contains("[\"layer\",\"a piece of an image\"]"), "{list}");
        assert_eq!(glossary("# G\n").script(), None);
    }
}
