//! Korean and English words.

use std::sync::LazyLock;

use regex::Regex;

/// Whether a letter is a syllable of Hangul.
pub(super) fn is_hangul(letter: char) -> bool {
    ('가'..='힣').contains(&letter)
}

/// The particle of its pair that agrees with a word; `None` if it is none of them.
pub(super) fn agreeing(word: &str, particle: &str) -> Option<&'static str> {
    const PAIRS: [(&str, &str); 4] = [("은", "는"), ("이", "가"), ("을", "를"), ("과", "와")];
    let last = word.chars().last().filter(|&letter| is_hangul(letter))?;
    // The index of the final consonant; 8 is ㄹ.
    let closing = (u32::from(last) - u32::from('가')) % 28;
    let pick = |closed, open| if closing == 0 { open } else { closed };
    if let Some((closed, open)) = PAIRS.iter().find(|(a, b)| *a == particle || *b == particle) {
        return Some(pick(*closed, *open));
    }
    matches!(particle, "으로" | "로").then(|| if closing == 0 || closing == 8 { "로" } else { "으로" })
}

/// English words of at least two letters; addresses and names of files are none.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[A-Za-z][A-Za-z0-9_'’./:-]*[A-Za-z0-9]").expect("a constant expression")
    });
    WORD.find_iter(text).map(|found| found.as_str()).filter(|word| !word.contains(['.', '/', ':']))
}
