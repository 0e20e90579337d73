//! How large the pictures of a book are, so that a page does not jump when they come.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// Files of pictures by their paths from the pages' folder, each with its size, if it has one.
pub(crate) type PictureSizes = BTreeMap<String, Option<(u32, u32)>>;

/// The pictures beside the pages of a book. It records which were asked for.
pub(crate) struct Pictures<'a> {
    content: &'a Path,
    requested: RefCell<PictureSizes>,
}

impl<'a> Pictures<'a> {
    /// Nothing was asked for yet.
    pub(crate) fn new(content: &'a Path) -> Self {
        Self { content, requested: RefCell::default() }
    }

    /// The size of a picture by its path from the pages' folder.
    pub(crate) fn size(&self, path: &Path) -> Option<(u32, u32)> {
        let size = size(&self.content.join(path));
        self.requested.borrow_mut().insert(path.to_string_lossy().into_owned(), size);
        size
    }

    /// The sizes of all that were asked for.
    pub(crate) fn into_sizes(self) -> PictureSizes {
        self.requested.into_inner()
    }
}

/// Whether pictures still have these sizes.
pub(crate) fn are_unchanged(sizes: &PictureSizes, content: &Path) -> bool {
    sizes.iter().all(|(path, known)| size(&content.join(path)) == *known)
}

/// Width and height in CSS pixels, if the file is a picture that says so.
fn size(file: &Path) -> Option<(u32, u32)> {
    // A pipe would be waited for.
    if !file.is_file() {
        return None;
    }
    if file.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("svg")) {
        let mut head = String::new();
        std::fs::File::open(file).ok()?.take(4096).read_to_string(&mut head).ok()?;
        return svg_size(&head);
    }
    let size = imagesize::size(file).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

/// As `size`, of the text of an SVG.
pub(super) fn svg_size(text: &str) -> Option<(u32, u32)> {
    let tag = text.split_once("<svg")?.1.split_once('>')?.0;
    let value = |name: &str| {
        let (before, after) = tag.split_once(&format!("{name}=\""))?;
        before.ends_with(char::is_whitespace).then(|| after.split('"').next()).flatten()
    };
    let pixels = |name| {
        let number: f64 = value(name)?.trim_end_matches("px").parse().ok()?;
        whole(number)
    };
    if let (Some(width), Some(height)) = (pixels("width"), pixels("height")) {
        return Some((width, height));
    }
    let numbers: Vec<f64> = value("viewBox")?
        .split([' ', ','])
        .filter(|piece| !piece.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    Some((whole(*numbers.get(2)?)?, whole(*numbers.get(3)?)?))
}

/// A size as attributes of an element.
pub(super) fn size_attributes((width, height): (u32, u32)) -> String {
    format!(" width=\"{width}\" height=\"{height}\"")
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the range asked for")]
fn whole(number: f64) -> Option<u32> {
    (0.5..100_000.0).contains(&number).then(|| number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_says_its_size_in_two_ways() {
        assert_eq!(svg_size("<svg width=\"30\" height=\"20.4px\" viewBox=\"0 0 1 1\">"), Some((30, 20)));
        assert_eq!(svg_size("<?xml?>\n<svg viewBox=\"0 0 720 300\" role=\"img\">"), Some((720, 300)));
        assert_eq!(svg_size("<svg stroke-width=\"3\" height=\"2\">"), None);
        assert_eq!(svg_size("no picture"), None);
    }
}
