//! The words of all pages, and the sections that each stands in.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::page::PageIndex;
use super::tokenizer::Kind;

/// The words of all pages; `firsts` are the numbers of the pages' first sections.
pub(super) fn all_words<'a>(pages: &[(usize, &'a PageIndex)], firsts: &[u32], usual: u64) -> Vec<Word<'a>> {
    let some = pages.len().div_ceil(rayon::current_num_threads()).max(1);
    let mut parts = pages
        .par_chunks(some)
        .zip(firsts.par_chunks(some))
        .map(|(pages, firsts)| {
            let mut words = Vocabulary::default();
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
struct Vocabulary<'a> {
    numbers: FxHashMap<&'a str, usize>,
    all: Vec<Word<'a>>,
}

impl<'a> Vocabulary<'a> {
    fn number(&mut self, text: &'a str) -> usize {
        *self.numbers.entry(text).or_insert_with(|| {
            self.all.push(Word::new(text));
            self.all.len() - 1
        })
    }
}

/// A word and the sections that contain it.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// Sections and weights in the order of sections: a weight has the lowest six bits.
    pub(super) postings: Vec<u32>,
    /// How often it stands in a heading.
    pub(super) headings: usize,
}

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, postings: Vec::new(), headings: 0 }
    }

    /// Its sections, each with its weight.
    pub(super) fn sections(&self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        self.postings.iter().map(|posting| (posting >> 6, posting & 63))
    }

    fn add(&mut self, section: u32, weight: u32, heading: bool) {
        self.postings.push(section << 6 | weight.min(63));
        self.headings += usize::from(heading);
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
pub(super) fn suffixes<'a>(words: &[Word<'a>]) -> Vec<(&'a str, BTreeMap<u32, u32>)> {
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
