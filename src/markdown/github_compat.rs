//! What GitHub's parser makes of a page: comrak reads it too, and the blocks
//! that the two parsers understand differently are named.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::Document;
use crate::messages::{Message, markdown as messages};
use crate::text::ByteRange;

/// A block that looks different on GitHub than on the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// What the site sees and what GitHub sees.
    pub message: Message,
    /// The bytes of the block.
    pub range: ByteRange,
}

/// A block as a parser sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    /// A fence of so many lines.
    CodeBlock(usize),
    /// A heading of this level.
    Heading(u8),
}

impl Seen {
    fn message(self) -> Message {
        match self {
            Self::CodeBlock(lines) => messages::code_block(lines),
            Self::Heading(level) => messages::heading(level),
        }
    }
}

/// Compares the headings and fences of a page as both parsers see them.
pub fn github_disagreements(text: &str, document: &Document<'_>) -> Vec<Disagreement> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.alerts = true;
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options);

    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |offset: usize| starts.partition_point(|&start| start <= offset);

    let mut ours: Vec<(usize, Seen)> = Vec::new();
    for heading in &document.headings {
        ours.push((line_of(heading.range.start), Seen::Heading(heading.level)));
    }
    for fence in document.fences() {
        ours.push((line_of(fence.range.start), Seen::CodeBlock(fence.lines.len())));
    }
    let mut theirs: Vec<(usize, Seen)> = root.descendants().filter_map(block_of).collect();
    ours.sort();
    theirs.sort();

    let range_of = |line: usize| {
        let start = starts.get(line - 1).copied().unwrap_or(text.len());
        start..starts.get(line).map_or(text.len(), |next| next - 1).max(start)
    };
    let mut found: Vec<(usize, Message)> = Vec::new();
    for (line, what) in ours.iter().filter(|block| !theirs.contains(block)) {
        found.push((*line, messages::only_on_site(what.message())));
    }
    for (line, what) in theirs.iter().filter(|block| !ours.contains(block)) {
        found.push((*line, messages::only_on_github(what.message())));
    }
    found.sort_by(|a, b| (a.0, a.1.english()).cmp(&(b.0, b.1.english())));
    found.into_iter().map(|(line, message)| Disagreement { message, range: range_of(line) }).collect()
}

fn block_of<'a>(node: &'a AstNode<'a>) -> Option<(usize, Seen)> {
    let data = node.data.borrow();
    let what = match &data.value {
        NodeValue::Heading(heading) => Seen::Heading(heading.level),
        NodeValue::CodeBlock(code) if code.fenced => Seen::CodeBlock(code.literal.lines().count()),
        _ => return None,
    };
    Some((data.sourcepos.start.line, what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;
    use crate::text::Source;

    #[test]
    fn a_page_that_both_understand_alike_has_no_findings() {
        let source =
            Source::new("p.md", "# 하나\n\n- a\n\n  ```sh\n  echo\n  ```\n\n> ## b\n\n```\nx\n\ny\n```\n");
        assert_eq!(github_disagreements(&source.text, &Document::parse(&source, Extensions::default())), []);
    }

    #[test]
    fn a_heading_with_an_attribute_is_named() {
        // The same level and line, so only a definition list or a swallowed block differs.
        let source = Source::new("p.md", "word\n: definition\n\n  ```sh\n  echo\n  ```\n");
        let document = Document::parse(&source, Extensions::default());
        let findings = github_disagreements(&source.text, &document);
        for finding in &findings {
            assert!(finding.range.end <= source.text.len());
        }
    }
}
