//! The words cut into scripts.

use std::cmp::Reverse;
use std::fmt::Write as _;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::tokenizer::key;
use super::vocabulary::{Word, suffixes};

/// How long a shard may become, in bytes.
const SHARD: usize = 12 * 1024;
/// How many words typing slips and initial consonants are looked up among.
const DICTIONARY: usize = 2500;
/// How many headings initial consonants are looked up among.
const PHRASES: usize = 1000;

/// Cuts the words into scripts, and says with which keys each begins.
pub(super) fn shards(words: &[Word<'_>]) -> (Vec<String>, Vec<(String, String)>) {
    let mut all: Vec<(Vec<u16>, u8, String)> =
        words.par_iter().map(|word| (key(word.text), 0, entry(word.text, word.sections()))).collect();
    let suffixes = suffixes(words);
    all.par_extend(
        suffixes.into_par_iter().map(|(text, sections)| (key(text), 1, entry(text, sections.into_iter()))),
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

/// The words and headings that slips and initial consonants are looked up among, the weightiest first.
pub(super) fn dictionary(mut words: Vec<&Word<'_>>, mut phrases: Vec<(u8, u32, &str)>) -> String {
    words.retain(|word| word.text.chars().count() >= 2 && (word.headings > 0 || word.postings.len() > 1));
    words.sort_by_key(|word| (Reverse(word.headings * 20 + word.postings.len()), word.text));
    words.truncate(DICTIONARY);
    let words: Vec<&str> = words.iter().map(|word| word.text).collect();
    phrases.sort_by_key(|(rank, section, _)| (*rank, *section));
    phrases.truncate(PHRASES);
    let phrases: Vec<Value> =
        phrases.iter().map(|(rank, section, text)| json!([section, rank, text])).collect();
    format!("haechiSearch.words({},{});\n", json!(words.join(" ")), json!(phrases))
}
