//! The link of a snippet for readers to whom it looks otherwise: a new issue of the book's repository,
//! filled in.

use url::Url;

use crate::site::words::Words;

/// Where issues of a book are opened, and for which of its pages.
#[derive(Debug, Clone)]
pub(crate) struct ReportForm {
    new_issue: Url,
    page: String,
}

/// What an issue says of a snippet.
pub(super) struct Reported<'a> {
    pub(super) commands: &'a str,
    /// The engine and the day.
    pub(super) engine: &'a str,
    /// What the run printed.
    pub(super) screen: &'a str,
}

/// Addresses that are longer are refused by some hosts.
const LONGEST_SCREEN: usize = 1200;

impl ReportForm {
    /// The form for a page, if `git-repository-url` is the address of a repository on the web.
    pub(crate) fn of(repository: Option<&str>, page: &str) -> Option<Self> {
        let url = Url::parse(repository?.trim_end_matches('/')).ok()?;
        if !matches!(url.scheme(), "https" | "http") || url.path().matches('/').count() < 2 {
            return None;
        }
        let form = if is_gitlab(&url) { "-/issues/new" } else { "issues/new" };
        let base = url.as_str().trim_end_matches(".git");
        Some(Self { new_issue: Url::parse(&format!("{base}/{form}")).ok()?, page: page.to_owned() })
    }

    /// The address of the form, filled in.
    pub(super) fn address(&self, words: &Words, reported: &Reported<'_>) -> String {
        let mut screen = reported.screen;
        if let Some((end, _)) = screen.char_indices().find(|(at, _)| *at >= LONGEST_SCREEN) {
            screen = &screen[..end];
        }
        let title = words.get("report_title").replace("{page}", &self.page);
        let body = format!(
            "{}\n\n```sh\n{}\n```\n\n{} ({}):\n\n```text\n{}\n```\n\n{}:\n\n```text\n\n```\n",
            self.page,
            reported.commands.trim_end(),
            words.get("printed"),
            reported.engine,
            screen.trim_end(),
            words.get("report_mine"),
        );
        let (title_name, body_name) = match is_gitlab(&self.new_issue) {
            true => ("issue[title]", "issue[description]"),
            false => ("title", "body"),
        };
        let mut url = self.new_issue.clone();
        url.query_pairs_mut().append_pair(title_name, &title).append_pair(body_name, &body);
        url.into()
    }
}

fn is_gitlab(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.contains("gitlab"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_that_of_the_host() {
        let words = Words::parse(r#"{"en": {"report_title": "Other: {page}"}}"#, "en").unwrap();
        let reported = Reported { commands: "echo a&b\n", engine: "Docker 28", screen: "a" };
        let address = |repository| Some(ReportForm::of(Some(repository), "p.md")?.address(&words, &reported));
        let hub = address("https://github.com/o/r.git").unwrap();
        assert!(hub.starts_with("https://github.com/o/r/issues/new?title=Other%3A+p.md&body=p.md"), "{hub}");
        assert!(hub.contains("echo+a%26b"), "{hub}");
        let lab = address("https://gitlab.com/o/r/").unwrap();
        assert!(lab.starts_with("https://gitlab.com/o/r/-/issues/new?issue%5Btitle%5D="), "{lab}");
        assert_eq!(address("git@github.com:o/r.git"), None);
        assert!(ReportForm::of(None, "p.md").is_none());
    }
}
