//! The files of the theme: those of the book's own `themes/haechi` before the built-in ones.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use walkdir::WalkDir;

use crate::book::Book;
use crate::checkout::Checkout;
use crate::messages::site as messages;
use crate::text::Problem;

#[derive(RustEmbed)]
#[folder = "themes/haechi"]
struct BuiltIn;

/// Where a theme keeps the files that go to the site as they are.
const STATIC: &str = "static/";

/// The folder of the book's own theme.
fn own_folder(book: &Book) -> PathBuf {
    book.root.join("themes/haechi")
}

/// The files that make pages, by their names: templates and words.
///
/// # Errors
/// When one of the book's own cannot be read.
pub(super) fn templates(book: &Book) -> Result<Vec<(String, String)>, Problem> {
    let (own, checkout) = (own_folder(book), Checkout::around(&book.root));
    let names = BuiltIn::iter().filter(|name| !name.starts_with(STATIC));
    names
        .map(|name| {
            let text = own_text(&own.join(&*name), &checkout)?.unwrap_or_else(|| built_in_text(&name));
            Ok((name.into_owned(), text))
        })
        .collect()
}

/// The files that go to the site as they are, by their paths there.
///
/// # Errors
/// When one of the book's own cannot be read.
pub(crate) fn static_files(book: &Book) -> Result<BTreeMap<String, Cow<'static, [u8]>>, Problem> {
    let mut files: BTreeMap<String, Cow<'static, [u8]>> = BuiltIn::iter()
        .filter_map(|name| {
            let file = BuiltIn::get(&name)?.data;
            Some((name.strip_prefix(STATIC)?.to_owned(), minified(&name, file)))
        })
        .collect();
    let folder = own_folder(book).join(STATIC);
    if !folder.exists() {
        return Ok(files);
    }
    Checkout::around(&book.root).refuse_outside(&folder)?;
    for entry in WalkDir::new(&folder) {
        let entry = entry.map_err(|error| unreadable(&folder, &error.into()))?;
        let (path, kind) = (entry.path(), entry.file_type());
        if kind.is_symlink() {
            // It may lead to any file of the machine, which would be published.
            let problem = Problem::new(messages::theme_link(path.display()));
            return Err(problem.help(messages::theme_link_help()));
        }
        if kind.is_file() {
            let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
            let name = path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().into_owned();
            // What its author wrote stays as it is; a copy of the built-in file is nothing of the author's.
            if BuiltIn::get(&format!("{STATIC}{name}")).is_none_or(|built_in| built_in.data != bytes) {
                files.insert(name, Cow::Owned(bytes));
            }
        }
    }
    Ok(files)
}

/// A script or style of the built-in theme without blanks and comments, any other file as it is.
fn minified(name: &str, file: Cow<'static, [u8]>) -> Cow<'static, [u8]> {
    let Ok(text) = str::from_utf8(&file) else { return file };
    let short = match name.rsplit_once('.') {
        Some((stem, "js")) if !stem.ends_with(".wasm") => {
            minifier::js::minify(text).map(|short| short.to_string())
        }
        Some((_, "css")) => minifier::css::minify(text).map(|short| short.to_string()),
        _ => return file,
    };
    short.map_or(file, |short| Cow::Owned(short.into_bytes()))
}

/// A template of the book's own, if it has that one.
fn own_text(file: &Path, checkout: &Checkout) -> Result<Option<String>, Problem> {
    checkout.refuse_outside(file)?;
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        // A link that leads nowhere is there.
        Err(error) if error.kind() == ErrorKind::NotFound && file.symlink_metadata().is_err() => Ok(None),
        Err(error) => Err(unreadable(file, &error)),
    }
}

fn unreadable(file: &Path, error: &std::io::Error) -> Problem {
    Problem::cannot_read(file, error).help(messages::theme_help())
}

fn built_in_text(name: &str) -> String {
    BuiltIn::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}
