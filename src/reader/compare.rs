//! What the pasted screens of a page mean, one after the other, since what an example stands for is
//! known from the snippets before.

use super::answer::{Answer, Outcome};
use super::lines::{is_blank, lines};
use super::page::{PageStep, Question};
use super::split::{Part, Split, split, without_last_prompt};
use super::step::{Context, blank_answer, step_answer};
use crate::matching::{Bindings, Elisions, Row, Rules, Supplied, compare_aligned};

/// Answers a question in JSON.
///
/// # Errors
/// When it is no question.
pub fn answer_json(question: &str) -> Result<String, serde_json::Error> {
    serde_json::to_string(&answer(&serde_json::from_str(question)?))
}

/// Says what the pasted screen of a snippet means.
pub fn answer(question: &Question) -> Answer {
    let elisions = Elisions::new(&question.elisions);
    let mut reader = Reader { question, elisions: &elisions, bindings: Bindings::default(), begin: 0 };
    let mut answer = Answer::default();
    let mut at = 0;
    while at < question.steps.len() {
        let step = &question.steps[at];
        if step.fresh {
            (reader.bindings, reader.begin) = (Bindings::default(), at + 1);
        }
        let end = match step.snippet {
            Some(snippet) => {
                let own = question.steps[at..].iter().take_while(|step| step.snippet == Some(snippet));
                at + own.count()
            }
            None => at + 1,
        };
        let pasted = question.pasted.iter().find(|pasted| Some(pasted.snippet) == step.snippet);
        match pasted.filter(|pasted| !is_blank(&pasted.text)) {
            Some(pasted) => answer = reader.snippet(at, end, &pasted.text),
            None => reader.pass(at, end),
        }
        if step.snippet == Some(question.snippet) {
            return answer;
        }
        at = end;
    }
    Answer::default()
}

/// Goes through a page with what was pasted.
struct Reader<'a> {
    question: &'a Question,
    elisions: &'a Elisions,
    bindings: Bindings,
    /// The first step of which something is left: the page may begin again.
    begin: usize,
}

impl<'a> Reader<'a> {
    /// What the page supplies up to a step.
    fn supplied(&self, step: usize) -> Supplied {
        Supplied::of(self.question.steps[self.begin..=step].iter().filter_map(PageStep::supply))
    }

    /// Goes past steps whose screens are not known.
    fn pass(&mut self, start: usize, end: usize) {
        for at in start..end {
            if let Some(expected) = &self.question.steps[at].expected {
                let supplied = self.supplied(at);
                expected.iter().for_each(|line| self.bindings.note_examples(line, &supplied));
            }
        }
    }

    /// Compares what was pasted for the snippet of these steps.
    fn snippet(&mut self, start: usize, end: usize, text: &str) -> Answer {
        let steps = &self.question.steps[start..end];
        let lines = lines(text);
        let commands: Vec<&str> = steps.iter().map(|step| step.text.as_str()).collect();
        let Split { parts, ignored } = match split(&lines, &commands) {
            Some(split) => split,
            None => self.output_alone(start, end, without_last_prompt(&lines)),
        };
        let found = parts.iter().flatten().filter(|part| part.words.is_some()).count();
        let mut answer = Answer { found, ignored, steps: Vec::with_capacity(steps.len()) };
        let mut printed: Vec<String> = Vec::new();
        for (number, (step, part)) in steps.iter().zip(&parts).enumerate() {
            let Some(part) = part else {
                answer.steps.push(blank_answer(step, Outcome::Missing));
                self.pass(start + number, start + number + 1);
                continue;
            };
            printed.extend(part.output.iter().cloned());
            let supplied = self.supplied(start + number);
            let context = Context {
                elisions: self.elisions,
                errors: &self.question.errors,
                supplied: &supplied,
                all: step.whole.then_some(printed.as_slice()),
            };
            answer.steps.push(step_answer(step, part, context, &mut self.bindings));
        }
        answer
    }

    /// Output without any command: that of the one command that prints, or of all that print, cut where
    /// their expected lines are found.
    fn output_alone(&self, start: usize, end: usize, lines: &[String]) -> Split {
        let steps = &self.question.steps[start..end];
        let mut parts: Vec<Option<Part>> = vec![None; steps.len()];
        let printing: Vec<usize> = (0..steps.len()).filter(|&at| steps[at].expected.is_some()).collect();
        let part = |lines: &[String]| Some(Part { output: lines.to_vec(), ..Part::default() });
        match printing[..] {
            [] => parts[steps.len() - 1] = part(lines),
            [one] => parts[one] = part(lines),
            _ => {
                let ends = self.cuts(start, &printing, lines);
                let mut from = 0;
                for (step, end) in printing.into_iter().zip(ends) {
                    let end = end.max(from);
                    parts[step] = part(&lines[from..end]);
                    from = end;
                }
            }
        }
        Split { parts, ignored: 0 }
    }

    /// Where the output of each of these steps ends, as all their expected lines are found one after the
    /// other.
    fn cuts(&self, start: usize, printing: &[usize], lines: &[String]) -> Vec<usize> {
        let expected = |at: &usize| self.question.steps[start + at].expected.as_deref().unwrap_or_default();
        let page: Vec<&str> = printing.iter().flat_map(expected).map(String::as_str).collect();
        let last = start + printing.last().copied().unwrap_or(0);
        let supplied = self.supplied(last);
        let rules = Rules::new(self.elisions, &supplied);
        let rows = compare_aligned(&page, 1, lines, rules, &mut self.bindings.clone()).rows;
        let mut begins = 0;
        let mut ends = Vec::with_capacity(printing.len());
        for (number, step) in printing.iter().enumerate() {
            begins += expected(step).len();
            let next = rows.iter().find_map(|row| match row {
                Row::Same { expected, actual } | Row::Changed { expected, actual }
                    if expected.start >= begins =>
                {
                    Some(*actual)
                }
                Row::Elided { expected, actual } if *expected >= begins => Some(actual.start),
                _ => None,
            });
            let is_last = number + 1 == printing.len();
            ends.push(next.filter(|_| !is_last).unwrap_or(lines.len()));
        }
        ends
    }
}
