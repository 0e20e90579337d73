//! An expected line in the form in which it is looked for on the screen.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::matching::binding::{Actual, Example};
use crate::matching::line::{Gap, Prepared, Reading, expand_tabs};
use crate::matching::token::{is_whole_zero, tokens};
use crate::matching::value::Value;

/// An expected line, or several that were one before a narrow terminal broke them.
#[derive(Debug)]
pub(super) struct Pattern<'a> {
    /// The first expected line and how many are joined.
    pub(super) line: usize,
    pub(super) joined: usize,
    pub(super) class: Class,
    pub(super) values: Vec<Value>,
    /// The text that is compared: tabs expanded, the command's words replaced.
    pub(super) text: Cow<'a, str>,
    pub(super) gaps: Vec<Gap>,
}

/// Lines of the same class are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Elision,
    Text(u32),
}

/// The class of each line by its key.
#[derive(Debug, Default)]
pub(super) struct Classes(HashMap<String, u32>);

impl Classes {
    /// The class of a key: a new one where it is new.
    pub(super) fn of(&mut self, key: String) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(key).or_insert(next)
    }

    /// The keys, in the order of their classes.
    pub(super) fn keys(&self) -> Vec<&str> {
        let mut keys = vec![""; self.0.len()];
        for (key, class) in &self.0 {
            keys[*class as usize] = key;
        }
        keys
    }
}

impl Pattern<'_> {
    pub(super) fn elision(line: usize) -> Self {
        Self {
            line,
            joined: 1,
            class: Class::Elision,
            values: Vec::new(),
            text: Cow::Borrowed(""),
            gaps: Vec::new(),
        }
    }

    pub(super) fn key(&self) -> u32 {
        match self.class {
            Class::Text(class) => class,
            Class::Elision => u32::MAX,
        }
    }
}

/// What makes patterns of expected lines.
#[derive(Clone, Copy)]
pub(super) struct PatternBuilder<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) words: &'a [(Example, Actual)],
}

impl PatternBuilder<'_> {
    pub(super) fn pattern<'t>(&self, line: usize, text: Cow<'t, str>, classes: &mut Classes) -> Pattern<'t> {
        let text = match text {
            Cow::Borrowed(text) => expand_tabs(text),
            Cow::Owned(text) => Cow::Owned(expand_tabs(&text).into_owned()),
        };
        let text = if self.words.is_empty() { text } else { Cow::Owned(self.substitute(&text)) };
        let prepared = Prepared::new(&text, self.reading);
        let class = Class::Text(classes.of(prepared.key));
        Pattern { line, joined: 1, class, values: prepared.values, text, gaps: prepared.gaps }
    }

    /// Replaces whole words of an expected line that the command's rewriting replaced, each once.
    /// Volatile tokens stay as they are: they are examples, and bound to their values.
    fn substitute(&self, line: &str) -> String {
        let examples = self.reading.tokens(line);
        let is_example =
            |at: usize| examples.iter().any(|token| token.start <= at && at < token.start + token.text.len());
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let mut text = String::with_capacity(line.len());
        let mut at = 0;
        while let Some(c) = line[at..].chars().next() {
            let word = self.words.iter().find(|(example, _)| {
                let word = example.as_str();
                line[at..].starts_with(word)
                    && !inside(line[..at].chars().next_back())
                    && !inside(line[at + word.len()..].chars().next())
                    && !is_example(at)
            });
            match word {
                Some((example, actual)) => {
                    text.push_str(actual.as_str());
                    at += example.as_str().len();
                }
                None => {
                    text.push(c);
                    at += c.len_utf8();
                }
            }
        }
        text
    }
}

/// The words of expected lines that look like volatile values by chance, and are claims.
pub(super) fn claimed_words<'a>(expected: &[&'a str], words: &'a [(Example, Actual)]) -> HashSet<&'a str> {
    let by_chance = |word: &str| {
        (matches!(word.len(), 12 | 64) && word.bytes().all(|byte| byte.is_ascii_digit()))
            || is_whole_zero(word)
    };
    expected
        .iter()
        .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && c != 'µ'))
        .filter(|word| by_chance(word))
        .chain(
            words
                .iter()
                .filter(|(example, _)| tokens(example.as_str(), None).is_empty())
                .map(|(_, actual)| actual.as_str()),
        )
        .collect()
}
