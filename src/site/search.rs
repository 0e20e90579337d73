//! The search index: in go the texts of pages, out come small scripts that the browser loads as a
//! query needs them. What is a word is decided here and in `themes/haechi/static/search.js` by the same
//! rules; the particles travel with the index.
//!
//! The words of all sections, in the order of their letters, are cut into shards; a query loads the
//! few shards that its words fall into, and the texts of the pages that it shows.

use std::collections::{BTreeMap, HashMap};

use pulldown_cmark::{Event, Tag, TagEnd};
use serde_json::{Value, json};

use crate::markdown::Document;

/// How long a shard may become, in bytes.
const SHARD: usize = 12 * 1024;
/// How long a piece of a page's text may become, in bytes: what is loaded to show one hit.
const PIECE: usize = 4 * 1024;
/// How many words typing slips and initial consonants are looked up among.
const DICTIONARY: usize = 2500;
/// How many headings initial consonants are looked up among.
const PHRASES: usize = 1000;

/// Particles and endings, the longest first: what is left of a word without them is its stem.
const PARTICLES: &[&str] = &[
    "했습니다",
    "합니다",
    "됩니다",
    "입니다",
    "에서는",
    "으로는",
    "에게서",
    "이라는",
    "으로부터",
    "하려면",
    "에서도",
    "까지는",
    "하면서",
    "하는",
    "하고",
    "하면",
    "하여",
    "해서",
    "하기",
    "하지",
    "되는",
    "되면",
    "에서",
    "에게",
    "으로",
    "부터",
    "까지",
    "처럼",
    "보다",
    "마다",
    "이나",
    "이란",
    "이라",
    "라는",
    "라고",
    "이고",
    "에는",
    "에도",
    "로는",
    "와는",
    "과는",
    "들은",
    "들이",
    "들을",
    "들의",
    "란",
    "을",
    "를",
    "이",
    "가",
    "은",
    "는",
    "에",
    "로",
    "와",
    "과",
    "의",
    "도",
    "만",
    "나",
    "한",
    "할",
];

/// The text of a page, cut at its headings.
#[derive(Debug, Clone)]
pub(super) struct PageText {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) sections: Vec<Section>,
}

/// What stands between two headings.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    /// The fragment of its heading; empty for what stands before the first.
    anchor: String,
    /// The headings that lead to it, outermost first, without the page's title.
    path: Vec<String>,
    prose: String,
    code: String,
}

impl PageText {
    pub(super) fn of(document: &Document<'_>, href: String, title: String) -> Self {
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
        Self { href, title, sections }
    }
}

/// The scripts of the index, with their paths.
pub(super) fn index(pages: &[&PageText]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let (mut starts, mut owners) = (Vec::new(), Vec::new());
    let mut words: BTreeMap<Vec<u16>, Word> = BTreeMap::new();
    let mut phrases: Vec<(u8, usize, String)> = Vec::new();
    let sections: usize = pages.iter().map(|page| page.sections.len()).sum();
    let letters: usize = pages.iter().flat_map(|page| &page.sections).map(Section::length).sum();
    let usual = (letters / sections.max(1)).max(1);
    let mut number = 0;
    for (at, page) in pages.iter().enumerate() {
        for piece in pieces(page) {
            starts.push(number + piece.start);
            owners.push(at);
            files.push((
                format!("search/p{}.js", starts.len() - 1),
                piece_script(starts.len() - 1, page, piece),
            ));
        }
        for (place, section) in page.sections.iter().enumerate() {
            let own = section.path.last().unwrap_or(&page.title);
            let rank = u8::try_from(section.path.len()).unwrap_or(u8::MAX);
            phrases.push((rank, number, own.clone()));
            for (word, count) in section.counts(&page.title, place == 0) {
                let weight = weight(count, section.length(), usual);
                words.entry(key(&word)).or_insert_with(|| Word::new(&word)).add(number, weight, count >= 5.0);
            }
            number += 1;
        }
    }
    let inner = inner(&words);
    let (keys, shards) = shards(words.values(), inner);
    files.extend(shards);
    files.push(("search/words.js".into(), dictionary(words.values().collect(), phrases)));
    let index = json!({ "particles": PARTICLES, "starts": starts, "owners": owners, "sections": sections, "keys": keys });
    files.push(("search/index.js".into(), format!("haechiSearch.index({index});\n")));
    files
}

/// Cuts a page's sections into pieces that are short enough.
fn pieces(page: &PageText) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, section) in page.sections.iter().enumerate() {
        let length = section.prose.len() + section.code.len();
        if at > start && size + length > PIECE {
            pieces.push(start..at);
            (start, size) = (at, 0);
        }
        size += length;
    }
    pieces.push(start..page.sections.len());
    pieces
}

fn piece_script(number: usize, page: &PageText, piece: std::ops::Range<usize>) -> String {
    let sections: Vec<Value> = page.sections[piece]
        .iter()
        .map(|section| {
            let text = [&section.prose, &section.code].map(|text| blanks_joined(text)).join(" ");
            json!([section.anchor, section.path, text.trim()])
        })
        .collect();
    let data = json!({ "href": page.href, "title": page.title, "sections": sections });
    format!("haechiSearch.page({number},{data});\n")
}

fn blanks_joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A word and the sections that hold it.
struct Word {
    text: String,
    /// Section and weight, in the order of sections.
    postings: Vec<(usize, u32)>,
    /// How often it stands in a heading.
    headings: usize,
}

impl Word {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), postings: Vec::new(), headings: 0 }
    }

    fn add(&mut self, section: usize, weight: u32, heading: bool) {
        self.postings.push((section, weight));
        self.headings += usize::from(heading);
    }

    /// The postings as the browser reads them: the distance to the section before, and the weight.
    fn packed(postings: &[(usize, u32)]) -> Vec<usize> {
        let mut before = 0;
        let mut packed = Vec::with_capacity(postings.len() * 2);
        for &(section, weight) in postings {
            packed.push(section - before);
            packed.push(weight as usize);
            before = section;
        }
        packed
    }
}

impl Section {
    fn length(&self) -> usize {
        self.prose.chars().count() + self.code.chars().count()
    }

    /// The words of the section, each with how much it counts: its own heading more than its text,
    /// the title of the page most.
    fn counts(&self, title: &str, first: bool) -> BTreeMap<String, f64> {
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        let mut count = |text: &str, worth: f64| {
            for word in words(text) {
                *counts.entry(word).or_default() += worth;
            }
        };
        count(&self.prose, 1.0);
        count(&self.code, 0.8);
        if let Some((own, above)) = self.path.split_last() {
            count(own, 7.0);
            above.iter().for_each(|heading| count(heading, 0.5));
            count(title, 0.5);
        }
        if first {
            count(title, 20.0);
        }
        counts
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
fn weight(count: f64, length: usize, usual: usize) -> u32 {
    let long = 0.75 + 0.25 * (length as f64 / usual as f64).min(4.0);
    (40.0 * count / (count + 6.0 * long)).round().max(1.0) as u32
}

/// The words of a text, as the index holds them.
fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    let mut kind = Kind::Other;
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = Kind::of(c);
        if next != kind || next == Kind::Other {
            finish(&mut run, kind, &mut found);
        }
        // An option is a word of its own: `-d`, `--name`.
        if c == '-' && (before.is_whitespace() || "([{'\"`|,".contains(before)) {
            let mut option = String::from("-");
            let mut ahead = chars.clone();
            while let Some(letter) = ahead.next_if(|c| c.is_ascii_alphanumeric() || *c == '-') {
                option.push(letter.to_ascii_lowercase());
            }
            if !option.trim_matches('-').is_empty() {
                found.push(option);
            }
        }
        if next != Kind::Other {
            run.extend(c.to_lowercase());
        }
        kind = next;
        before = c;
    }
    finish(&mut run, kind, &mut found);
    found
}

fn finish(run: &mut String, kind: Kind, found: &mut Vec<String>) {
    if run.is_empty() {
        return;
    }
    let word = std::mem::take(run);
    found.push(if kind == Kind::Hangul { stem(&word).to_owned() } else { word });
}

/// What a run of letters is made of: a word never mixes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hangul,
    Letter,
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '가'..='힣' | 'ㄱ'..='ㅣ' => Self::Hangul,
            c if c.is_alphanumeric() => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// A Korean word without its particle: at least two syllables stay, or one before 을, 를, 은 and 는.
fn stem(word: &str) -> &str {
    for particle in PARTICLES {
        if let Some(rest) = word.strip_suffix(particle) {
            let least = if matches!(*particle, "을" | "를" | "은" | "는") { 1 } else { 2 };
            if rest.chars().count() >= least {
                return rest;
            }
        }
    }
    word
}

const INITIALS: [&str; 19] = [
    "ㄱ", "ㄲ", "ㄴ", "ㄷ", "ㄸ", "ㄹ", "ㅁ", "ㅂ", "ㅃ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅉ", "ㅊ", "ㅋ", "ㅌ",
    "ㅍ", "ㅎ",
];
const VOWELS: [&str; 21] = [
    "ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ", "ㅜㅓ", "ㅜㅔ",
    "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ",
];
const FINALS: [&str; 28] = [
    "", "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ",
    "ㄹㅎ", "ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ",
];

/// The keys that one types for a word: a syllable that is being composed is a prefix of the whole.
fn keys(word: &str) -> String {
    let mut keys = String::with_capacity(word.len() * 2);
    for c in word.chars() {
        match u32::from(c).checked_sub(0xAC00).filter(|&at| at < 11_172) {
            Some(at) => {
                let at = at as usize;
                keys.push_str(INITIALS[at / 588]);
                keys.push_str(VOWELS[at / 28 % 21]);
                keys.push_str(FINALS[at % 28]);
            }
            None => keys.push(c),
        }
    }
    keys
}

/// The order of words: that of JavaScript's strings.
fn key(word: &str) -> Vec<u16> {
    keys(word).encode_utf16().collect()
}

/// The ends of long words, so that a word inside one is found: `참조` in `순환참조`.
fn inner(words: &BTreeMap<Vec<u16>, Word>) -> BTreeMap<Vec<u16>, Word> {
    let mut ends: HashMap<&str, BTreeMap<usize, u32>> = HashMap::new();
    for word in words.values().filter(|word| word.text.chars().all(|c| Kind::of(c) == Kind::Hangul)) {
        let length = word.text.chars().count();
        for (at, _) in word.text.char_indices().skip(1).take(length.saturating_sub(2)).filter(|_| length >= 4)
        {
            let sections = ends.entry(&word.text[at..]).or_default();
            for &(section, weight) in &word.postings {
                let most = sections.entry(section).or_default();
                *most = weight.max(*most);
            }
        }
    }
    ends.into_iter()
        .map(|(text, sections)| {
            let word = Word { text: text.to_owned(), postings: sections.into_iter().collect(), headings: 0 };
            (key(text), word)
        })
        .collect()
}

/// Cuts the words into scripts, and says with which keys each begins.
fn shards<'w>(
    words: impl Iterator<Item = &'w Word>,
    inner: BTreeMap<Vec<u16>, Word>,
) -> (Vec<String>, Vec<(String, String)>) {
    let mut all: Vec<(Vec<u16>, u8, String)> = Vec::new();
    let entry = |word: &Word| json!([word.text, Word::packed(&word.postings)]).to_string();
    all.extend(words.map(|word| (key(&word.text), 0, entry(word))));
    all.extend(inner.into_iter().map(|(key, word)| (key, 1, entry(&word))));
    all.sort();
    let mut starts = Vec::new();
    let mut files = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let mut size = 0;
        let mut end = at;
        // Entries of the same keys stay together.
        while end < all.len() && (size < SHARD || all[end].0 == all[end - 1].0) {
            size += all[end].2.len() + 1;
            end += 1;
        }
        let of = |kind: u8| {
            let entries: Vec<&str> =
                all[at..end].iter().filter(|entry| entry.1 == kind).map(|entry| entry.2.as_str()).collect();
            entries.join(",")
        };
        let number = files.len();
        starts.push(String::from_utf16_lossy(&all[at].0));
        files.push((
            format!("search/s{number}.js"),
            format!("haechiSearch.shard({number},[{}],[{}]);\n", of(0), of(1)),
        ));
        at = end;
    }
    (starts, files)
}

/// The words and headings that slips and initial consonants are looked up among, the weightiest first.
fn dictionary(mut words: Vec<&Word>, mut phrases: Vec<(u8, usize, String)>) -> String {
    words.retain(|word| word.text.chars().count() >= 2 && (word.headings > 0 || word.postings.len() > 1));
    words.sort_by_key(|word| std::cmp::Reverse(word.headings * 20 + word.postings.len()));
    words.truncate(DICTIONARY);
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    phrases.sort_by_key(|(rank, section, _)| (*rank, *section));
    phrases.truncate(PHRASES);
    let phrases: Vec<Value> =
        phrases.iter().map(|(rank, section, text)| json!([section, rank, text])).collect();
    format!("haechiSearch.words({},{});\n", json!(words.join(" ")), json!(phrases))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_particles_and_keep_options() {
        assert_eq!(words("컨테이너를 실행합니다."), ["컨테이너", "실행"]);
        assert_eq!(
            words("값은 도커의 `docker run -d --name`"),
            ["값", "도커", "docker", "run", "-d", "d", "--name", "name"]
        );
        assert_eq!(words("도커파일(Dockerfile)"), ["도커파일", "dockerfile"]);
    }

    #[test]
    fn a_syllable_that_is_composed_is_a_prefix() {
        for typed in ["컨테ㅇ", "컨텡", "컨테이", "ㅋ"] {
            assert!(keys("컨테이너").starts_with(&keys(typed)), "{typed}");
        }
        assert_eq!(keys("과Ab1"), "ㄱㅗㅏAb1");
    }
}
