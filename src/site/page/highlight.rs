//! Code in colours, at build time: each token gets a class of one letter, which the theme colours.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use pulldown_cmark_escape::escape_html;
use rustc_hash::FxHashMap;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::site::html::escaped;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The class of a command's options, and of parameters and attributes elsewhere.
const OPTION: char = 'a';

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
        ("entity.other.attribute-name", OPTION),
        ("variable.parameter", OPTION),
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
    if language.is_empty() {
        return None;
    }
    // All syntaxes are looked through, so each name is looked for once.
    FOUND.with_borrow_mut(|found| match found.get(language) {
        Some(known) => *known,
        None => *found.entry(language.to_owned()).or_insert(SYNTAXES.find_syntax_by_token(language)),
    })
}

/// The HTML of a piece of code in its language, or plain if the language is unknown.
pub(super) fn highlight(language: &str, code: &str) -> String {
    match syntax(language) {
        Some(syntax) => coloured(syntax, code).unwrap_or_else(|| escaped(code)),
        None => escaped(code),
    }
}

/// The most lines that are remembered for a language, and the most states between lines.
const MOST: (usize, usize) = (20_000, 400);

thread_local! {
    /// The syntaxes that each thread has looked for, by the names of languages.
    static FOUND: RefCell<FxHashMap<String, Option<&'static SyntaxReference>>> = RefCell::default();
    /// What each thread has coloured: languages by their name.
    static COLOURED: RefCell<FxHashMap<&'static str, Coloured>> = RefCell::default();
}

/// Lines of a language that were coloured before. Books repeat lines, short ones above all, and a line in
/// the same state is coloured the same.
struct Coloured {
    /// What the parser stands in between two lines; the first is the beginning.
    states: Vec<State>,
    /// How many lines it remembers.
    lines: usize,
}

/// What the parser stands in between two lines.
struct State {
    parser: ParseState,
    scopes: ScopeStack,
    /// The lines that came after it: their HTML, and the number of the state after them.
    lines: FxHashMap<Box<str>, (Box<str>, usize)>,
}

impl State {
    fn new(parser: ParseState, scopes: ScopeStack) -> Self {
        Self { parser, scopes, lines: FxHashMap::default() }
    }
}

impl Coloured {
    fn new(syntax: &SyntaxReference) -> Self {
        Self { states: vec![State::new(ParseState::new(syntax), ScopeStack::new())], lines: 0 }
    }

    /// Adds the HTML of a line, and gives the state after it.
    fn line(&mut self, before: usize, line: &str, html: &mut String) -> Option<usize> {
        let state = self.states.get(before)?;
        if let Some((known, after)) = state.lines.get(line) {
            html.push_str(known);
            return Some(*after);
        }
        let (mut parser, mut scopes) = (state.parser.clone(), state.scopes.clone());
        let start = html.len();
        colour_line(&mut parser, &mut scopes, line, html)?;
        let after = self.states.iter().position(|known| known.parser == parser && known.scopes == scopes);
        let after = after.unwrap_or_else(|| {
            self.states.push(State::new(parser, scopes));
            self.states.len() - 1
        });
        self.states[before].lines.insert(line.into(), (html[start..].into(), after));
        self.lines += 1;
        Some(after)
    }
}

fn coloured(syntax: &'static SyntaxReference, code: &str) -> Option<String> {
    COLOURED.with_borrow_mut(|languages| {
        let known = languages.entry(&syntax.name).or_insert_with(|| Coloured::new(syntax));
        if known.lines > MOST.0 || known.states.len() > MOST.1 {
            *known = Coloured::new(syntax);
        }
        let mut html = String::with_capacity(code.len() * 2);
        let mut state = 0;
        for line in code.split_inclusive('\n') {
            if line.len() > LONGEST_LINE {
                return None;
            }
            state = known.line(state, line, &mut html)?;
        }
        Some(html)
    })
}

/// Adds the HTML of a line; its spans end with it.
fn colour_line(state: &mut ParseState, stack: &mut ScopeStack, line: &str, html: &mut String) -> Option<()> {
    // Syntaxes want the end of the line.
    let fed = if line.ends_with('\n') { Cow::Borrowed(line) } else { Cow::Owned(format!("{line}\n")) };
    let end = line.trim_end_matches('\n').len();
    let mut open = None;
    let mut at = 0;
    for (start, operation) in state.parse_line(&fed, &SYNTAXES).ok()? {
        let start = start.min(end).max(at);
        piece(&line[at..start], stack, &mut open, html);
        at = start;
        stack.apply(&operation).ok()?;
    }
    piece(&line[at..end], stack, &mut open, html);
    if open.is_some() {
        html.push_str("</span>");
    }
    html.push_str(&line[end..]);
    Some(())
}

fn piece(text: &str, stack: &ScopeStack, open: &mut Option<char>, html: &mut String) {
    if text.is_empty() {
        return;
    }
    // Blanks have no colour: they stay in the span that is open.
    let class = if text.trim().is_empty() { *open } else { class_of(stack) };
    if class != Some(OPTION) {
        colour(class, open, html);
        let _ = escape_html(&mut *html, text);
        return;
    }
    // The blanks around an option are outside of its span: the theme keeps an option on one line.
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if !word.is_empty() {
            colour(class, open, html);
            let _ = escape_html(&mut *html, word);
        }
        if word.len() < part.len() {
            colour(None, open, html);
            html.push_str(&part[word.len()..]);
        }
    }
}

/// Closes the span that is open and opens one of this class, if they are not the same.
fn colour(class: Option<char>, open: &mut Option<char>, html: &mut String) {
    if class == *open {
        return;
    }
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

fn class_of(stack: &ScopeStack) -> Option<char> {
    // The first scope is the language itself.
    stack.as_slice().get(1..).unwrap_or_default().iter().rev().find_map(|scope| {
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
    fn an_option_is_in_a_span_of_its_own_without_blanks() {
        let html = highlight("sh", "docker run --rm  -it busybox sh -c 'date'");
        for option in ["--rm", "-it", "-c"] {
            assert!(html.contains(&format!(" <span class=a>{option}</span> ")), "{html}");
        }
    }

    #[test]
    fn what_was_coloured_before_does_not_matter() {
        let code = "/* a\nb */ let x = \"c\nd\"; // e\n}\n\nfn f() {\n}\n";
        let fresh = std::thread::spawn(move || highlight("rust", code)).join().unwrap();
        // The same lines in other states.
        for other in ["}\n\n", "b */ let x = \"c\n", "/* a\n}\nfn f() {\n", "\"}\nd\"; // e\n"] {
            highlight("rust", other);
        }
        assert_eq!(highlight("rust", code), fresh);
        assert_eq!(highlight("rust", code), fresh);
        assert!(fresh.contains("\n<span class=c>b */"), "{fresh}");
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
