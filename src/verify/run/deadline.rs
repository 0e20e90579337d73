//! The time that a page may take.

use std::time::Duration;

use super::context::RunContext;
use crate::messages::{Message, verify as messages};
use crate::sandbox::Error;

/// When a page must be done.
pub(in crate::verify) struct Deadline {
    at: tokio::time::Instant,
    page_timeout: Duration,
}

impl Deadline {
    pub(in crate::verify) fn new(context: &RunContext) -> Self {
        Self { at: tokio::time::Instant::now() + context.page_timeout, page_timeout: context.page_timeout }
    }

    /// Waits for a part of a page's run; the error says in words why it is not done.
    pub(super) async fn limit<T>(&self, part: impl Future<Output = Result<T, Error>>) -> Result<T, Message> {
        match tokio::time::timeout_at(self.at, part).await {
            Ok(done) => done.map_err(|error| error.message()),
            Err(_) => Err(messages::time_is_up(self.page_timeout.as_secs())),
        }
    }
}
