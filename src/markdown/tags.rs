//! The tags of what an author wrote as HTML in a page.

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

/// Looks at each start tag as a browser would read it, with the bytes of the HTML that it ends in. Comments
/// and what stands in elements whose content is not markup have none.
pub(crate) fn each_tag(document: &Document<'_>, look: impl FnMut(&Tag, ByteRange)) {
    let pieces = || {
        document.events.iter().filter_map(|(event, range)| match event {
            Event::Html(html) | Event::InlineHtml(html) => Some((html, range)),
            _ => None,
        })
    };
    if pieces().next().is_none() {
        return;
    }
    let sink = Looker { piece: Cell::default(), look: RefCell::new(look) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    // A tag may go on in the next piece.
    for (html, range) in pieces() {
        tokenizer.sink.piece.set((range.start, range.end));
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(&**html));
        while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    }
    tokenizer.end();
}

struct Looker<F> {
    piece: Cell<(usize, usize)>,
    look: RefCell<F>,
}

impl<F: FnMut(&Tag, ByteRange)> TokenSink for Looker<F> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        let (start, end) = self.piece.get();
        (self.look.borrow_mut())(&tag, start..end);
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }
}
