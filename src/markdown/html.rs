//! What an author wrote as HTML in a page: the names that links may lead to, and links of its own.

use html5ever::tokenizer::Tag;

use super::Document;
use super::tags::each_tag;
use crate::text::ByteRange;

/// What the HTML of a page has that links are about.
#[derive(Debug, Default)]
pub struct HtmlLinks {
    /// The values of `id`, and of `name` of `a`: fragments that lead into the page.
    pub anchors: Vec<String>,
    /// Where `href` of `a` and `src` of `img` lead, each with the bytes of the HTML that it stands in.
    pub links: Vec<(String, ByteRange)>,
}

impl HtmlLinks {
    /// Reads the HTML of a page.
    pub fn of(document: &Document<'_>) -> Self {
        let mut found = Self::default();
        each_tag(document, |tag, range| found.add(tag, range));
        found
    }

    fn add(&mut self, tag: &Tag, range: ByteRange) {
        let value = |wanted: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted);
            found.map(|found| found.value.to_string())
        };
        let is_a = &*tag.name == "a";
        self.anchors.extend(value("id"));
        self.anchors.extend(value("name").filter(|_| is_a));
        let link = match &*tag.name {
            "a" => value("href"),
            "img" => value("src"),
            _ => None,
        };
        self.links.extend(link.map(|link| (link, range)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;
    use crate::text::Source;

    #[test]
    fn names_and_links_of_html_are_found() {
        let text = "<a id=\"one\"></a>\n\n# x <b id='two'>y</b>\n\n<p>\n<a name=three href=\"a.md\">\n<img\n\
                    src=\"b.png\"></a></p>\n\n<!-- <a id=\"four\"> -->\n\n`<a id=\"five\">`\n";
        let source = Source::new("p.md", text);
        let found = HtmlLinks::of(&Document::parse(&source, Extensions::default()));
        assert_eq!(found.anchors, ["one", "two", "three"]);
        let links: Vec<_> = found.links.iter().map(|(link, range)| (&**link, &text[range.clone()])).collect();
        assert_eq!(links[0], ("a.md", "<a name=three href=\"a.md\">\n"));
        assert_eq!(links[1].0, "b.png");
    }
}
