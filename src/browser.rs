//! The Chromium of this machine, without a window: prints pages and takes their pictures.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::messages::{Message, file, site as messages};
use crate::text::Problem;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// A browser that takes longer does not end.
const LONGEST: Duration = Duration::from_secs(300);

/// Opens an address with the browser and these further options, and waits until it has ended.
///
/// # Errors
/// When there is no browser, or it fails.
pub(crate) async fn open(address: &str, options: &[String]) -> Result<(), Problem> {
    let browser = NAMES.iter().find_map(|name| which::which(name).ok()).ok_or_else(|| {
        Problem::new(messages::no_chromium()).help(messages::no_chromium_help(NAMES.join(", ")))
    })?;
    let profile = tempfile::tempdir().map_err(|error| {
        Problem::new(messages::no_profile(file::reason(&error))).help(messages::no_profile_help())
    })?;
    let mut command = Command::new(&browser);
    command
        .args(["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--disable-quic"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(options)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if rustix::process::geteuid().is_root() {
        // Chromium's own sandbox does not work for root.
        command.arg("--no-sandbox");
    }
    let failed = |why: Message| {
        Problem::new(messages::browser_failed(browser.display(), why)).help(messages::browser_failed_help())
    };
    let output = tokio::time::timeout(LONGEST, command.output())
        .await
        .map_err(|_| failed(messages::did_not_end(LONGEST.as_secs())))?
        .map_err(|error| failed(file::reason(&error)))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(said.lines().last().map_or_else(messages::says_nothing, Message::verbatim)))
}
