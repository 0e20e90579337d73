//! A document as HTML.

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, Tag, TagEnd, html};
use pulldown_cmark_escape::escape_href;

use super::highlight::highlight;
use super::navigation::escaped;
use super::proof::Proofs;
use crate::markdown::{Block, Document, Fence};
use crate::snippet::Prompt;

/// The HTML of a page's content.
pub(super) fn render(document: &Document<'_>, proofs: &Proofs<'_>) -> String {
    let mut events = Vec::with_capacity(document.events.len());
    let mut headings = document.headings.iter();
    let mut fences = document.fences().peekable();
    let directives: Vec<_> = document
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Directive(_)))
        .map(Block::range)
        .collect();
    let mut at = 0;
    while at < document.events.len() {
        let (event, range) = &document.events[at];
        at += 1;
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let end = document.events[at..]
                    .iter()
                    .position(|(event, _)| matches!(event, Event::End(TagEnd::CodeBlock)));
                let body = &document.events[at..at + end.unwrap_or(0)];
                at += body.len() + 1;
                let fence = fences.next_if(|fence| fence.range == *range);
                let block = match (kind, fence) {
                    (CodeBlockKind::Fenced(_), Some(fence)) => fenced(fence, proofs),
                    _ => {
                        let text: String = body.iter().filter_map(|(event, _)| text_of(event)).collect();
                        plain(&text)
                    }
                };
                events.push(html_event(block));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let anchor = headings.next().map(|heading| heading.anchor.as_str()).unwrap_or_default();
                let mut href = String::new();
                let _ = escape_href(&mut href, anchor);
                events.push(html_event(format!(
                    "<{level} id=\"{}\"><a class=\"anchor\" href=\"#{href}\">",
                    escaped(anchor)
                )));
            }
            Event::End(TagEnd::Heading(level)) => events.push(html_event(format!("</a></{level}>\n"))),
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                let (class, title) = alert(*kind);
                events.push(html_event(format!(
                    "<aside class=\"note {class}\"><p class=\"note-title\">{title}</p>\n"
                )));
            }
            Event::End(TagEnd::BlockQuote(Some(_))) => events.push(html_event("</aside>\n".into())),
            Event::Start(Tag::Table(_)) => {
                events.push(html_event("<div class=\"table\" tabindex=\"0\" role=\"region\">".into()));
                events.push(event.clone());
            }
            Event::End(TagEnd::Table) => {
                events.push(event.clone());
                events.push(html_event("</div>\n".into()));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                events.push(Event::Start(Tag::Link {
                    link_type: *link_type,
                    dest_url: on_the_site(dest_url),
                    title: title.clone(),
                    id: id.clone(),
                }))
            }
            Event::Html(_) | Event::InlineHtml(_)
                if directives
                    .iter()
                    .any(|directive| directive.start < range.end && range.start < directive.end) => {}
            _ => events.push(event.clone()),
        }
    }
    let mut content = String::new();
    html::push_html(&mut content, events.into_iter());
    content
}

fn html_event(text: String) -> Event<'static> {
    Event::Html(CowStr::from(text))
}

fn text_of<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) => Some(text),
        _ => None,
    }
}

/// A link to a Markdown file of the book leads to its page.
fn on_the_site<'a>(url: &CowStr<'a>) -> CowStr<'a> {
    if url.contains("://") || url.starts_with("mailto:") {
        return url.clone();
    }
    let (path, rest) = url.find(['#', '?']).map_or((&**url, ""), |at| url.split_at(at));
    match path.strip_suffix(".md") {
        Some(_) => CowStr::from(format!("{}{rest}", crate::book::PagePath::new(path).html())),
        None => url.clone(),
    }
}

fn alert(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("info", "참고"),
        BlockQuoteKind::Tip => ("tip", "도움말"),
        BlockQuoteKind::Important => ("important", "중요"),
        BlockQuoteKind::Warning => ("warning", "주의"),
        BlockQuoteKind::Caution => ("caution", "경고"),
    }
}

fn plain(text: &str) -> String {
    format!("<div class=\"code\"><pre tabindex=\"0\"><code>{}</code></pre></div>\n", escaped(text))
}

fn fenced(fence: &Fence, proofs: &Proofs<'_>) -> String {
    if fence.attributes.hide {
        return String::new();
    }
    let start = fence.range.start;
    let class = if proofs.is_snippet(start) {
        "code snippet"
    } else if proofs.is_output(start) {
        "code output"
    } else {
        "code"
    };
    let mut block = format!("<div class=\"{class}\">");
    if let Some(file) = &fence.attributes.file {
        let _ = write!(block, "<p class=\"file\">{}</p>", escaped(file));
    }
    let text = fence.lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
    let code = match fence.language.as_str() {
        "console" | "shell-session" => transcript(fence, Prompt::shell),
        "" | "text" | "output" if fence.lines.iter().any(|line| Prompt::session(&line.text).is_some()) => {
            transcript(fence, |_| None)
        }
        "" if proofs.is_snippet(start) => highlight("bash", &text),
        language => highlight(language, &text),
    };
    let language = Some(fence.language.as_str()).filter(|language| !language.is_empty());
    let attribute =
        language.map_or_else(String::new, |language| format!(" class=\"language-{}\"", escaped(language)));
    let _ = write!(
        block,
        "<pre tabindex=\"0\"><code{attribute}>{code}</code></pre></div>\n{}",
        proofs.after(start)
    );
    block
}

/// Prompts, commands and output, told apart.
fn transcript<'a>(fence: &'a Fence, shell: impl Fn(&'a str) -> Option<Prompt<'a>>) -> String {
    let mut html = String::new();
    let mut continues = false;
    for line in &fence.lines {
        let text = line.text.as_str();
        let more = if continues {
            text.strip_prefix("> ").map(|typed| Prompt { prompt: "> ", typed })
        } else {
            None
        };
        match shell(text).or_else(|| Prompt::session(text)).or(more) {
            Some(prompt) => {
                let command = highlight("bash", prompt.typed);
                let _ = writeln!(
                    html,
                    "<span class=\"p\">{}</span><span class=\"cmd\">{command}</span>",
                    escaped(prompt.prompt)
                );
                continues = true;
            }
            None => {
                let _ = writeln!(html, "<span class=\"out\">{}</span>", escaped(text));
                continues = false;
            }
        }
    }
    html
}

/// The first paragraph, for search engines: at most 160 characters.
pub(super) fn description(document: &Document<'_>) -> String {
    let mut text = String::new();
    let mut inside = false;
    for (event, _) in &document.events {
        match event {
            Event::Start(Tag::Paragraph) => inside = true,
            Event::End(TagEnd::Paragraph) if !text.is_empty() => break,
            Event::Text(piece) | Event::Code(piece) if inside => text.push_str(piece),
            Event::SoftBreak if inside => text.push(' '),
            _ => {}
        }
    }
    let short: Cow<'_, str> = match text.char_indices().nth(160) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(&text),
    };
    short.into_owned()
}
