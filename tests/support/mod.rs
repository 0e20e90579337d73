//! What several suites need: runs of haechi on this machine, what they print, and how a test says that it
//! did not run.

#![allow(dead_code, reason = "no suite uses all of it")]
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// All that a program printed.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Verifies a page with `--engine local`: the exit code and all that was printed.
pub(crate) fn verify_here(page: &Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--engine", "local", "--trust"])
        .arg(page)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    (output.status.code(), said(&output))
}

/// Says that a test did not run. Written past the harness, which keeps what a test prints to itself as
/// long as it passes.
pub(crate) fn not_run(test: &str, reason: &str) {
    let line = format!("NOT RUN: {test}: {reason}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
