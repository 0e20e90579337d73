//! Bindings: which value of this run each example value of the page stands for.

use std::collections::{HashMap, HashSet};

use super::command::places_of_ids;
use super::line::Value;
use super::token::{Kind, Token, tokens};

/// A value as the page has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Example(String);

/// A value of this run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Actual(String);

impl Example {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Actual {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an example is known by: an ID is the same in its long and its short form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ExampleKey(Kind, String);

/// What a value of this run is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ActualKey(Kind, String);

/// The example values of a page that have met their values of this run.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    examples: HashMap<ExampleKey, Bound>,
    /// The first example of each value.
    values: HashMap<ActualKey, ExampleKey>,
    /// The examples that the page has shown so far, of the kinds that are not bound.
    shown: HashSet<(Kind, String)>,
}

#[derive(Debug, Clone)]
struct Bound {
    /// The longest form of the example seen so far.
    example: Example,
    /// The longest form of the value seen so far.
    value: Actual,
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
    pub words: Vec<(Example, Actual)>,
}

/// How many digits of an ID tell it apart; the engine's tables show as many.
const ID_DIGITS: usize = 12;

/// The kinds whose example must mean the same thing on the whole page.
fn binds(kind: Kind) -> bool {
    matches!(kind, Kind::Id | Kind::Digest | Kind::Name | Kind::Address)
}

/// An ID is the same in its long and its short form; a UUID has but one.
fn key(kind: Kind, text: &str) -> (Kind, String) {
    let digits = digits_of(text);
    match kind {
        Kind::Id | Kind::Digest if digits.contains('-') => (Kind::Id, digits.to_owned()),
        Kind::Id | Kind::Digest => (Kind::Id, digits.chars().take(ID_DIGITS).collect()),
        _ => (kind, text.to_owned()),
    }
}

impl ExampleKey {
    fn of(kind: Kind, text: &str) -> Self {
        let (kind, text) = key(kind, text);
        Self(kind, text)
    }
}

impl ActualKey {
    fn of(kind: Kind, text: &str) -> Self {
        let (kind, text) = key(kind, text);
        Self(kind, text)
    }
}

impl Bindings {
    /// Whether these pairs of example and value may stand together with what is bound.
    pub(super) fn check<'a>(
        &self,
        pairs: impl IntoIterator<Item = (&'a Value, &'a Value)>,
    ) -> Result<(), Conflict> {
        let mut fresh: HashMap<ExampleKey, &str> = HashMap::new();
        for (example, value) in pairs.into_iter().filter(|(example, _)| binds(example.kind)) {
            let example_key = ExampleKey::of(example.kind, &example.text);
            let value_key = ActualKey::of(value.kind, &value.text);
            let (bound, line) = match (self.examples.get(&example_key), fresh.get(&example_key)) {
                (Some(bound), _) => (bound.value.as_str(), bound.line),
                (None, Some(earlier)) => (*earlier, 0),
                (None, None) => {
                    fresh.insert(example_key, &value.text);
                    continue;
                }
            };
            if ActualKey::of(example.kind, bound) != value_key {
                return Err(Conflict {
                    example: example.text.clone(),
                    bound: bound.to_owned(),
                    line,
                    found: value.text.clone(),
                });
            }
        }
        Ok(())
    }

    /// Binds a pair that has passed [`check`](Self::check); `line` is the example's line in the page.
    pub(super) fn bind(&mut self, example: &Value, value: &Value, line: usize) -> Option<SecondExample> {
        if !binds(example.kind) {
            return None;
        }
        let example_key = ExampleKey::of(example.kind, &example.text);
        let value_key = ActualKey::of(value.kind, &value.text);
        let bound = self.examples.entry(example_key.clone()).or_insert_with(|| Bound {
            example: Example(example.text.clone()),
            value: Actual(value.text.clone()),
            line,
        });
        if bound.example.0.len() < example.text.len() {
            bound.example.0.clone_from(&example.text);
            bound.value.0.clone_from(&value.text);
        }
        let first = self.values.entry(value_key).or_insert_with(|| example_key.clone()).clone();
        if first == example_key {
            return None;
        }
        let earlier = self.examples.get(&first)?;
        Some(SecondExample {
            example: example.text.clone(),
            first: earlier.example.0.clone(),
            first_line: earlier.line,
        })
    }

    /// Notes an example that is not bound, so that a command that has it later supplies nothing by it.
    pub(super) fn show(&mut self, example: &Value) {
        if !binds(example.kind) {
            self.shown.insert((example.kind, example.text.clone()));
        }
    }

    /// Whether the page has shown this text as an example before. A version or a size in a command is
    /// what the command sets, even so.
    pub(super) fn has_shown(&self, token: &Token<'_>) -> bool {
        match token.kind {
            Kind::Version | Kind::Size => false,
            kind if binds(kind) => self.examples.contains_key(&ExampleKey::of(kind, token.text)),
            kind => self.shown.contains(&(kind, token.text.to_owned())),
        }
    }

    /// Replaces the words of a command that are bound examples, and, where an ID can stand, prefixes
    /// of bound IDs.
    pub fn rewrite(&self, command: &str) -> Rewritten {
        let mut words: Vec<(usize, &str, String)> = Vec::new();
        for token in tokens(command, None) {
            if binds(token.kind)
                && let Some(bound) = self.examples.get(&ExampleKey::of(token.kind, token.text))
            {
                words.push((token.start, token.text, form_of(bound, token.text)));
            }
        }
        let places = if self.examples.is_empty() { Vec::new() } else { places_of_ids(command) };
        for word in places {
            let (start, word) = (word.start, &command[word]);
            if words.iter().any(|&(at, text, _)| at < start + word.len() && start < at + text.len()) {
                continue;
            }
            let mut candidates = self.examples.iter().filter(|(ExampleKey(kind, _), bound)| {
                let digits = digits_of(bound.example.as_str());
                *kind == Kind::Id && digits.starts_with(word) && word.len() < digits.len()
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
            .map(|(_, word, value)| (Example(word.to_owned()), Actual(value)))
            .collect();
        Rewritten { text, words }
    }

    /// The prefix of a bound value as long as the page's, longer where that would name another value too.
    fn prefix(&self, bound: &Bound, length: usize) -> String {
        let own = digits_of(bound.value.as_str());
        let taken = |prefix: &str| {
            self.values.keys().any(|ActualKey(kind, value)| {
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

/// A screen line with the values of a run replaced by the examples that the page has for them: whole
/// values only, each once. A gap after a value keeps the column that follows it in its place.
pub fn with_examples(line: &str, bindings: &[(String, String)]) -> String {
    let known: HashMap<ActualKey, Bound> = bindings
        .iter()
        .filter_map(|(example, value)| {
            let kind = tokens(value, Some(&HashSet::new())).first()?.kind;
            let (of, value) = (ActualKey::of(kind, value), Actual(value.clone()));
            Some((of, Bound { example: Example(example.clone()), value, line: 0 }))
        })
        .collect();
    let mut text = String::with_capacity(line.len());
    let mut at = 0;
    for token in tokens(line, Some(&HashSet::new())) {
        let Some(bound) = known.get(&ActualKey::of(token.kind, token.text)) else { continue };
        text.push_str(&line[at..token.start]);
        at = token.start + token.text.len();
        let example = form_like(bound.example.as_str(), bound.value.as_str(), token.text);
        text.push_str(&example);
        let blanks = line[at..].len() - line[at..].trim_start_matches(' ').len();
        if blanks > 1 {
            let width = (token.text.len() + blanks).saturating_sub(example.len()).max(2);
            text.extend(std::iter::repeat_n(' ', width));
            at += blanks;
        }
    }
    text.push_str(&line[at..]);
    text
}

pub(super) fn digits_of(id: &str) -> &str {
    id.trim_start_matches("sha256:")
}

/// The bound value in the form (long or short) of the example's word.
fn form_of(bound: &Bound, word: &str) -> String {
    form_like(bound.value.as_str(), bound.example.as_str(), word)
}

/// `of`, which stands for `whole`, in the form (long or short) in which `word` has `whole`.
fn form_like(of: &str, whole: &str, word: &str) -> String {
    if whole.len() == word.len() {
        return of.to_owned();
    }
    let digits = digits_of(of);
    let length = digits_of(word).len().min(digits.len());
    let prefix = if word.starts_with("sha256:") { "sha256:" } else { "" };
    format!("{prefix}{}", &digits[..length])
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
        let words = bound().rewrite("docker stop 89c").words;
        assert_eq!(words, [(Example("89c".into()), Actual("012".into()))]);
    }

    #[test]
    fn uuids_that_share_their_first_digits_are_two() {
        let (first, second) =
            ("3cad1a07-6a41-4ac1-a0a4-8ac7eea537d4", "3cad1a07-6a41-4ac1-b0b4-000000000001");
        let (one, two) = ("aaaaaaaa-6a41-4ac1-a0a4-8ac7eea537d4", "bbbbbbbb-6a41-4ac1-a0a4-8ac7eea537d4");
        let mut bindings = Bindings::default();
        assert!(bindings.check([(&id(first), &id(one)), (&id(second), &id(two))]).is_ok());
        assert_eq!(bindings.bind(&id(first), &id(one), 1), None);
        assert_eq!(bindings.bind(&id(second), &id(two), 2), None);
    }

    #[test]
    fn values_become_examples_whole_and_once() {
        let pair = |example: &str, value: &str| (example.to_owned(), value.to_owned());
        let swapped = [pair("172.17.0.2", "172.17.0.3"), pair("172.17.0.3", "172.17.0.2")];
        assert_eq!(
            with_examples("172.17.0.2 172.17.0.3 172.17.0.20", &swapped),
            "172.17.0.3 172.17.0.2 172.17.0.20"
        );
        let names = [pair("zen_wozniak", "nostalgic_morse")];
        assert_eq!(with_examples("nostalgic_morse   x", &names), "zen_wozniak       x");
        let ids = [pair(LONG, REAL)];
        assert_eq!(with_examples("x 0123a39c74e4 y", &ids), "x 89c9a39c74e4 y");
        assert_eq!(with_examples("x0123a39c74e4f y", &ids), "x0123a39c74e4f y");
    }
}
