//! The index of the whole book.

use serde_json::json;

use super::page::PageIndex;
use super::shards::{dictionary, shards};
use super::tokenizer::PARTICLES;
use super::vocabulary::all_words;

/// The scripts of the index, with their paths. Pages come with their numbers.
pub(crate) fn index(pages: &[(usize, &PageIndex)], synonyms: &[Vec<String>]) -> Vec<(String, String)> {
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
    let index = json!({ "particles": PARTICLES, "starts": starts, "owners": owners, "sections": sections, "keys": keys, "synonyms": synonyms });
    files.push(("search/index.js".into(), format!("haechiSearch.index({index});\n")));
    files
}
