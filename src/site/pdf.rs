//! The whole book as PDF, printed by the machine's Chromium from `print.html`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::diagnostic::Problem;

/// What the file is called in the site.
const NAME: &str = "print.pdf";
const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// A browser that takes longer does not end.
const LONGEST: Duration = Duration::from_secs(300);

/// Prints the site in `folder`; gives the file.
///
/// # Errors
/// When there is no browser, no `print.html`, or the browser fails.
pub async fn print(folder: &Path) -> Result<PathBuf, Problem> {
    let page = folder.join(super::PRINT);
    let page = page.canonicalize().map_err(|_| {
        Problem::new(format!("the site has no {}", super::PRINT))
            .help("the PDF is printed from it: take `[output.html.print] enable = false` out of book.toml")
    })?;
    let browser = BROWSERS.iter().find_map(|name| found(name)).ok_or_else(|| {
        Problem::new("a PDF is printed by Chromium, and there is none")
            .help(format!("install one of: {}", BROWSERS.join(", ")))
    })?;
    let own =
        tempfile::tempdir().map_err(|error| Problem::new(format!("no folder for the browser: {error}")))?;
    let new = own.path().join(NAME);
    let address = format!("file://{}", in_an_address(&page));
    let mut command = Command::new(&browser);
    command
        .args(["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args([
            "--disable-component-update",
            "--disable-sync",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ])
        .arg(format!("--user-data-dir={}", own.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", new.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if is_root() {
        // Chromium's own sandbox does not work for root.
        command.arg("--no-sandbox");
    }
    let failed = |why: String| Problem::new(format!("{} does not print the PDF: {why}", browser.display()));
    let output = tokio::time::timeout(LONGEST, command.arg(address).output())
        .await
        .map_err(|_| failed(format!("it did not end within {} s", LONGEST.as_secs())))?
        .map_err(|error| failed(error.to_string()))?;
    let written = std::fs::read(&new).unwrap_or_default();
    if !output.status.success() || !written.starts_with(b"%PDF-") {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failed(said.lines().last().unwrap_or("it says nothing").to_owned()));
    }
    let file = folder.join(NAME);
    crate::files::write(&file, &written).map_err(|error| Problem::file("write", &file, &error))?;
    Ok(file)
}

fn found(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0)
}

fn in_an_address(path: &Path) -> String {
    let mut address = String::new();
    let _ = pulldown_cmark_escape::escape_href(&mut address, &path.to_string_lossy());
    // A path may hold what ends one in an address.
    address.replace('#', "%23").replace('?', "%3F")
}
