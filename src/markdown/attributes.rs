//! The attributes in a fence's info string: `sh {timeout=60s exit=1}`.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::skip::{Skip, Unverified};
use crate::messages::{Message, markdown as messages};

/// What a fence's braces say. GitHub ignores them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Why the fence is not run.
    pub skip: Option<Skip>,
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

impl Attributes {
    /// The name of the first attribute that says something of commands, if one does.
    pub fn of_a_command(&self) -> Option<&'static str> {
        let given = [
            ("skip", self.skip.is_some()),
            ("timeout", self.timeout.is_some()),
            ("retry", self.retry.is_some()),
            ("follow", self.follow),
            ("in", self.terminal.is_some()),
            ("either", self.either),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }
}

const NAMES: [&str; 12] = [
    "skip",
    "unverified",
    "timeout",
    "exit",
    "retry",
    "follow",
    "in",
    "either",
    "unordered",
    "hide",
    "file",
    "title",
];

/// The languages of blocks that may run or contain what they print: here attributes may be haechi's.
pub(super) const OWN_LANGUAGES: [&str; 14] = [
    "",
    "sh",
    "bash",
    "shell",
    "zsh",
    "console",
    "shell-session",
    "shellsession",
    "sh-session",
    "bash-session",
    "terminal",
    "text",
    "output",
    "txt",
];

impl Attributes {
    /// Splits an info string into its language, in lower case, and its attributes.
    ///
    /// The language may be a class or stand alone in the braces (`{.console}`, `{bash}`), as pandoc
    /// and knitr have it. What other tools write is left alone.
    ///
    /// # Errors
    /// A sentence that names the attribute that is unknown, malformed, twice or outside of the braces.
    pub fn parse(info: &str) -> Result<(String, Self), Message> {
        let (head, body, tail) = parts(info)?;
        let mut outside = head.trim().splitn(2, [',', ' ', '\t']);
        let mut language = outside.next().unwrap_or_default().to_lowercase();
        let mut inside = words(body)?;
        if language.is_empty() {
            language = language_in_braces(&mut inside).unwrap_or_default();
        }
        let is_own = OWN_LANGUAGES.contains(&language.as_str());
        if is_own && has_more_braces(tail) {
            return Err(messages::second_braces());
        }
        for rest in [outside.next().unwrap_or_default(), tail] {
            match words(rest) {
                Ok(words) => reject_known(&words, is_own)?,
                Err(message) if is_own => return Err(message),
                Err(_) => {}
            }
        }
        let mut attributes = Self::default();
        let mut unverified = Unverified::default();
        let is_unverified = inside.iter().any(|(name, _)| name == "unverified");
        for (at, (name, value)) in inside.iter().enumerate() {
            let is_known =
                NAMES.contains(&name.as_str()) || (is_unverified && matches!(&**name, "source" | "date"));
            if is_known && inside[..at].iter().any(|(before, _)| before == name) {
                return Err(messages::attribute_twice(name));
            }
            if is_unverified && unverified.take(name, value.as_ref()) {
                continue;
            }
            if nearest(name).is_some() || is_line_range(name) || (is_own && is_meant(name)) {
                attributes.set(name, value.clone())?;
            }
        }
        if let Some(skip) = unverified.finish()?
            && attributes.skip.replace(skip).is_some()
        {
            return Err(messages::skip_and_unverified());
        }
        Ok((language, attributes))
    }

    fn set(&mut self, name: &str, value: Option<String>) -> Result<(), Message> {
        let wants = |what: Message| messages::attribute_wants(name, what, example(name));
        match (name, value) {
            ("skip", Some(reason)) if !reason.trim().is_empty() => {
                self.skip = Some(Skip { reason, source: None });
            }
            ("skip", _) => return Err(wants(messages::a_reason())),
            ("in", Some(terminal)) if !terminal.is_empty() => self.terminal = Some(terminal),
            ("in", _) => return Err(wants(messages::a_terminal())),
            ("file", Some(path)) if !path.is_empty() => self.file = Some(path),
            ("file", _) => return Err(wants(messages::a_path())),
            ("title", Some(title)) => self.title = Some(title),
            ("title", None) => return Err(wants(messages::a_text())),
            ("exit", value) => {
                self.exit =
                    Some(value.and_then(|v| v.parse().ok()).ok_or_else(|| wants(messages::an_exit_code()))?);
            }
            ("timeout" | "retry", value) => {
                let duration = value
                    .and_then(|v| crate::text::parse_duration(&v))
                    .ok_or_else(|| wants(messages::a_duration()))?;
                *(if name == "timeout" { &mut self.timeout } else { &mut self.retry }) = Some(duration);
            }
            ("follow", None) => self.follow = true,
            ("either", None) => self.either = true,
            ("unordered", None) => self.unordered = true,
            ("hide", None) => self.hide = true,
            ("follow" | "either" | "unordered" | "hide", Some(_)) => {
                return Err(messages::no_value(name));
            }
            (lines, None) if is_line_range(lines) => {
                self.marked.push(line_range(lines).ok_or_else(messages::marked_lines)?);
            }
            (other, _) => {
                let near = NAMES.iter().min_by_key(|name| distance(name, other)).unwrap_or(&"skip");
                return Err(messages::unknown_attribute(other, near));
            }
        }
        Ok(())
    }
}

/// The info string before its braces, what stands in them, and what stands behind them.
fn parts(info: &str) -> Result<(&str, &str, &str), Message> {
    let Some(open) = find_unquoted(info, '{') else { return Ok((info, "", "")) };
    let (head, braces) = (&info[..open], &info[open + 1..]);
    let close = find_unquoted(braces, '}').or_else(|| braces.rfind('}'));
    let close = close.ok_or_else(messages::open_braces)?;
    Ok((head, &braces[..close], &braces[close + 1..]))
}

/// Where a character stands for the first time outside of the quotes of a value.
fn find_unquoted(text: &str, wanted: char) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == wanted => return Some(at),
            None if before == '=' && matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
        before = c;
    }
    None
}

/// Takes the language out of the braces, where it stands there.
fn language_in_braces(words: &mut Vec<(String, Option<String>)>) -> Option<String> {
    let class = words.iter().position(|(name, value)| {
        let class = name.strip_prefix('.').unwrap_or_default().to_lowercase();
        value.is_none() && !class.is_empty() && OWN_LANGUAGES.contains(&class.as_str())
    });
    if let Some(at) = class {
        return Some(words.remove(at).0.trim_start_matches('.').to_lowercase());
    }
    let (first, value) = words.first()?;
    let is_word = first.starts_with(|c: char| c.is_alphabetic());
    (is_word && value.is_none() && nearest(first).is_none()).then(|| words.remove(0).0.to_lowercase())
}

/// An attribute outside of the braces has no effect, and its author thinks that it has.
fn reject_known(words: &[(String, Option<String>)], is_own: bool) -> Result<(), Message> {
    for (name, value) in words {
        let name = name.to_lowercase();
        // Many tools write a title so, and in their own languages words that are attributes here.
        if name == "title" || !NAMES.contains(&name.as_str()) || (value.is_none() && !is_own) {
            continue;
        }
        let written = match value {
            Some(value) if value.contains([' ', '\t']) || matches!(&*name, "skip" | "unverified") => {
                format!("{name}=\"{value}\"")
            }
            Some(value) => format!("{name}={value}"),
            None => name.clone(),
        };
        return Err(messages::outside_of_braces(name, written));
    }
    Ok(())
}

/// The attribute whose name is the same or nearly so.
fn nearest(name: &str) -> Option<&'static str> {
    let near = |known: &&str| distance(known, name) <= usize::from(known.len() > 3);
    NAMES.into_iter().find(near)
}

/// Whether a name that is none of haechi's stands where its author wanted one: other tools' are left alone.
fn is_meant(name: &str) -> bool {
    name == "source" || NAMES.iter().any(|known| known.len() > 5 && distance(known, name) <= 2)
}

/// Whether more braces follow that hold an attribute of haechi's.
fn has_more_braces(tail: &str) -> bool {
    let Some(inside) = tail.trim_start().strip_prefix('{') else { return false };
    let inside = inside.split('}').next().unwrap_or_default();
    words(inside).is_ok_and(|words| words.iter().any(|(name, _)| nearest(name).is_some()))
}

fn distance(known: &str, name: &str) -> usize {
    strsim::damerau_levenshtein(known, &name.to_lowercase())
}

fn is_line_range(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
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
pub(super) fn words(body: &str) -> Result<Vec<(String, Option<String>)>, Message> {
    let mut words = Vec::new();
    let mut rest = body.trim_start_matches([' ', ',', '\t']);
    while !rest.is_empty() {
        let end = rest.find([' ', ',', '\t', '=']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = None;
        if let Some(after) = rest.strip_prefix('=') {
            let (text, left) = match after.chars().next().filter(|c| matches!(c, '"' | '\'' | '[')) {
                // A list, as Hugo has it.
                Some('[') => after.split_at(after.find(']').map_or(after.len(), |at| at + 1)),
                Some(quote) => after[1..].split_once(quote).ok_or_else(|| messages::open_quote(&name))?,
                None => after.split_at(after.find([' ', ',', '\t']).unwrap_or(after.len())),
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
        assert_eq!(attributes.skip.unwrap().reason, "needs an account");
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
            assert!(error.english().contains(said), "{info}: {error:?}");
        }
    }

    #[test]
    fn attributes_of_other_tools_are_left_alone() {
        for info in [
            "bash {linenos=true}",
            "bash {linenos=table,hl_lines=[1,\"3-4\",7-9],linenostart=199}",
            "sh { name=deploy interactive=false }",
            "sh {\"id\":\"01HF7B0KK8\",\"name\":\"a b\"}",
            "sh {cmd=true}",
            "sh {.sh exec}",
            "bash {#id .class key=value}",
            "console {data-x=\"y\"}",
            "bash {promptUser=alice}{promptHost=dev}",
        ] {
            let (_, attributes) = Attributes::parse(info).unwrap();
            assert_eq!(attributes, Attributes::default(), "{info}");
        }
        for (info, said) in [
            ("sh {exit: 1}", "did you mean `exit`?"),
            ("sh {unordred}", "did you mean `unordered`?"),
            ("sh {tmeot=1s}", "did you mean `timeout`?"),
            ("sh {.x}{exit=1}", "only the first pair of braces"),
            ("sh {.x}{exti=1}", "only the first pair of braces"),
        ] {
            let error = Attributes::parse(info).unwrap_err();
            assert!(error.english().contains(said), "{info}: {error:?}");
        }
    }

    #[test]
    fn what_cannot_be_run_says_why_and_where_it_was_read() {
        let info = "sh {unverified=\"needs macOS\" source=https://docs.docker.com/desktop/ date=2026-11-25}";
        let skip = Attributes::parse(info).unwrap().1.skip.unwrap();
        assert_eq!(skip.to_string(), "needs macOS (https://docs.docker.com/desktop/, 2026-11-25)");
        for (info, said) in [
            ("sh {unverified=\"x\" date=2026-11-25}", "the address"),
            ("sh {unverified=\"x\" source=\"javascript:alert(1)\" date=2026-11-25}", "the address"),
            ("sh {unverified=\"x\" source=https://a.kr}", "the day"),
            ("sh {unverified=\"x\" source=https://a.kr date=2026-13-01}", "the day"),
            ("sh {unverified source=https://a.kr date=2026-11-25}", "the reason"),
            ("sh {unverified=\"x\" source=https://a.kr date=2026-11-25 date=2026-11-24}", "given twice"),
            ("sh {skip=\"x\" unverified=\"x\" source=https://a.kr date=2026-11-25}", "not both"),
            ("sh {source=https://a.kr}", "unknown attribute `source`"),
            ("sh unverified=\"needs a b\"", "write `{unverified=\"needs a b\"}`"),
        ] {
            let error = Attributes::parse(info).unwrap_err();
            assert!(error.english().contains(said), "{info}: {error:?}");
        }
        // Other tools use these names.
        assert!(Attributes::parse("yaml {source=a.yml date=today}").is_ok());
    }

    #[test]
    fn an_attribute_outside_of_braces_is_an_error() {
        for (info, said) in [
            ("sh skip=\"x\"", "write `{skip=\"x\"}`"),
            ("console timeout=60s", "write `{timeout=60s}`"),
            ("bash Skip='a b'", "write `{skip=\"a b\"}`"),
            ("sh,exit=1", "write `{exit=1}`"),
            ("text unordered", "write `{unordered}`"),
            ("sh follow", "write `{follow}`"),
            ("sh {exit=1} follow", "write `{follow}`"),
            ("sh skip", "write `{skip}`"),
            ("dockerfile file=Dockerfile", "write `{file=Dockerfile}`"),
        ] {
            let error = Attributes::parse(info).unwrap_err();
            assert!(error.english().contains(said), "{info}: {error:?}");
        }
    }

    #[test]
    fn an_attribute_twice_or_in_other_case_is_an_error() {
        for (info, said) in [
            ("sh {exit=1 exit=2}", "`exit` is given twice"),
            ("sh {follow, follow}", "`follow` is given twice"),
            ("sh {exit=1} {exit=2}", "only the first pair of braces"),
            ("sh {Skip=\"x\"}", "did you mean `skip`?"),
            ("sh {FOLLOW}", "did you mean `follow`?"),
            ("dockerfile {fiel=Dockerfile}", "did you mean `file`?"),
            ("sh {file=}", "a path"),
        ] {
            let error = Attributes::parse(info).unwrap_err();
            assert!(error.english().contains(said), "{info}: {error:?}");
        }
    }

    #[test]
    fn a_language_is_read_in_any_case_and_as_a_class() {
        for (info, language) in [
            ("Console", "console"),
            ("SH", "sh"),
            ("Bash {exit=1}", "bash"),
            ("{.console}", "console"),
            ("{.Sh .numberLines exit=1}", "sh"),
            ("{bash}", "bash"),
            ("{#id .text}", "text"),
            ("{.sh title=a}", "sh"),
        ] {
            assert_eq!(Attributes::parse(info).unwrap().0, language, "{info}");
        }
        assert_eq!(Attributes::parse("{.sh exit=3}").unwrap().1.exit, Some(3));
    }

    #[test]
    fn a_value_may_have_either_quote() {
        let (_, attributes) = Attributes::parse("sh {skip='needs an account'}").unwrap();
        assert_eq!(attributes.skip.unwrap().reason, "needs an account");
    }

    #[test]
    fn other_tools_info_strings_are_left_alone() {
        for (info, language) in [
            ("", ""),
            ("rust,editable", "rust"),
            ("rust,should_panic,hide", "rust"),
            ("text {.wide #id}", "text"),
            ("{.wide #id}", ""),
            ("yaml title=\"x\"", "yaml"),
            ("bash title=\"how to follow it\"", "bash"),
            ("bash title='do not skip it'", "bash"),
            ("yaml title=\"a {b}\"", "yaml"),
            ("js {1,3}", "js"),
            ("js {1,3} showLineNumbers", "js"),
            ("js {numberLines: true}", "js"),
            ("bash hl_lines=\"1\"", "bash"),
            ("console linenums=\"1\"", "console"),
            ("{r, echo=FALSE}", "r"),
            ("{code-block} python", "code-block"),
            ("python {cmd=true}", "python"),
        ] {
            let (found, attributes) =
                Attributes::parse(info).unwrap_or_else(|error| panic!("{info}: {error:?}"));
            assert_eq!(found, language, "{info}");
            let expected = Attributes { marked: attributes.marked.clone(), ..Attributes::default() };
            assert_eq!(attributes, expected, "{info}");
        }
    }
}
