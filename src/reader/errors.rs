//! The errors that a book explains: which of them a line of a screen is.

use serde::{Deserialize, Serialize};

/// An entry of the page that explains errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownError {
    /// What it is known by: parts of messages.
    pub keys: Vec<String>,
}

/// What a message is made of.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// A word, its Latin letters in lower case.
    Word(String),
    /// What is the reader's own: what stands in quotes, a path, an address, an ID.
    Own,
}

/// The most foreign pieces between two pieces of a key, where a message has a name or a number.
const MOST_BETWEEN: usize = 2;
/// A word that is as long as this tells an error by itself.
const TELLING: usize = 10;

/// Whether a text has enough words to know an error by.
pub fn is_key(text: &str, words: usize) -> bool {
    weight(&pieces(text)) >= words
}

/// Whether it is one long word, such as `toomanyrequests`.
pub fn is_telling(text: &str) -> bool {
    matches!(&pieces(text)[..], [Piece::Word(word)] if word.chars().count() >= TELLING)
}

fn weight(pieces: &[Piece]) -> usize {
    pieces.iter().filter(|piece| matches!(piece, Piece::Word(_))).count()
}

/// The entry whose key says most of what stands in a line.
pub(super) fn known_error(errors: &[KnownError], line: &str) -> Option<usize> {
    let line = pieces(line);
    let best = errors.iter().enumerate().filter_map(|(number, error)| {
        let found = error.keys.iter().map(|key| pieces(key)).filter(|key| contains(&line, key));
        Some((found.map(|key| weight(&key)).max()?, std::cmp::Reverse(number)))
    });
    best.max().map(|(_, std::cmp::Reverse(number))| number)
}

/// Whether the pieces of a key stand in a line in their order, with little between them.
fn contains(line: &[Piece], key: &[Piece]) -> bool {
    let Some((first, rest)) = key.split_first() else { return false };
    let starts = line.iter().enumerate().filter(|(_, piece)| *piece == first);
    starts.into_iter().any(|(start, _)| {
        let mut at = start + 1;
        rest.iter().all(|piece| {
            let near = line[at.min(line.len())..].iter().take(MOST_BETWEEN + 1);
            let found = near.into_iter().position(|other| other == piece);
            at += found.map_or(0, |found| found + 1);
            found.is_some()
        })
    })
}

/// The pieces of a message. Quotes end at the next of their kind; an apostrophe is part of a word.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if matches!(c, '"' | '\'' | '`')
            && let Some(end) = rest[1..].find(c)
        {
            pieces.push(Piece::Own);
            rest = &rest[end + 2..];
            continue;
        }
        if !is_part(c) {
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| !is_part(c) && c != '\'').unwrap_or(rest.len());
        let word = rest[..end].trim_matches(['.', ':', '-', '\'']);
        let is_word = word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '_'))
            || word.bytes().all(|byte| byte.is_ascii_digit());
        if !word.is_empty() {
            pieces.push(if is_word { Piece::Word(word.to_ascii_lowercase()) } else { Piece::Own });
        }
        rest = &rest[end..];
    }
    pieces
}

/// Whether a character belongs to a word, a path or an address.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | '\\' | '@' | '$' | '%' | '+' | '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors() -> Vec<KnownError> {
        [
            "permission denied while trying to connect",
            "The container name is already in use",
            "port is already allocated",
            "exec /start.sh: no such file or directory",
            "client version is too old",
            "\"/requirements.txt\": not found",
            "no configuration file provided",
            "toomanyrequests",
            "manifest unknown",
            "no matching manifest for linux/arm64/v8",
            "wget: can't connect to remote host (127.0.0.1): Connection refused",
        ]
        .map(|key| KnownError { keys: vec![key.to_owned()] })
        .into()
    }

    #[test]
    fn a_message_is_known_whatever_names_it_has() {
        for (line, key) in [
            (
                "docker: Error response from daemon: Conflict. The container name \"/my-nginx\" is already in use by container \"e4d7\".",
                "The container name is already in use",
            ),
            ("Bind for 127.0.0.1:80 failed: port is already allocated", "port is already allocated"),
            ("exec /app/run.sh: no such file or directory", "exec /start.sh: no such file or directory"),
            ("client version 1.23 is too old. Minimum", "client version is too old"),
            (
                "#5 ERROR: failed to calculate checksum: \"/package.json\": not found",
                "\"/requirements.txt\": not found",
            ),
            ("no configuration file provided: not found", "no configuration file provided"),
            ("toomanyrequests: You have reached your limit", "toomanyrequests"),
            ("no matching manifest for linux/amd64 in the list", "no matching manifest for linux/arm64/v8"),
            (
                "wget: can't connect to remote host (10.0.0.7): Connection refused",
                "wget: can't connect to remote host (127.0.0.1): Connection refused",
            ),
        ] {
            let found = known_error(&errors(), line).map(|at| errors()[at].keys[0].clone());
            assert_eq!(found.as_deref(), Some(key), "{line}");
        }
        for line in [
            "bash: docker: command not found",
            "CONTAINER ID   IMAGE",
            "permission denied",
            "",
            "the port is free",
        ] {
            assert_eq!(known_error(&errors(), line), None, "{line}");
        }
    }

    #[test]
    fn a_key_has_some_words() {
        assert!(is_key("manifest unknown", 2) && is_key("Exited (0)", 2) && is_key("\"/a\": not found", 2));
        assert!(!is_key("localhost", 2) && !is_key("web", 2) && !is_key("Connection refused", 3));
        assert!(is_telling("toomanyrequests") && is_telling("Restarting"));
        assert!(!is_telling("localhost") && !is_telling("manifest unknown"));
    }
}
