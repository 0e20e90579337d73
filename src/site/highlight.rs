//! Code in colours, at build time: each token gets a class of one letter, which the theme colours.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::navigation::escaped;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Scopes with their classes; the first that covers the innermost scope wins.
static CLASSES: LazyLock<Vec<(Scope, char)>> = LazyLock::new(|| {
    [
        ("comment", 'c'),
        ("punctuation.definition.comment", 'c'),
        ("string", 's'),
        ("punctuation.definition.string", 's'),
        ("constant.character", 's'),
        ("constant", 'n'),
        ("keyword", 'k'),
        ("storage", 'k'),
        ("entity.name.function", 'f'),
        ("support.function", 'f'),
        ("variable.function", 'f'),
        ("entity.name", 't'),
        ("support.type", 't'),
        ("support.class", 't'),
        ("entity.other.attribute-name", 'a'),
        ("variable.parameter", 'a'),
        ("variable", 'v'),
        ("markup.deleted", 'd'),
        ("markup.inserted", 'i'),
        ("markup.heading", 'k'),
    ]
    .into_iter()
    .filter_map(|(name, class)| Some((Scope::new(name).ok()?, class)))
    .collect()
});

/// The longest line that is coloured, in bytes: beyond it the time could grow faster than the text.
const LONGEST_LINE: usize = 4096;

/// The syntax for the language of a fence.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let language = match language {
        "console" | "shell-session" | "sh" | "shell" | "zsh" => "bash",
        "dockerfile" => "Dockerfile",
        other => other,
    };
    (!language.is_empty()).then(|| SYNTAXES.find_syntax_by_token(language)).flatten()
}

/// The HTML of a piece of code in its language, or plain if the language is unknown.
pub(super) fn highlight(language: &str, code: &str) -> String {
    match syntax(language) {
        Some(syntax) => coloured(syntax, code).unwrap_or_else(|| escaped(code)),
        None => escaped(code),
    }
}

fn coloured(syntax: &SyntaxReference, code: &str) -> Option<String> {
    let mut html = String::with_capacity(code.len() * 2);
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut open: Option<char> = None;
    for line in code.split_inclusive('\n') {
        if line.len() > LONGEST_LINE {
            return None;
        }
        let whole = line.ends_with('\n');
        let fed = if whole { line.to_owned() } else { format!("{line}\n") };
        let mut at = 0;
        for (start, operation) in state.parse_line(&fed, &SYNTAXES).ok()? {
            let start = start.min(line.len());
            piece(&line[at..start], &stack, &mut open, &mut html);
            at = start;
            stack.apply(&operation).ok()?;
        }
        piece(&line[at..], &stack, &mut open, &mut html);
    }
    if open.is_some() {
        html.push_str("</span>");
    }
    Some(html)
}

fn piece(text: &str, stack: &ScopeStack, open: &mut Option<char>, html: &mut String) {
    if text.is_empty() {
        return;
    }
    // Blanks have no colour: they stay in the span that is open.
    let class = if text.trim().is_empty() { *open } else { class_of(stack) };
    if class != *open {
        if open.is_some() {
            html.push_str("</span>");
        }
        if let Some(class) = class {
            html.push_str("<span class=");
            html.push(class);
            html.push('>');
        }
        *open = class;
    }
    html.push_str(&escaped(text));
}

fn class_of(stack: &ScopeStack) -> Option<char> {
    stack.as_slice().iter().rev().find_map(|scope| {
        CLASSES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|&(_, class)| class)
    })
}

#[cfg(test)]
mod tests {
    use super::highlight;

    #[test]
    fn code_is_coloured_and_escaped() {
        let html = highlight("dockerfile", "FROM nginx\n# <b>\n");
        assert!(html.contains("<span class=k>FROM</span>"), "{html}");
        assert!(html.contains("&lt;b&gt;") && !html.contains("<b>"));
        assert_eq!(highlight("", "<a>"), "&lt;a&gt;");
        assert_eq!(highlight("no-such-language", "a & b"), "a &amp; b");
    }

    #[test]
    fn no_text_is_lost() {
        for (language, code) in [
            ("bash", "docker run -d \\\n  -e A='x' # 끝"),
            ("yaml", "a: [1, \"b\"]\n\n"),
            ("rust", "fn main() {}"),
        ] {
            let mut text = highlight(language, code);
            while let Some(open) = text.find('<') {
                let close = text[open..].find('>').unwrap();
                text.replace_range(open..=open + close, "");
            }
            let text = text.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
            assert_eq!(text, code);
        }
    }
}
