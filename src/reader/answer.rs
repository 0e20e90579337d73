//! What is answered: what the pasted screen means, line by line.

use serde::Serialize;

/// What a pasted screen means.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Answer {
    /// The commands of the snippet that were found in what was pasted; none where it is output alone.
    pub found: usize,
    /// How many lines belong to none of its commands.
    pub ignored: usize,
    /// Its commands, in order.
    pub steps: Vec<StepAnswer>,
}

/// What the screen of a command means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepAnswer {
    /// The command as the page has it.
    pub command: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The values that differ without being wrong, each once.
    pub values: Vec<Value>,
    /// Whether only the page, or only the screen, has the engine's lines about a download.
    pub download: bool,
    /// Two sizes or durations of the page that are in another order on the screen.
    pub order: Option<(String, String)>,
    /// A value of the screen for which the page has two examples.
    pub second: Option<(String, String)>,
    /// An example that stood for another value before.
    pub conflict: Option<Conflict>,
    /// Both sides, line by line.
    pub rows: Vec<Row>,
    /// The errors of the screen that the book explains, by their index in the question.
    pub errors: Vec<usize>,
}

/// What came of comparing a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The screen is what the page says, letter by letter.
    Same,
    /// Only example values differ.
    Example,
    /// A version differs, and nothing is wrong.
    Version,
    /// The screen is not what the page says.
    Wrong,
    /// The page does not say what the command prints.
    Unshown,
    /// It is not in what was pasted.
    Missing,
}

/// A value of the page and the one on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Value(
    /// What it is.
    pub &'static str,
    /// The page's.
    pub String,
    /// The screen's.
    pub String,
);

/// An example that stood for one value before and would stand for another now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The example in the page.
    pub example: String,
    /// What it stood for.
    pub before: String,
    /// What stands there now.
    pub now: String,
}

/// Lines of the page beside the lines of the screen that stand for them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What the two are to each other.
    pub kind: RowKind,
    /// The lines of the page.
    pub page: Vec<Line>,
    /// The lines of the screen.
    pub screen: Vec<Line>,
}

/// What two sides of a row are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowKind {
    /// The same, letter by letter.
    Same,
    /// The same but for example values.
    Example,
    /// The same but for a version.
    Version,
    /// Not the same.
    Changed,
    /// The screen does not have it.
    Missing,
    /// The page does not have it.
    Extra,
    /// The page leaves it out.
    Elided,
}

/// A line in pieces.
pub type Line = Vec<Span>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Span {
    /// What is the same on both sides.
    Plain(String),
    /// What is not, and what it is: a kind of value, or `wrong`.
    Marked(String, &'static str),
}
