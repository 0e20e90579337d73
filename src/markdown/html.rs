//! What an author wrote as HTML in a page: the names that links may lead to, and links of its own.

use std::cell::{Cell, RefCell};

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use pulldown_cmark::Event;

use super::Document;
use crate::text::ByteRange;

/// What the HTML of a page has that links are about.
#[derive(Debug, Default)]
pub struct HtmlLinks {
    /// The values of `id`, and of `name` of `a`: fragments that lead into the page.
    pub anchors: Vec<String>,
    /// Where `href` of `a` and `src` of `img` lead, each with the bytes of the HTML that it stands in.
    pub links: Vec<(String, ByteRange)>,
}

impl HtmlLinks {
    /// Reads the HTML of a page.
    pub fn of(document: &Document<'_>) -> Self {
        let pieces = || {
            document.events.iter().filter_map(|(event, range)| match event {
                Event::Html(html) | Event::InlineHtml(html) => Some((html, range)),
                _ => None,
            })
        };
        if !pieces().any(|(html, _)| html.contains('=')) {
            return Self::default();
        }
        let tokenizer = Tokenizer::new(Scanner::default(), TokenizerOpts::default());
        // A tag may go on in the next piece.
        for (html, range) in pieces() {
            tokenizer.sink.piece.set((range.start, range.end));
            let input = BufferQueue::default();
            input.push_back(StrTendril::from(&**html));
            while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
        }
        tokenizer.end();
        tokenizer.sink.found.take()
    }
}

#[derive(Default)]
struct Scanner {
    piece: Cell<(usize, usize)>,
    found: RefCell<HtmlLinks>,
}

impl TokenSink for Scanner {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        self.add(&tag);
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Scanner {
    fn add(&self, tag: &Tag) {
        let value = |wanted: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted);
            found.map(|found| found.value.to_string())
        };
        let mut found = self.found.borrow_mut();
        let is_a = &*tag.name == "a";
        found.anchors.extend(value("id"));
        found.anchors.extend(value("name").filter(|_| is_a));
        let link = match &*tag.name {
            "a" => value("href"),
            "img" => value("src"),
            _ => None,
        };
        let (start, end) = self.piece.get();
        found.links.extend(link.map(|link| (link, start..end)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;
    use crate::text::Source;

    #[test]
    fn names_and_links_of_html_are_found() {
        let text = "<a id=\"one\"></a>\n\n# x <b id='two'>y</b>\n\n<p>\n<a name=three href=\"a.md\">\n<img\n\
                    src=\"b.png\"></a></p>\n\n<!-- <a id=\"four\"> -->\n\n`<a id=\"five\">`\n";
        let source = Source::new("p.md", text);
        let found = HtmlLinks::of(&Document::parse(&source, Extensions::default()));
        assert_eq!(found.anchors, ["one", "two", "three"]);
        let links: Vec<_> = found.links.iter().map(|(link, range)| (&**link, &text[range.clone()])).collect();
        assert_eq!(links[0], ("a.md", "<a name=three href=\"a.md\">\n"));
        assert_eq!(links[1].0, "b.png");
    }
}
