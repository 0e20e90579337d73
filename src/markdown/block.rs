//! The blocks among the events of a page: fences, indented code and directives.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::comment::{Comment, comments, unclosed};
use super::directive::Directive;
use super::fence::{Fence, Line};
use crate::text::{ByteRange, Problem, Source};

/// Something in a page that the verifier may act on.
#[derive(Debug, Clone)]
pub enum Block {
    /// A fenced code block.
    Fence(Fence),
    /// A code block that is set off by four blanks: it has no language and no attributes.
    Indented(Fence),
    /// An HTML comment that speaks to haechi.
    Directive(Directive),
}

impl Block {
    /// The bytes of the block in its page.
    pub fn range(&self) -> ByteRange {
        match self {
            Self::Fence(fence) | Self::Indented(fence) => fence.range.clone(),
            Self::Directive(directive) => directive.range.clone(),
        }
    }
}

/// The blocks among a page's events, and what is wrong with them.
pub(super) fn read_blocks(source: &Source, events: &[(Event<'_>, ByteRange)]) -> (Vec<Block>, Vec<Problem>) {
    let mut reader = BlockReader { source, blocks: Vec::new(), problems: Vec::new(), quotes: 0, items: 0 };
    let mut at = 0;
    while at < events.len() {
        at += reader.read(&events[at..]);
    }
    (reader.blocks, reader.problems)
}

/// Finds the blocks among the events, and what is wrong with them.
struct BlockReader<'s> {
    source: &'s Source,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
    /// How many quotes and list items are open.
    quotes: usize,
    items: usize,
}

impl BlockReader<'_> {
    /// Reads the first event and those that belong to it; says how many these are.
    fn read(&mut self, events: &[(Event<'_>, ByteRange)]) -> usize {
        let (event, range) = &events[0];
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let body = run_of(&events[1..], |event| matches!(event, Event::Text(_)));
                match kind {
                    CodeBlockKind::Fenced(info) => self.fence(info, range, lines(body)),
                    CodeBlockKind::Indented => self.indented(range, lines(body)),
                }
                return 1 + body.len();
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                let is_html = |event: &Event<'_>| matches!(event, Event::Html(_) | Event::InlineHtml(_));
                let run = run_of(events, is_html);
                comments(&self.source.text, run).into_iter().for_each(|comment| self.comment(comment));
                return run.len();
            }
            Event::Text(_) => self.text(range),
            Event::Start(Tag::BlockQuote(_)) => self.quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => self.quotes -= 1,
            Event::Start(Tag::Item) => self.items += 1,
            Event::End(TagEnd::Item) => self.items -= 1,
            _ => {}
        }
        1
    }

    fn fence(&mut self, info: &str, range: &ByteRange, lines: Vec<Line>) {
        match Fence::new(info, range.clone(), lines) {
            Ok(fence) => self.blocks.push(Block::Fence(fence)),
            Err(message) => {
                let end = self.source.text[range.clone()].find('\n').unwrap_or(range.len());
                let place = range.start..range.start + end;
                self.problems.push(Problem::new(message).at(self.source, place));
            }
        }
    }

    fn indented(&mut self, range: &ByteRange, lines: Vec<Line>) {
        self.blocks.extend(Fence::new("", range.clone(), lines).map(Block::Indented));
    }

    fn comment(&mut self, comment: Comment) {
        if !comment.ends {
            self.problems.extend(unclosed(self.source, &comment.text, comment.range));
            return;
        }
        let text = if comment.has_marks { self.strip_marks(&comment.text) } else { comment.text };
        match Directive::parse(&text, comment.range.clone()) {
            Ok(Some(directive)) => self.blocks.push(Block::Directive(directive)),
            Ok(None) => {}
            Err(message) => self.problems.push(Problem::new(message).at(self.source, comment.range)),
        }
    }

    /// A comment inside a paragraph without the marks of the quotes and lists around it.
    fn strip_marks(&self, text: &str) -> String {
        let mut lines: Vec<&str> = text.split('\n').collect();
        for line in lines.iter_mut().skip(1) {
            for _ in 0..self.quotes {
                let Some(rest) = line.trim_start_matches(' ').strip_prefix('>') else { break };
                *line = rest.strip_prefix(' ').unwrap_or(rest);
            }
        }
        if self.items > 0 {
            let indentation = |line: &&str| line.len() - line.trim_start_matches(' ').len();
            let common = lines.iter().skip(1).filter(|line| !line.is_empty()).map(indentation).min();
            for line in lines.iter_mut().skip(1) {
                *line = line.get(common.unwrap_or(0)..).unwrap_or_default();
            }
        }
        lines.join("\n")
    }

    /// A comment that does not end is text, which a reader sees.
    fn text(&mut self, range: &ByteRange) {
        let page = &self.source.text;
        let Some(open) = page[range.clone()].find('<').map(|at| range.start + at) else { return };
        if !page[..open].ends_with('\\') {
            let line = page[open..].lines().next().unwrap_or_default();
            self.problems.extend(unclosed(self.source, line, open..open + line.len()));
        }
    }
}

/// The first events for which this is true.
fn run_of<'e, 'a>(
    events: &'e [(Event<'a>, ByteRange)],
    is: impl Fn(&Event<'_>) -> bool,
) -> &'e [(Event<'a>, ByteRange)] {
    &events[..events.iter().position(|(event, _)| !is(event)).unwrap_or(events.len())]
}

/// The lines of a code block, each with the bytes that it has in the page.
fn lines(events: &[(Event<'_>, ByteRange)]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<Line> = None;
    for (event, range) in events {
        let Event::Text(text) = event else { continue };
        let mut start = range.start;
        for piece in text.split_inclusive('\n') {
            let end = start + piece.len();
            let kept = piece.trim_end_matches('\n');
            let line = open.get_or_insert_with(|| Line { text: String::new(), range: start..start });
            line.text.push_str(kept);
            if !kept.is_empty() {
                line.range.end = start + kept.len();
            }
            if piece.ends_with('\n') {
                lines.extend(open.take());
            }
            start = end;
        }
    }
    lines.extend(open);
    for line in lines.iter_mut().filter(|line| line.text.ends_with('\r')) {
        line.text.pop();
        line.range.end -= 1;
    }
    lines
}
