//! The asynchronous runtime, and what ends a run from outside.

use crate::messages::{cli as messages, file};
use crate::text::Problem;

/// What waits for engines, browsers and connections.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    let made = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    made.map_err(|error| {
        Problem::new(messages::cannot_start(file::reason(&error))).help(messages::cannot_start_help())
    })
}

/// Ctrl-C, the request of a supervisor to end, or the end of the terminal.
pub(super) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}
