//! Bindings: which value of this run each example value of the page stands for.

use std::collections::{HashMap, HashSet};

use super::token::{Kind, Token};
use super::value::{Value, digits_of};

/// A value as the page has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Example(pub(super) String);

/// A value of this run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Actual(pub(super) String);

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
pub(super) struct ExampleKey(pub(super) Kind, pub(super) String);

/// What a value of this run is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ActualKey(pub(super) Kind, pub(super) String);

/// The example values of a page that have met their values of this run.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    pub(super) examples: HashMap<ExampleKey, Bound>,
    /// The first example of each value.
    pub(super) values: HashMap<ActualKey, ExampleKey>,
    /// The examples that the page has shown so far: of the kinds that are not bound, and those whose
    /// values nobody knows.
    shown: HashSet<(Kind, String)>,
    /// The process of a job that each example stood for last: two containers may have the same one.
    pub(super) jobs: HashMap<String, String>,
}

/// An example that has met its value.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// The longest form of the example seen so far.
    pub(super) example: Example,
    /// The longest form of the value seen so far.
    pub(super) value: Actual,
    /// The line of the page on which the example first met its value, from 1.
    pub(super) line: usize,
}

/// An example that stood for one value before and would stand for another now.
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

/// How many digits of an ID tell it apart; the engine's tables show as many.
const ID_DIGITS: usize = 12;

/// The kinds whose example must mean the same thing on the whole page.
pub(super) fn binds(kind: Kind) -> bool {
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
    pub(super) fn of(kind: Kind, text: &str) -> Self {
        let (kind, text) = key(kind, text);
        Self(kind, text)
    }
}

impl ActualKey {
    pub(super) fn of(kind: Kind, text: &str) -> Self {
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
        if example.kind == Kind::Job {
            self.jobs.insert(example.text.clone(), value.text.clone());
        }
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

    /// Notes an example whose value nobody knows, of whatever kind.
    pub(super) fn note(&mut self, kind: Kind, text: &str) {
        self.shown.insert(key(kind, text));
    }

    /// Whether the page has shown this text as an example before. A version or a size in a command is
    /// what the command sets, even so.
    pub(super) fn has_shown(&self, token: &Token<'_>) -> bool {
        match token.kind {
            Kind::Version | Kind::Size => false,
            kind if binds(kind) => {
                self.examples.contains_key(&ExampleKey::of(kind, token.text))
                    || self.shown.contains(&key(kind, token.text))
            }
            kind => self.shown.contains(&(kind, token.text.to_owned())),
        }
    }

    /// The pairs of example and value, in the order of their lines.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<_> = self.examples.values().collect();
        all.sort_by(|a, b| (a.line, &a.example).cmp(&(b.line, &b.example)));
        all.into_iter().map(|bound| (bound.example.as_str(), bound.value.as_str())).collect()
    }
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
    fn uuids_that_share_their_first_digits_are_two() {
        let (first, second) =
            ("3cad1a07-6a41-4ac1-a0a4-8ac7eea537d4", "3cad1a07-6a41-4ac1-b0b4-000000000001");
        let (one, two) = ("aaaaaaaa-6a41-4ac1-a0a4-8ac7eea537d4", "bbbbbbbb-6a41-4ac1-a0a4-8ac7eea537d4");
        let mut bindings = Bindings::default();
        assert!(bindings.check([(&id(first), &id(one)), (&id(second), &id(two))]).is_ok());
        assert_eq!(bindings.bind(&id(first), &id(one), 1), None);
        assert_eq!(bindings.bind(&id(second), &id(two), 2), None);
    }
}
