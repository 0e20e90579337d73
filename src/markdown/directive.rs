//! HTML comments that speak to haechi: `<!-- haechi: run docker rm -f cat -->`.

use std::time::Duration;

use crate::config::parse_duration;
use crate::diagnostic::ByteRange;

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
    /// This word of the page's prose is meant as it is.
    Allow(String),
    /// The page begins again with a fresh engine, folder and shell.
    Fresh,
    /// The sections that follow are alternatives, of which the site shows one at a time.
    Tabs,
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
    /// A text that its body must hold.
    pub contains: Option<String>,
    /// The picture of it that a run takes when asked to, relative to the page.
    pub picture: Option<String>,
    /// Width and height of the picture, in pixels.
    pub size: (u16, u16),
    /// How long it may take to become true.
    pub within: Duration,
}

impl Directive {
    /// Reads a comment; `None` if it does not speak to haechi.
    pub(super) fn parse(page: &str, range: ByteRange) -> Result<Option<Self>, String> {
        let body = page[range.clone()].trim_start_matches("<!--").trim_end_matches("-->").trim();
        let Some(body) = body.strip_prefix("haechi:") else { return Ok(None) };
        let body = body.trim();
        let (verb, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
        let rest = rest.trim();
        let request = match verb {
            "run" | "wait" | "continues" | "secret" | "allow" if rest.is_empty() => {
                return Err(format!("the directive `{verb}` is empty"));
            }
            "run" => Request::Run(rest.to_owned()),
            "wait" => Request::Wait(rest.to_owned()),
            "continues" => Request::Continues(rest.to_owned()),
            "secret" => Request::Secret(rest.to_owned()),
            "http" => Request::Http(HttpClaim::parse(rest)?),
            "allow" => Request::Allow(rest.to_owned()),
            "fresh" if rest.is_empty() => Request::Fresh,
            "fresh" => return Err("`fresh` stands alone".into()),
            "tabs" if rest.is_empty() => Request::Tabs,
            "end" if rest == "tabs" => Request::EndTabs,
            "tabs" => return Err("`tabs` stands alone; each heading below it opens a tab".into()),
            "end" => return Err("only `end tabs` ends something".into()),
            other => {
                let nearest = ["run", "wait", "continues", "secret", "http", "tabs", "allow"]
                    .into_iter()
                    .min_by_key(|known| strsim::damerau_levenshtein(known, other))
                    .unwrap_or("run");
                return Err(format!("unknown directive `{other}`; did you mean `{nearest}`?"));
            }
        };
        Ok(Some(Self { request, range }))
    }
}

impl HttpClaim {
    fn parse(text: &str) -> Result<Self, String> {
        let (url, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err("`http` wants an address that begins with http:// or https://".into());
        }
        let mut claim = Self {
            url: url.to_owned(),
            status: 200,
            contains: None,
            picture: None,
            size: (1000, 640),
            within: Duration::from_secs(10),
        };
        for (name, value) in super::attributes::words(rest)? {
            match (name.as_str(), value) {
                ("status", Some(value)) => {
                    claim.status = value.parse().map_err(|_| format!("`{value}` is not a status code"))?;
                }
                ("contains", Some(value)) => claim.contains = Some(value),
                ("picture", Some(value)) if value.ends_with(".png") => claim.picture = Some(value),
                ("size", Some(value)) => {
                    claim.size =
                        size(&value).ok_or_else(|| format!("`{value}` is not a size such as 1000x640"))?;
                }
                ("within", Some(value)) => {
                    claim.within = parse_duration(&value)
                        .ok_or_else(|| format!("`{value}` is not a duration such as 30s"))?;
                }
                (other, _) => {
                    return Err(format!(
                        "`http` knows status=, contains=\"…\", within=, picture=NAME.png and size=WIDTHxHEIGHT, not `{other}`"
                    ));
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

    fn parse(comment: &str) -> Result<Option<Directive>, String> {
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
        assert!(parse("<!-- haechi: rnu echo -->").unwrap_err().contains("did you mean `run`?"));
        assert!(parse("<!-- haechi: http ftp://x -->").is_err());
        assert!(parse("<!-- haechi: run -->").is_err());
        assert!(parse("<!-- a note -->").unwrap().is_none());
    }
}
