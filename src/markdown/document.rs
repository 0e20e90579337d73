//! The parsed page.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Directive, Fence, Heading, Line, Request, heading};
use crate::text::{ByteRange, Problem, Source};

/// A page after its one parse.
#[derive(Debug)]
pub struct Document<'a> {
    /// The events of the parser with their byte ranges, for rendering.
    pub events: Vec<(Event<'a>, ByteRange)>,
    /// The headings in order.
    pub headings: Vec<Heading>,
    /// The anchors of the terms of definition lists, in order.
    pub terms: Vec<String>,
    /// The code blocks and directives in order: what the verifier reads.
    pub blocks: Vec<Block>,
    /// What is wrong with fences and directives.
    pub problems: Vec<Problem>,
}

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
        let mut reader =
            BlockReader { source, blocks: Vec::new(), problems: Vec::new(), quotes: 0, items: 0 };
        let mut at = 0;
        while at < events.len() {
            at += reader.read(&events[at..]);
        }
        let BlockReader { blocks, mut problems, .. } = reader;
        problems.extend(misplaced(source, &blocks));
        problems.extend(tabs_left_open(source, &blocks));
        let (headings, terms) = heading::collect(&events);
        Self { events, headings, terms, blocks, problems }
    }

    /// The fences in order.
    pub fn fences(&self) -> impl Iterator<Item = &Fence> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Fence(fence) => Some(fence),
            Block::Indented(_) | Block::Directive(_) => None,
        })
    }

    /// The directives in order.
    pub fn directives(&self) -> impl Iterator<Item = &Directive> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Directive(directive) => Some(directive),
            Block::Fence(_) | Block::Indented(_) => None,
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

/// An HTML comment.
struct Comment {
    text: String,
    /// Its bytes in the page.
    range: ByteRange,
    ends: bool,
    /// Whether the marks still stand in the text: the parser takes them out of blocks only.
    has_marks: bool,
}

/// The HTML comments in a run of HTML.
fn comments(page: &str, run: &[(Event<'_>, ByteRange)]) -> Vec<Comment> {
    let mut text = String::new();
    // Where each piece begins in the text, and which bytes it has in the page.
    let mut pieces: Vec<(usize, &ByteRange)> = Vec::new();
    for (event, range) in run {
        if let Event::Html(piece) | Event::InlineHtml(piece) = event {
            pieces.push((text.len(), range));
            text.push_str(piece);
        }
    }
    // The place in the page, where the piece is as the page has it, and the bytes of the piece.
    let place = |at: usize| {
        let piece = pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (start, range) = pieces[piece];
        let next = pieces.get(piece + 1).map_or(text.len(), |(next, _)| *next);
        let own = page.get(range.clone()).filter(|own| *own == &text[start..next]);
        (own.map(|_| range.start + at - start), range)
    };
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(open) = text[start..].find("<!--").map(|at| start + at) {
        let close = text[open..].find("-->").map(|at| open + at + 3);
        let end = close.unwrap_or(text.trim_end().len());
        let (first, last) = (place(open), place(end - 1));
        let range = first.0.unwrap_or(first.1.start)..last.0.map_or(last.1.end, |at| at + 1);
        let text = text[open..end].replace("\r\n", "\n");
        let has_marks = matches!(run[0].0, Event::InlineHtml(_));
        found.push(Comment { text, range, ends: close.is_some(), has_marks });
        start = end;
    }
    found
}

/// What is wrong with a comment that does not end, if it seems meant for haechi.
fn unclosed(source: &Source, comment: &str, range: ByteRange) -> Option<Problem> {
    let body = comment.strip_prefix("<!--")?.trim_start();
    if !body.starts_with("haechi:") && super::directive::near_miss(body).is_none() {
        return None;
    }
    let line = source.text[range.clone()].find('\n').unwrap_or(range.len());
    let range = range.start..range.start + line;
    Some(Problem::new("this directive is not closed").help("close it with `-->`").at(source, range))
}

/// Directives that have no effect where they stand.
fn misplaced(source: &Source, blocks: &[Block]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let has_command = blocks.iter().any(|block| match block {
        Block::Fence(fence) | Block::Indented(fence) => fence.may_run(),
        Block::Directive(directive) => matches!(directive.request, Request::Run(_)),
    });
    // What is only for the site and for prose does not run.
    let is_step = |block: &Block| match block {
        Block::Fence(_) | Block::Indented(_) => true,
        Block::Directive(directive) => {
            !matches!(directive.request, Request::Tabs | Request::EndTabs | Request::Allow(_))
        }
    };
    for (at, block) in blocks.iter().enumerate() {
        let Block::Directive(directive) = block else { continue };
        let problem = match &directive.request {
            Request::Continues(_) if blocks[..at].iter().any(is_step) => {
                Problem::new("`continues` must come before every block and every other directive")
                    .help("write it once, at the top of the page")
            }
            Request::Secret(_) if !has_command => {
                Problem::new("no command of this page can ask for this secret")
            }
            _ => continue,
        };
        problems.push(problem.at(source, directive.range.clone()));
    }
    problems
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

    fn requests(text: &str) -> (Vec<Request>, Vec<String>) {
        let source = Source::new("page.md", text);
        let document = Document::parse(&source, Extensions::default());
        let requests = document.directives().map(|directive| directive.request.clone()).collect();
        (requests, document.problems.iter().map(|problem| problem.message.clone()).collect())
    }

    #[test]
    fn the_marks_of_a_quote_or_a_list_are_no_part_of_a_directive() {
        let wanted = Request::Run("cat <<E\n  a\nE".into());
        for text in [
            "<!-- haechi: run cat <<E\n  a\nE\n-->\n",
            "> <!-- haechi: run cat <<E\n>   a\n> E\n> -->\n",
            "> > <!-- haechi: run cat <<E\n> >   a\n> > E\n> > -->\n",
            "- x\n\n  <!-- haechi: run cat <<E\n    a\n  E\n  -->\n",
            "1. x\n\n   > <!-- haechi: run cat <<E\n   >   a\n   > E\n   > -->\n",
            "<!-- haechi: run cat <<E\r\n  a\r\nE\r\n-->\r\n",
        ] {
            assert_eq!(requests(text), (vec![wanted.clone()], Vec::new()), "{text:?}");
        }
        for (text, command) in [
            ("a <!-- haechi: run echo 1\n  echo 2 --> b\n", "echo 1\n  echo 2"),
            ("> a <!-- haechi: run echo 1\n>   echo 2 --> b\n", "echo 1\n  echo 2"),
            ("> - a <!-- haechi: run echo 1\n>   echo 2 --> b\n", "echo 1\necho 2"),
        ] {
            assert_eq!(requests(text), (vec![Request::Run(command.into())], Vec::new()), "{text:?}");
        }
    }

    #[test]
    fn a_directive_has_the_bytes_that_it_has_in_the_page() {
        let text = "> a\n>\n> <div>\n> <!-- haechi: run echo\n> -->\n> </div>\n";
        let source = Source::new("page.md", text);
        let document = Document::parse(&source, Extensions::default());
        let range = document.directives().next().unwrap().range.clone();
        assert_eq!(&text[range], "<!-- haechi: run echo\n> -->");
    }

    #[test]
    fn a_directive_that_cannot_work_where_it_stands_is_a_problem() {
        for (text, said) in [
            ("# A\n\n<!-- haechi: run echo\n\nmore\n", "is not closed"),
            ("a <!-- haechi: run echo\n\nmore\n", "is not closed"),
            ("- a <!-- Haechi run echo\n", "is not closed"),
            ("```sh\nls\n```\n\n<!-- haechi: continues a.md -->\n", "must come before"),
            ("<!-- haechi: run ls -->\n\n<!-- haechi: continues a.md -->\n", "must come before"),
            ("<!-- haechi: continues a.md -->\n\n<!-- haechi: continues b.md -->\n", "must come before"),
            ("# A\n\n<!-- haechi: secret pw -->\n", "no command"),
            ("```yaml\na: 1\n```\n<!-- haechi: secret pw -->\n", "no command"),
        ] {
            let (_, problems) = requests(text);
            assert!(problems.iter().any(|problem| problem.contains(said)), "{text:?}: {problems:?}");
        }
    }

    #[test]
    fn what_only_shows_a_directive_is_text() {
        for text in [
            "`<!-- haechi: run echo`\n",
            "```html\n<!-- haechi: run echo\n```\n",
            "    <!-- haechi: run echo -->\n",
            "\\<!-- haechi: run echo\n",
            "a <!-- note\n",
        ] {
            assert_eq!(requests(text), (Vec::new(), Vec::new()), "{text:?}");
        }
    }

    #[test]
    fn a_secret_may_stand_before_or_behind_its_command() {
        for text in [
            "<!-- haechi: secret pw -->\n```sh\nsudo ls\n```\n",
            "```\nsudo ls\n```\n<!-- haechi: secret pw -->\n",
            "<!-- haechi: run sudo ls -->\n<!-- haechi: secret pw -->\n",
        ] {
            assert_eq!(requests(text).1, Vec::<String>::new(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_on_a_page_is_read_with_its_place(
            pieces in proptest::collection::vec(proptest::sample::select(&[
                "<!-- ", "haechi: ", "heachi ", "Haechi：", "run ", "secret 가", " -->", "-->", "<!-->", "\n", "\n\n",
                "\r\n", "> ", "- ", "1. ", "    ", "\t", "```", "sh ", "{exit=1", "}", "skip=\"", "\"", "'", "<div>",
                "</div>", "<", "\\", "가", "\u{fffd}", "\0", "&amp;", "| a |", "# ", "`", "*", "[x](y)",
            ][..]), 0..40)
        ) {
            let source = Source::new("page.md", pieces.concat());
            let document = Document::parse(&source, Extensions::default());
            for block in &document.blocks {
                proptest::prop_assert!(source.text.get(block.range()).is_some());
            }
            for problem in &document.problems {
                let place = problem.place.as_ref().map(|(_, range)| range.clone());
                proptest::prop_assert!(place.is_some_and(|range| source.text.get(range).is_some()));
            }
        }
    }
}
