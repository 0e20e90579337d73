//! The search index: in go the texts of pages, out come small scripts that the browser loads as a
//! query needs them. `words` says what a word is.
//!
//! The words of all sections, in the order of their letters, are cut into shards; a query loads the
//! few shards that its words fall into, and the texts of the pages that it shows.

mod words;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use pulldown_cmark::{Event, Tag, TagEnd};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::markdown::Document;
use words::{Kind, PARTICLES, each_word, key};

/// How long a shard may become, in bytes.
const SHARD: usize = 12 * 1024;
/// How long a piece of a page's text may become, in bytes: what is loaded to show one hit.
const PIECE: usize = 8 * 1024;
/// How many words typing slips and initial consonants are looked up among.
const DICTIONARY: usize = 2500;
/// How many headings initial consonants are looked up among.
const PHRASES: usize = 1000;

/// What stands between two headings.
#[derive(Debug, Default)]
struct Section {
    /// The fragment of its heading; empty for what stands before the first.
    anchor: String,
    /// The headings that lead to it, outermost first, without the page's title.
    path: Vec<String>,
    prose: String,
    code: String,
}

/// What the index needs of a page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Indexed {
    /// The distinct words of the page, one after another.
    words: String,
    /// Where each word ends.
    ends: Vec<u32>,
    sections: Vec<IndexedSection>,
    /// With which sections the pieces of the page's text begin.
    pieces: Vec<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct IndexedSection {
    /// How many letters it has.
    length: u32,
    /// How deep it stands.
    rank: u8,
    /// Its own heading.
    heading: String,
    /// Its words by their numbers in the page, each with how much it counts, in tenths.
    counts: Box<[(u16, u16)]>,
}

/// The sections of a page, and the scripts of its text that the browser loads to show a hit: their
/// numbers begin at `number`, the page's own.
pub(super) fn page(
    document: &Document<'_>,
    href: &str,
    title: &str,
    number: usize,
) -> (Indexed, Vec<(String, String)>) {
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
        .map(|(at, section)| IndexedSection {
            length: u32::try_from(section.length()).unwrap_or(u32::MAX),
            rank: u8::try_from(section.path.len()).unwrap_or(u8::MAX),
            heading: section.path.last().map_or(title, String::as_str).to_owned(),
            counts: counter.section(section, title, at == 0),
        })
        .collect();
    let pieces = pieces.iter().map(|piece| u32::try_from(piece.start).unwrap_or(u32::MAX)).collect();
    (Indexed { words: counter.words, ends: counter.ends, sections: indexed, pieces }, scripts)
}

fn sections(document: &Document<'_>) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut path: Vec<(u8, String)> = Vec::new();
    let mut headings = document.headings.iter();
    let (mut in_heading, mut in_code) = (false, false);
    for (event, _) in &document.events {
        let first = sections.len() == 1;
        let section = sections.last_mut().expect("there is always one");
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                let Some(heading) = headings.next() else { continue };
                if heading.level == 1 && first && section.prose.trim().is_empty() {
                    section.anchor.clone_from(&heading.anchor);
                    continue;
                }
                path.retain(|(level, _)| *level < heading.level);
                path.push((heading.level, heading.text.clone()));
                sections.push(Section {
                    anchor: heading.anchor.clone(),
                    path: path.iter().map(|(_, text)| text.clone()).collect(),
                    ..Section::default()
                });
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            _ if in_heading => {}
            Event::Text(text) if in_code => section.code.push_str(text),
            Event::Text(text) | Event::Code(text) => section.prose.push_str(text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => section.prose.push(' '),
            _ => {}
        }
    }
    sections
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
    /// The words of a section: its own heading counts more than its text, the title of the page most.
    fn section(&mut self, section: &Section, title: &str, first: bool) -> Box<[(u16, u16)]> {
        self.count(&section.prose, 10);
        self.count(&section.code, 8);
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
                    // Beyond so many words a page is no page: what comes then is not found by them.
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

/// The scripts of the index, with their paths. Pages come with their numbers.
pub(super) fn index(pages: &[(usize, &Indexed)]) -> Vec<(String, String)> {
    let (mut starts, mut owners) = (Vec::new(), Vec::new());
    let mut phrases: Vec<(u8, u32, &str)> = Vec::new();
    let sections: usize = pages.iter().map(|(_, page)| page.sections.len()).sum();
    let letters: u64 =
        pages.iter().flat_map(|(_, page)| &page.sections).map(|section| u64::from(section.length)).sum();
    let usual = (letters / (sections as u64).max(1)).max(1);
    let mut firsts = Vec::with_capacity(pages.len());
    let mut number = 0;
    for &(owner, page) in pages {
        firsts.push(number);
        for &piece in &page.pieces {
            starts.push(number + piece);
            owners.push(owner);
        }
        for section in &page.sections {
            phrases.push((section.rank, number, &section.heading));
            number += 1;
        }
    }
    let words = all_words(pages, &firsts, usual);
    let (keys, mut files) = shards(&words);
    files.push(("search/words.js".into(), dictionary(words.iter().collect(), phrases)));
    let index = json!({ "particles": PARTICLES, "starts": starts, "owners": owners, "sections": sections, "keys": keys });
    files.push(("search/index.js".into(), format!("haechiSearch.index({index});\n")));
    files
}

/// The words of all pages; `firsts` are the numbers of the pages' first sections.
fn all_words<'a>(pages: &[(usize, &'a Indexed)], firsts: &[u32], usual: u64) -> Vec<Word<'a>> {
    let some = pages.len().div_ceil(rayon::current_num_threads()).max(1);
    let mut parts = pages
        .par_chunks(some)
        .zip(firsts.par_chunks(some))
        .map(|(pages, firsts)| {
            let mut words = Words::default();
            let mut local: Vec<usize> = Vec::new();
            for ((_, page), &first) in pages.iter().zip(firsts) {
                local.clear();
                let mut begin = 0;
                for &end in &page.ends {
                    local.push(words.number(&page.words[begin as usize..end as usize]));
                    begin = end;
                }
                for (section, number) in page.sections.iter().zip(first..) {
                    for &(word, count) in &section.counts {
                        let weight = weight(f64::from(count) / 10.0, u64::from(section.length), usual);
                        words.all[local[usize::from(word)]].add(number, weight, count >= 50);
                    }
                }
            }
            words
        })
        .collect::<Vec<_>>()
        .into_iter();
    let mut words = parts.next().unwrap_or_default();
    for part in parts {
        for word in part.all {
            let number = words.number(word.text);
            let known = &mut words.all[number];
            known.headings += word.headings;
            known.postings.extend(word.postings);
        }
    }
    words.all
}

/// Words with their numbers.
#[derive(Default)]
struct Words<'a> {
    numbers: FxHashMap<&'a str, usize>,
    all: Vec<Word<'a>>,
}

impl<'a> Words<'a> {
    fn number(&mut self, text: &'a str) -> usize {
        *self.numbers.entry(text).or_insert_with(|| {
            self.all.push(Word::new(text));
            self.all.len() - 1
        })
    }
}

/// Cuts a page's sections into pieces that are short enough.
fn pieces(sections: &[Section]) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, section) in sections.iter().enumerate() {
        let length = section.prose.len() + section.code.len();
        if at > start && size + length > PIECE {
            pieces.push(start..at);
            (start, size) = (at, 0);
        }
        size += length;
    }
    pieces.push(start..sections.len());
    pieces
}

fn piece_script(name: &str, href: &str, title: &str, sections: &[Section]) -> String {
    let sections: Vec<(&str, &[String], String)> = sections
        .iter()
        .map(|section| {
            let mut text = String::with_capacity(section.prose.len() + section.code.len());
            blanks_joined(&section.prose, &mut text);
            blanks_joined(&section.code, &mut text);
            (&*section.anchor, &*section.path, text)
        })
        .collect();
    let data = PieceData { href, title, sections };
    format!("haechiSearch.page({},{});\n", json!(name), serde_json::to_string(&data).unwrap_or_default())
}

/// What the browser is told of a piece.
#[derive(Serialize)]
struct PieceData<'a> {
    href: &'a str,
    title: &'a str,
    sections: Vec<(&'a str, &'a [String], String)>,
}

/// Adds the words of a text, with one blank between them.
fn blanks_joined(text: &str, joined: &mut String) {
    for word in text.split_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
}

/// A word and the sections that hold it.
struct Word<'a> {
    text: &'a str,
    /// Sections and weights in the order of sections: a weight has the lowest six bits.
    postings: Vec<u32>,
    /// How often it stands in a heading.
    headings: usize,
}

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, postings: Vec::new(), headings: 0 }
    }

    /// Its sections, each with its weight.
    fn sections(&self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        self.postings.iter().map(|posting| (posting >> 6, posting & 63))
    }

    fn add(&mut self, section: u32, weight: u32, heading: bool) {
        self.postings.push(section << 6 | weight.min(63));
        self.headings += usize::from(heading);
    }
}

/// A word with its postings as the browser reads them: the distance to the section before, and the weight.
fn entry(text: &str, postings: impl Iterator<Item = (u32, u32)>) -> String {
    let mut script = String::with_capacity(text.len() + 8 + 6 * postings.size_hint().0);
    let _ = write!(script, "[{},[", json!(text));
    let mut before = 0;
    let mut digits = itoa::Buffer::new();
    for (at, (section, weight)) in postings.enumerate() {
        if at > 0 {
            script.push(',');
        }
        script.push_str(digits.format(section - before));
        script.push(',');
        script.push_str(digits.format(weight));
        before = section;
    }
    script.push_str("]]");
    script
}

impl Section {
    fn length(&self) -> usize {
        self.prose.chars().count() + self.code.chars().count()
    }
}

/// How much a word that counts so much says of a section: it saturates, and long sections say less
/// (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 1 to 40"
)]
fn weight(count: f64, length: u64, usual: u64) -> u32 {
    let long = 0.75 + 0.25 * (length as f64 / usual as f64).min(4.0);
    (40.0 * count / (count + 6.0 * long)).round().max(1.0) as u32
}

/// The ends of long words, so that a word inside one is found: `참조` in `순환참조`.
fn inner<'a>(words: &[Word<'a>]) -> Vec<(&'a str, BTreeMap<u32, u32>)> {
    let mut ends: HashMap<&str, BTreeMap<u32, u32>> = HashMap::new();
    for word in words.iter().filter(|word| word.text.chars().all(|c| Kind::of(c) == Kind::Hangul)) {
        let length = word.text.chars().count();
        for (at, _) in word.text.char_indices().skip(1).take(length.saturating_sub(2)).filter(|_| length >= 4)
        {
            let sections = ends.entry(&word.text[at..]).or_default();
            for (section, weight) in word.sections() {
                let most = sections.entry(section).or_default();
                *most = weight.max(*most);
            }
        }
    }
    ends.into_iter().collect()
}

/// Cuts the words into scripts, and says with which keys each begins.
fn shards(words: &[Word<'_>]) -> (Vec<String>, Vec<(String, String)>) {
    let mut all: Vec<(Vec<u16>, u8, String)> =
        words.par_iter().map(|word| (key(word.text), 0, entry(word.text, word.sections()))).collect();
    let inner = inner(words);
    all.par_extend(
        inner.into_par_iter().map(|(text, sections)| (key(text), 1, entry(text, sections.into_iter()))),
    );
    all.par_sort_unstable();
    let mut starts = Vec::new();
    let mut files = Vec::new();
    let mut all = all.into_iter().peekable();
    while let Some((first, kind, entry)) = all.next() {
        let mut scripts = [String::new(), String::new()];
        let mut size = entry.len();
        let mut last = first.clone();
        scripts[usize::from(kind)].push_str(&entry);
        // Entries of the same keys stay together.
        while let Some((key, kind, entry)) = all.next_if(|(key, _, _)| size < SHARD || *key == last) {
            let script = &mut scripts[usize::from(kind)];
            if !script.is_empty() {
                script.push(',');
            }
            script.push_str(&entry);
            size += entry.len() + 1;
            last = key;
        }
        let number = files.len();
        starts.push(String::from_utf16_lossy(&first));
        let [whole, inner] = scripts;
        files.push((
            format!("search/s{number}.js"),
            format!("haechiSearch.shard({number},[{whole}],[{inner}]);\n"),
        ));
    }
    (starts, files)
}

/// The words and headings that slips and initial consonants are looked up among, the weightiest first.
fn dictionary(mut words: Vec<&Word<'_>>, mut phrases: Vec<(u8, u32, &str)>) -> String {
    words.retain(|word| word.text.chars().count() >= 2 && (word.headings > 0 || word.postings.len() > 1));
    words.sort_by_key(|word| (std::cmp::Reverse(word.headings * 20 + word.postings.len()), word.text));
    words.truncate(DICTIONARY);
    let words: Vec<&str> = words.iter().map(|word| word.text).collect();
    phrases.sort_by_key(|(rank, section, _)| (*rank, *section));
    phrases.truncate(PHRASES);
    let phrases: Vec<Value> =
        phrases.iter().map(|(rank, section, text)| json!([section, rank, text])).collect();
    format!("haechiSearch.words({},{});\n", json!(words.join(" ")), json!(phrases))
}
