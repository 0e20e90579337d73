//! A command of the page and what it printed for the reader, in each way in which the two can be read.

use super::answer::{Conflict, Outcome, RowKind, StepAnswer};
use super::errors::{KnownError, known_error};
use super::lines::is_blank;
use super::marks::Sides;
use super::page::PageStep;
use super::split::Part;
use crate::matching::{
    Actual, Aligned, Bindings, Comparison, Elisions, End, Example, Note, Order, Rules, Supplied, agrees,
    compare_aligned, without_download,
};

/// What a screen is compared by.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) elisions: &'a Elisions,
    pub(super) errors: &'a [KnownError],
    /// What the page supplies up to the command.
    pub(super) supplied: &'a Supplied,
    /// What the commands of the block printed so far, if the page may show all of it.
    pub(super) all: Option<&'a [String]>,
}

/// One way to read both sides.
struct Reading<'a> {
    page: Vec<&'a str>,
    screen: Vec<String>,
    download: bool,
}

/// Says what the screen of a command means, and binds its examples.
pub(super) fn step_answer(
    step: &PageStep,
    part: &Part,
    context: Context<'_>,
    bindings: &mut Bindings,
) -> StepAnswer {
    let mut answer = blank_answer(step, Outcome::Unshown);
    let output = printed(step, part);
    let Some(expected) = &step.expected else {
        answer.rows = output.iter().map(|line| beyond(line, RowKind::Elided)).collect();
        answer.errors = errors_of(context.errors, output.iter().map(String::as_str));
        return answer;
    };
    let own_words;
    let words = match &part.words {
        Some(words) => words,
        None => {
            own_words = bindings.rewrite(&step.text).words;
            &own_words
        }
    };
    bindings.bind_typed(words, step.line);
    let rules = rules(step, words, context);
    let readings = readings(step, expected, &output, part.prompt.as_deref(), context);
    let true_one = readings.iter().find(|reading| agrees(&reading.page, &reading.screen, rules, bindings));
    let reading = true_one.unwrap_or_else(|| closest(&readings, step.line, rules, bindings));
    let aligned = compare_aligned(&reading.page, step.line, &reading.screen, rules, bindings);
    answer.download = reading.download;
    answer.fill(reading, &aligned, words);
    if answer.outcome == Outcome::Wrong {
        let wrong = answer.rows.iter().filter(|row| matches!(row.kind, RowKind::Changed | RowKind::Extra));
        let lines: Vec<String> =
            wrong.flat_map(|row| &row.screen).map(|line| line.iter().map(text_of).collect()).collect();
        answer.errors = errors_of(context.errors, lines.iter().map(String::as_str));
        // What the page itself shows of a command is no error there.
        let shown = errors_of(context.errors, expected.iter().map(String::as_str));
        answer.errors.retain(|error| !shown.contains(error));
    }
    answer
}

/// The answer for a command that was not pasted.
pub(super) fn blank_answer(step: &PageStep, outcome: Outcome) -> StepAnswer {
    StepAnswer {
        command: step.text.clone(),
        outcome,
        values: Vec::new(),
        download: false,
        order: None,
        second: None,
        conflict: None,
        rows: Vec::new(),
        errors: Vec::new(),
    }
}

/// What the command printed; the reader's own Ctrl-C is no output.
fn printed(step: &PageStep, part: &Part) -> Vec<String> {
    let mut output = part.output.clone();
    while output.last().is_some_and(|line| is_blank(line) || (step.follows && line.trim() == "^C")) {
        output.pop();
    }
    output
}

fn rules<'a>(step: &PageStep, words: &'a [(Example, Actual)], context: Context<'a>) -> Rules<'a> {
    Rules {
        order: if step.unordered { Order::Any } else { Order::Listed },
        end: if step.follows { End::Open } else { End::Closed },
        words,
        ..Rules::new(context.elisions, context.supplied)
    }
}

/// The ways to read both sides, as the verifier tries them; what is shown of a screen that is wrong is
/// the one that agrees most, and of these the first.
fn readings<'a>(
    step: &PageStep,
    expected: &'a [String],
    output: &[String],
    prompt: Option<&str>,
    context: Context<'_>,
) -> Vec<Reading<'a>> {
    let page: Vec<&str> = expected.iter().map(String::as_str).collect();
    let last = page.iter().rposition(|line| !is_blank(line)).unwrap_or(0);
    let pages = [Some(page.clone()), step.exit.then(|| page[..last].to_vec())];
    let with_prompt = |prompt: &str| {
        let mut screen = output.to_vec();
        screen.push(prompt.trim_end().to_owned());
        screen
    };
    let mut readings = Vec::new();
    // The exit code of the last line is on no screen, so the page without it is what is shown.
    for page in pages.into_iter().flatten().rev() {
        let screens = [Some(output.to_vec()), prompt.map(with_prompt), context.all.map(<[String]>::to_vec)];
        for screen in screens.into_iter().flatten() {
            readings.push(Reading { page: page.clone(), screen, download: false });
        }
        if let Some(screen) = without_download(output) {
            readings.push(Reading { page: page.clone(), screen, download: true });
        } else if let Some(kept) = page_without_download(&page, context.elisions) {
            readings.push(Reading { page: kept, screen: output.to_vec(), download: true });
        }
    }
    readings
}

/// The expected lines without the engine's lines about a download: the reader has the image already.
fn page_without_download<'a>(page: &[&'a str], elisions: &Elisions) -> Option<Vec<&'a str>> {
    // What is left out among these lines is of the same kind.
    const LAYER: &str = "000000000000: Pull complete";
    let text = |line: &&str| if elisions.is(line) { LAYER } else { line.trim_end() }.to_owned();
    let owned: Vec<String> = page.iter().map(text).collect();
    let kept = without_download(&owned)?;
    // What is taken out is one run of lines.
    let head = owned.iter().zip(&kept).take_while(|(line, kept)| line == kept).count();
    let tail = page.len() - (kept.len() - head);
    Some(page[..head].iter().chain(&page[tail..]).copied().collect())
}

/// The reading of which most lines agree.
fn closest<'r, 'a>(
    readings: &'r [Reading<'a>],
    line: usize,
    rules: Rules<'_>,
    bindings: &Bindings,
) -> &'r Reading<'a> {
    let agreement = |reading: &&Reading<'_>| {
        let rows = compare_aligned(&reading.page, line, &reading.screen, rules, &mut bindings.clone()).rows;
        let agreed = rows.iter().filter(|row| matches!(row, crate::matching::Row::Same { .. })).count();
        (agreed, std::cmp::Reverse(rows.len()))
    };
    readings.iter().rev().max_by_key(agreement).expect("there is always a reading")
}

impl StepAnswer {
    fn fill(&mut self, reading: &Reading<'_>, aligned: &Aligned<'_>, words: &[(Example, Actual)]) {
        let conflict = match &aligned.comparison {
            Comparison::Match(_) => None,
            Comparison::Mismatch(difference) => difference.conflict.clone(),
        };
        let sides = Sides {
            page: &reading.page,
            page_tokens: &aligned.expected,
            screen: &reading.screen,
            screen_tokens: &aligned.screen,
            words,
            conflict: conflict.as_ref().map(|conflict| (conflict.example.as_str(), conflict.found.as_str())),
        };
        self.rows = aligned.rows.iter().map(|row| sides.row(row, &mut self.values)).collect();
        // A command that goes on prints more than the page shows.
        let shown = aligned.rows.iter().map(end_of).max().unwrap_or(0);
        let more = (shown..reading.screen.len()).filter(|&at| !is_blank(&reading.screen[at]));
        let is_closed = matches!(aligned.comparison, Comparison::Mismatch(_));
        self.rows.extend(more.filter(|_| !is_closed).map(|at| sides.beyond(at, RowKind::Elided)));
        self.outcome = match &aligned.comparison {
            Comparison::Mismatch(_) => Outcome::Wrong,
            Comparison::Match(notes) => self.note(notes),
        };
        self.conflict = conflict.map(|conflict| Conflict {
            example: conflict.example,
            before: conflict.bound,
            now: conflict.found,
        });
    }

    /// Takes over what has drifted; says what came of a screen that agrees.
    fn note(&mut self, notes: &[Note]) -> Outcome {
        for note in notes {
            match note {
                Note::Version { .. } => {}
                Note::Order { actual, .. } => self.order = Some(actual.clone()),
                Note::SecondExample { example, first, .. } => {
                    self.second = Some((first.clone(), example.clone()));
                }
            }
        }
        if notes.iter().any(|note| matches!(note, Note::Version { .. })) {
            Outcome::Version
        } else if self.values.is_empty() && self.rows.iter().all(|row| row.kind != RowKind::Example) {
            Outcome::Same
        } else {
            Outcome::Example
        }
    }
}

fn end_of(row: &crate::matching::Row) -> usize {
    use crate::matching::Row::{Changed, Elided, Extra, Missing, Same};
    match row {
        Same { actual, .. } | Changed { actual, .. } | Extra { actual } => actual + 1,
        Elided { actual, .. } => actual.end,
        Missing { .. } => 0,
    }
}

/// A line of the screen of which the page says nothing.
fn beyond(line: &str, kind: RowKind) -> super::answer::Row {
    let span = super::answer::Span::Plain(line.to_owned());
    super::answer::Row { kind, page: Vec::new(), screen: vec![vec![span]] }
}

fn text_of(span: &super::answer::Span) -> &str {
    match span {
        super::answer::Span::Plain(text) | super::answer::Span::Marked(text, _) => text,
    }
}

/// The errors among these lines that the book explains, each once.
fn errors_of<'a>(errors: &[KnownError], lines: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut found = Vec::new();
    for error in lines.filter_map(|line| known_error(errors, line)) {
        if !found.contains(&error) {
            found.push(error);
        }
    }
    found
}
