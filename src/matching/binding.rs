//! Bindings: which value of this run each example value of the page stands for.

use std::collections::HashMap;

use super::line::Value;
use super::token::{Kind, tokens};

/// The example values of a page that have met their values of this run.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    /// By kind and key of the example.
    examples: HashMap<(Kind, String), Bound>,
    /// The key of the first example by kind and key of the value.
    values: HashMap<(Kind, String), String>,
}

#[derive(Debug, Clone)]
struct Bound {
    /// The longest form of the example seen so far.
    example: String,
    /// The longest form of the value seen so far.
    value: String,
    /// The line of the page on which the example first met its value, from 1.
    line: usize,
}

/// An example that meant one thing before and would mean another now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The example value in the page.
    pub example: String,
    /// What it stood for, since which line of the page.
    pub bound: String,
    /// That line, from 1.
    pub line: usize,
    /// What it would stand for now.
    pub found: String,
}

/// A new example for a value that another example stands for already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SecondExample {
    pub(super) example: String,
    pub(super) first: String,
    pub(super) first_line: usize,
}

/// A command with example values replaced by the values of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The command to type.
    pub text: String,
    /// The words replaced: the page's, and this run's.
    pub words: Vec<(String, String)>,
}

/// How many digits of an ID tell it apart; the engine's tables show as many.
const ID_DIGITS: usize = 12;

/// The shortest prefix of an ID that is taken for the ID.
const SHORTEST_PREFIX: usize = 3;

/// The kinds whose example must mean the same thing on the whole page.
fn binds(kind: Kind) -> bool {
    matches!(kind, Kind::Id | Kind::Digest | Kind::Name | Kind::Address)
}

/// An ID is the same in its long and its short form.
fn key(kind: Kind, text: &str) -> (Kind, String) {
    let digits = text.trim_start_matches("sha256:");
    match kind {
        Kind::Id | Kind::Digest => (Kind::Id, digits.chars().take(ID_DIGITS).collect()),
        _ => (kind, text.to_owned()),
    }
}

impl Bindings {
    /// Whether these pairs of example and value may stand together with what is bound.
    pub(super) fn check<'a>(
        &self,
        pairs: impl IntoIterator<Item = (&'a Value, &'a Value)>,
    ) -> Result<(), Conflict> {
        let mut fresh: HashMap<(Kind, String), &str> = HashMap::new();
        for (example, value) in pairs.into_iter().filter(|(example, _)| binds(example.kind)) {
            let example_key = key(example.kind, &example.text);
            let value_key = key(value.kind, &value.text);
            if let Some(bound) = self.examples.get(&example_key) {
                if key(example.kind, &bound.value) != value_key {
                    return Err(Conflict {
                        example: example.text.clone(),
                        bound: bound.value.clone(),
                        line: bound.line,
                        found: value.text.clone(),
                    });
                }
            } else if let Some(earlier) = fresh.get(&example_key) {
                if key(example.kind, earlier) != value_key {
                    return Err(Conflict {
                        example: example.text.clone(),
                        bound: (*earlier).to_owned(),
                        line: 0,
                        found: value.text.clone(),
                    });
                }
            } else {
                fresh.insert(example_key, &value.text);
            }
        }
        Ok(())
    }

    /// Binds a pair that has passed [`check`](Self::check); `line` is the example's line in the page.
    pub(super) fn bind(&mut self, example: &Value, value: &Value, line: usize) -> Option<SecondExample> {
        if !binds(example.kind) {
            return None;
        }
        let example_key = key(example.kind, &example.text);
        let value_key = key(value.kind, &value.text);
        let bound = self.examples.entry(example_key.clone()).or_insert_with(|| Bound {
            example: example.text.clone(),
            value: value.text.clone(),
            line,
        });
        if bound.example.len() < example.text.len() {
            bound.example.clone_from(&example.text);
            bound.value.clone_from(&value.text);
        }
        let first = self.values.entry(value_key).or_insert_with(|| example_key.1.clone()).clone();
        if first == example_key.1 {
            return None;
        }
        let earlier = self.examples.get(&(example_key.0, first))?;
        Some(SecondExample {
            example: example.text.clone(),
            first: earlier.example.clone(),
            first_line: earlier.line,
        })
    }

    /// Replaces the words of a command that are bound examples, or prefixes of bound IDs.
    pub fn rewrite(&self, command: &str) -> Rewritten {
        let mut words: Vec<(usize, &str, String)> = Vec::new();
        for token in tokens(command, None) {
            if binds(token.kind)
                && let Some(bound) = self.examples.get(&key(token.kind, token.text))
            {
                words.push((token.start, token.text, form_of(bound, token.text)));
            }
        }
        for (start, word) in hex_words(command) {
            if words.iter().any(|&(at, text, _)| at <= start && start < at + text.len()) {
                continue;
            }
            let mut candidates = self.examples.iter().filter(|((kind, _), bound)| {
                *kind == Kind::Id
                    && digits_of(&bound.example).starts_with(word)
                    && word.len() < digits_of(&bound.example).len()
            });
            if let (Some((_, bound)), None) = (candidates.next(), candidates.next()) {
                words.push((start, word, self.prefix(bound, word.len())));
            }
        }
        words.sort_by_key(|&(start, ..)| start);
        let mut text = String::with_capacity(command.len());
        let mut at = 0;
        for (start, word, value) in &words {
            text.push_str(&command[at..*start]);
            text.push_str(value);
            at = start + word.len();
        }
        text.push_str(&command[at..]);
        let words = words
            .into_iter()
            .filter(|(_, word, value)| *word != value)
            .map(|(_, word, value)| (word.to_owned(), value))
            .collect();
        Rewritten { text, words }
    }

    /// The prefix of a bound value as long as the page's, longer where that would name another value too.
    fn prefix(&self, bound: &Bound, length: usize) -> String {
        let own = digits_of(&bound.value);
        let taken = |prefix: &str| {
            self.values.keys().any(|(kind, value)| {
                *kind == Kind::Id && value.starts_with(prefix) && !own.starts_with(&**value)
            })
        };
        let mut length = length;
        while length < own.len() && taken(&own[..length]) {
            length += 1;
        }
        own[..length.min(own.len())].to_owned()
    }

    /// The pairs of example and value, in the order of their lines.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<_> = self.examples.values().collect();
        all.sort_by(|a, b| (a.line, &a.example).cmp(&(b.line, &b.example)));
        all.into_iter().map(|bound| (bound.example.as_str(), bound.value.as_str())).collect()
    }
}

fn digits_of(id: &str) -> &str {
    id.trim_start_matches("sha256:")
}

/// The bound value in the form (long or short) of the example's word.
fn form_of(bound: &Bound, word: &str) -> String {
    if bound.example.len() == word.len() {
        return bound.value.clone();
    }
    let digits = digits_of(&bound.value);
    let length = digits_of(word).len().min(digits.len());
    let prefix = if word.starts_with("sha256:") { "sha256:" } else { "" };
    format!("{prefix}{}", &digits[..length])
}

/// Words of hexadecimal digits that may be a prefix of an ID.
fn hex_words(command: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in
        command.split(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '\'' | '"' | '(' | ')' | ';'))
    {
        let start = at;
        at += word.len() + command[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        let hex =
            word.len() >= SHORTEST_PREFIX && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let alone = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let digits_only = word.bytes().all(|byte| byte.is_ascii_digit());
        let whole = alone(command[..start].chars().next_back())
            && alone(command[start + word.len()..].chars().next());
        if hex && (whole || !digits_only) {
            found.push((start, word));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d";
    const REAL: &str = "0123a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d";

    fn id(text: &str) -> Value {
        Value { kind: Kind::Id, text: text.into() }
    }

    fn bound() -> Bindings {
        let mut bindings = Bindings::default();
        assert_eq!(bindings.bind(&id(LONG), &id(REAL), 7), None);
        bindings
    }

    #[test]
    fn an_example_means_one_thing() {
        let bindings = bound();
        assert!(bindings.check([(&id("89c9a39c74e4"), &id("0123a39c74e4"))]).is_ok());
        let conflict = bindings.check([(&id("89c9a39c74e4"), &id("ffffa39c74e4"))]).unwrap_err();
        assert_eq!((conflict.line, conflict.found.as_str()), (7, "ffffa39c74e4"));
        let twice = [(&id("aaaaa39c74e4"), &id("bbbba39c74e4")), (&id("aaaaa39c74e4"), &id("cccca39c74e4"))];
        assert!(Bindings::default().check(twice).is_err());
    }

    #[test]
    fn two_examples_for_one_value_are_noticed() {
        let second = bound().bind(&id("ab50cc931c7a"), &id("0123a39c74e4"), 9).unwrap();
        assert_eq!((second.first.as_str(), second.first_line), (LONG, 7));
    }

    #[test]
    fn commands_are_rewritten() {
        let rewrite = |command| bound().rewrite(command).text;
        assert_eq!(rewrite("docker logs -f 89c"), "docker logs -f 012");
        assert_eq!(rewrite("docker logs 89c9a39c74e4"), "docker logs 0123a39c74e4");
        assert_eq!(rewrite("docker cp 89c:/a ."), "docker cp 012:/a .");
        for same in ["docker logs 89", "docker logs 89d", "docker logs my-89c", "docker run -p 899:899 x"] {
            assert_eq!(rewrite(same), same);
        }
        assert_eq!(bound().rewrite("docker stop 89c").words, [("89c".to_owned(), "012".to_owned())]);
    }
}
