//! The Content-Security-Policy of a page: nothing but the site's own files, unless the page's author
//! wrote otherwise. Only what an author writes as HTML or as a picture widens it; what programs
//! print is text and cannot. A page that compares a reader's screen runs its WebAssembly, too.

use html5ever::tokenizer as token;
use pulldown_cmark::{Event, Tag};

use super::live_reload::LiveReload;
use crate::markdown::{Document, each_tag};

/// What the HTML of a page uses that the strict policy forbids.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    inline_style: bool,
    inline_script: bool,
    foreign_pictures: bool,
    foreign_frames: bool,
    foreign_scripts: bool,
    foreign_styles: bool,
    wasm: bool,
}

/// Whether a page compares a reader's screen, by WebAssembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compares {
    /// It has nothing to compare with.
    Nothing,
    /// It does.
    Screens,
}

/// The policy of a page of our own words.
pub(super) fn strict(live: LiveReload) -> String {
    policy(Uses::default(), live)
}

/// The policy of a page.
pub(super) fn of(document: &Document<'_>, compares: Compares, live: LiveReload) -> String {
    let pictures = document
        .events
        .iter()
        .any(|(event, _)| matches!(event, Event::Start(Tag::Image { dest_url, .. }) if foreign(dest_url)));
    let written = written(document);
    let wasm = compares == Compares::Screens;
    policy(Uses { foreign_pictures: pictures || written.foreign_pictures, wasm, ..written }, live)
}

/// What the HTML of a page uses that its author wrote.
fn written(document: &Document<'_>) -> Uses {
    let mut uses = Uses::default();
    each_tag(document, |tag, _| uses.add(tag));
    uses
}

impl Uses {
    fn add(&mut self, tag: &token::Tag) {
        let value = |wanted: &str| {
            tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|found| &*found.value)
        };
        let leads_away = |name: &str| value(name).is_some_and(foreign);
        let name = &*tag.name;
        self.inline_style |= name == "style" || value("style").is_some();
        self.inline_script |= tag.attrs.iter().any(|attribute| attribute.name.local.starts_with("on"));
        match name {
            "script" => {
                self.inline_script |= value("src").is_none();
                self.foreign_scripts |= leads_away("src");
            }
            "img" | "source" | "video" | "audio" | "track" => {
                let set = value("srcset").unwrap_or_default();
                self.foreign_pictures |=
                    leads_away("src") || leads_away("poster") || set.split(',').any(foreign);
            }
            "iframe" => self.foreign_frames |= leads_away("src"),
            "link" => {
                let is_style =
                    value("rel").is_some_and(|rel| rel.to_ascii_lowercase().contains("stylesheet"));
                self.foreign_styles |= is_style && leads_away("href");
            }
            _ => {}
        }
    }
}

fn foreign(url: &str) -> bool {
    let url = url.trim_start();
    let begins = |with: &str| url.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    ["http:", "https:", "//"].into_iter().any(begins)
}

fn policy(uses: Uses, live: LiveReload) -> String {
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
    if uses.inline_script || uses.foreign_scripts || uses.wasm {
        policy.push_str("; script-src 'self'");
        policy.push_str(when(uses.wasm, " 'wasm-unsafe-eval'"));
        policy.push_str(when(uses.inline_script, " 'unsafe-inline'"));
        policy.push_str(when(uses.foreign_scripts, web));
    }
    policy.push_str(when(uses.foreign_frames, "; frame-src 'self' https: http:"));
    policy.push_str("; object-src 'none'; base-uri 'none'");
    policy.push_str(when(live == LiveReload::On, "; connect-src 'self' ws:"));
    policy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;
    use crate::text::Source;

    fn policy_of(text: &str) -> String {
        let source = Source::new("p.md", text);
        of(&Document::parse(&source, Extensions::default()), Compares::Nothing, LiveReload::Off)
    }

    #[test]
    fn only_a_page_that_compares_runs_webassembly() {
        let source = Source::new("p.md", "# a\n");
        let document = Document::parse(&source, Extensions::default());
        let policy = |compares| of(&document, compares, LiveReload::Off);
        assert!(policy(Compares::Screens).contains("; script-src 'self' 'wasm-unsafe-eval';"));
        assert_eq!(policy(Compares::Nothing), strict(LiveReload::Off));
    }

    #[test]
    fn only_what_the_author_writes_widens_it() {
        let usual = strict(LiveReload::Off);
        assert_eq!(usual, "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'");
        for text in [
            "# a\n\n![x](x.png)\n",
            "```text\n<script>alert(1)</script> <b style=\"x\">\n```\n",
            "`<style>` on <b>x</b>\n",
            "<img src=\"own.png\">\n",
            "<img src=\"own.png\" alt=\"the switch is on = yes, style=x\">\n",
            "<p title=\"a > b\" data-on=\"x\">on style=\"x\"</p>\n",
            "<!-- <script>alert(1)</script> <p onclick=\"x\"> -->\n",
            "<textarea>\n<script>alert(1)</script>\n</textarea>\n",
            "<script src=\"own.js\">if (a < b) '<p onclick=x>'</script>\n",
            "<a href=\"https://a.example/stylesheet\">x</a>\n",
        ] {
            assert_eq!(policy_of(text), usual, "{text}");
        }
        for (text, wanted) in [
            ("![x](https://a.example/x.png)", "img-src 'self' data: https:"),
            ("<p style=\"color:red\">x</p>", "style-src 'self' 'unsafe-inline'"),
            ("<script>\nlet a;\n</script>", "script-src 'self' 'unsafe-inline'"),
            ("<iframe src=\"https://a.example\"></iframe>", "frame-src 'self' https:"),
            ("<iframe\n  title=\"x\"\n  src=\"https://a.example\"></iframe>", "frame-src 'self' https:"),
            ("<p\nstyle='color:red'>x</p>", "style-src 'self' 'unsafe-inline'"),
            ("x <b\nonclick=\"f()\">y</b>", "script-src 'self' 'unsafe-inline'"),
            ("<div>\n<p/onclick=f()>x</p>\n</div>", "script-src 'self' 'unsafe-inline'"),
            ("<IMG SRC = HTTPS://a.example/x.png>", "img-src 'self' data: https:"),
            ("<img src=\"&#104;ttps://a.example/x.png\">", "img-src 'self' data: https:"),
            ("<img srcset=\"a.png 1x, https://a.example/x.png 2x\">", "img-src 'self' data: https:"),
            ("<script>'<!--'</script>\n\nx\n\n<script src=\"//a.example/x.js\"></script>", " https: http:;"),
            ("<link href=\"https://a.example/x.css\" rel=\"Stylesheet\">", "style-src 'self' https: http:"),
        ] {
            assert!(policy_of(text).contains(wanted), "{text}: {}", policy_of(text));
        }
    }
}
