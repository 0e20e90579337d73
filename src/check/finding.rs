//! A finding: its rule, its place, and what would fix it.

use crate::text::{ByteRange, Problem};

/// What a finding is about; its name is what reports have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A link to a page or file that is not there.
    Link,
    /// A link to a heading that is not there.
    Anchor,
    /// A page that `SUMMARY.md` does not name.
    Unlisted,
    /// An include that cannot be resolved, and what else loading the book warned of.
    Load,
    /// A fence or a directive that haechi cannot read.
    Snippet,
    /// A diagram that cannot be drawn.
    Diagram,
    /// A block that GitHub shows differently.
    Github,
    /// A sentence that the book's own rules object to.
    Prose,
    /// A link to another site that does not answer as it should.
    External,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 9] = [
        Self::Link,
        Self::Anchor,
        Self::Unlisted,
        Self::Load,
        Self::Snippet,
        Self::Diagram,
        Self::Github,
        Self::Prose,
        Self::External,
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Anchor => "anchor",
            Self::Unlisted => "unlisted",
            Self::Load => "load",
            Self::Snippet => "snippet",
            Self::Diagram => "diagram",
            Self::Github => "github",
            Self::Prose => "prose",
            Self::External => "external",
        }
    }

    /// What it is about, in one sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Link => "A link leads to a page or a file that is not there",
            Self::Anchor => "A link leads to a heading that is not there",
            Self::Unlisted => "A Markdown file is in no line of SUMMARY.md",
            Self::Load => "An include cannot be resolved",
            Self::Snippet => "A fence or a directive cannot be read",
            Self::Diagram => "A diagram cannot be drawn",
            Self::Github => "GitHub shows a block differently than the site",
            Self::Prose => "A sentence breaks a rule of the book",
            Self::External => "A link to another site is broken",
        }
    }
}

/// Something that a reader would stumble on.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What it is about.
    pub rule: Rule,
    /// What is wrong, where, and what to do.
    pub problem: Problem,
    /// What would fix it for certain.
    pub fix: Option<Fix>,
}

/// A replacement of bytes of a page's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The number of the page in the book.
    pub page: usize,
    /// The bytes of its text that go.
    pub range: ByteRange,
    /// What comes in their place.
    pub text: String,
}

impl Finding {
    /// A finding that nothing fixes by itself.
    pub(super) fn new(rule: Rule, problem: Problem) -> Self {
        Self { rule, problem, fix: None }
    }
}
