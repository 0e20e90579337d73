//! The whole book as PDF, printed from `print.html`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::pdf_pages::PdfPages;
use super::print::PRINT;
use crate::browser;
use crate::messages::{file as file_messages, site as messages};
use crate::text::Problem;

/// What the file is called in the site.
const NAME: &str = "print.pdf";

/// Prints the site in `folder`; gives the file.
///
/// # Errors
/// When there is no browser, no `print.html`, or the browser fails.
pub async fn print_pdf(folder: &Path) -> Result<PathBuf, Problem> {
    let page = folder.join(PRINT);
    let page = page
        .canonicalize()
        .map_err(|_| Problem::new(messages::no_print(PRINT)).help(messages::no_print_help()))?;
    let scratch = tempfile::tempdir().map_err(|error| {
        Problem::new(file_messages::cannot_create(file_messages::a_folder(), file_messages::reason(&error)))
            .help(file_messages::write_help())
    })?;
    let new = scratch.path().join(NAME);
    let html = std::fs::read_to_string(&page).map_err(|error| Problem::cannot_read(&page, &error))?;
    // What the first print shows, the second does: a chapter goes on where the one before it left a page nearly
    // empty. The third has the numbers of its pages in the contents.
    let first = PdfPages::read(&print(&page, &new).await?);
    let joined = without_sparse_pages(&html, &first);
    let second = PdfPages::read(&print_text(folder, &joined, &new).await?);
    let numbered = with_numbers(&joined, |anchor| second.destinations.get(anchor).copied());
    let written = print_text(folder, &numbered, &new).await?;
    let file = folder.join(NAME);
    crate::files::write(&file, &written).map_err(|error| Problem::cannot_write(&file, &error))?;
    Ok(file)
}

/// Prints a text as a page of the site into a file; gives its bytes.
async fn print_text(folder: &Path, html: &str, file: &Path) -> Result<Vec<u8>, Problem> {
    let mut page = tempfile::Builder::new()
        .prefix(".print-")
        .suffix(".html")
        .tempfile_in(folder)
        .map_err(|error| Problem::cannot_create(folder, &error))?;
    page.write_all(html.as_bytes()).map_err(|error| Problem::cannot_write(page.path(), &error))?;
    let path = page.path().canonicalize().map_err(|error| Problem::cannot_read(page.path(), &error))?;
    print(&path, file).await
}

/// The page of the whole book with no new page before chapters whose predecessor ends on a sparse one.
fn without_sparse_pages(html: &str, pages: &PdfPages) -> String {
    const PART: &str = "<section class=\"part turn-page\" id=\"";
    let mut pieces = html.split(PART);
    let mut joined = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let anchor = piece.split('"').next().unwrap_or_default();
        let page = pages.destinations.get(anchor).copied().unwrap_or_default();
        let goes_on =
            page > 1 && pages.sparse.contains(&(page - 1)) && !joined.trim_end().ends_with("<article>");
        joined.push_str(if goes_on { "<section class=\"part goes-on\" id=\"" } else { PART });
        joined.push_str(piece);
    }
    joined
}

/// Prints a page into a file; gives its bytes.
async fn print(page: &Path, file: &Path) -> Result<Vec<u8>, Problem> {
    let options = [
        "--no-pdf-header-footer".to_owned(),
        "--generate-pdf-document-outline".to_owned(),
        format!("--print-to-pdf={}", file.display()),
    ];
    let address = url::Url::from_file_path(page).expect("a canonical path is absolute");
    browser::open(address.as_str(), &options).await?;
    std::fs::read(file).map_err(|error| Problem::cannot_read(file, &error))
}

/// The page of the whole book with the number of its page in each link of the contents.
fn with_numbers(html: &str, number: impl Fn(&str) -> Option<usize>) -> String {
    const LINK: &str = "<a href=\"#";
    let Some(from) = html.find("<nav class=\"contents whole\"") else { return html.to_owned() };
    let to = html[from..].find("</nav>").map_or(from, |length| from + length);
    let mut pieces = html[from..to].split(LINK);
    let mut numbered = format!("{}{}", &html[..from], pieces.next().unwrap_or_default());
    for piece in pieces {
        let anchor = percent_decode_str(piece.split('"').next().unwrap_or_default()).decode_utf8_lossy();
        let page = number(&anchor).map_or_else(String::new, |page| page.to_string());
        let _ = write!(numbered, "<a data-page=\"{page}\" href=\"#{piece}");
    }
    numbered.push_str(&html[to..]);
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_goes_on_where_a_page_is_nearly_empty() {
        let part = |id: &str| format!("<section class=\"part turn-page\" id=\"{id}\">");
        let html =
            format!("<article>\n{}a</section>{}b</section>{}c</section>", part("a"), part("b"), part("c"));
        let destinations = [("a", 2), ("b", 4), ("c", 5)].map(|(name, page)| (name.to_owned(), page));
        let pages = PdfPages { destinations: destinations.into(), sparse: [1, 3].into() };
        let joined = without_sparse_pages(&html, &pages);
        assert_eq!(joined, html.replacen("turn-page\" id=\"b\"", "goes-on\" id=\"b\"", 1));
    }

    #[test]
    fn only_the_contents_get_numbers() {
        let html = "<a href=\"#a\">x</a><nav class=\"contents whole\"><a href=\"#a\">A</a><a href=\"#%EA%B0%80\">B</a></nav><a href=\"#a\">";
        let numbered = with_numbers(html, |anchor| Some(if anchor == "가" { 12 } else { 3 }));
        assert_eq!(
            numbered,
            "<a href=\"#a\">x</a><nav class=\"contents whole\"><a data-page=\"3\" href=\"#a\">A</a>\
             <a data-page=\"12\" href=\"#%EA%B0%80\">B</a></nav><a href=\"#a\">"
        );
    }
}
