//! The attributes in a fence's info string: `sh {timeout=60s exit=1}`.

use std::ops::RangeInclusive;
use std::time::Duration;

/// What a fence's braces say. GitHub ignores them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Why the fence is not run.
    pub skip: Option<String>,
    /// How long each of its steps may take.
    pub timeout: Option<Duration>,
    /// The exit code that its last command must have.
    pub exit: Option<i32>,
    /// How long to run a step again until it matches.
    pub retry: Option<Duration>,
    /// The commands do not end by themselves.
    pub follow: bool,
    /// The terminal that its commands are typed in; the page's first where absent.
    pub terminal: Option<String>,
    /// Each command is an alternative: all run from the same state.
    pub either: bool,
    /// The lines of the output come in any order.
    pub unordered: bool,
    /// The fence is run but not shown on the site.
    pub hide: bool,
    /// The text of the fence is written to this file.
    pub file: Option<String>,
    /// What stands above the fence on the site, where it is not the name of the file.
    pub title: Option<String>,
    /// The lines that the site marks, each range from its first to its last, from 1.
    pub marked: Vec<RangeInclusive<usize>>,
}

const NAMES: [&str; 11] =
    ["skip", "timeout", "exit", "retry", "follow", "in", "either", "unordered", "hide", "file", "title"];

impl Attributes {
    /// Splits an info string into its language and its attributes.
    ///
    /// # Errors
    /// A sentence that names the attribute that is unknown or malformed.
    pub fn parse(info: &str) -> Result<(&str, Self), String> {
        let (head, braces) = match info.find('{') {
            Some(at) => (&info[..at], info[at + 1..].trim_end()),
            None => (info, ""),
        };
        let language = head.trim().split([',', ' ', '\t']).next().unwrap_or_default();
        let mut attributes = Self::default();
        let body = match braces.strip_suffix('}') {
            Some(body) => body,
            None if braces.is_empty() => "",
            None => return Err("the attributes do not end with `}`".into()),
        };
        for (name, value) in words(body)? {
            attributes.set(&name, value)?;
        }
        Ok((language, attributes))
    }

    fn set(&mut self, name: &str, value: Option<String>) -> Result<(), String> {
        let wants = |what: &str| format!("`{name}` wants {what}, as in `{name}={}`", example(name));
        match (name, value) {
            ("skip", Some(why)) if !why.trim().is_empty() => self.skip = Some(why),
            ("skip", _) => return Err(wants("the reason")),
            ("in", Some(terminal)) if !terminal.is_empty() => self.terminal = Some(terminal),
            ("in", _) => return Err(wants("the name of a terminal")),
            ("file", Some(path)) => self.file = Some(path),
            ("file", None) => return Err(wants("a path")),
            ("title", Some(title)) => self.title = Some(title),
            ("title", None) => return Err(wants("a text")),
            ("exit", value) => {
                self.exit = Some(value.and_then(|v| v.parse().ok()).ok_or_else(|| wants("an exit code"))?);
            }
            ("timeout" | "retry", value) => {
                let duration = value
                    .and_then(|v| crate::config::parse_duration(&v))
                    .ok_or_else(|| wants("a duration"))?;
                *(if name == "timeout" { &mut self.timeout } else { &mut self.retry }) = Some(duration);
            }
            ("follow", None) => self.follow = true,
            ("either", None) => self.either = true,
            ("unordered", None) => self.unordered = true,
            ("hide", None) => self.hide = true,
            ("follow" | "either" | "unordered" | "hide", Some(_)) => {
                return Err(format!("`{name}` takes no value"));
            }
            (lines, None) if lines.starts_with(|c: char| c.is_ascii_digit()) => {
                self.marked.push(line_range(lines).ok_or("the lines to mark are written as in `{2,4-6}`")?);
            }
            // mdBook's and others' classes and identifiers.
            (other, None) if other.starts_with(['.', '#']) => {}
            (other, _) => {
                let nearest = NAMES.iter().min_by_key(|name| strsim::damerau_levenshtein(name, other));
                return Err(format!(
                    "unknown attribute `{other}`; did you mean `{}`?",
                    nearest.unwrap_or(&"skip")
                ));
            }
        }
        Ok(())
    }
}

/// `3`, or `3-5`.
fn line_range(text: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let range = first.parse().ok()?..=last.parse().ok()?;
    (*range.start() > 0 && !range.is_empty()).then_some(range)
}

fn example(name: &str) -> &'static str {
    match name {
        "skip" => "\"needs an account\"",
        "file" => "Dockerfile",
        "title" => "\"compose.yaml\"",
        "exit" => "125",
        "in" => "second",
        _ => "60s",
    }
}

/// Splits `a b=c d="e f"` into names and values.
pub(super) fn words(body: &str) -> Result<Vec<(String, Option<String>)>, String> {
    let mut words = Vec::new();
    let mut rest = body.trim_start_matches([' ', ',', '\t']);
    while !rest.is_empty() {
        let end = rest.find([' ', ',', '\t', '=']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = None;
        if let Some(after) = rest.strip_prefix('=') {
            let (text, left) = if let Some(quoted) = after.strip_prefix('"') {
                quoted.split_once('"').ok_or_else(|| format!("the value of `{name}` has no closing quote"))?
            } else {
                after.split_at(after.find([' ', ',', '\t']).unwrap_or(after.len()))
            };
            value = Some(text.to_owned());
            rest = left;
        }
        words.push((name, value));
        rest = rest.trim_start_matches([' ', ',', '\t']);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_values_and_quotes() {
        let (language, attributes) =
            Attributes::parse("sh {skip=\"needs an account\" timeout=5s follow exit=125}").unwrap();
        assert_eq!(language, "sh");
        assert_eq!(attributes.skip.as_deref(), Some("needs an account"));
        assert_eq!(attributes.timeout, Some(Duration::from_secs(5)));
        assert_eq!(attributes.exit, Some(125));
        assert!(attributes.follow);
    }

    #[test]
    fn a_misspelt_or_empty_attribute_is_an_error() {
        for (info, said) in [
            ("sh {timout=5s}", "did you mean `timeout`?"),
            ("sh {skip}", "the reason"),
            ("sh {timeout=5}", "a duration"),
            ("sh {exit=x}", "an exit code"),
            ("sh {follow", "do not end"),
            ("sh {skip=\"a}", "no closing quote"),
        ] {
            let error = Attributes::parse(info).unwrap_err();
            assert!(error.contains(said), "{info}: {error}");
        }
    }

    #[test]
    fn other_tools_info_strings_are_left_alone() {
        assert_eq!(Attributes::parse("rust,editable").unwrap().0, "rust");
        assert_eq!(Attributes::parse("text {.wide #id}").unwrap().0, "text");
        assert_eq!(Attributes::parse("").unwrap().0, "");
    }
}
