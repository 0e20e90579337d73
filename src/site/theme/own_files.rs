//! Styles, scripts and the icon that a book brings along.

use std::path::{Component, Path, PathBuf};

use crate::book::Book;

/// A book's own icon: mdBook looks for these in the theme's folder.
const ICONS: [&str; 2] = ["favicon.svg", "favicon.png"];

/// The files of the book outside of its pages' folder that the site needs, as they are named in both.
pub(crate) fn own_files(book: &Book) -> Vec<PathBuf> {
    let html = &book.config.output.html;
    html.additional_css.iter().chain(&html.additional_js).map(|file| normal_components(file)).collect()
}

/// The paths of styles or scripts of the book on the site.
pub(super) fn site_paths(files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|file| normal_components(file).to_string_lossy().into_owned()).collect()
}

/// The book's own icon, if it has one.
pub(crate) fn icon(book: &Book) -> Option<&'static str> {
    let folder = book.config.output.html.theme_dir(&book.root);
    ICONS.into_iter().find(|name| folder.join(name).is_file())
}

fn normal_components(path: &Path) -> PathBuf {
    path.components().filter(|part| matches!(part, Component::Normal(_))).collect()
}
