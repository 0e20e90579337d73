//! Blocks of code as HTML.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use super::highlight::highlight;
use crate::markdown::Fence;
use crate::site::html::escaped;
use crate::site::proof::ProofView;
use crate::snippet::{Dialect, Transcript, read_transcript};

pub(super) fn plain(text: &str) -> String {
    format!("<div class=\"code\"><pre tabindex=\"0\"><code>{}</code></pre></div>\n", escaped(text))
}

/// The HTML of a fenced block, with the proof of the snippet that ends with it.
///
/// `hidelines` has for a language what the lines begin with that are hidden at first.
pub(super) fn fenced(fence: &Fence, proofs: &ProofView<'_>, hidelines: &HashMap<String, String>) -> String {
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
    if let Some(name) = fence.attributes.title.as_ref().or(fence.attributes.file.as_ref()) {
        let _ = write!(block, "<p class=\"file\">{}</p>", escaped(name));
    }
    let text = || {
        fence.lines.iter().fold(String::new(), |mut text, line| {
            text.push_str(&line.text);
            text.push('\n');
            text
        })
    };
    let code = match fence.language.as_str() {
        "rust" => hiding(fence, rust_hidden),
        language if hidelines.contains_key(language) => {
            let prefix = hidelines[language].as_str();
            hiding(fence, |line| with_prefix(line, prefix))
        }
        "" if proofs.is_snippet(start) && shown_transcript(fence).is_none() => highlight("bash", &text()),
        language => match shown_transcript(fence) {
            Some(found) => transcript(fence, &found),
            None => highlight(language, &text()),
        },
    };
    let code = match fence.attributes.marked.as_slice() {
        [] => code,
        marked => wrapped(&code, "hl", |number| marked.iter().any(|range| range.contains(&(number + 1)))),
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

/// The transcript that a fence is. Whether a program with a prompt was opened before it does not matter
/// for its looks.
fn shown_transcript(fence: &Fence) -> Option<Transcript> {
    let lines: Vec<&str> = fence.lines.iter().map(|line| line.text.as_str()).collect();
    read_transcript(&lines, Dialect::of(&fence.language)?, true)
}

/// Prompts, commands and output, distinguished.
fn transcript(fence: &Fence, transcript: &Transcript) -> String {
    let mut html = String::new();
    let mut commands = transcript
        .exchanges
        .iter()
        .flat_map(|exchange| exchange.lines.clone().zip(exchange.marks.iter().copied()))
        .peekable();
    for (number, line) in fence.lines.iter().enumerate() {
        let text = line.text.as_str();
        match commands.next_if(|(at, _)| *at == number) {
            Some((_, mark)) => {
                let command = highlight("bash", &text[mark..]);
                let prompt = escaped(&text[..mark]);
                let _ =
                    writeln!(html, "<span class=\"p\">{prompt}</span><span class=\"cmd\">{command}</span>");
            }
            None => {
                let _ = writeln!(html, "<span class=\"out\">{}</span>", escaped(text));
            }
        }
    }
    html
}

/// A line as mdBook shows it: hidden at first, or plain.
enum Shown<'l> {
    Hidden(Cow<'l, str>),
    Plain(Cow<'l, str>),
}

/// What rustdoc hides: lines that begin with `# `; `##` stands for one `#`.
fn rust_hidden(line: &str) -> Shown<'_> {
    let rest = line.trim_start();
    let blanks = &line[..line.len() - rest.len()];
    match rest.strip_prefix('#') {
        Some("") => Shown::Hidden(blanks.into()),
        Some(rest) if rest.starts_with('#') => Shown::Plain(format!("{blanks}{rest}").into()),
        Some(rest) => match rest.strip_prefix(' ') {
            Some(code) => Shown::Hidden(format!("{blanks}{code}").into()),
            None => Shown::Plain(line.into()),
        },
        None => Shown::Plain(line.into()),
    }
}

fn with_prefix<'l>(line: &'l str, prefix: &str) -> Shown<'l> {
    let rest = line.trim_start();
    match rest.strip_prefix(prefix) {
        Some(code) => Shown::Hidden(format!("{}{code}", &line[..line.len() - rest.len()]).into()),
        None => Shown::Plain(line.into()),
    }
}

/// Code of which some lines are hidden at first. It is coloured as a whole, since a hidden line may open
/// what a shown one closes.
fn hiding<'f>(fence: &'f Fence, shown: impl Fn(&'f str) -> Shown<'f>) -> String {
    let mut text = String::new();
    let mut hidden = Vec::with_capacity(fence.lines.len());
    for line in &fence.lines {
        let (line, is_hidden) = match shown(&line.text) {
            Shown::Hidden(line) => (line, true),
            Shown::Plain(line) => (line, false),
        };
        text.push_str(&line);
        text.push('\n');
        hidden.push(is_hidden);
    }
    let html = highlight(&fence.language, &text);
    if !hidden.contains(&true) {
        return html;
    }
    wrapped(&html, "boring", |number| hidden[number])
}

/// Coloured code with some of its lines in an element of a class; a line's colours end with it.
fn wrapped(html: &str, class: &str, is: impl Fn(usize) -> bool) -> String {
    let mut marked = String::with_capacity(html.len() + 64);
    for (number, line) in html.split_inclusive('\n').enumerate() {
        if is(number) {
            let _ = write!(marked, "<span class=\"{class}\">{line}</span>");
        } else {
            marked.push_str(line);
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Block, Document, Extensions};
    use crate::text::Source;

    #[test]
    fn hidden_lines_are_marked_and_spans_stay_whole() {
        let text = "```rust\n# use a;\n/* b\n# c\n## d */\n#\n#[e]\nlet f = 1;\n```\n";
        let source = Source::new("p.md", text);
        let document = Document::parse(&source, Extensions::default());
        let Some(Block::Fence(fence)) = document.blocks.first() else { panic!() };
        let html = hiding(fence, rust_hidden);
        let plain: String =
            html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
        assert_eq!(plain, "use a;\n/* b\nc\n# d */\n\n#[e]\nlet f = 1;\n");
        assert_eq!(html.matches("class=\"boring\"").count(), 3);
        let mut depth = 0;
        for piece in html.split('<').skip(1) {
            depth += if piece.starts_with('/') { -1 } else { 1 };
            assert!(depth >= 0, "{html}");
        }
        assert_eq!(depth, 0, "{html}");
    }
}
