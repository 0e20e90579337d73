//! What somebody else did with a page: which command of it a line is, and what that says of the examples.

use std::collections::HashSet;

use super::binding::{Actual, Bindings, Example, binds};
use super::command::places_of_ids;
use super::line::Reading;
use super::supplied::Supplied;
use super::token::{Kind, tokens};
use super::value::Value;

/// The words in which what was typed differs from a command of the page: an example stands for a value
/// of its kind, and the prefix of an ID for that of another. `None` if it differs otherwise.
pub fn typed(command: &str, typed: &str) -> Option<Vec<(Example, Actual)>> {
    let mut words = Vec::new();
    let (mut rest, mut at) = (typed, 0);
    for slot in slots(command) {
        rest = rest.strip_prefix(&command[at..slot.start])?;
        let example = &command[slot.start..slot.start + slot.length];
        let value = slot.value(rest, example)?;
        if value != example {
            words.push((Example(example.to_owned()), Actual(value.to_owned())));
        }
        rest = &rest[value.len()..];
        at = slot.start + slot.length;
    }
    (rest == &command[at..]).then_some(words)
}

impl Bindings {
    /// Binds the words of a command that were typed otherwise, as far as each is a whole value; `line` is
    /// the command's line in the page.
    pub fn bind_typed(&mut self, words: &[(Example, Actual)], line: usize) {
        for (example, actual) in words {
            if let (Some(example), Some(value)) = (whole(example.as_str()), whole(actual.as_str()))
                && self.check([(&example, &value)]).is_ok()
            {
                self.bind(&example, &value, line);
            }
        }
    }

    /// Notes the examples of an expected line whose screen is not known: examples they are all the same,
    /// also where a later command has them.
    pub fn note_examples(&mut self, line: &str, supplied: &Supplied) {
        let reading = Reading { literals: None, supplied, bindings: self };
        let examples = reading.tokens(line);
        for example in examples {
            self.note(example.kind, example.text);
        }
    }
}

/// A text that is a volatile value as a whole.
fn whole(text: &str) -> Option<Value> {
    let found = tokens(text, Some(&HashSet::new()));
    let token = found.first().filter(|token| token.text == text)?;
    Some(Value { kind: token.kind, text: text.to_owned() })
}

/// A place in a command where each reader has another value.
struct Slot {
    start: usize,
    length: usize,
    /// What stands there; the prefix of an ID where absent.
    kind: Option<Kind>,
}

/// The places from left to right.
fn slots(command: &str) -> Vec<Slot> {
    let mut slots: Vec<Slot> = tokens(command, None)
        .into_iter()
        .filter(|token| binds(token.kind))
        .map(|token| Slot { start: token.start, length: token.text.len(), kind: Some(token.kind) })
        .collect();
    for place in places_of_ids(command) {
        if !slots.iter().any(|slot| slot.start < place.end && place.start < slot.start + slot.length) {
            slots.push(Slot { start: place.start, length: place.len(), kind: None });
        }
    }
    slots.sort_by_key(|slot| slot.start);
    slots
}

impl Slot {
    /// The value that a text begins with, if it can stand here.
    fn value<'t>(&self, text: &'t str, example: &str) -> Option<&'t str> {
        let Some(kind) = self.kind else {
            let digits = text.bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count();
            return (1..=64).contains(&digits).then(|| &text[..digits]);
        };
        if text.starts_with(example) {
            return Some(&text[..example.len()]);
        }
        let found = tokens(text, Some(&HashSet::new()));
        found.first().filter(|token| token.start == 0 && token.kind == kind).map(|token| token.text)
    }
}

#[cfg(test)]
mod tests {
    use super::typed;

    fn words(command: &str, line: &str) -> Option<String> {
        let words = typed(command, line)?;
        Some(
            words
                .iter()
                .map(|(example, value)| format!("{}={} ", example.as_str(), value.as_str()))
                .collect(),
        )
    }

    #[test]
    fn an_example_stands_for_a_value_of_its_kind() {
        for (command, line, wanted) in [
            ("docker ps -a", "docker ps -a", Some("")),
            ("docker ps -a", "docker ps", None),
            ("docker ps", "docker ps -a", None),
            ("docker logs -f 89c", "docker logs -f 4f1b", Some("89c=4f1b ")),
            ("docker logs -f 89c", "docker logs -f web", None),
            ("docker cp 89c:/a .", "docker cp 4f1:/a .", Some("89c=4f1 ")),
            ("docker stop 89c9a39c74e4 x", "docker stop 4f1be0c1d2a3 x", Some("89c9a39c74e4=4f1be0c1d2a3 ")),
            ("curl 172.17.0.2:80", "curl 172.17.0.3:80", Some("172.17.0.2=172.17.0.3 ")),
            ("curl 172.17.0.2:80", "curl 172.17.0.3:81", None),
            ("docker rm nostalgic_morse", "docker rm zen_wozniak", Some("nostalgic_morse=zen_wozniak ")),
        ] {
            assert_eq!(words(command, line).as_deref(), wanted, "{command}: {line}");
        }
    }
}
