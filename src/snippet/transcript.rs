//! Transcripts: what a person typed behind prompts, and what came of it.

use std::ops::Range;

use super::prompt::{Form, Prompt, may_open_session, may_open_shell};
use super::script;

/// What a fence's language says of the lines that begin with `# `.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `console` and its like: `# ` is root's prompt.
    Session,
    /// `sh` and its like: `# ` begins a comment.
    Shell,
    /// No language: `# ` is neither.
    Plain,
    /// A block of output: it is a transcript only where a program with a prompt may be open.
    Output,
}

/// A fence that shows prompts. Numbers of lines count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// How many blanks and tabs stand before each line: a transcript may be set off as a whole.
    pub indent: usize,
    /// How many lines stand before the first prompt.
    pub preface: usize,
    /// What was typed, in order, each with its output.
    pub exchanges: Vec<Exchange>,
}

/// A command of a transcript with its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The lines of the command.
    pub lines: Range<usize>,
    /// How many bytes of each of these lines are a prompt, what the transcript is set off by included.
    pub marks: Vec<usize>,
    /// The prompt as its first line shows it.
    pub prompt: String,
    /// Which prompt that is.
    pub form: Form,
    /// The command without prompts.
    pub text: String,
    /// The lines that it prints, comments left out.
    pub output: Vec<usize>,
}

impl Dialect {
    /// The dialect of a fence by the first word of its info string; `None` where it contains no shell text.
    pub fn of(language: &str) -> Option<Self> {
        match language {
            "console" | "shell-session" | "shellsession" | "sh-session" | "bash-session" | "terminal" => {
                Some(Self::Session)
            }
            "sh" | "bash" | "shell" | "zsh" => Some(Self::Shell),
            "" => Some(Self::Plain),
            "text" | "txt" | "plain" | "plaintext" | "output" | "stdout" | "stderr" | "log" => {
                Some(Self::Output)
            }
            _ => None,
        }
    }
}

/// What zsh shows while it wants more of a command.
const ZSH_SECONDS: [&str; 14] = [
    "> ",
    "for> ",
    "while> ",
    "until> ",
    "do> ",
    "if> ",
    "then> ",
    "else> ",
    "case> ",
    "quote> ",
    "dquote> ",
    "heredoc> ",
    "pipe> ",
    "subsh> ",
];

/// Reads a fence as a transcript; `None` where its first command line begins with no prompt.
///
/// `after_session` says whether what stands before the fence may have left the reader at the prompt of
/// another program.
pub fn read(lines: &[&str], dialect: Dialect, after_session: bool) -> Option<Transcript> {
    let margin = margin(lines, dialect);
    let set_off: Vec<&str> = lines.iter().map(|line| &line[indent(line, margin)..]).collect();
    let comments = has_comments(&set_off, dialect);
    let reader = Reader { lines: &set_off, dialect, comments, parser: script::FenceParser::new() };
    let first = reader.first(after_session)?;
    let mut exchanges = reader.exchanges(first, after_session);
    for exchange in &mut exchanges {
        for (mark, line) in exchange.marks.iter_mut().zip(&lines[exchange.lines.clone()]) {
            *mark += indent(line, margin);
        }
    }
    Some(Transcript { indent: margin.len(), preface: first, exchanges })
        .filter(|transcript| !transcript.exchanges.is_empty())
}

/// The blanks and tabs before the first command line, if a prompt follows them: the whole transcript is
/// set off by them.
fn margin<'a>(lines: &[&'a str], dialect: Dialect) -> &'a str {
    let is_comment = |text: &str| dialect == Dialect::Shell && text.starts_with('#');
    let counts = |line: &&&str| !line.trim().is_empty() && !is_comment(line.trim_start());
    let Some(first) = lines.iter().find(counts) else { return "" };
    let text = first.trim_start_matches([' ', '\t']);
    let allowed = match Prompt::shell(text).map(|prompt| (prompt.typed.trim().is_empty(), prompt.form)) {
        None | Some((true, _)) => false,
        Some((false, Form::Mark('#'))) => dialect == Dialect::Session,
        Some((false, _)) => dialect != Dialect::Output,
    };
    if allowed { &first[..first.len() - text.len()] } else { "" }
}

/// How much of a margin a line has, in bytes.
fn indent(line: &str, margin: &str) -> usize {
    line.bytes().zip(margin.bytes()).take_while(|(own, wanted)| own == wanted).count()
}

/// Whether lines that begin with `# ` are comments.
fn has_comments(lines: &[&str], dialect: Dialect) -> bool {
    match dialect {
        Dialect::Shell => true,
        // A session that begins with `# ` and goes on with `$ ` is one of a person who comments.
        Dialect::Session => {
            let first = lines.iter().find(|line| !line.trim().is_empty());
            first.is_some_and(|line| line.starts_with('#'))
                && lines.iter().any(|line| line.starts_with("$ ") || line.starts_with("% "))
        }
        Dialect::Plain | Dialect::Output => false,
    }
}

/// What the command before a line may have opened.
#[derive(Debug, Clone, Copy)]
struct Opens {
    /// A shell.
    shell: bool,
    /// A program with a prompt, a shell included.
    any: bool,
}

struct Reader<'a> {
    lines: &'a [&'a str],
    dialect: Dialect,
    comments: bool,
    parser: script::FenceParser,
}

impl<'a> Reader<'a> {
    fn is_comment(&self, line: &str) -> bool {
        let mark = line.trim_start().strip_prefix('#');
        self.comments
            && mark.is_some_and(|text| text.trim_start_matches('#').is_empty() || text.starts_with(' '))
    }

    /// The prompt that a line begins with, if a reader's own may stand there.
    fn own_prompt(&self, line: &'a str) -> Option<Prompt<'a>> {
        let prompt = Prompt::shell(line)?;
        let allowed = match (self.dialect, &prompt.form) {
            (Dialect::Output, _) => false,
            (Dialect::Session, _) => true,
            (Dialect::Shell | Dialect::Plain, form) => *form != Form::Mark('#'),
        };
        allowed.then_some(prompt)
    }

    /// The line of the first prompt.
    fn first(&self, after_session: bool) -> Option<usize> {
        let counts = |line: &&str| !line.trim().is_empty() && !self.is_comment(line);
        let first = self.lines.iter().position(counts)?;
        let session =
            |line: &str| after_session && Prompt::session(line).is_some_and(|p| !p.typed.trim().is_empty());
        let begins =
            |line: &'a str| self.own_prompt(line).is_some_and(|prompt| !prompt.typed.trim().is_empty());
        if begins(self.lines[first]) || session(self.lines[first]) {
            return Some(first);
        }
        let later = &self.lines[first + 1..];
        let found = if self.dialect == Dialect::Session {
            later.iter().position(|line| begins(line) || session(line))
        } else if after_session {
            later.iter().position(|line| session(line))
        } else {
            None
        };
        found.map(|at| first + 1 + at)
    }

    fn exchanges(&self, first: usize, after_session: bool) -> Vec<Exchange> {
        let mut exchanges: Vec<Exchange> = Vec::new();
        // The prompts of the programs that are open, the reader's own first.
        let mut open: Vec<Form> = Vec::new();
        let mut at = first;
        while at < self.lines.len() {
            let line = self.lines[at];
            let may_open = match exchanges.last() {
                Some(last) => Opens { shell: may_open_shell(&last.text), any: may_open_session(&last.text) },
                None => Opens { shell: after_session, any: after_session },
            };
            let found = self.prompt_at(line, &open, may_open);
            let Some(prompt) = found else {
                if let Some(exchange) = exchanges.last_mut().filter(|_| !self.is_comment(line)) {
                    exchange.output.push(at);
                }
                at += 1;
                continue;
            };
            let known = open.iter().rposition(|form| form.continues(&prompt.form));
            match known {
                Some(depth) => open.truncate(depth + 1),
                None => open.push(prompt.form.clone()),
            }
            if prompt.typed.trim().is_empty() {
                // In a session it is where the command before it leaves the reader, else nothing.
                // Where output goes on behind it, it is no prompt.
                let nested = (open.len() > 1 || after_session) && prompt.form != Form::Mark('$');
                let counts = |line: &&&str| !line.trim().is_empty() && !self.is_comment(line);
                let next = self.lines[at + 1..].iter().find(counts);
                let goes_on = next.is_some_and(|next| self.prompt_at(next, &open, may_open).is_none());
                if let Some(exchange) = exchanges.last_mut().filter(|_| nested || goes_on) {
                    exchange.output.push(at);
                }
                at += 1;
                continue;
            }
            let exchange = self.exchange(at, &prompt);
            at = exchange.lines.end;
            exchanges.push(exchange);
        }
        exchanges
    }

    /// The prompt at the beginning of a line, if it is one there and not output.
    fn prompt_at(&self, line: &'a str, open: &[Form], opens: Opens) -> Option<Prompt<'a>> {
        let prompt = Prompt::any(line)?;
        // A lone mark is a shell's; what else begins so is output of a script.
        let may_open = if matches!(prompt.form, Form::Mark(_)) { opens.shell } else { opens.any };
        if self.comments && prompt.form == Form::Mark('#') && !may_open {
            return None;
        }
        (open.is_empty() || may_open || open.iter().any(|form| form.continues(&prompt.form)))
            .then_some(prompt)
    }

    /// The command that begins at a line: it goes on for as long as the program would ask for more.
    fn exchange(&self, at: usize, prompt: &Prompt<'_>) -> Exchange {
        let mut marks = vec![prompt.prompt.len()];
        let mut text = prompt.typed.trim_end().to_owned();
        if prompt.is_shell() {
            // In a session the second prompt may be another; at the reader's own it is `> `.
            let marks_of = match prompt.form {
                Form::Mark('%') => &ZSH_SECONDS[..],
                Form::Mark(_) => &["> "],
                _ => &["> ", "... "],
            };
            let further = self.further(at, &text, marks_of);
            for &(mark, line) in &further {
                marks.push(mark);
                text.push('\n');
                text.push_str(line);
            }
        } else {
            for line in &self.lines[at + 1..] {
                let Some(more) = Prompt::continued(line) else { break };
                marks.push(more.prompt.len());
                text.push('\n');
                text.push_str(more.typed.trim_end());
            }
        }
        Exchange {
            lines: at..at + marks.len(),
            marks,
            prompt: prompt.prompt.to_owned(),
            form: prompt.form.clone(),
            text,
            output: Vec::new(),
        }
    }

    /// The further lines of a shell's command, each with the length of its mark. A command that the
    /// fence never closes keeps only the lines that are marked as such.
    fn further(&self, at: usize, first: &str, seconds: &[&str]) -> Vec<(usize, &'a str)> {
        let mut command = self.parser.begin(first);
        let mut further: Vec<(usize, &'a str)> = Vec::new();
        let mut marked = 0;
        let (mut document, mut is_endless) = (None, false);
        for (number, &line) in self.lines.iter().enumerate().skip(at + 1) {
            if !command.is_open() {
                return further;
            }
            if document.is_none()
                && !is_endless
                && let Some(end) = command.delimiter()
            {
                document = self.document(number, end, seconds);
                is_endless = document.is_none();
            }
            let mark = match &document {
                Some((false, _)) => 0,
                _ => mark_of(line, seconds),
            };
            if document.as_ref().is_some_and(|(_, end)| number == *end) {
                document = None;
            }
            let more = &line[mark..];
            if mark > 0 && marked == further.len() {
                marked += 1;
            }
            further.push((mark, more));
            command.push(more);
        }
        if command.is_open() {
            further.truncate(marked);
        }
        further
    }

    /// Whether the lines of the here-document that begins at a line are marked, and where it ends: as its
    /// delimiter is.
    fn document(&self, begin: usize, delimiter: &str, seconds: &[&str]) -> Option<(bool, usize)> {
        let ends = |text: &str| text.trim() == delimiter;
        self.lines.iter().enumerate().skip(begin).find_map(|(number, line)| {
            let mark = mark_of(line, seconds);
            (ends(line) || ends(&line[mark..])).then_some((!ends(line), number))
        })
    }
}

/// How many bytes of a line are a shell's second prompt.
fn mark_of(line: &str, seconds: &[&str]) -> usize {
    let second = seconds.iter().find(|&&second| line.starts_with(second) || line == second.trim_end());
    second.map_or(0, |second| second.len().min(line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchanges_of(text: &str, dialect: Dialect) -> Option<Vec<(String, String)>> {
        let lines: Vec<&str> = text.lines().collect();
        let transcript = read(&lines, dialect, false)?;
        Some(
            transcript
                .exchanges
                .into_iter()
                .map(|exchange| {
                    let output: Vec<&str> = exchange.output.iter().map(|&at| lines[at]).collect();
                    (exchange.text, output.join("|"))
                })
                .collect(),
        )
    }

    fn row(text: &str, output: &str) -> (String, String) {
        (text.into(), output.into())
    }

    #[test]
    fn the_first_prompt_is_the_fences() {
        use Dialect::{Plain, Session, Shell};
        for (text, dialect, wanted) in [
            ("$ a\nx\n$ b", Shell, vec![row("a", "x"), row("b", "")]),
            ("$ a\nx", Plain, vec![row("a", "x")]),
            ("% a\n$ x", Session, vec![row("a", "$ x")]),
            ("$ a\n# x\n% y", Session, vec![row("a", "# x|% y")]),
            ("# a\nx\n# b", Session, vec![row("a", "x"), row("b", "")]),
            ("# note\n$ a\nx\n# more\n$ b", Session, vec![row("a", "x"), row("b", "")]),
            ("# note\n$ a\n# note\nx", Shell, vec![row("a", "x")]),
            ("kim@mac:~/w$ cd /\nkim@mac:/$ pwd\n/", Plain, vec![row("cd /", ""), row("pwd", "/")]),
            ("$ a\n$", Session, vec![row("a", "")]),
            (
                "$ sudo -i\n# id\nroot\n# exit\n$ b",
                Session,
                vec![row("sudo -i", ""), row("id", "root"), row("exit", ""), row("b", "")],
            ),
            ("$ a\nroot@web:/# x", Session, vec![row("a", "root@web:/# x")]),
            ("  $ a\n  x\n    y\n\n  $ b \\\n  > c", Shell, vec![row("a", "  x|    y|"), row("b \\\nc", "")]),
            ("\t$ a\nx\n\t$ b", Plain, vec![row("a", "x"), row("b", "")]),
        ] {
            assert_eq!(exchanges_of(text, dialect), Some(wanted), "{text}");
        }
        for (text, dialect) in [
            ("a\n$ b", Shell),
            ("# a", Shell),
            ("# a", Plain),
            ("Usage:  go [OPTIONS]", Session),
            ("x\n$ a", Plain),
            ("$HOME", Plain),
            ("$ a", Dialect::Output),
            ("  # a", Shell),
            ("  - $ a", Plain),
        ] {
            assert_eq!(exchanges_of(text, dialect), None, "{text}");
        }
    }

    #[test]
    fn a_command_goes_on_while_the_shell_would_ask() {
        for (text, command, output) in [
            ("$ a \\\n    b \\\n    c\n\nx", "a \\\n    b \\\n    c", "|x"),
            ("$ a \\\n> b\nx", "a \\\nb", "x"),
            ("$ cat <<E\nfirst\nE\nfirst", "cat <<E\nfirst\nE", "first"),
            ("$ cat <<E\n> first\n> E\nfirst", "cat <<E\nfirst\nE", "first"),
            ("$ a\n> quoted", "a", "> quoted"),
            ("$ for i in 1; do\n> a\n> done\nx", "for i in 1; do\na\ndone", "x"),
            ("$ a 'x\ny'\nz", "a 'x\ny'", "z"),
            ("$ echo don't\nnever\nclosed", "echo don't", "never|closed"),
            ("bash-5.2$ for i in 1; do\n...   a\n... done\n1", "for i in 1; do\n  a\ndone", "1"),
        ] {
            assert_eq!(exchanges_of(text, Dialect::Session), Some(vec![row(command, output)]), "{text}");
        }
    }
}
