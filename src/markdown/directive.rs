//! HTML comments that speak to haechi: `<!-- haechi: run docker rm -f cat -->`.

use std::time::Duration;

use crate::messages::{Message, markdown as messages};
use crate::text::ByteRange;
use crate::text::parse_duration;

/// A directive of a page.
#[derive(Debug, Clone)]
pub struct Directive {
    /// What it asks for.
    pub request: Request,
    /// The bytes of the comment.
    pub range: ByteRange,
}

/// What a directive asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A command that is run and not shown; it must exit with 0.
    Run(String),
    /// A command that is run, unseen, again and again until it exits with 0: waiting for readiness.
    Wait(String),
    /// The page goes on where this page of the book (relative to this one) ended.
    Continues(String),
    /// What is typed at the next prompt that does not echo, such as a password.
    Secret(String),
    /// A claim about a URL, asked from inside the sandbox.
    Http(HttpClaim),
    /// This word of the page's prose is intentional.
    Allow(String),
    /// The sections that follow are alternatives, of which the site shows one at a time.
    Tabs,
    /// What follows begins again with a new engine, folder and shell.
    Fresh,
    /// They end here.
    EndTabs,
}

/// What a URL must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpClaim {
    /// The address.
    pub url: String,
    /// The status code that it must answer with, 200 unless said otherwise.
    pub status: u16,
    /// A text that its body must contain.
    pub contains: Option<String>,
    /// The picture of it that a run takes when asked to, relative to the page.
    pub picture: Option<String>,
    /// Width and height of the picture, in pixels.
    pub size: (u16, u16),
    /// How long it may take to become true.
    pub within: Duration,
}

impl Directive {
    /// Reads a comment, from `<!--` to `-->`; `None` if it does not speak to haechi.
    ///
    /// `range` is its place in the page, where marks of a quote or a list may stand in its lines.
    pub(super) fn parse(comment: &str, range: ByteRange) -> Result<Option<Self>, Message> {
        let body = comment.strip_prefix("<!--").unwrap_or(comment);
        let body = body.strip_suffix("-->").unwrap_or(body).trim();
        let Some(body) = body.strip_prefix("haechi:") else {
            return match near_miss(body) {
                Some(rest) => Err(messages::directive_form(rest)),
                None => Ok(None),
            };
        };
        Ok(Some(Self { request: Request::parse(body.trim())?, range }))
    }
}

/// The first words of the directives.
const VERBS: [&str; 9] = ["run", "wait", "continues", "secret", "http", "allow", "fresh", "tabs", "end"];

/// Whether a comment that does not begin with `haechi:` seems intended to: the directive's first line.
pub(super) fn near_miss(body: &str) -> Option<&str> {
    let body = body.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
    let end = body.find(|c: char| !c.is_alphanumeric()).unwrap_or(body.len());
    let (name, rest) = body.split_at(end);
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest =
        rest.lines().next().unwrap_or_default().trim_end_matches(|c: char| c.is_whitespace() || c == '-');
    let verb = rest.split_whitespace().next().unwrap_or_default().to_lowercase();
    let nearly = match strsim::damerau_levenshtein("haechi", &name.to_lowercase()) {
        0 | 1 => true,
        2 => VERBS.contains(&verb.as_str()) && name.to_lowercase() != "hatch",
        _ => false,
    };
    nearly.then_some(if rest.is_empty() { "run COMMAND" } else { rest })
}

impl Request {
    fn parse(body: &str) -> Result<Self, Message> {
        let (verb, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
        let rest = rest.trim();
        Ok(match verb {
            "" => return Err(messages::empty_comment()),
            "run" | "wait" | "continues" | "secret" | "allow" if rest.is_empty() => {
                let example = match verb {
                    "continues" => "first.md",
                    "secret" => "ANSWER",
                    "allow" => "WORD",
                    _ => "COMMAND",
                };
                return Err(messages::empty_directive(verb, example));
            }
            "run" => Self::Run(rest.to_owned()),
            "wait" => Self::Wait(rest.to_owned()),
            "continues" => Self::Continues(rest.to_owned()),
            "secret" => Self::Secret(rest.to_owned()),
            "http" => Self::Http(HttpClaim::parse(rest)?),
            "allow" => Self::Allow(rest.to_owned()),
            "fresh" if rest.is_empty() => Self::Fresh,
            "fresh" => return Err(messages::fresh_alone()),
            "tabs" if rest.is_empty() => Self::Tabs,
            "end" if rest == "tabs" => Self::EndTabs,
            "tabs" => return Err(messages::tabs_alone()),
            "end" => return Err(messages::only_tabs_end()),
            other => {
                let nearest = VERBS
                    .into_iter()
                    .min_by_key(|known| strsim::damerau_levenshtein(known, &other.to_lowercase()))
                    .unwrap_or("run");
                return Err(messages::unknown_directive(other, nearest));
            }
        })
    }
}

impl HttpClaim {
    fn parse(text: &str) -> Result<Self, Message> {
        let (url, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err(messages::http_address());
        }
        let mut claim = Self {
            url: url.to_owned(),
            status: 200,
            contains: None,
            picture: None,
            size: (1000, 640),
            within: Duration::from_secs(10),
        };
        let words = super::attributes::words(rest)?;
        for (at, (name, value)) in words.iter().enumerate() {
            if words[..at].iter().any(|(before, _)| before == name) {
                return Err(messages::option_twice(name));
            }
            match (name.as_str(), value.as_deref()) {
                ("status", Some(value)) => {
                    let code = value.parse().ok().filter(|code| (100..600).contains(code));
                    claim.status = code.ok_or_else(|| messages::not_a_status(value))?;
                }
                ("contains", Some(value)) if !value.trim().is_empty() => {
                    claim.contains = Some(value.to_owned());
                }
                ("contains", _) => {
                    return Err(messages::contains_wants_text());
                }
                ("picture", Some(value)) if value.ends_with(".png") => {
                    claim.picture = Some(value.to_owned());
                }
                ("size", Some(value)) => {
                    claim.size = size(value).ok_or_else(|| messages::not_a_size(value))?;
                }
                ("within", Some(value)) => {
                    claim.within = parse_duration(value).ok_or_else(|| messages::not_a_duration(value))?;
                }
                (other, _) => {
                    return Err(messages::unknown_http_option(other));
                }
            }
        }
        Ok(claim)
    }
}

/// `1000x640`; not larger than a screen can be.
fn size(text: &str) -> Option<(u16, u16)> {
    let (width, height) = text.split_once('x')?;
    let side = |text: &str| text.parse().ok().filter(|side| (100..=4000).contains(side));
    Some((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(comment: &str) -> Result<Option<Directive>, Message> {
        Directive::parse(comment, 0..comment.len())
    }

    #[test]
    fn reads_a_claim() {
        let found = parse(
            "<!-- haechi: http http://localhost:8080 status=404 contains=\"Apache Tomcat\" within=30s -->",
        );
        let Request::Http(claim) = found.unwrap().unwrap().request else { panic!() };
        assert_eq!(claim.status, 404);
        assert_eq!(claim.contains.as_deref(), Some("Apache Tomcat"));
        assert_eq!(claim.within, Duration::from_secs(30));
    }

    #[test]
    fn a_misspelt_directive_is_an_error_and_a_plain_comment_is_not() {
        assert!(parse("<!-- haechi: rnu echo -->").unwrap_err().english().contains("did you mean `run`?"));
        assert!(parse("<!-- haechi: http ftp://x -->").is_err());
        assert!(parse("<!-- haechi: run -->").is_err());
        assert!(parse("<!-- a note -->").unwrap().is_none());
    }

    #[test]
    fn a_near_miss_of_a_directive_is_an_error() {
        for comment in [
            "<!-- heachi: run echo -->",
            "<!-- haechi run echo -->",
            "<!-- Haechi: run echo -->",
            "<!-- HAECHI run -->",
            "<!-- hachi: run echo -->",
            "<!-- haechi : run echo -->",
            "<!-- haechi：run echo -->",
            "<!--- haechi: run echo --->",
            "<!-- haechi; run echo -->",
            "<!-- haechy run echo -->",
            "<!-- heachy: run echo -->",
            "<!-- haechi\nrun echo -->",
        ] {
            let error = parse(comment).unwrap_err();
            assert!(error.english().contains("<!-- haechi: "), "{comment}: {error:?}");
        }
        for comment in [
            "<!-- hatch run test -->",
            "<!-- hatch: the egg -->",
            "<!-- each: run -->",
            "<!-- TODO: haechi: run -->",
            "<!-- -->",
            "<!-- markdownlint-disable -->",
            "<!-- 해치 -->",
        ] {
            assert!(parse(comment).unwrap().is_none(), "{comment}");
        }
    }

    #[test]
    fn fresh_stands_alone() {
        assert_eq!(parse("<!-- haechi: fresh -->").unwrap().unwrap().request, Request::Fresh);
        assert!(parse("<!-- haechi: fresh start -->").unwrap_err().english().contains("stands alone"));
        assert!(parse("<!-- haechi: frehs -->").unwrap_err().english().contains("did you mean `fresh`?"));
        assert!(parse("<!-- haechi: -->").is_err());
    }

    #[test]
    fn a_claim_that_claims_nothing_is_an_error() {
        for claim in [
            "http http://x contains=\"\"",
            "http http://x contains=\" \"",
            "http http://x contains=",
            "http http://x contains",
            "http http://x status=999",
            "http http://x status=200 status=404",
            "http -o/etc/passwd",
        ] {
            assert!(parse(&format!("<!-- haechi: {claim} -->")).is_err(), "{claim}");
        }
    }
}
