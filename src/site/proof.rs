//! What the evidence says of each snippet, as the reader sees it.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::html::escaped;
use super::words::Words;
use crate::matching::Elisions;
use crate::verify::{Evidence, Plan, State, Stored};

/// The proofs of a page.
pub(super) struct Proofs<'a> {
    plan: &'a Plan,
    evidence: Option<&'a Stored>,
    elisions: Elisions,
    words: &'a Words,
    /// Where the recording of the page is, from the page.
    recording: Option<String>,
    /// The snippet by where its command fence begins.
    starts: HashMap<usize, usize>,
    /// The snippet by where the last of its fences begins: the proof stands behind it.
    ends: HashMap<usize, usize>,
}

/// How many snippets of a page are in which state, and what they were verified with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ProofSummary {
    pub(super) total: usize,
    pub(super) verified: usize,
    pub(super) skipped: usize,
    pub(super) commands: usize,
    pub(super) commands_run: usize,
    /// When, as RFC 3339.
    pub(super) when: Option<String>,
    pub(super) engine: String,
    pub(super) images: Vec<(String, String)>,
    pub(super) worst: State,
}

impl Default for ProofSummary {
    fn default() -> Self {
        Self {
            total: 0,
            verified: 0,
            skipped: 0,
            commands: 0,
            commands_run: 0,
            when: None,
            engine: String::new(),
            images: Vec::new(),
            worst: State::Verified,
        }
    }
}

impl State {
    /// Its class in the style sheet, its sign, and its name among the theme's words.
    pub(super) fn shown(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Verified => ("verified", "✓", "is_verified"),
            Self::Drifted => ("drifted", "≈", "is_drifted"),
            Self::False => ("false", "✗", "is_false"),
            Self::Stale => ("stale", "↻", "is_stale"),
            Self::Skipped => ("skipped", "–", "is_skipped"),
            Self::Unverified => ("unverified", "?", "is_unverified"),
            Self::Unvouched => ("unverified", "?", "is_unvouched"),
        }
    }
}

/// Which engine it was, in short.
pub(super) fn engine(words: &Words, engine: &str) -> String {
    match engine {
        "local" => words.get("this_machine").to_owned(),
        engine => format!("Docker {}", engine.split(['+', '-']).next().unwrap_or_default()),
    }
}

impl<'a> Proofs<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        evidence: Option<&'a Stored>,
        words: &'a Words,
        recording: Option<String>,
    ) -> Self {
        let snippets = || plan.scenario.snippets.iter().enumerate();
        let starts = snippets().map(|(number, snippet)| (snippet.range.start, number)).collect();
        let ends = snippets()
            .map(|(number, snippet)| (snippet.output.as_ref().unwrap_or(&snippet.range).start, number))
            .collect();
        let elisions = Elisions::new(&plan.settings.elisions);
        Self { plan, evidence, elisions, words, recording, starts, ends }
    }

    /// Whether a fence that begins here holds the commands of a snippet.
    pub(super) fn is_snippet(&self, start: usize) -> bool {
        self.starts.contains_key(&start)
    }

    /// Whether a fence that begins here is a snippet's separate output.
    pub(super) fn is_output(&self, start: usize) -> bool {
        self.ends.contains_key(&start) && !self.starts.contains_key(&start)
    }

    /// The proof of the snippet that ends with the fence that begins here.
    pub(super) fn after(&self, start: usize) -> String {
        self.ends.get(&start).map_or_else(String::new, |&snippet| self.proof(snippet))
    }

    fn state(&self, snippet: usize) -> State {
        if self.plan.scenario.snippets[snippet].skip.is_some() {
            return State::Skipped;
        }
        self.evidence.map_or(State::Unverified, |stored| stored.state(self.plan, snippet))
    }

    /// What is shown of a run: only what somebody vouches for.
    fn shown(&self) -> Option<&Evidence> {
        self.evidence.filter(|stored| stored.vouched).map(|stored| &stored.evidence)
    }

    fn proof(&self, snippet: usize) -> String {
        let state = self.state(snippet);
        let (class, icon, word) = state.shown();
        let word = self.words.get(word);
        let mut html = String::new();
        let sign = format!("<span class=\"mark\" aria-hidden=\"true\">{icon}</span> {}", escaped(word));
        let evidence = self.shown().filter(|_| !matches!(state, State::Skipped | State::Unverified));
        let Some(evidence) = evidence else {
            // There is nothing to open.
            let _ = write!(html, "<p class=\"proof {class}\">{sign}");
            if let Some(why) = &self.plan.scenario.snippets[snippet].skip {
                let _ = write!(html, ": {}", escaped(why));
            }
            html.push_str("</p>\n");
            return html;
        };
        let _ = writeln!(
            html,
            "<details class=\"proof {class}\"><summary>{sign}<span class=\"when\">{} · \
             <time datetime=\"{}\">{}</time></span></summary>",
            escaped(&engine(self.words, &evidence.engine)),
            evidence.verified,
            evidence.verified.strftime("%Y-%m-%d")
        );
        self.steps(evidence, snippet, state, &mut html);
        html.push_str("</details>\n");
        html
    }

    /// What each step of a snippet printed, beside what the page says of it.
    fn steps(&self, evidence: &Evidence, snippet: usize, state: State, html: &mut String) {
        let word = |name| escaped(self.words.get(name));
        let steps = evidence.steps.iter().enumerate();
        let of_snippet: Vec<_> = steps.filter(|(_, step)| step.snippet == Some(snippet)).collect();
        let mut differs = false;
        let mut body = String::new();
        for (number, step) in &of_snippet {
            let typed = step.ran.as_ref().unwrap_or(&step.command);
            let _ = writeln!(body, "<p class=\"typed\"><code>{}</code></p>", escaped(typed));
            // What was run before the text changed has no promise beside it.
            let expected = (state != State::Stale)
                .then(|| self.plan.scenario.steps.get(*number)?.expected.as_ref())
                .flatten();
            let promised: Vec<&str> = expected
                .iter()
                .flat_map(|expected| &expected.lines)
                .map(|line| line.text.trim_end())
                .collect();
            let screen: Vec<&str> = step.screen.iter().map(|line| line.trim_end()).collect();
            let (left, right) = self.beside(&promised, &screen);
            body.push_str("<div class=\"sides\">");
            let mut side = |name, lines: &str| {
                let _ = write!(
                    body,
                    "<figure><figcaption>{}</figcaption><pre tabindex=\"0\">{lines}</pre></figure>",
                    word(name)
                );
            };
            if expected.is_some() {
                side("promised", &left);
                differs |= right.contains("<mark>");
                side("printed", &right);
            } else {
                let plain: String = screen.iter().map(|line| format!("{}\n", escaped(line))).collect();
                side(if state == State::Stale { "printed_then" } else { "printed" }, &plain);
            }
            body.push_str("</div>\n");
            if screen.is_empty() {
                let _ = writeln!(body, "<p class=\"aside\">{}</p>", word("silent"));
            }
            if let Some(exit) = step.exit.filter(|&exit| exit != 0) {
                let _ = writeln!(body, "<p class=\"aside\">{} {exit}</p>", word("exit"));
            }
            if let Some(reason) = &step.reason {
                let _ = writeln!(body, "<p class=\"aside\">{}</p>", escaped(reason));
            }
        }
        html.push_str(&body);
        if differs && matches!(state, State::Verified | State::Drifted) {
            let _ = writeln!(html, "<p class=\"aside\">{}</p>", word("differs"));
        }
        let _ = write!(html, "<p class=\"aside\">{}: {}", word("engine"), escaped(&evidence.engine));
        if let (Some(recording), Some((first, _)), Some((last, _))) =
            (&self.recording, of_snippet.first(), of_snippet.last())
        {
            let _ = write!(
                html,
                " · <a class=\"recording\" href=\"{}\" data-from=\"{first}\" data-to=\"{last}\">{}</a>",
                escaped(recording),
                word("recording")
            );
        }
        html.push_str("</p>");
    }

    /// Two blocks of lines with what one has and the other has not marked; an elision stands for anything.
    fn beside(&self, promised: &[&str], screen: &[&str]) -> (String, String) {
        let (mut left, mut right) = (String::new(), String::new());
        let push = |side: &mut String, line: &str, marked: bool| {
            let line = escaped(line);
            let _ = match marked {
                true => writeln!(side, "<mark>{line}</mark>"),
                false => writeln!(side, "{line}"),
            };
        };
        for change in similar::capture_diff_slices(similar::Algorithm::Patience, promised, screen) {
            let same = change.tag() == similar::DiffTag::Equal;
            for line in &promised[change.old_range()] {
                push(&mut left, line, !same && !self.elisions.is(line));
            }
            let elided = promised[change.old_range()].iter().any(|line| self.elisions.is(line));
            for line in &screen[change.new_range()] {
                push(&mut right, line, !same && !elided);
            }
        }
        (left, right)
    }

    pub(super) fn summary(&self) -> ProofSummary {
        let mut summary = ProofSummary {
            total: self.plan.scenario.snippets.len(),
            commands: self.plan.scenario.commands(),
            ..ProofSummary::default()
        };
        let order = [
            State::Verified,
            State::Skipped,
            State::Drifted,
            State::Unverified,
            State::Unvouched,
            State::Stale,
            State::False,
        ];
        let rank = |state: State| order.iter().position(|&other| other == state);
        // A page is as good as the worst of the snippets that run.
        let mut worst = None;
        for (number, snippet) in self.plan.scenario.snippets.iter().enumerate() {
            let state = self.state(number);
            match state {
                State::Verified | State::Drifted => {
                    summary.verified += 1;
                    summary.commands_run += snippet.commands;
                }
                State::Skipped => summary.skipped += 1,
                State::False | State::Stale | State::Unvouched | State::Unverified => {}
            }
            if state != State::Skipped && worst.is_none_or(|worst| rank(state) > rank(worst)) {
                worst = Some(state);
            }
        }
        summary.worst = worst.unwrap_or(State::Skipped);
        if let Some(evidence) = self.shown() {
            summary.when = Some(evidence.verified.to_string());
            summary.engine = evidence.engine.split(['+', '-']).next().unwrap_or_default().to_owned();
            summary.images = evidence.images.clone().into_iter().collect();
        }
        summary
    }
}
