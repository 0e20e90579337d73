//! The picture that other sites show beside a link to the book: in go the book and its theme, out comes
//! `card.png` beside its pages, drawn by the Chromium of this machine.

use std::path::{Path, PathBuf};

use super::live_reload::LiveReload;
use super::theme::{CARD, Theme, icon, static_files};
use crate::book::Book;
use crate::checkout::Checkout;
use crate::messages::file as messages;
use crate::text::Problem;
use crate::{browser, files};

/// Draws the picture; gives its file, which is written where it differs.
///
/// # Errors
/// When there is no browser, the theme is malformed, or a file cannot be read or written.
pub async fn draw_card(book: &Book) -> Result<PathBuf, Problem> {
    let unwritable = |file: &Path, error: &_| Problem::cannot_write(file, error);
    let folder = tempfile::tempdir().map_err(|error| {
        Problem::new(messages::cannot_create(messages::a_folder(), messages::reason(&error)))
            .help(messages::write_help())
    })?;
    let page = folder.path().join("card.html");
    let html = Theme::load(book, LiveReload::Off)?.card()?;
    files::write(&page, html.as_bytes()).map_err(|error| unwritable(&page, &error))?;
    for (path, bytes) in static_files(book)? {
        let file = folder.path().join(path);
        files::write(&file, &bytes).map_err(|error| unwritable(&file, &error))?;
    }
    if let Some(name) = icon(book) {
        let own = book.config.output.html.theme_dir(&book.root).join(name);
        Checkout::around(&book.root).refuse_outside(&own)?;
        std::fs::copy(&own, folder.path().join(name)).map_err(|error| Problem::cannot_read(&own, &error))?;
    }
    let new = folder.path().join("new.png");
    let options = [
        format!("--screenshot={}", new.display()),
        "--window-size=1200,630".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--virtual-time-budget=5000".to_owned(),
    ];
    let page = page.canonicalize().map_err(|error| Problem::cannot_read(&page, &error))?;
    let address = url::Url::from_file_path(&page).expect("a canonical path is absolute");
    browser::open(address.as_str(), &options).await?;
    let drawn = std::fs::read(&new).map_err(|error| Problem::cannot_read(&new, &error))?;
    let file = book.content.join(CARD);
    if std::fs::read(&file).ok().as_ref() != Some(&drawn) {
        files::write(&file, &drawn).map_err(|error| unwritable(&file, &error))?;
    }
    Ok(file)
}
