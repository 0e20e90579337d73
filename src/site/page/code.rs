//! Blocks of code as HTML.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use super::danger::destroys;
use super::highlight::highlight;
use super::lines::{CodeLine, call_out, code_lines, joined};
use crate::markdown::Fence;
use crate::site::html::escaped;
use crate::site::proof::ProofView;
use crate::site::words::Words;
use crate::snippet::{Dialect, Transcript, read_transcript};

/// What a list behind a block explains of it.
pub(super) struct Callouts<'a> {
    /// The number of the block in the page.
    pub(super) block: usize,
    /// The codes; none where one of them is not in the block.
    pub(super) codes: Vec<&'a str>,
    pub(super) words: &'a Words,
}

pub(super) fn plain(text: &str) -> String {
    format!("<div class=\"code\"><pre><code>{}</code></pre></div>\n", escaped(text))
}

/// The HTML of a fenced block, with the proof of the snippet that ends with it.
///
/// `hidelines` has for a language what the lines begin with that are hidden at first.
pub(super) fn fenced(
    fence: &Fence,
    proofs: &ProofView<'_>,
    hidelines: &HashMap<String, String>,
    callouts: &mut Callouts<'_>,
) -> String {
    if fence.attributes.hide {
        callouts.codes.clear();
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
    let mut block = warning(fence, callouts.words);
    let _ = write!(block, "<div class=\"{class}\">");
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
    let mut lines = match fence.language.as_str() {
        "rust" => hiding(fence, rust_hidden),
        language if hidelines.contains_key(language) => {
            let prefix = hidelines[language].as_str();
            hiding(fence, |line| with_prefix(line, prefix))
        }
        language => match shown_transcript(fence) {
            Some(found) => transcript(fence, &found),
            None if language.is_empty() && proofs.is_snippet(start) => commands("bash", &text()),
            None if proofs.is_snippet(start) || is_shell(language) => commands(language, &text()),
            None => code_lines(&highlight(language, &text())),
        },
    };
    for (number, line) in (1..).zip(&mut lines) {
        if fence.attributes.marked.iter().any(|range| range.contains(&number)) {
            line.classes.push("hl");
        }
    }
    call_out_all(&mut lines, callouts);
    let code = joined(&lines);
    let language = Some(fence.language.as_str()).filter(|language| !language.is_empty());
    let attribute =
        language.map_or_else(String::new, |language| format!(" class=\"language-{}\"", escaped(language)));
    let _ = write!(block, "<pre><code{attribute}>{code}</code></pre></div>\n{}", proofs.after(start));
    block
}

/// The transcript that a fence is. Whether a program with a prompt was opened before it does not matter
/// for its looks.
fn shown_transcript(fence: &Fence) -> Option<Transcript> {
    let lines: Vec<&str> = fence.lines.iter().map(|line| line.text.as_str()).collect();
    read_transcript(&lines, Dialect::of(&fence.language)?, true)
}

/// Prompts, commands and output, distinguished.
fn transcript(fence: &Fence, transcript: &Transcript) -> Vec<CodeLine> {
    let mut commands = transcript
        .exchanges
        .iter()
        .flat_map(|exchange| exchange.lines.clone().zip(exchange.marks.iter().copied()))
        .peekable();
    let lines = fence.lines.iter().enumerate().map(|(number, line)| {
        let text = line.text.as_str();
        match commands.next_if(|(at, _)| *at == number) {
            Some((_, mark)) => {
                let command = highlight("bash", &text[mark..]);
                let prompt = escaped(&text[..mark]);
                let html = format!("<span class=\"p\">{prompt}</span><span class=\"cmd\">{command}</span>\n");
                CodeLine { html, classes: vec!["line"] }
            }
            None => {
                let html = format!("<span class=\"out\">{}</span>\n", escaped(text));
                CodeLine { html, classes: Vec::new() }
            }
        }
    });
    lines.collect()
}

fn is_shell(language: &str) -> bool {
    matches!(language, "sh" | "bash" | "shell" | "zsh" | "console")
}

/// Commands, whose lines are broken where the screen is narrow.
fn commands(language: &str, text: &str) -> Vec<CodeLine> {
    let mut lines = code_lines(&highlight(language, text));
    lines.iter_mut().for_each(|line| line.classes.push("line"));
    lines
}

/// The numbers of the explanations behind what they explain; all of them, or none.
fn call_out_all(lines: &mut [CodeLine], callouts: &mut Callouts<'_>) {
    let before: Vec<String> = lines.iter().map(|line| line.html.clone()).collect();
    let called_out = (1..).zip(&callouts.codes).all(|(number, code)| {
        let note = format!("{}-{number}", callouts.block);
        let label = callouts.words.get("callout").replace("{number}", &number.to_string());
        call_out(lines, code, &note, &escaped(&label))
    });
    if !called_out {
        lines.iter_mut().zip(before).for_each(|(line, html)| line.html = html);
        callouts.codes.clear();
    }
}

/// What stands above a block with a command that destroys something.
fn warning(fence: &Fence, words: &Words) -> String {
    let texts = || fence.lines.iter().map(|line| line.text.as_str());
    let found = match shown_transcript(fence) {
        Some(found) => {
            let mut typed = found.exchanges.iter().flat_map(|exchange| exchange.lines.clone());
            typed.find_map(|at| destroys(fence.lines.get(at).map(|line| line.text.as_str()).into_iter()))
        }
        None if is_shell(&fence.language) || fence.language.is_empty() => destroys(texts()),
        None => None,
    };
    found.map_or_else(String::new, |what| {
        format!(
            "<p class=\"destroys\"><span class=\"mark\" aria-hidden=\"true\">!</span> <strong>{}</strong> {}</p>\n",
            escaped(words.get("destroys")),
            escaped(words.get(what))
        )
    })
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
fn hiding<'f>(fence: &'f Fence, shown: impl Fn(&'f str) -> Shown<'f>) -> Vec<CodeLine> {
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
    let mut lines = code_lines(&highlight(&fence.language, &text));
    for (line, hidden) in lines.iter_mut().zip(hidden) {
        line.classes.extend(hidden.then_some("boring"));
    }
    lines
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
        let html = joined(&hiding(fence, rust_hidden));
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
