//! The Content-Security-Policy of a page: nothing but the site's own files, unless the page's author
//! wrote otherwise. Only what an author writes as HTML or as a picture widens it; what programs
//! print is text and cannot.

use pulldown_cmark::{Event, Tag};

use super::Live;
use crate::markdown::Document;

/// What the HTML of a page uses that the strict policy forbids.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    inline_style: bool,
    inline_script: bool,
    foreign_pictures: bool,
    foreign_frames: bool,
    foreign_scripts: bool,
    foreign_styles: bool,
    /// The player of recordings is WebAssembly.
    player: bool,
}

/// The policy of a page of our own words.
pub(super) fn strict(live: Live) -> String {
    policy(Uses::default(), live)
}

/// The policy of a page, which may play a recording.
pub(super) fn of(document: &Document<'_>, live: Live, plays: bool) -> String {
    let mut uses = Uses { player: plays, ..Uses::default() };
    for (event, _) in &document.events {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => uses.foreign_pictures |= foreign(dest_url),
            Event::Html(html) | Event::InlineHtml(html) => uses.add(html),
            _ => {}
        }
    }
    policy(uses, live)
}

impl Uses {
    fn add(&mut self, html: &str) {
        if !html.contains('<') {
            return;
        }
        let html = html.to_ascii_lowercase();
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            let is = |name: &str| {
                tag.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            let source =
                tag.split_once("src=").is_some_and(|(_, url)| foreign(url.trim_start_matches(['"', '\''])));
            let has_source = tag.contains("src=");
            self.inline_style |= is("style") || tag.contains(" style=");
            self.inline_script |= (is("script") && !has_source) || tag.contains(" on");
            self.foreign_scripts |= is("script") && source;
            self.foreign_pictures |= (is("img") || is("source") || is("video") || is("audio")) && source;
            self.foreign_frames |= is("iframe") && source;
            self.foreign_styles |= is("link") && tag.contains("stylesheet") && tag.contains("//");
        }
    }
}

fn foreign(url: &str) -> bool {
    url.starts_with("http:") || url.starts_with("https:") || url.starts_with("//")
}

fn policy(uses: Uses, live: Live) -> String {
    let when = |used: bool, source: &'static str| if used { source } else { "" };
    let web = " https: http:";
    let mut policy = format!("default-src 'self'; img-src 'self' data:{}", when(uses.foreign_pictures, web));
    if uses.foreign_pictures {
        policy.push_str("; media-src 'self' https: http:");
    }
    if uses.inline_style || uses.foreign_styles {
        policy.push_str("; style-src 'self'");
        policy.push_str(when(uses.inline_style, " 'unsafe-inline'"));
        policy.push_str(when(uses.foreign_styles, web));
    }
    if uses.inline_script || uses.foreign_scripts || uses.player {
        policy.push_str("; script-src 'self'");
        policy.push_str(when(uses.inline_script, " 'unsafe-inline'"));
        policy.push_str(when(uses.foreign_scripts, web));
        policy.push_str(when(uses.player, " 'wasm-unsafe-eval'"));
    }
    policy.push_str(when(uses.foreign_frames, "; frame-src https: http:"));
    policy.push_str("; object-src 'none'; base-uri 'none'");
    policy.push_str(when(live == Live::On, "; connect-src 'self' ws:"));
    policy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::markdown::Extensions;

    fn policy_of(text: &str) -> String {
        let source = Source::new("p.md", text);
        of(&Document::parse(&source, Extensions::default()), Live::Off, false)
    }

    #[test]
    fn only_what_the_author_writes_widens_it() {
        let usual = strict(Live::Off);
        assert_eq!(usual, "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'");
        for text in [
            "# a\n\n![x](x.png)\n",
            "```text\n<script>alert(1)</script> <b style=\"x\">\n```\n",
            "`<style>` on <b>x</b>\n",
            "<img src=\"own.png\">\n",
        ] {
            assert_eq!(policy_of(text), usual, "{text}");
        }
        for (text, wanted) in [
            ("![x](https://a.example/x.png)", "img-src 'self' data: https:"),
            ("<p style=\"color:red\">x</p>", "style-src 'self' 'unsafe-inline'"),
            ("<script>\nlet a;\n</script>", "script-src 'self' 'unsafe-inline'"),
            ("<iframe src=\"https://a.example\"></iframe>", "frame-src https:"),
        ] {
            assert!(policy_of(text).contains(wanted), "{text}");
        }
    }
}
