//! Shell text cut into logical lines: one command a piece, however many lines it takes.
//!
//! What bash would say of an unfinished text is asked of a parser of bash's language.

use std::cell::Cell;
use std::ops::Range;

use brush_parser::ast::Program;
use brush_parser::{ParseError, Parser, ParserOptions, TokenizerError};

/// The longest text that is looked at as one command, in bytes.
const LONGEST: usize = 256 * 1024;
/// The most text of one fence that the parser is given, in bytes, each command as often as it has lines.
const MOST_PARSED: usize = 4 * 1024 * 1024;
/// With more constructs in one command that the parser may try both ways, it is not asked: where they stand
/// one within the other, its time doubles with each.
const MOST_AMBIGUOUS: usize = 12;
/// The parser panics at a file descriptor with more digits, as in `12345678901>file`.
const MOST_DIGITS: usize = 9;
/// From this many opening brackets and keywords on, the parser gets a stack of its own.
const DEEP: usize = 100;
/// The most of them that it is asked about.
const DEEPEST: usize = 4000;
/// The size of that stack, in bytes.
const STACK: usize = 128 * 1024 * 1024;

/// The commands of a script as ranges of its lines. Blank lines and comments belong to none.
pub(super) fn commands(lines: &[&str]) -> Vec<Range<usize>> {
    commands_by(&FenceParser::new(), lines)
}

fn commands_by(parser: &FenceParser, lines: &[&str]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if is_blank_or_comment(lines[at]) {
            at += 1;
            continue;
        }
        let end = at + parser.lines_of_command(&lines[at..]).unwrap_or(lines.len() - at);
        found.push(at..end);
        at = end;
    }
    found
}

/// Whether a line of a script contains no command.
pub(super) fn is_blank_or_comment(line: &str) -> bool {
    let text = line.trim_start();
    text.is_empty() || text.starts_with('#')
}

/// The parser while it reads one fence. A command is parsed anew with each further line, so what all of
/// a fence's may take is limited: beyond, no command is closed.
#[derive(Debug)]
pub(crate) struct FenceParser {
    /// How many bytes it may still be given.
    left: Cell<usize>,
}

impl FenceParser {
    pub(crate) fn new() -> Self {
        Self { left: Cell::new(MOST_PARSED) }
    }

    /// A command that begins with this line.
    pub(super) fn begin(&self, line: &str) -> Command<'_> {
        Command { text: line.to_owned(), last: 0, delimiters: None, parser: self }
    }

    /// How many lines the command takes that begins in the first; `None` where it is still open at the end.
    pub(crate) fn lines_of_command(&self, lines: &[&str]) -> Option<usize> {
        let (first, further) = lines.split_first()?;
        let mut command = self.begin(first);
        for (at, line) in further.iter().enumerate() {
            if !command.is_open() {
                return Some(at + 1);
            }
            command.push(line);
        }
        (!command.is_open()).then_some(lines.len())
    }

    fn is_open(&self, text: &str) -> bool {
        match self.left.get().checked_sub(text.len()) {
            Some(left) => {
                self.left.set(left);
                is_open(text)
            }
            None => true,
        }
    }
}

/// A command that is read line by line.
#[derive(Debug)]
pub(super) struct Command<'p> {
    text: String,
    /// Where its last line begins.
    last: usize,
    /// The delimiters of the here-documents that it is in the midst of.
    delimiters: Option<String>,
    parser: &'p FenceParser,
}

impl Command<'_> {
    /// Adds a line.
    pub(super) fn push(&mut self, line: &str) {
        self.text.push('\n');
        self.last = self.text.len();
        self.text.push_str(line);
    }

    /// The delimiter of the here-document that it is in the midst of.
    pub(super) fn delimiter(&self) -> Option<&str> {
        self.delimiters.as_deref()?.split(',').map(str::trim).find(|delimiter| !delimiter.is_empty())
    }

    /// Whether the shell would ask for more.
    pub(super) fn is_open(&mut self) -> bool {
        let last = self.text[self.last..].trim();
        // Nothing but its delimiter ends a here-document, so its lines need not be parsed.
        if let Some(delimiters) = &self.delimiters
            && (last.is_empty() != delimiters.is_empty() || !delimiters.contains(last))
        {
            return true;
        }
        let is_open = self.parser.is_open(&self.text);
        self.delimiters = if is_open { open_delimiters(&self.text) } else { None };
        is_open
    }
}

/// The delimiters that a text waits for in the midst of here-documents, without quotes. Where they stand
/// inside of brackets, a bracket may end them as well.
fn open_delimiters(text: &str) -> Option<String> {
    if !text.contains("<<") || text.contains(['(', '`']) || text.len() > LONGEST {
        return None;
    }
    let tokens =
        brush_parser::uncached_tokenize_str(&format!("{text}\n"), &brush_parser::TokenizerOptions::default());
    match tokens {
        Err(TokenizerError::UnterminatedHereDocuments(delimiters, _)) => {
            Some(delimiters.replace(['\'', '"', '\\'], ""))
        }
        _ => None,
    }
}

/// The words that begin a compound command, or go on with one.
const RESERVED: [&str; 16] = [
    "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "select", "then",
    "time", "until", "while",
];

/// Whether a text is one command of plain words, as most are: nothing in it could be left open.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" -_./:=,@%+".contains(&byte);
    text.bytes().all(is_plain)
        && text.split_whitespace().next().is_some_and(|first| !RESERVED.contains(&first))
}

/// Whether a shell that was given this text would ask for more.
fn is_open(text: &str) -> bool {
    if is_plain(text) {
        return false;
    }
    if text.len() > LONGEST {
        return is_roughly_open(text);
    }
    let openers = openers(text);
    if openers > DEEPEST {
        return is_roughly_open(text);
    }
    if ambiguous(text) > MOST_AMBIGUOUS || has_large_descriptor(text) {
        return is_roughly_open(text);
    }
    if openers > DEEP { stacker::grow(STACK, || parses_as_open(text)) } else { parses_as_open(text) }
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

/// Whether a number that is too large for a file descriptor stands before a redirection.
fn has_large_descriptor(text: &str) -> bool {
    let digits = |before: &str| before.bytes().rev().take_while(u8::is_ascii_digit).count();
    text.match_indices(['<', '>']).any(|(at, _)| digits(&text[..at]) > MOST_DIGITS)
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
    match parse(text) {
        Err(ParseError::ParsingAtEndOfInput) => true,
        Err(ParseError::Tokenizing { inner, .. }) => inner.is_incomplete(),
        Ok(_) | Err(ParseError::ParsingNear(_)) => false,
    }
}

fn parse(text: &str) -> Result<Program, ParseError> {
    Parser::new(format!("{text}\n").as_bytes(), &ParserOptions::default()).parse_program()
}

/// Whether a text is whole for the shell, and without mistakes; never where the parser cannot be asked.
pub(crate) fn is_command(text: &str) -> bool {
    is_plain(text)
        || text.len() <= LONGEST
            && openers(text) <= DEEPEST
            && ambiguous(text) <= MOST_AMBIGUOUS
            && !has_large_descriptor(text)
            && stacker::grow(STACK, || parse(text).is_ok())
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
    fn a_long_here_document_is_closed_by_its_delimiter_alone() {
        let body = "a line of a file, and no EO\n\n".repeat(3000);
        for (begin, end) in [
            ("cat <<EOF > f", "EOF"),
            ("cat <<'EOF'", "EOF"),
            ("cat <<\\EOF", "EOF"),
            ("cat <<E\"O\"F", "EOF"),
            ("cat <<-EOF", "\t\tEOF"),
            ("cat <<A <<EOF", "A\nb\nEOF"),
        ] {
            let cut = cut(&format!("{begin}\n{body}{end}\necho c"));
            assert_eq!((cut.len(), cut.last().map(String::as_str)), (2, Some("echo c")), "{begin}");
        }
        assert_eq!(cut("x=$(cat <<E\na\nE\n)\necho c").len(), 2);
        assert_eq!(cut("if true; then\ncat <<E\na (\nE\nls\nfi\necho c").len(), 2);
    }

    #[test]
    fn beyond_its_limit_no_command_is_closed() {
        let parser = || FenceParser { left: Cell::new(10_000) };
        let lines = ["if a"; 1000];
        assert_eq!(commands_by(&parser(), &lines).first(), Some(&(0..1000)));
        assert_eq!(commands_by(&parser(), &lines).len(), 1);
        let many = ["echo a"; 3000];
        let found = commands_by(&parser(), &many);
        assert_eq!(found.iter().map(|range| range.len()).sum::<usize>(), many.len());
        assert!(
            found.len() > 1000 && found.last().is_some_and(|range| range.len() > 1000),
            "{}",
            found.len()
        );
        let command = FenceParser { left: Cell::new(0) };
        assert!(command.begin("echo a").is_open());
        command.left.set(100);
        assert!(!command.begin("echo a").is_open());
    }

    #[test]
    fn what_is_plain_is_what_the_parser_says() {
        for text in [
            "docker run -d --name a nginx:1.27",
            "a=b c",
            " ls",
            "in x",
            "echo if",
            "if",
            "while true",
            "time",
            "",
        ] {
            assert!(!is_plain(text) || !parses_as_open(text), "{text}");
        }
        for text in
            RESERVED.iter().copied().chain(["echo a;", "echo 'a", "a |", "a \\", "a\nb", "{ a", "! a"])
        {
            assert!(!is_plain(text), "{text}");
        }
        assert!(is_plain("docker run -d --name a nginx:1.27"));
    }

    #[test]
    fn a_descriptor_that_is_too_large_is_no_panic() {
        assert_eq!(cut("echo a 2147483648> f\necho b 99999999999999999999<f\necho 4294967296").len(), 3);
        assert_eq!(cut("echo a 2> f\necho b").len(), 2);
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
