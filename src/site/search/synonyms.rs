//! The synonyms of a book: words that its readers use for one another.

use crate::book::Book;
use crate::checkout::Checkout;
use crate::files;

/// The file beside `SUMMARY.md`: on each line words that mean the same, with commas between.
pub(crate) const SYNONYMS: &str = "synonyms.txt";

/// The most bytes of the file.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The groups of the book's file; none where it has no such file.
pub(crate) fn synonyms(book: &Book) -> Vec<Vec<String>> {
    let file = book.content.join(SYNONYMS);
    // What a link leads to elsewhere would be published.
    if !Checkout::around(&book.root).contains(&file) {
        return Vec::new();
    }
    let bytes = files::read_plain(&file, MOST_BYTES).unwrap_or_default();
    read(&String::from_utf8_lossy(&bytes))
}

fn read(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split(',').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()))
        .map(Iterator::collect)
        .filter(|group: &Vec<String>| group.len() > 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_group() {
        assert_eq!(
            read("# 같은 말\n삭제, 제거,\n하나\n\nRun, start\n"),
            [["삭제", "제거"], ["run", "start"]]
        );
    }
}
