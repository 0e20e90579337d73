//! What the evidence says of each snippet, as the reader sees it.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::navigation::escaped;
use crate::verify::{Evidence, Plan, State};

/// The proofs of a page.
pub(super) struct Proofs<'a> {
    plan: &'a Plan,
    evidence: Option<&'a Evidence>,
    words: &'static Words,
    /// The snippet by where its command fence begins.
    starts: HashMap<usize, usize>,
    /// The snippet by where the last of its fences begins: the proof stands behind it.
    ends: HashMap<usize, usize>,
}

struct Words {
    states: [&'static str; 6],
    shown: &'static str,
    on: &'static str,
    exit: &'static str,
    silent: &'static str,
}

const KOREAN: Words = Words {
    states: [
        "검증됨",
        "검증됨, 버전이 달라짐",
        "거짓",
        "검증 뒤에 바뀜",
        "실행하지 않음",
        "아직 검증하지 않음",
    ],
    shown: "실행한 화면",
    on: "엔진",
    exit: "종료 코드",
    silent: "(출력 없음)",
};

const ENGLISH: Words = Words {
    states: [
        "verified",
        "verified, a version has drifted",
        "false",
        "changed since it was verified",
        "not run",
        "not verified yet",
    ],
    shown: "the screen of the run",
    on: "engine",
    exit: "exit code",
    silent: "(no output)",
};

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
    /// Its class in the style sheet, its sign, and its name among `Words::states`.
    fn shown(self) -> (&'static str, &'static str, usize) {
        match self {
            Self::Verified => ("verified", "✓", 0),
            Self::Drifted => ("drifted", "≈", 1),
            Self::False => ("false", "✗", 2),
            Self::Stale => ("stale", "↻", 3),
            Self::Skipped => ("skipped", "–", 4),
            Self::Unverified => ("unverified", "?", 5),
        }
    }

    /// Class, sign and name in a language.
    pub(super) fn shown_in(self, language: &str) -> (&'static str, &'static str, &'static str) {
        let (class, icon, word) = self.shown();
        (class, icon, Words::of(language).states[word])
    }
}

impl Words {
    fn of(language: &str) -> &'static Self {
        if language.starts_with("ko") { &KOREAN } else { &ENGLISH }
    }
}

impl<'a> Proofs<'a> {
    pub(super) fn new(plan: &'a Plan, evidence: Option<&'a Evidence>, language: &str) -> Self {
        let words = Words::of(language);
        let snippets = || plan.scenario.snippets.iter().enumerate();
        let starts = snippets().map(|(number, snippet)| (snippet.range.start, number)).collect();
        let ends = snippets()
            .map(|(number, snippet)| (snippet.output.as_ref().unwrap_or(&snippet.range).start, number))
            .collect();
        Self { plan, evidence, words, starts, ends }
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
        self.evidence.map_or(State::Unverified, |evidence| evidence.state(self.plan, snippet))
    }

    fn proof(&self, snippet: usize) -> String {
        let words = self.words;
        let state = self.state(snippet);
        let (class, icon, word) = state.shown();
        let word = words.states[word];
        let mut html = format!(
            "<details class=\"proof {class}\"><summary><span class=\"mark\" aria-hidden=\"true\">{icon}</span> {word}"
        );
        if let Some(why) = &self.plan.scenario.snippets[snippet].skip {
            let _ = write!(html, ": {}", escaped(why));
        }
        match self.evidence {
            Some(evidence) if matches!(state, State::Verified | State::Drifted | State::False) => {
                let date = evidence.verified.strftime("%Y-%m-%d");
                let _ = write!(
                    html,
                    "<span class=\"when\">Docker {} · <time datetime=\"{}\">{date}</time></span></summary>",
                    escaped(evidence.engine.split(['+', '-']).next().unwrap_or_default()),
                    evidence.verified
                );
                self.screens(evidence, snippet, &mut html);
            }
            _ => html.push_str("</summary>"),
        }
        html.push_str("</details>\n");
        html
    }

    fn screens(&self, evidence: &Evidence, snippet: usize, html: &mut String) {
        let words = self.words;
        let _ = write!(
            html,
            "<p class=\"caption\">{}, {} {}</p><pre class=\"screen\" tabindex=\"0\">",
            words.shown,
            words.on,
            escaped(&evidence.engine)
        );
        for step in evidence.steps.iter().filter(|step| step.snippet == Some(snippet)) {
            let typed = step.ran.as_ref().unwrap_or(&step.command);
            let _ = writeln!(html, "<span class=\"p\">$ </span><b>{}</b>", escaped(typed));
            if step.screen.is_empty() {
                let _ = writeln!(html, "<i>{}</i>", words.silent);
            }
            for line in &step.screen {
                let _ = writeln!(html, "{}", escaped(line));
            }
            if let Some(exit) = step.exit.filter(|&exit| exit != 0) {
                let _ = writeln!(html, "<i>{} {exit}</i>", words.exit);
            }
            if let Some(reason) = &step.reason {
                let _ = writeln!(html, "<i>{}</i>", escaped(reason));
            }
        }
        html.push_str("</pre>");
    }

    pub(super) fn summary(&self) -> ProofSummary {
        let mut summary = ProofSummary {
            total: self.plan.scenario.snippets.len(),
            commands: self.plan.scenario.commands(),
            ..ProofSummary::default()
        };
        let order =
            [State::Verified, State::Skipped, State::Drifted, State::Unverified, State::Stale, State::False];
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
                State::False | State::Stale | State::Unverified => {}
            }
            if state != State::Skipped && worst.is_none_or(|worst| rank(state) > rank(worst)) {
                worst = Some(state);
            }
        }
        summary.worst = worst.unwrap_or(State::Skipped);
        if let Some(evidence) = self.evidence {
            summary.when = Some(evidence.verified.to_string());
            summary.engine = evidence.engine.split(['+', '-']).next().unwrap_or_default().to_owned();
            summary.images = evidence.images.clone().into_iter().collect();
        }
        summary
    }
}
