//! What a reader sees of an HTML page, and where the page leads by itself.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A page as its reader has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct VisibleText {
    /// Its text, with one blank wherever the page has blanks, line ends or a new block.
    pub(super) text: String,
    /// Where it leads at once (`<meta http-equiv="refresh">`), as written; empty for itself.
    pub(super) refresh: Option<String>,
    /// What its relative addresses are relative to, where it says so.
    pub(super) base: Option<String>,
}

/// Reads a page the way a browser with scripts does; what scripts would add is not there.
pub(super) fn view(html: &str) -> VisibleText {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut view = tokenizer.sink.0.into_inner().view;
    view.text = folded(&view.text);
    view
}

/// A text with one blank for each run of blanks, and none at its ends.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Elements that a line of text flows through.
const INLINE: [&str; 29] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];

/// Elements whose content no reader sees.
const UNSEEN: [&str; 8] =
    ["script", "style", "noscript", "template", "iframe", "noembed", "noframes", "datalist"];

/// Elements that never have an end.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Fields whose value is not text on the page.
const VALUE_UNSEEN: [&str; 8] =
    ["hidden", "checkbox", "radio", "password", "image", "file", "color", "range"];

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    view: VisibleText,
    /// The element that hides what is in it, and how many of its name are open.
    unseen: Option<(String, usize)>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) if state.unseen.is_none() => state.view.text.push_str(&text),
            Token::TagToken(tag) => {
                state.tag(&tag);
                if tag.kind == TagKind::StartTag {
                    return raw_content(&tag.name);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the tokenizer goes on behind the start of an element: in some, a `<` begins no tag.
fn raw_content(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "noscript" | "iframe" | "noembed" | "noframes" | "xmp" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

impl State {
    fn tag(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        let starts = tag.kind == TagKind::StartTag;
        if let Some((hiding, open)) = &mut self.unseen {
            if hiding == name {
                *open = if starts { *open + 1 } else { *open - 1 };
            }
            if *open == 0 {
                self.unseen = None;
            }
            return;
        }
        if !INLINE.contains(&name) {
            self.view.text.push(' ');
        }
        if !starts {
            return;
        }
        match name {
            "meta" => self.meta(tag),
            "base" if self.view.base.is_none() => self.view.base = attribute(tag, "href"),
            "input" => self.field(tag),
            _ if VOID.contains(&name) => {}
            _ if UNSEEN.contains(&name) || is_hidden(tag) => self.unseen = Some((name.to_owned(), 1)),
            _ => {}
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let refreshes =
            attribute(tag, "http-equiv").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("refresh"));
        if refreshes && self.view.refresh.is_none() {
            self.view.refresh = attribute(tag, "content").and_then(|content| refresh(&content));
        }
    }

    /// What a field shows: its value, or what it has in the place of one.
    fn field(&mut self, tag: &Tag) {
        let kind = attribute(tag, "type").unwrap_or_default().to_lowercase();
        if is_hidden(tag) || kind == "hidden" {
            return;
        }
        let value = attribute(tag, "value").filter(|_| !VALUE_UNSEEN.contains(&kind.as_str()));
        if let Some(shown) = value.filter(|value| !value.is_empty()).or_else(|| attribute(tag, "placeholder"))
        {
            self.view.text.push_str(&shown);
            self.view.text.push(' ');
        }
    }
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(found.value.to_string())
}

fn is_hidden(tag: &Tag) -> bool {
    let style = attribute(tag, "style").unwrap_or_default().to_lowercase();
    let style: String = style.split_whitespace().collect();
    attribute(tag, "hidden").is_some() || style.contains("display:none")
}

/// Where a refresh leads, if it does so at once: one that waits leaves its page to be read.
///
/// The HTML Standard's "shared declarative refresh steps".
fn refresh(content: &str) -> Option<String> {
    let content = content.trim_start();
    let number = content.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(content.len());
    let (delay, rest) = content.split_at(number);
    let seconds = delay.split('.').next().unwrap_or_default();
    if delay.is_empty() || !seconds.bytes().all(|digit| digit == b'0') {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
    let named = rest.get(..3).filter(|name| name.eq_ignore_ascii_case("url")).map(|_| rest[3..].trim_start());
    let url = named.and_then(|rest| rest.strip_prefix('=')).unwrap_or(rest).trim();
    Some(match url.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => url[1..].split(quote).next().unwrap_or_default().to_owned(),
        None => url.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_text_and_no_code() {
        for (html, text) in [
            ("<h1>It <b>wor</b>ks</h1><p>a</p><p>b", "It works a b"),
            ("<p>Q&amp;A &lt;3 &copy;\n  2026&nbsp;x</p>", "Q&A <3 © 2026 x"),
            ("<script>if (a < b) document.write('<p>ok</p>')</script>no", "no"),
            ("<style>p::after { content: 'ok' }</style><!-- ok -->no", "no"),
            ("<title>a &lt; b</title><textarea><p>ok</textarea>", "a < b <p>ok"),
            ("<noscript><p>ok</p></noscript><template><p>ok</p></template>no", "no"),
            ("<div hidden>a<div>b</div>c</div>no", "no"),
            ("<p style='display: none'>a</p>no", "no"),
            (
                "<input type=submit value=Continue><input placeholder=Name><input type=hidden value=x>",
                "Continue Name",
            ),
            ("<a href='ok' title='ok'>no</a>", "no"),
            ("<p>a<br>b", "a b"),
            ("", ""),
            ("<", "<"),
            ("&amp", "&"),
        ] {
            assert_eq!(view(html).text, text, "{html}");
        }
    }

    #[test]
    fn a_page_leads_on_where_it_does_so_at_once() {
        for (content, url) in [
            ("0; url=/next", Some("/next")),
            ("0;URL='/a b'", Some("/a b")),
            ("0.5, http://x/", Some("http://x/")),
            (" 0 ; url = next", Some("next")),
            ("0", Some("")),
            ("5; url=/next", None),
            ("30", None),
            ("x", None),
            ("", None),
        ] {
            let html = format!("<meta http-equiv=\"Refresh\" content=\"{content}\">");
            assert_eq!(view(&html).refresh.as_deref(), url, "{content}");
        }
        assert_eq!(view("<!-- <meta http-equiv=refresh content='0;url=x'> -->").refresh, None);
        assert_eq!(view("<noscript><meta http-equiv=refresh content='0;url=x'></noscript>").refresh, None);
        assert_eq!(view("<base href='/a/'>").base.as_deref(), Some("/a/"));
    }
}
