//! The pages of a PDF, read from what Chromium writes (objects with no streams around them, a tree of pages, a
//! dictionary of destinations): where its named destinations are, and which pages are nearly empty.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::bytes::Regex;

/// The deepest tree of pages that is followed.
const DEEPEST: usize = 32;

/// What a page with a few lines takes, compressed.
const FEW_LINES: usize = 2500;

/// The pages of a file.
#[derive(Debug, Default)]
pub(super) struct PdfPages {
    /// The numbers of the pages, from 1, by the names of destinations.
    pub(super) destinations: HashMap<String, usize>,
    /// The numbers of the pages with a few lines.
    pub(super) sparse: HashSet<usize>,
}

impl PdfPages {
    /// Reads a file; one that is written otherwise has no pages.
    pub(super) fn read(pdf: &[u8]) -> Self {
        static DESTINATIONS: LazyLock<Regex> = LazyLock::new(|| expression(r"/Dests (\d+) 0 R"));
        static DESTINATION: LazyLock<Regex> = LazyLock::new(|| expression(r"/([^\s/<>\[\]()]+) \[(\d+) 0 R"));
        static PAGES: LazyLock<Regex> = LazyLock::new(|| expression(r"/Type /Catalog[^>]*?/Pages (\d+) 0 R"));
        static CONTENTS: LazyLock<Regex> = LazyLock::new(|| expression(r"/Contents (\d+) 0 R"));
        static LENGTH: LazyLock<Regex> = LazyLock::new(|| expression(r"/Length (\d+)"));
        let objects = objects(pdf);
        let object = |found: &Regex, text: &[u8]| objects.get(&number(&found.captures(text)?[1])?).copied();
        let mut pages = HashMap::new();
        if let Some(root) = object(&PAGES, pdf) {
            number_pages(root, &objects, DEEPEST, &mut pages);
        }
        let length = |page: &usize| number(&LENGTH.captures(object(&CONTENTS, objects.get(page)?)?)?[1]);
        let is_sparse = |page: &usize| length(page).is_some_and(|length| length < FEW_LINES);
        let sparse = pages.iter().filter(|(page, _)| is_sparse(page)).map(|(_, &number)| number).collect();
        let destinations = DESTINATION
            .captures_iter(object(&DESTINATIONS, pdf).unwrap_or_default())
            .filter_map(|found| Some((name(&found[1]), *pages.get(&number(&found[2])?)?)))
            .collect();
        Self { destinations, sparse }
    }
}

fn expression(text: &str) -> Regex {
    Regex::new(text).expect("a constant expression")
}

/// The bodies of the objects by their numbers.
fn objects(pdf: &[u8]) -> HashMap<usize, &[u8]> {
    static OBJECT: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?s-u)(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj"));
    OBJECT
        .captures_iter(pdf)
        .filter_map(|found| Some((number(&found[1])?, found.get(2)?.as_bytes())))
        .collect()
}

fn number_pages(
    node: &[u8],
    objects: &HashMap<usize, &[u8]>,
    depth: usize,
    pages: &mut HashMap<usize, usize>,
) {
    static KIDS: LazyLock<Regex> = LazyLock::new(|| expression(r"/Kids \[([^\]]*)\]"));
    static KID: LazyLock<Regex> = LazyLock::new(|| expression(r"(\d+) 0 R"));
    let Some(kids) = KIDS.captures(node).filter(|_| depth > 0) else { return };
    for kid in KID.captures_iter(&kids[1]).filter_map(|kid| number(&kid[1])) {
        let Some(body) = objects.get(&kid) else { continue };
        if KIDS.is_match(body) {
            number_pages(body, objects, depth - 1, pages);
        } else {
            let next = pages.len() + 1;
            pages.insert(kid, next);
        }
    }
}

/// A name of a PDF (`#25` is a byte) that is the fragment of an address.
fn name(written: &[u8]) -> String {
    let bytes = String::from_utf8_lossy(written).replace('#', "%");
    let fragment = percent_decode_str(&bytes).decode_utf8_lossy();
    percent_decode_str(&fragment).decode_utf8_lossy().into_owned()
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_on_pages_in_the_order_of_the_tree() {
        let pdf =
            b"%PDF-1.4\n1 0 obj\n<</Type /Page\n/Contents 4 0 R\n/Parent 9 0 R>>\nendobj\n\
            2 0 obj\n<</Type /Page\n/Contents 5 0 R>>\nendobj\n3 0 obj\n<</Type /Page>>\nendobj\n\
            4 0 obj\n<</Filter /FlateDecode\n/Length 416>> stream\nx\nendstream\nendobj\n\
            5 0 obj\n<</Filter /FlateDecode\n/Length 9416>> stream\nx\nendstream\nendobj\n8 0 obj\n<</Type /Pages\n/Kids [2 0 R 3 0 R]>>\nendobj\n\
            9 0 obj\n<</Type /Pages\n/Count 3\n/Kids [1 0 R 8 0 R]>>\nendobj\n\
            10 0 obj\n<</web [3 0 R /XYZ 0 841.9 0]\n/a-#25EA#25B0#2580 [2 0 R /XYZ 0 1 0]>>\nendobj\n\
            11 0 obj\n<</Type /Catalog\n/Pages 9 0 R\n/Dests 10 0 R>>\nendobj\n";
        let PdfPages { destinations, sparse } = PdfPages::read(pdf);
        assert_eq!((destinations["web"], destinations["a-가"], destinations.len()), (3, 2, 2));
        assert_eq!(sparse, HashSet::from([1]));
        assert!(PdfPages::read(b"no PDF").destinations.is_empty());
        // A tree that holds itself.
        PdfPages::read(
            b"\n1 0 obj\n<</Kids [1 0 R]>>\nendobj\n2 0 obj\n<</Type /Catalog\n/Pages 1 0 R>>\nendobj\n",
        );
    }
}
