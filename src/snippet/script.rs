//! Shell text cut into logical lines: one command a piece, however many lines it takes.
//!
//! What bash would say of an unfinished text is asked of a parser of bash's language.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use brush_parser::{ParseError, Parser, ParserOptions};

/// The longest text that is looked at as one command, in bytes.
const LONGEST: usize = 256 * 1024;
/// With more constructs in one command that the parser may try both ways, it is given a time: where
/// they stand one within the other, its own doubles with each.
const MOST_AMBIGUOUS: usize = 12;
/// That time.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// From this many opening brackets and keywords on, the parser gets a stack of its own.
const DEEP: usize = 100;
/// The most of them that it is asked about.
const DEEPEST: usize = 4000;
/// The size of that stack, in bytes.
const STACK: usize = 128 * 1024 * 1024;

/// The commands of a script as ranges of its lines. Blank lines and comments belong to none.
pub(super) fn commands(lines: &[&str]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if is_blank_or_comment(lines[at]) {
            at += 1;
            continue;
        }
        let end = at + lines_of_command(&lines[at..]).unwrap_or(lines.len() - at);
        found.push(at..end);
        at = end;
    }
    found
}

/// Whether a line of a script holds no command.
pub(super) fn is_blank_or_comment(line: &str) -> bool {
    let text = line.trim_start();
    text.is_empty() || text.starts_with('#')
}

/// How many lines the command takes that begins in the first; `None` where it is still open at the end.
pub(super) fn lines_of_command(lines: &[&str]) -> Option<usize> {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(line);
        if !is_open(&text) {
            return Some(at + 1);
        }
    }
    None
}

/// Whether a shell that was given this text would ask for more.
pub(super) fn is_open(text: &str) -> bool {
    if text.len() > LONGEST {
        return is_roughly_open(text);
    }
    let openers = openers(text);
    if openers > DEEPEST {
        return is_roughly_open(text);
    }
    if ambiguous(text) > MOST_AMBIGUOUS {
        return ask_for_a_while(text).unwrap_or_else(|| is_roughly_open(text));
    }
    if openers > DEEP { stacker::grow(STACK, || parses_as_open(text)) } else { parses_as_open(text) }
}

/// Asks the parser of a text on which it may take for ever, though no real one is known.
fn ask_for_a_while(text: &str) -> Option<bool> {
    static GAVE_UP: AtomicBool = AtomicBool::new(false);
    if GAVE_UP.load(Ordering::Relaxed) {
        return None;
    }
    let (answer, answered) = mpsc::channel();
    let text = text.to_owned();
    let asking = move || {
        // Nobody may wait for it any more.
        let _ = answer.send(parses_as_open(&text));
    };
    std::thread::Builder::new().stack_size(STACK).spawn(asking).ok()?;
    let open = answered.recv_timeout(LONGEST_WAIT).ok();
    if open.is_none() {
        GAVE_UP.store(true, Ordering::Relaxed);
    }
    open
}

/// How often the parser may have to choose between an arithmetic command and a subshell, and of `case`.
fn ambiguous(text: &str) -> usize {
    let mut found = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| *word == "case").count();
    let (mut before, mut bracket) = (' ', false);
    for c in text.chars() {
        if c == '(' && bracket {
            found += 1;
        }
        if !c.is_whitespace() {
            bracket = c == '(' && before != '$';
        }
        before = c;
    }
    found
}

/// What the brackets and keywords of a text say, where the parser cannot be asked.
fn is_roughly_open(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric());
    let pairs = [("if", "fi"), ("case", "esac"), ("do", "done")];
    let more = |open: usize, close: usize| open > close;
    pairs.iter().any(|(open, close)| {
        more(words().filter(|word| word == open).count(), words().filter(|word| word == close).count())
    }) || more(text.matches('{').count(), text.matches('}').count())
        || (!text.contains("case") && more(text.matches('(').count(), text.matches(')').count()))
}

fn parses_as_open(text: &str) -> bool {
    let backslashes = text.bytes().rev().take_while(|&byte| byte == b'\\').count();
    if backslashes % 2 == 1 {
        return !ends_in_comment(&text[..text.len() - 1]);
    }
    let input = format!("{text}\n");
    let options = ParserOptions::default();
    match Parser::new(input.as_bytes(), &options).parse_program() {
        Err(ParseError::ParsingAtEndOfInput) => true,
        Err(ParseError::Tokenizing { inner, .. }) => inner.is_incomplete(),
        Ok(_) | Err(ParseError::ParsingNear(_)) => false,
    }
}

/// Whether the end of a text is part of a comment, where a backslash joins nothing.
fn ends_in_comment(text: &str) -> bool {
    const WORD: &str = "haechi";
    let last = text.rsplit('\n').next().unwrap_or(text);
    last.contains('#')
        && brush_parser::uncached_tokenize_str(
            &format!("{text}{WORD}\n"),
            &brush_parser::TokenizerOptions::default(),
        )
        .is_ok_and(|tokens| tokens.iter().all(|token| !token.to_str().ends_with(WORD)))
}

/// How often a text may go one level deeper, at most.
fn openers(text: &str) -> usize {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'(' | b'{' | b'[' | b'`')).count();
    let words = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| matches!(*word, "if" | "while" | "until" | "for" | "select" | "case"));
    brackets + words.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let lines: Vec<_> = text.lines().collect();
        commands(&lines).into_iter().map(|range| lines[range].join("\n")).collect()
    }

    #[test]
    fn one_command_a_piece() {
        assert_eq!(cut("echo a\n\n# note\necho b # note\n"), ["echo a", "echo b # note"]);
        assert_eq!(
            cut("docker run -d \\\n  -e A=1 \\\n  mysql\ndocker ps"),
            ["docker run -d \\\n  -e A=1 \\\n  mysql", "docker ps"]
        );
        for two in [
            "echo 'a\nb'\necho c",
            "echo \"a \\\" b\"\necho c",
            "cat <<'EOF' > f\n# in\nx=\"\nEOF\necho c",
            "cat <<-E\n\tx\n\tE\necho c",
            "cat <<A <<B\na\nA\nb\nB\necho c",
            "cat <<< word\necho c",
            "cat <<<'a\nb'\necho c",
            "docker ps |\n  grep x\necho c",
            "a &&\nb\nc &",
            "echo $'don\\'t'\necho next",
            "echo $\"a\nb\"\necho c",
            "echo ${x:-a\nb}\necho c",
            "[[ a == a &&\n b == b ]]\necho c",
            "a=(1\n2)\necho ${a[@]}",
            "echo a # note \\\necho b",
            "echo $((1 +\n2))\necho c",
        ] {
            assert_eq!(cut(two).len(), 2, "{two}");
        }
    }

    #[test]
    fn compound_commands_stay_together() {
        for two in [
            "for i in 1 2; do\n  echo $i\ndone\necho c",
            "if true\nthen\n echo a\nelse\n echo b\nfi\necho c",
            "while true; do echo a; done\necho c",
            "until curl -s x\ndo sleep 1\ndone\necho c",
            "(\ncd x\nls\n)\necho c",
            "f() {\n echo a\n}\nf",
            "function g\n{\n echo a\n}\ng",
            "case $x in\n a) echo a ;;\n *) echo b ;;\nesac\necho c",
            "echo for if do {\necho done",
            "X=$(cat a) docker ps\necho c",
            "echo ${#a} $(( 1 << 2 ))\necho c",
        ] {
            assert_eq!(cut(two).len(), 2, "{two}");
        }
    }

    #[test]
    fn what_never_closes_runs_to_the_end() {
        assert_eq!(cut("echo 'a\nb").len(), 1);
        assert_eq!(cut("cat <<EOF\nb").len(), 1);
    }

    #[test]
    fn deep_nesting_ends() {
        for open in ["(", "(( (", "{ ", "$(", "${a:-", "if true; then ", "case x in x) ", "`", "[[ ("] {
            for times in [12, 900, 20_000] {
                let _ = is_open(&open.repeat(times));
            }
        }
    }
}
