//! The proofs of a page, as the reader sees them.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use super::comparison::side_by_side;
use super::label::{Label, engine_name};
use super::provenance::{Provenance, origin_word};
use super::report::{ReportForm, Reported};
use super::summary::{ProofSummary, state, vouched};
use crate::markdown::Citation;
use crate::matching::Elisions;
use crate::site::html::escaped;
use crate::site::words::Words;
use crate::snippet::Expected;
use crate::verify::{Evidence, EvidenceStep, Plan, State, Stored};

/// Where the recording of a page is played.
pub(crate) struct RecordingLink {
    /// Where it is, from the page.
    pub(crate) href: String,
    /// The snippets of which it shows something.
    pub(crate) snippets: BTreeSet<usize>,
}

/// The proofs of a page.
pub(crate) struct ProofView<'a> {
    plan: &'a Plan,
    stored: Option<&'a Stored>,
    elisions: Elisions,
    words: &'a Words,
    recording: Option<RecordingLink>,
    report: Option<ReportForm>,
    /// The snippet by where its command fence begins.
    starts: HashMap<usize, usize>,
    /// The snippet by where the last of its fences begins: the proof stands behind it.
    ends: HashMap<usize, usize>,
}

impl<'a> ProofView<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        stored: Option<&'a Stored>,
        words: &'a Words,
        recording: Option<RecordingLink>,
        report: Option<ReportForm>,
    ) -> Self {
        let snippets = || plan.scenario.snippets.iter().enumerate();
        let starts = snippets().map(|(number, snippet)| (snippet.range.start, number)).collect();
        let ends = snippets()
            .map(|(number, snippet)| (snippet.output.as_ref().unwrap_or(&snippet.range).start, number))
            .collect();
        let elisions = Elisions::new(&plan.settings.elisions);
        Self { plan, stored, elisions, words, recording, report, starts, ends }
    }

    /// Whether a fence that begins here contains the commands of a snippet.
    pub(crate) fn is_snippet(&self, start: usize) -> bool {
        self.starts.contains_key(&start)
    }

    /// Whether a fence that begins here is a snippet's separate output.
    pub(crate) fn is_output(&self, start: usize) -> bool {
        self.ends.contains_key(&start) && !self.starts.contains_key(&start)
    }

    /// The proof of the snippet that ends with the fence that begins here.
    pub(crate) fn after(&self, start: usize) -> String {
        self.ends.get(&start).map_or_else(String::new, |&snippet| self.proof(snippet))
    }

    /// Whether there is a proof to open.
    pub(crate) fn opens(&self) -> bool {
        vouched(self.stored).is_some()
    }

    pub(crate) fn summary(&self) -> ProofSummary {
        ProofSummary::new(self.plan, self.stored)
    }

    /// A word of the theme as HTML.
    fn word(&self, name: &str) -> String {
        escaped(self.words.get(name))
    }

    fn proof(&self, snippet: usize) -> String {
        let state = state(self.plan, self.stored, snippet);
        let Label { class, icon, word } = Label::of(state);
        let skip = self.plan.scenario.snippets[snippet].skip.as_ref();
        let citation = skip.and_then(|skip| skip.source.as_ref());
        let word = if citation.is_some() { "is_cited" } else { word };
        let mut html = String::new();
        let sign = format!("<span class=\"mark\" aria-hidden=\"true\">{icon}</span> {}", self.word(word));
        let evidence = vouched(self.stored).filter(|_| !matches!(state, State::Skipped | State::Unverified));
        let Some(evidence) = evidence else {
            // There is nothing to open.
            let _ = write!(html, "<p class=\"proof {class}\">{sign}");
            if let Some(skip) = skip {
                let _ = write!(html, ": {}", escaped(&skip.reason));
            }
            if let Some(Citation { address, date }) = citation {
                let source = self.word("source");
                let address = escaped(address);
                let _ = write!(html, " (<a href=\"{address}\">{source}</a>, <time>{date}</time>)");
            }
            html.push_str("</p>\n");
            return html;
        };
        let provenance = Provenance::of(&evidence.images);
        let mark = provenance.mark().filter(|_| matches!(state, State::Verified | State::Drifted));
        let (kind, images) = mark.map_or_else(Default::default, |(kind, word)| {
            (format!(" {kind}"), format!("<span class=\"images\">· {}</span>", self.word(word)))
        });
        // What is typed has a part of the recording, and is compared with a reader's screen.
        let mut steps = self.plan.scenario.steps.iter();
        let is_typed = steps.any(|step| step.snippet == Some(snippet) && step.shown().is_some());
        let number = if is_typed { format!(" data-snippet=\"{snippet}\"") } else { String::new() };
        let _ = writeln!(
            html,
            "<details class=\"proof {class}{kind}\"{number}><summary>{sign} {images}<span class=\"when\">{} · \
             <time datetime=\"{}\">{}</time></span></summary>",
            escaped(&engine_name(self.words, &evidence.engine)),
            evidence.verified,
            evidence.verified.strftime("%Y-%m-%d")
        );
        self.steps(evidence, snippet, state, &mut html);
        self.images(evidence, provenance, &mut html);
        html.push_str("</details>\n");
        html
    }

    /// What each step of a snippet printed, beside what the page says of it.
    fn steps(&self, evidence: &Evidence, snippet: usize, state: State, html: &mut String) {
        let steps = evidence.steps.iter().enumerate();
        let of_snippet: Vec<_> = steps.filter(|(_, step)| step.snippet == Some(snippet)).collect();
        let mut differs = false;
        for &(number, step) in &of_snippet {
            // What was run before the text changed has no promise beside it.
            let expected = (state != State::Stale)
                .then(|| self.plan.scenario.steps.get(number)?.expected.as_ref())
                .flatten();
            differs |= self.step(step, expected, state, html);
        }
        if differs && matches!(state, State::Verified | State::Drifted) {
            let _ = writeln!(html, "<p class=\"aside\">{}</p>", self.word("differs"));
        }
        let _ =
            writeln!(html, "<p class=\"aside\">{}: {}</p>", self.word("engine"), escaped(&evidence.engine));
        let mut actions = String::new();
        if let Some(recording) =
            self.recording.as_ref().filter(|recording| recording.snippets.contains(&snippet))
        {
            let _ = write!(
                actions,
                "<a class=\"recording\" href=\"{}\">{}</a>",
                escaped(&recording.href),
                self.word("recording")
            );
        }
        if let Some(form) = &self.report {
            let commands: Vec<&str> = of_snippet.iter().map(|(_, step)| step.command.as_str()).collect();
            let screens = of_snippet.iter().flat_map(|(_, step)| step.screen.iter());
            let screen: Vec<&str> = screens.map(|line| line.trim_end()).collect();
            let day = evidence.verified.strftime("%Y-%m-%d");
            let reported = Reported {
                commands: &commands.join("\n"),
                engine: &format!("{}, {day}", engine_name(self.words, &evidence.engine)),
                screen: &screen.join("\n"),
            };
            let address = form.address(self.words, &reported);
            let word = self.word("report");
            let _ = write!(actions, "<a class=\"report\" href=\"{}\">{word}</a>", escaped(&address));
        }
        if !actions.is_empty() {
            let _ = writeln!(html, "<p class=\"actions\">{actions}</p>");
        }
    }

    /// The images that the page was given, and what is to be known of them.
    fn images(&self, evidence: &Evidence, provenance: Provenance, html: &mut String) {
        if let Some(explanation) = provenance.explanation() {
            let _ = writeln!(html, "<p class=\"aside\">{}</p>", self.word(explanation));
        }
        if evidence.images.is_empty() {
            return;
        }
        let _ = write!(html, "<ul class=\"aside images\" aria-label=\"{}\">", self.word("images"));
        for image in &evidence.images {
            let contents = image.contents.as_ref().map(|contents| format!(" ({})", escaped(contents)));
            let _ = write!(
                html,
                "<li>{} · {}{}<br><code>{}</code></li>",
                escaped(&image.name),
                self.word(origin_word(image.origin)),
                contents.unwrap_or_default(),
                escaped(&image.digest)
            );
        }
        html.push_str("</ul>\n");
    }

    /// Adds a step; says whether what it printed differs from what was promised.
    fn step(
        &self,
        step: &EvidenceStep,
        expected: Option<&Expected>,
        state: State,
        html: &mut String,
    ) -> bool {
        let typed = step.ran.as_ref().unwrap_or(&step.command);
        let _ = writeln!(html, "<p class=\"typed\"><code>{}</code></p>", escaped(typed));
        let screen: Vec<&str> = step.screen.iter().map(|line| line.trim_end()).collect();
        let mut differs = false;
        html.push_str("<div class=\"sides\">");
        if let Some(expected) = expected {
            let promised: Vec<&str> = expected.lines.iter().map(|line| line.text.trim_end()).collect();
            let (left, right) = side_by_side(&promised, &screen, &self.elisions);
            differs = right.contains("<mark>");
            html.push_str(&self.figure("promised", &left));
            html.push_str(&self.figure("printed", &right));
        } else if !screen.is_empty() {
            let plain: String = screen.iter().map(|line| format!("{}\n", escaped(line))).collect();
            let caption = if state == State::Stale { "printed_then" } else { "printed" };
            html.push_str(&self.figure(caption, &plain));
        }
        html.push_str("</div>\n");
        if screen.is_empty() {
            let _ = writeln!(html, "<p class=\"aside\">{}</p>", self.word("silent"));
        }
        if let Some(exit) = step.exit.filter(|&exit| exit != 0) {
            let _ = writeln!(html, "<p class=\"aside\">{} {exit}</p>", self.word("exit"));
        }
        if let Some(reason) = &step.reason {
            let _ = writeln!(html, "<p class=\"aside\">{}</p>", escaped(reason));
        }
        differs
    }

    fn figure(&self, caption: &str, lines: &str) -> String {
        let caption = self.word(caption);
        format!("<figure><figcaption>{caption}</figcaption><pre>{lines}</pre></figure>")
    }
}
