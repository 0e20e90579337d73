//! The parsed page.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::{Directive, Fence, Heading, Line, Request, heading};
use crate::diagnostic::{ByteRange, Problem, Source};

/// A page after its one parse.
#[derive(Debug)]
pub struct Document<'a> {
    /// The events of the parser with their byte ranges, for rendering.
    pub events: Vec<(Event<'a>, ByteRange)>,
    /// The headings in order.
    pub headings: Vec<Heading>,
    /// The anchors of the terms of definition lists, in order.
    pub terms: Vec<String>,
    /// The fenced blocks and directives in order: what the verifier reads.
    pub blocks: Vec<Block>,
    /// What is wrong with fences and directives.
    pub problems: Vec<Problem>,
}

/// Something in a page that the verifier may act on.
#[derive(Debug, Clone)]
pub enum Block {
    /// A fenced code block.
    Fence(Fence),
    /// An HTML comment that speaks to haechi.
    Directive(Directive),
}

impl Block {
    /// The bytes of the block in its page.
    pub fn range(&self) -> ByteRange {
        match self {
            Self::Fence(fence) => fence.range.clone(),
            Self::Directive(directive) => directive.range.clone(),
        }
    }
}

/// The extensions that a book can turn on and off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extensions {
    /// `"quotes"`, `--` and `...` as a typesetter has them.
    pub smart_punctuation: bool,
    /// A term, and its meaning after `: ` on the next line.
    pub definition_lists: bool,
    /// GitHub's alerts, `> [!NOTE]`.
    pub admonitions: bool,
}

impl Default for Extensions {
    fn default() -> Self {
        Self { smart_punctuation: true, definition_lists: true, admonitions: true }
    }
}

impl Extensions {
    fn options(self) -> Options {
        let always = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES;
        [
            (self.smart_punctuation, Options::ENABLE_SMART_PUNCTUATION),
            (self.definition_lists, Options::ENABLE_DEFINITION_LIST),
            (self.admonitions, Options::ENABLE_GFM),
        ]
        .into_iter()
        .filter(|(on, _)| *on)
        .fold(always, |options, (_, option)| options | option)
    }
}

impl<'a> Document<'a> {
    /// Parses a page. Never fails: what is wrong with fences and directives is in `problems`.
    pub fn parse(source: &'a Source, extensions: Extensions) -> Self {
        let events: Vec<_> = Parser::new_ext(&source.text, extensions.options()).into_offset_iter().collect();
        let mut blocks = Vec::new();
        let mut problems = Vec::new();
        let mut at = 0;
        while at < events.len() {
            let (event, range) = &events[at];
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let body = run_of(&events[at + 1..], |event| matches!(event, Event::Text(_)));
                    let lines = lines(body);
                    match Fence::new(info, range.clone(), lines) {
                        Ok(fence) => blocks.push(Block::Fence(fence)),
                        Err(message) => {
                            let end = source.text[range.clone()].find('\n').unwrap_or(range.len());
                            problems.push(Problem::new(message).at(source, range.start..range.start + end));
                        }
                    }
                    at += body.len();
                }
                Event::Html(_) | Event::InlineHtml(_) => {
                    let run =
                        run_of(&events[at..], |event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
                    let end = run.last().map_or(range.end, |(_, last)| last.end);
                    for comment in comments(&source.text, range.start..end) {
                        match Directive::parse(&source.text, comment.clone()) {
                            Ok(Some(directive)) => blocks.push(Block::Directive(directive)),
                            Ok(None) => {}
                            Err(message) => problems.push(Problem::new(message).at(source, comment)),
                        }
                    }
                    at += run.len() - 1;
                }
                _ => {}
            }
            at += 1;
        }
        problems.extend(tabs_left_open(source, &blocks));
        let (headings, terms) = heading::collect(&events);
        Self { events, headings, terms, blocks, problems }
    }

    /// The fences in order.
    pub fn fences(&self) -> impl Iterator<Item = &Fence> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Fence(fence) => Some(fence),
            Block::Directive(_) => None,
        })
    }

    /// The directives in order.
    pub fn directives(&self) -> impl Iterator<Item = &Directive> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Directive(directive) => Some(directive),
            Block::Fence(_) => None,
        })
    }

    /// The text of the first heading of level one.
    pub fn title(&self) -> Option<&str> {
        self.headings.iter().find(|heading| heading.level == 1).map(|heading| heading.text.as_str())
    }

    /// The fragments that lead into the page.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        let headings = self.headings.iter().map(|heading| heading.anchor.as_str());
        headings.chain(self.terms.iter().map(String::as_str))
    }

    /// The destinations of links and images with their ranges.
    pub fn links(&self) -> impl Iterator<Item = (&str, &ByteRange)> {
        self.events.iter().filter_map(|(event, range)| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Some((&**dest_url, range))
            }
            _ => None,
        })
    }
}

/// Groups of tabs that do not end, or end what has not begun.
fn tabs_left_open(source: &Source, blocks: &[Block]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut open: Option<ByteRange> = None;
    for block in blocks {
        let Block::Directive(directive) = block else { continue };
        match (&directive.request, &open) {
            (Request::Tabs, None) => open = Some(directive.range.clone()),
            (Request::Tabs, Some(_)) => problems.push(
                Problem::new("tabs stand inside tabs")
                    .help("end the ones before with <!-- haechi: end tabs -->")
                    .at(source, directive.range.clone()),
            ),
            (Request::EndTabs, Some(_)) => open = None,
            (Request::EndTabs, None) => {
                problems.push(Problem::new("no tabs are open here").at(source, directive.range.clone()));
            }
            _ => {}
        }
    }
    problems.extend(open.map(|range| {
        Problem::new("these tabs do not end")
            .help("write <!-- haechi: end tabs --> behind the last of them")
            .at(source, range)
    }));
    problems
}

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

/// The HTML comments in a range of the page.
fn comments(text: &str, range: ByteRange) -> Vec<ByteRange> {
    let mut found = Vec::new();
    let mut start = range.start;
    while let Some(open) = text[start..range.end].find("<!--") {
        let open = start + open;
        let Some(close) = text[open..range.end].find("-->") else { break };
        found.push(open..open + close + 3);
        start = open + close + 3;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fences(text: &str) -> Vec<Fence> {
        let source = Source::new("page.md", text);
        Document::parse(&source, Extensions::default()).fences().cloned().collect()
    }

    #[test]
    fn lines_keep_the_bytes_they_have_in_the_page() {
        for text in [
            "```sh\necho 가\necho b\n```\n",
            "- item\n\n  ```sh\n  echo 가\n  echo b\n  ```\n",
            "> ```sh\n> echo 가\n> echo b\n> ```\n",
            "```sh\r\necho 가\r\necho b\r\n```\r\n",
            "```sh\necho 가\necho b",
        ] {
            let found = fences(text);
            let lines: Vec<_> = found[0].lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(lines, ["echo 가", "echo b"], "{text:?}");
            for line in &found[0].lines {
                assert_eq!(&text[line.range.clone()], line.text, "{text:?}");
            }
        }
    }

    #[test]
    fn directives_are_found_in_blocks_and_in_lines() {
        let source = Source::new(
            "page.md",
            "a <!-- haechi: secret one --> b\n\n<!-- haechi: run\necho 1\n\necho 2\n-->\n\n<!-- other -->\n",
        );
        let document = Document::parse(&source, Extensions::default());
        assert_eq!(document.blocks.len(), 2);
        assert!(document.problems.is_empty());
    }
}
