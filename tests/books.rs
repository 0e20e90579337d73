//! Real books that nobody of this project wrote: each builds, whatever stands in it.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::path::{Path, PathBuf};

use haechi::book::Book;
use haechi::site::{LiveReload, build};

use support::not_run;

#[test]
fn real_books_build() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return not_run("real_books_build", &format!("there are no books in {}", folder.display()));
    };
    let books: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.join("book.toml").exists()).collect();
    assert!(books.len() >= 4, "{books:?}");
    for root in books {
        let book = Book::load(&root, &|_| false)
            .unwrap_or_else(|problems| panic!("{}: {problems:?}", root.display()));
        let site = tempfile::tempdir().unwrap();
        let built = build(&book, site.path(), LiveReload::Off)
            .unwrap_or_else(|problems| panic!("{}: {problems:?}", root.display()));
        assert_eq!(built.pages, book.pages.len());
        for page in &book.pages {
            assert!(site.path().join(page.path.html()).is_file(), "{}: {}", root.display(), page.path);
        }
    }
}
