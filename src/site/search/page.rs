//! What the index needs of one page.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::sections::{Section, piece_script, pieces, sections};
use super::tokenizer::each_word;
use crate::markdown::Document;

/// What the index needs of a page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct PageIndex {
    /// The distinct words of the page, one after another.
    pub(super) words: String,
    /// Where each word ends.
    pub(super) ends: Vec<u32>,
    pub(super) sections: Vec<SectionIndex>,
    /// With which sections the pieces of the page's text begin.
    pub(super) pieces: Vec<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SectionIndex {
    /// How many letters it has.
    pub(super) length: u32,
    /// How deep it stands.
    pub(super) rank: u8,
    /// Its own heading.
    pub(super) heading: String,
    /// Its words by their numbers in the page, each with how much it counts, in tenths.
    pub(super) counts: Box<[(u16, u16)]>,
}

/// The sections of a page, and the scripts of its text that the browser loads to show a hit: their
/// numbers begin at `number`, the page's own.
pub(crate) fn page(
    document: &Document<'_>,
    href: &str,
    title: &str,
    number: usize,
) -> (PageIndex, Vec<(String, String)>) {
    let sections = sections(document);
    let pieces = pieces(&sections);
    let scripts = pieces
        .iter()
        .enumerate()
        .map(|(at, piece)| {
            let name = format!("p{number}-{at}");
            let script = piece_script(&name, href, title, &sections[piece.clone()]);
            (format!("search/{name}.js"), script)
        })
        .collect();
    let mut counter = Counter::default();
    let indexed = sections
        .iter()
        .enumerate()
        .map(|(at, section)| SectionIndex {
            length: u32::try_from(section.length()).unwrap_or(u32::MAX),
            rank: u8::try_from(section.path.len()).unwrap_or(u8::MAX),
            heading: section.path.last().map_or(title, String::as_str).to_owned(),
            counts: counter.section(section, title, at == 0),
        })
        .collect();
    let pieces = pieces.iter().map(|piece| u32::try_from(piece.start).unwrap_or(u32::MAX)).collect();
    (PageIndex { words: counter.words, ends: counter.ends, sections: indexed, pieces }, scripts)
}

/// Counts the words of a page's sections.
#[derive(Default)]
struct Counter {
    numbers: FxHashMap<Box<str>, u16>,
    words: String,
    ends: Vec<u32>,
    /// How much each word counts in the section at hand.
    counts: Vec<u16>,
    touched: Vec<u16>,
}

impl Counter {
    /// The words of a section: its own heading counts more than its text, the title of the page most, and
    /// what is typed more than what is printed.
    fn section(&mut self, section: &Section, title: &str, first: bool) -> Box<[(u16, u16)]> {
        self.count(&section.prose, 10);
        self.count(&section.code, 8);
        self.count(&section.output, 3);
        if let Some((own, above)) = section.path.split_last() {
            self.count(own, 70);
            above.iter().for_each(|heading| self.count(heading, 5));
            self.count(title, 5);
        }
        if first {
            self.count(title, 200);
        }
        let touched = std::mem::take(&mut self.touched);
        touched.into_iter().map(|word| (word, std::mem::take(&mut self.counts[usize::from(word)]))).collect()
    }

    fn count(&mut self, text: &str, worth: u16) {
        each_word(text, |word| {
            let number = match self.numbers.get(word) {
                Some(&number) => number,
                None => {
                    // Beyond so many words a page has no more of them: what comes then is not found.
                    let Ok(number) = u16::try_from(self.ends.len()) else { return };
                    self.numbers.insert(word.into(), number);
                    self.words.push_str(word);
                    self.ends.push(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
                    self.counts.push(0);
                    number
                }
            };
            let count = &mut self.counts[usize::from(number)];
            if *count == 0 {
                self.touched.push(number);
            }
            *count = count.saturating_add(worth);
        });
    }
}
