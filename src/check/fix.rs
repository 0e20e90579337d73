//! The pages of a book as they are once what can be fixed for certain is fixed.

use std::collections::BTreeMap;

use super::finding::{Finding, Fix};
use crate::bless::{Edit, apply};
use crate::book::Book;

/// A page that fixes change.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The number of the page in the book.
    pub page: usize,
    /// How many findings are fixed.
    pub count: usize,
    /// The file as it will be.
    pub text: String,
}

/// The pages that the fixes of findings change: only bytes of addresses of links become others.
pub fn fixed_pages(book: &Book, findings: &[Finding]) -> Vec<Fixed> {
    let mut by_page: BTreeMap<usize, Vec<&Fix>> = BTreeMap::new();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        by_page.entry(fix.page).or_default().push(fix);
    }
    let fixed = by_page.into_iter().filter_map(|(page, fixes)| {
        let source = &book.pages[page].source;
        let edits: Vec<Edit> = fixes
            .into_iter()
            .filter_map(|fix| {
                let range = source.in_file(fix.range.clone())?;
                Some(Edit { range, text: fix.text.clone(), step: 0 })
            })
            .collect();
        let text = apply(source.written(), &edits);
        (!edits.is_empty()).then_some(Fixed { page, count: edits.len(), text })
    });
    fixed.collect()
}
