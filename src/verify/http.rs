//! Claims about URLs: a browser's view of an address, asked from inside the sandbox.

use std::time::{Duration, Instant};

use url::Url;

use super::html::{self, VisibleText};
use crate::markdown::HttpClaim;
use crate::messages::{Message, verify as messages};
use crate::sandbox::{Error, Sandbox};

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(200);
/// How often a page may lead to another.
const REDIRECTS: usize = 10;
/// How many lines of an answer are shown.
const SHOWN_LINES: usize = 40;

/// A claim that did not become true in time.
#[derive(Debug)]
pub(super) struct UnmetClaim {
    /// Why, in words.
    pub(super) why: Message,
    /// The beginning of what answered.
    pub(super) screen: Vec<String>,
}

/// Asks until a claim is true or the time for it is over; `None` where it is true.
///
/// # Errors
/// Where nothing can be run in the sandbox.
pub(super) async fn ask(
    sandbox: &Sandbox,
    claim: &HttpClaim,
    within: Duration,
) -> Result<Option<UnmetClaim>, Error> {
    let deadline = Instant::now() + within;
    loop {
        let Some(unmet) = judge(sandbox, claim).await? else { return Ok(None) };
        if Instant::now() >= deadline {
            return Ok(Some(unmet));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn judge(sandbox: &Sandbox, claim: &HttpClaim) -> Result<Option<UnmetClaim>, Error> {
    let page = match open(sandbox, claim).await? {
        Ok(page) => page,
        Err(why) => return Ok(Some(UnmetClaim { why, screen: Vec::new() })),
    };
    let why = match &claim.contains {
        _ if page.status != claim.status => messages::other_status(page.status, claim.status),
        Some(wanted) if !page.shows(wanted) => messages::not_contained(wanted),
        _ => return Ok(None),
    };
    let screen = page.body.lines().take(SHOWN_LINES).map(str::to_owned).collect();
    Ok(Some(UnmetClaim { why, screen }))
}

/// The page that a browser shows for an address, or why it shows none.
///
/// A browser follows redirects; a claim about a redirect itself is about its first answer.
async fn open(sandbox: &Sandbox, claim: &HttpClaim) -> Result<Result<Page, Message>, Error> {
    let follows = !(300..400).contains(&claim.status);
    let mut url = claim.url.clone();
    let mut left = REDIRECTS;
    loop {
        let page = match fetch(sandbox, &url, follows.then_some(left)).await? {
            Ok(page) => page,
            Err(why) => return Ok(Err(why)),
        };
        let Some(next) = page.leads_to().filter(|_| follows) else { return Ok(Ok(page)) };
        let next = match next {
            Ok(next) => next,
            Err(why) => return Ok(Err(why)),
        };
        match left.checked_sub(page.redirects + 1) {
            Some(rest) => left = rest,
            None => return Ok(Err(too_often())),
        }
        url = next.into();
    }
}

fn too_often() -> Message {
    messages::many_redirects(REDIRECTS)
}

/// What answered at an address.
#[derive(Debug)]
struct Page {
    status: u16,
    /// The address that answered in the end.
    url: String,
    redirects: usize,
    body: String,
    /// What a reader sees, where it is HTML.
    view: Option<VisibleText>,
}

impl Page {
    /// Whether a reader sees a text.
    fn shows(&self, text: &str) -> bool {
        match &self.view {
            Some(view) => view.text.contains(&html::folded(text)),
            None => self.body.contains(text),
        }
    }

    /// Where the page leads by itself, or why nobody follows.
    fn leads_to(&self) -> Option<Result<Url, Message>> {
        let view = self.view.as_ref()?;
        let written = view.refresh.as_ref()?;
        let own = Url::parse(&self.url).ok()?;
        let base = view.base.as_ref().and_then(|base| own.join(base).ok()).unwrap_or(own);
        Some(match base.join(written) {
            Ok(next) if matches!(next.scheme(), "http" | "https") => Ok(next),
            _ => Err(messages::bad_redirect(written)),
        })
    }
}

/// Asks once, following at most so many redirects; none at all where that is `None`.
async fn fetch(
    sandbox: &Sandbox,
    url: &str,
    redirects: Option<usize>,
) -> Result<Result<Page, Message>, Error> {
    let most = redirects.unwrap_or_default().to_string();
    let mut command = vec!["curl", "--disable", "--silent", "--globoff", "--compressed"];
    command.extend(["--max-time", "10", "--max-filesize", "4000000"]);
    command.extend(["--proto", "=http,https", "--proto-redir", "=http,https", "--max-redirs", &most]);
    command.extend(["--write-out", "\n%{http_code}\n%{num_redirects}\n%{content_type}\n%{url_effective}"]);
    if redirects.is_some() {
        command.push("--location");
    }
    command.extend(["--url", url]);
    let answer = sandbox.run(&command, &[]).await?;
    let text = String::from_utf8_lossy(&answer.output);
    Ok(match answer.exit {
        1 => Err(messages::bad_redirects()),
        3 => Err(messages::not_an_address(url)),
        47 => Err(too_often()),
        _ => page(&text).ok_or_else(messages::nothing_answers),
    })
}

/// Reads what curl wrote: the body and, behind it, a line for each thing asked for.
fn page(text: &str) -> Option<Page> {
    let mut parts = text.rsplitn(5, '\n');
    let (url, kind) = (parts.next()?, parts.next()?);
    let redirects = parts.next()?.parse().ok()?;
    let status = parts.next()?.parse().ok().filter(|&status| status > 0)?;
    let body = parts.next()?.to_owned();
    let view = is_html(kind, &body).then(|| html::view(&body));
    Some(Page { status, url: url.to_owned(), redirects, body, view })
}

/// Whether a browser shows an answer as HTML: by its type or, without one, by how it begins.
fn is_html(kind: &str, body: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    let begins = |with: &str| {
        body.trim_start().get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    match kind.as_str() {
        "text/html" | "application/xhtml+xml" => true,
        "" => begins("<!doctype html") || begins("<html"),
        _ => false,
    }
}
