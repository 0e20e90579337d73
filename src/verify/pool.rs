//! What all pages of a run share, whatever books they are of.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;

use super::options::MOST_JOBS;
use crate::sandbox::Host;

/// How many pages run at a time, and whether any more begin.
#[derive(Debug, Clone)]
pub struct Pool {
    /// One place for each page that runs.
    pub(super) slots: Arc<Semaphore>,
    /// One sandbox more than pages run is made ahead, so that a page does not wait for it.
    pub(super) sandboxes: Arc<Semaphore>,
    stopped: Arc<AtomicBool>,
}

impl Pool {
    /// A pool for as many pages at a time as were asked for on the command line; 0 is as many as there is
    /// room for. Books may ask for fewer than that, never for more: 0 asks for nothing.
    pub async fn of(host: &Host, asked: usize, books: impl Iterator<Item = usize>) -> Self {
        let fewest = books.filter(|&jobs| jobs > 0).min();
        let jobs = match (asked, fewest) {
            (0, None) => host.capacity().await,
            (0, Some(jobs)) => host.capacity().await.min(jobs),
            (jobs, _) => jobs,
        };
        let jobs = jobs.clamp(1, MOST_JOBS);
        Self {
            slots: Arc::new(Semaphore::new(jobs)),
            sandboxes: Arc::new(Semaphore::new(jobs + 1)),
            stopped: Arc::default(),
        }
    }

    /// Lets no more pages begin.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
