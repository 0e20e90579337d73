//! Examples and values in each other's place: in commands the values of this run, on screens the examples.

use std::collections::{HashMap, HashSet};

use super::binding::{Actual, ActualKey, Bindings, Bound, Example, ExampleKey, binds};
use super::command::{places_of_ids, places_of_jobs};
use super::token::{Kind, tokens};
use super::value::digits_of;

/// A command with example values replaced by the values of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The command to type.
    pub text: String,
    /// The words replaced: the page's, and this run's.
    pub words: Vec<(Example, Actual)>,
}

impl Bindings {
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
        for word in places_of_jobs(command) {
            let text = &command[word.clone()];
            let is_free = !words.iter().any(|&(at, other, _)| at < word.end && word.start < at + other.len());
            if let Some(process) = self.jobs.get(text).filter(|_| is_free) {
                words.push((word.start, text, process.clone()));
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
    use crate::matching::value::Value;

    const LONG: &str = "89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d";
    const REAL: &str = "0123a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d";

    fn bound() -> Bindings {
        let id = |text: &str| Value { kind: Kind::Id, text: text.into() };
        let mut bindings = Bindings::default();
        assert_eq!(bindings.bind(&id(LONG), &id(REAL), 7), None);
        bindings
    }

    #[test]
    fn a_job_and_an_id_may_be_the_same_word() {
        let mut bindings = bound();
        let job = |text: &str| Value { kind: Kind::Job, text: text.into() };
        assert_eq!(bindings.bind(&job("424"), &job("977"), 3), None);
        let id = |text: &str| Value { kind: Kind::Id, text: text.into() };
        assert_eq!(bindings.bind(&id("424c9a39c74e"), &id("aaaa9a39c74e"), 4), None);
        assert_eq!(bindings.rewrite("docker kill 424").text, "docker kill aaa");
        assert_eq!(bindings.rewrite("kill 424").text, "kill 977");
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
