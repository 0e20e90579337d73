//! The names of what commands make: containers, images, files and folders. Pure.

/// The name of something that a step was to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MadeName {
    pub(super) text: String,
    /// The tag of an image, if it is one.
    tag: Option<String>,
}

impl MadeName {
    /// The name of a container, a file, a folder or an image, as it is written.
    pub(super) fn of(text: &str) -> Self {
        match text.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') && !name.is_empty() => {
                Self { text: name.into(), tag: Some(tag.into()) }
            }
            _ => Self { text: text.into(), tag: None },
        }
    }

    /// That of an image, whose tag is `latest` where none is written.
    pub(super) fn image(text: &str) -> Self {
        let name = Self::of(text);
        Self { tag: name.tag.or_else(|| Some("latest".into())), ..name }
    }

    /// Whether a line names it. Tables have the tag of an image in a column of its own.
    pub(super) fn is_in(&self, line: &str) -> bool {
        let tag = self.tag.as_deref();
        words_of(line, &self.text).any(|after| match after.strip_prefix(':') {
            Some(other) => tag.is_none_or(|tag| other.starts_with(tag)),
            None => tag.is_none_or(|tag| tag == "latest" || words_of(line, tag).next().is_some()),
        })
    }
}

/// What follows a text in a line, each time that it stands there as a word of its own.
fn words_of<'l>(line: &'l str, word: &str) -> impl Iterator<Item = &'l str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    line.match_indices(word).filter_map(move |(at, found)| {
        let after = &line[at + found.len()..];
        let before = line[..at].chars().next_back();
        (!before.is_some_and(inside) && !after.chars().next().is_some_and(inside)).then_some(after)
    })
}

/// Whether the next word names what a command makes.
pub(super) fn is_flag_of_result(word: &str, words: &[&str]) -> bool {
    let of = |program: &str| words.contains(&program);
    match word {
        "--name" | "--tag" | "--output" | "--output-document" => true,
        "-t" => of("build"),
        "-O" => of("wget"),
        _ => {
            of("curl")
                && word.strip_prefix('-').is_some_and(|flags| !flags.starts_with('-') && flags.ends_with('o'))
        }
    }
}

/// The file or folder that fetching an address leaves behind.
pub(super) fn fetched(word: &str) -> Option<MadeName> {
    if !(word.contains("://") || word.starts_with("git@")) {
        return None;
    }
    let name = word.trim_end_matches('/').rsplit('/').next()?;
    let name = name.split(['?', '#']).next()?;
    Some(MadeName { text: name.strip_suffix(".git").unwrap_or(name).to_owned(), tag: None })
}
