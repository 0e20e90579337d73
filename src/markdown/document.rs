//! The parsed page.

use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag};

use super::block::{Block, read_blocks};
use super::directive::Directive;
use super::extensions::Extensions;
use super::fence::Fence;
use super::heading::{self, Heading};
use super::placement::{misplaced, tabs_left_open};
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
    /// The definitions of links (`[label]: address`), by label.
    definitions: Vec<(String, ByteRange)>,
    /// The code blocks and directives in order: what the verifier reads.
    pub blocks: Vec<Block>,
    /// What is wrong with fences and directives.
    pub problems: Vec<Problem>,
}

impl<'a> Document<'a> {
    /// Parses a page. Never fails: what is wrong with fences and directives is in `problems`.
    pub fn parse(source: &'a Source, extensions: Extensions) -> Self {
        let mut parser = Parser::new_ext(&source.text, extensions.options()).into_offset_iter();
        let events: Vec<_> = parser.by_ref().collect();
        let definitions = parser.reference_definitions().iter();
        let definitions =
            definitions.map(|(label, definition)| (folded(label), definition.span.clone())).collect();
        let (blocks, mut problems) = read_blocks(source, &events);
        problems.extend(misplaced(source, &blocks));
        problems.extend(tabs_left_open(source, &blocks));
        let (headings, terms) = heading::collect(&events);
        Self { events, headings, terms, definitions, blocks, problems }
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

    /// The links and pictures in order.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        self.events.iter().filter_map(|(event, range)| {
            let (Event::Start(Tag::Link { link_type, dest_url, id, .. })
            | Event::Start(Tag::Image { link_type, dest_url, id, .. })) = event
            else {
                return None;
            };
            let definition = is_defined(*link_type).then(|| self.definition(id)).flatten();
            Some(Link { url: dest_url, range: range.clone(), definition })
        })
    }

    fn definition(&self, label: &CowStr<'_>) -> Option<ByteRange> {
        let label = folded(label);
        self.definitions.iter().find(|(known, _)| *known == label).map(|(_, range)| range.clone())
    }
}

/// A link or a picture of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'d> {
    /// Where it leads.
    pub url: &'d str,
    /// Its bytes.
    pub range: ByteRange,
    /// The bytes of the definition that says where it leads, if another place than itself does.
    pub definition: Option<ByteRange>,
}

fn is_defined(link: LinkType) -> bool {
    matches!(link, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
}

/// A label as CommonMark compares them: without case, each run of blanks as one.
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Request;

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
        (requests, document.problems.iter().map(|problem| problem.message.english().to_owned()).collect())
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
