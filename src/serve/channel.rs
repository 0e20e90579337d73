//! What open pages hear: in goes what happens to the book, out come messages as JSON.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::sync::broadcast;

use crate::messages::Language;
use crate::text::Problem;

/// The channel from the preview to its open pages.
#[derive(Clone)]
pub(crate) struct Channel {
    sender: broadcast::Sender<String>,
    /// What pages that are opened later hear first.
    status: Arc<Mutex<Status>>,
    language: Language,
}

/// A state that lasts until it is cleared.
#[derive(Default)]
struct Status {
    /// What is wrong, by what it is wrong with.
    problems: BTreeMap<Topic, String>,
    /// How the verification that runs is going.
    progress: Option<String>,
}

/// What problems are about; each is cleared by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// The book as a whole cannot be built.
    Book,
    /// The pages that were saved last.
    Pages,
    /// Snippets cannot be run.
    Verification,
}

impl Channel {
    /// Nobody listens yet; what is wrong will be said in this language.
    pub(crate) fn new(language: Language) -> Self {
        Self { sender: broadcast::channel(64).0, status: Arc::default(), language }
    }

    /// The language in which open pages are answered.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// These pages have changed, or all may have.
    pub(crate) fn send_reload(&self, pages: Option<&[String]>) {
        self.send(&json!({ "kind": "reload", "pages": pages }));
    }

    /// What is wrong with something, or nothing any more.
    pub(crate) fn send_problems(&self, topic: Topic, problems: &[Problem]) {
        let text: String = problems.iter().map(|problem| problem.plain(self.language)).collect();
        let mut status = self.status();
        if text.is_empty() {
            status.problems.remove(&topic);
        } else {
            status.problems.insert(topic, text);
        }
        let message = status.message();
        drop(status);
        self.send(&message);
    }

    /// How the verification of a page goes: its steps' verdicts so far, of how many, and what runs now.
    pub(crate) fn send_progress(&self, page: &str, verdicts: &[&str], steps: usize, running: Option<&str>) {
        let message = json!({ "kind": "progress", "page": page, "verdicts": verdicts, "steps": steps, "running": running });
        self.status().progress = Some(message.to_string());
        self.send(&message);
    }

    /// The verification of a page has ended, and its evidence is there.
    pub(crate) fn send_verified(&self, page: &str) {
        self.clear_progress();
        self.send(&json!({ "kind": "verified", "page": page }));
    }

    /// No verification runs any more.
    pub(crate) fn clear_progress(&self) {
        self.status().progress = None;
    }

    /// What a page that opens now hears first, and then whatever comes.
    pub(super) fn subscribe(&self) -> (Vec<String>, broadcast::Receiver<String>) {
        let changes = self.sender.subscribe();
        let status = self.status();
        let first = [Some(status.message().to_string()), status.progress.clone()];
        (first.into_iter().flatten().collect(), changes)
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, message: &serde_json::Value) {
        // Nobody may be listening.
        let _ = self.sender.send(message.to_string());
    }
}

impl Status {
    fn message(&self) -> serde_json::Value {
        let text: String = self.problems.values().map(String::as_str).collect();
        json!({ "kind": "problems", "text": text })
    }
}
