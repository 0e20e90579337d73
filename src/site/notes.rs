//! What the open pages of a preview are told: in goes what happens to the book, out come notes as JSON.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::sync::broadcast;

use crate::diagnostic::Problem;

/// What the open pages of a preview are told.
#[derive(Clone)]
pub struct Notes {
    channel: broadcast::Sender<String>,
    /// What pages that are opened later are told first.
    standing: Arc<Mutex<Standing>>,
}

/// What holds until it is taken back.
#[derive(Default)]
struct Standing {
    /// What is wrong, by what it is wrong with.
    problems: BTreeMap<About, String>,
    /// How the verification that runs is going.
    progress: Option<String>,
}

/// What problems are about; each is taken back by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The book as a whole cannot be built.
    Book,
    /// The pages that were saved last.
    Pages,
    /// Snippets cannot be run.
    Verification,
}

impl Notes {
    /// Nobody listens yet.
    pub fn new() -> Self {
        Self { channel: broadcast::channel(64).0, standing: Arc::default() }
    }

    /// These pages have changed, or all may have.
    pub fn reload(&self, pages: Option<&[String]>) {
        self.send(&json!({ "kind": "reload", "pages": pages }));
    }

    /// What is wrong with something, or nothing any more.
    pub fn problems(&self, about: About, problems: &[Problem]) {
        let text: String = problems.iter().map(Problem::plain).collect();
        let mut standing = self.standing();
        if text.is_empty() {
            standing.problems.remove(&about);
        } else {
            standing.problems.insert(about, text);
        }
        let note = standing.note();
        drop(standing);
        self.send(&note);
    }

    /// How the verification of a page goes: its steps' verdicts so far, of how many, and what runs now.
    pub fn progress(&self, page: &str, verdicts: &[&str], steps: usize, running: Option<&str>) {
        let note = json!({ "kind": "progress", "page": page, "verdicts": verdicts, "steps": steps, "running": running });
        self.standing().progress = Some(note.to_string());
        self.send(&note);
    }

    /// The verification of a page has ended, and its evidence is there.
    pub fn verified(&self, page: &str) {
        self.broken_off();
        self.send(&json!({ "kind": "verified", "page": page }));
    }

    /// No verification runs any more.
    pub fn broken_off(&self) {
        self.standing().progress = None;
    }

    /// What a page that opens now is told first, and then whatever comes.
    pub(super) fn subscribe(&self) -> (Vec<String>, broadcast::Receiver<String>) {
        let changes = self.channel.subscribe();
        let standing = self.standing();
        let first = [Some(standing.note().to_string()), standing.progress.clone()];
        (first.into_iter().flatten().collect(), changes)
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, note: &serde_json::Value) {
        // Nobody may be listening.
        let _ = self.channel.send(note.to_string());
    }
}

impl Standing {
    fn note(&self) -> serde_json::Value {
        let text: String = self.problems.values().map(String::as_str).collect();
        json!({ "kind": "problems", "text": text })
    }
}

impl Default for Notes {
    fn default() -> Self {
        Self::new()
    }
}
