//! The lines of a coloured block, each with what it is.

use std::fmt::Write as _;

use crate::site::html::escaped;

/// A line of a block as HTML, its line end included; its colours end with it.
#[derive(Debug, PartialEq)]
pub(super) struct CodeLine {
    pub(super) html: String,
    pub(super) classes: Vec<&'static str>,
}

/// The lines of coloured code.
pub(super) fn code_lines(html: &str) -> Vec<CodeLine> {
    html.split_inclusive('\n').map(|line| CodeLine { html: line.to_owned(), classes: Vec::new() }).collect()
}

/// Lines that are something in an element that says so.
pub(super) fn joined(lines: &[CodeLine]) -> String {
    let mut html = String::with_capacity(lines.iter().map(|line| line.html.len() + 32).sum());
    for line in lines {
        match line.classes.as_slice() {
            [] => html.push_str(&line.html),
            classes => {
                let _ = write!(html, "<span class=\"{}\">{}</span>", classes.join(" "), line.html);
            }
        }
    }
    html
}

/// Marks where a text first stands in the lines, and puts a number behind it; false where it does not.
/// The number is an element without text, so that it is not copied with the command.
pub(super) fn call_out(lines: &mut [CodeLine], text: &str, note: &str, label: &str) -> bool {
    lines.iter_mut().any(|line| match called_out(&line.html, &escaped(text), note, label) {
        Some(html) => {
            line.html = html;
            true
        }
        None => false,
    })
}

fn called_out(html: &str, text: &str, note: &str, label: &str) -> Option<String> {
    let pieces = pieces(html);
    let plain: String = pieces.iter().filter(|piece| !piece.starts_with('<')).copied().collect();
    let from = find_word(&plain, text)?;
    let to = from + text.len();
    let mut out = String::with_capacity(html.len() + 128);
    let mut at = 0;
    for piece in pieces {
        if piece.starts_with('<') {
            out.push_str(piece);
            continue;
        }
        let (start, end) = (at, at + piece.len());
        at = end;
        let (left, right) = (from.clamp(start, end) - start, to.clamp(start, end) - start);
        out.push_str(&piece[..left]);
        if left < right {
            let _ = write!(out, "<span class=\"noted\" data-note=\"{note}\">{}</span>", &piece[left..right]);
        }
        if (start..end).contains(&(to - 1)) {
            let number = note.rsplit('-').next().unwrap_or(note);
            let _ = write!(
                out,
                "<a class=\"callout\" href=\"#note-{note}\" data-note=\"{note}\" data-number=\"{number}\" \
                 aria-label=\"{label}\"></a>"
            );
        }
        out.push_str(&piece[right..]);
    }
    Some(out)
}

/// Where a text stands that is no piece of a longer word: `-p` is not in `--pid`.
fn find_word(plain: &str, text: &str) -> Option<usize> {
    let in_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    plain.match_indices(text).map(|(at, _)| at).find(|&at| {
        let before = plain[..at].chars().next_back().filter(|&c| in_word(c));
        let after = plain[at + text.len()..].chars().next().filter(|&c| in_word(c));
        before.is_none() && after.is_none()
    })
}

/// Tags, and the texts between them.
fn pieces(html: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let end = match rest.strip_prefix('<') {
            Some(tag) => tag.find('>').map_or(rest.len(), |at| at + 2),
            None => rest.find('<').unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_called_out_across_its_colours() {
        let html = "run --pid x <b>-p</b> <i>80</i>:80 &amp;\n";
        let mut lines = code_lines(html);
        assert!(call_out(&mut lines, "-p 80:80", "1-2", "2"));
        assert_eq!(
            joined(&lines),
            "run --pid x <b><span class=\"noted\" data-note=\"1-2\">-p</span></b>\
             <span class=\"noted\" data-note=\"1-2\"> </span><i><span class=\"noted\" data-note=\"1-2\">80</span></i>\
             <span class=\"noted\" data-note=\"1-2\">:80</span><a class=\"callout\" href=\"#note-1-2\" \
             data-note=\"1-2\" data-number=\"2\" aria-label=\"2\"></a> &amp;\n"
        );
        assert!(!call_out(&mut code_lines(html), "-q", "1-1", "1"));
        assert!(!call_out(&mut code_lines("docker run --pid host\n"), "-p", "1-1", "1"));
        assert!(call_out(&mut code_lines("a &amp;&amp; b\n"), "&&", "1-1", "1"));
    }

    #[test]
    fn a_line_may_be_two_things() {
        let mut lines = code_lines("a\nb\n");
        lines[1].classes.extend(["boring", "hl"]);
        assert_eq!(joined(&lines), "a\n<span class=\"boring hl\">b\n</span>");
    }
}
