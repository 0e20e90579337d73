//! What is a word: the rules that the index and the query share. `themes/haechi/static/search.js` cuts words
//! by the same; the particles travel with the index.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Particles and endings, the longest first: what is left of a word without them is its stem.
pub(crate) const PARTICLES: &[&str] = &[
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

/// Calls with each word of a text, as the index has it.
pub(super) fn each_word(text: &str, mut found: impl FnMut(&str)) {
    let mut lower = String::new();
    let mut before = ' ';
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let kind = Kind::of(c);
        let length = match kind {
            Kind::Other => {
                // An option is a word of its own: `-d`, `--name`.
                if c == '-' && (before.is_whitespace() || "([{'\"`|,".contains(before)) {
                    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
                    let option = &rest[..end.unwrap_or(rest.len())];
                    if option.bytes().any(|byte| byte != b'-') {
                        found(lowered(option, &mut lower));
                    }
                }
                c.len_utf8()
            }
            Kind::Hangul => {
                let end = rest.find(|c| Kind::of(c) != Kind::Hangul).unwrap_or(rest.len());
                found(stem(&rest[..end]));
                end
            }
            Kind::Letter => {
                let end = rest.find(|c| Kind::of(c) != Kind::Letter).unwrap_or(rest.len());
                found(lowered(&rest[..end], &mut lower));
                end
            }
        };
        before = rest[..length].chars().next_back().unwrap_or(' ');
        at += length;
    }
}

/// A word in small letters; it is in `buffer` if it has others.
fn lowered<'w>(word: &'w str, buffer: &'w mut String) -> &'w str {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return word;
    }
    buffer.clear();
    buffer.extend(word.chars().flat_map(char::to_lowercase));
    buffer
}

/// What a run of letters is made of: a word never mixes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Hangul,
    Letter,
    Other,
}

impl Kind {
    pub(super) fn of(c: char) -> Self {
        match c {
            c if c.is_ascii() => {
                if c.is_ascii_alphanumeric() {
                    Self::Letter
                } else {
                    Self::Other
                }
            }
            '가'..='힣' | 'ㄱ'..='ㅣ' => Self::Hangul,
            c if c.is_alphanumeric() => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// A Korean word without its particle: at least two syllables stay, or one before 을, 를, 은 and 는.
fn stem(word: &str) -> &str {
    /// Particles by their last syllable, the longest first.
    static BY_END: LazyLock<HashMap<char, Vec<&str>>> = LazyLock::new(|| {
        let mut by_end: HashMap<char, Vec<&str>> = HashMap::new();
        for particle in PARTICLES {
            by_end.entry(particle.chars().next_back().unwrap_or_default()).or_default().push(particle);
        }
        by_end
    });
    let last = word.chars().next_back().unwrap_or_default();
    for particle in BY_END.get(&last).into_iter().flatten() {
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
pub(super) fn key(word: &str) -> Vec<u16> {
    keys(word).encode_utf16().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        each_word(text, |word| all.push(word.to_owned()));
        all
    }

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
