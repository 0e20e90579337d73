//! The whole book as PDF, printed from `print.html`.

use std::path::{Path, PathBuf};

use super::print::PRINT;
use crate::browser;
use crate::text::Problem;

/// What the file is called in the site.
const NAME: &str = "print.pdf";

/// Prints the site in `folder`; gives the file.
///
/// # Errors
/// When there is no browser, no `print.html`, or the browser fails.
pub async fn print_pdf(folder: &Path) -> Result<PathBuf, Problem> {
    let page = folder.join(PRINT);
    let page = page.canonicalize().map_err(|_| {
        Problem::new(format!("the site has no {}", PRINT))
            .help("the PDF is printed from it: take `[output.html.print] enable = false` out of book.toml")
    })?;
    let scratch =
        tempfile::tempdir().map_err(|error| Problem::file("make", Path::new("a folder"), &error))?;
    let new = scratch.path().join(NAME);
    let options = [
        "--no-pdf-header-footer".to_owned(),
        "--generate-pdf-document-outline".to_owned(),
        format!("--print-to-pdf={}", new.display()),
    ];
    let address = url::Url::from_file_path(&page).expect("a canonical path is absolute");
    browser::open(address.as_str(), &options).await?;
    let written = std::fs::read(&new).map_err(|error| Problem::file("read", &new, &error))?;
    let file = folder.join(NAME);
    crate::files::write(&file, &written).map_err(|error| Problem::file("write", &file, &error))?;
    Ok(file)
}
