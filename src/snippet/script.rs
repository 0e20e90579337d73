//! Shell text cut into logical lines: one command a piece, however many lines it takes.

use std::ops::Range;

/// The commands of a script as ranges of its lines. Blank lines and comments belong to none.
///
/// A trailing `\`, an open quote, an open heredoc, a trailing `|`, `&&` or `||`, and an open
/// `do`, `then`, `case`, `{` or `(` join a line with its next.
pub(super) fn commands(lines: &[&str]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let text = lines[at].trim_start();
        if text.is_empty() || text.starts_with('#') {
            at += 1;
            continue;
        }
        let start = at;
        let mut scanner = Scanner::default();
        loop {
            scanner.line(lines[at]);
            at += 1;
            if at == lines.len() || !scanner.open() {
                break;
            }
        }
        found.push(start..at);
    }
    found
}

#[derive(Debug, Default)]
struct Scanner {
    quote: Option<char>,
    heredocs: Vec<Heredoc>,
    keywords: usize,
    parentheses: usize,
    joined: bool,
}

#[derive(Debug)]
struct Heredoc {
    end: String,
    strips_tabs: bool,
}

impl Scanner {
    fn open(&self) -> bool {
        self.joined
            || self.quote.is_some()
            || !self.heredocs.is_empty()
            || self.keywords > 0
            || self.parentheses > 0
    }

    fn line(&mut self, line: &str) {
        if self.quote.is_none()
            && let Some(heredoc) = self.heredocs.first()
        {
            let text = if heredoc.strips_tabs { line.trim_start_matches('\t') } else { line };
            if text == heredoc.end {
                self.heredocs.remove(0);
            }
            return;
        }
        self.joined = false;
        let mut word = String::new();
        // Whether the next word is where a command's name stands.
        let mut commands = true;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            if let Some(quote) = self.quote {
                match c {
                    '\\' if quote == '"' => drop(chars.next()),
                    _ if c == quote => self.quote = None,
                    _ => {}
                }
                continue;
            }
            match c {
                '\\' => match chars.next() {
                    Some(next) => word.push(next),
                    None => self.joined = true,
                },
                '\'' | '"' => {
                    self.quote = Some(c);
                    word.push(c);
                }
                '#' if word.is_empty() => break,
                // Inside `$((`, `<<` is a shift.
                '<' if chars.peek() == Some(&'<') && self.parentheses < 2 => {
                    chars.next();
                    if chars.peek() == Some(&'<') {
                        chars.next();
                    } else {
                        self.heredocs.extend(heredoc(&mut chars));
                    }
                }
                '|' | '&' | ';' | '(' | ')' => {
                    self.word(&word, commands);
                    word.clear();
                    commands = true;
                    match c {
                        '(' => self.parentheses += 1,
                        ')' => self.parentheses = self.parentheses.saturating_sub(1),
                        _ => {}
                    }
                    let doubled = matches!(c, '|' | '&' | ';') && chars.next_if_eq(&c).is_some();
                    let rest_is_empty = chars.clone().all(char::is_whitespace)
                        || chars.clone().collect::<String>().trim_start().starts_with('#');
                    if (c == '|' || (c == '&' && doubled)) && rest_is_empty {
                        self.joined = true;
                    }
                }
                _ if c.is_whitespace() => {
                    if !word.is_empty() {
                        commands = self.word(&word, commands);
                        word.clear();
                    }
                }
                _ => word.push(c),
            }
        }
        self.word(&word, commands);
    }

    /// Counts an opening or closing keyword; says whether a command's name comes next.
    fn word(&mut self, word: &str, at_command: bool) -> bool {
        if !at_command {
            return false;
        }
        match word {
            "do" | "then" | "else" | "elif" | "!" | "time" => true,
            "if" | "{" | "while" | "until" => {
                self.keywords += 1;
                true
            }
            "for" | "case" | "select" => {
                self.keywords += 1;
                false
            }
            "fi" | "esac" | "}" | "done" => {
                self.keywords = self.keywords.saturating_sub(1);
                false
            }
            "" => true,
            _ => word.contains('=') && !word.starts_with('='),
        }
    }
}

fn heredoc(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Heredoc> {
    let strips_tabs = chars.next_if_eq(&'-').is_some();
    while chars.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
    let mut end = String::new();
    while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !matches!(c, ';' | '|' | '&' | '>' | ')')) {
        if !matches!(c, '\'' | '"' | '\\') {
            end.push(c);
        }
    }
    (!end.is_empty()).then_some(Heredoc { end, strips_tabs })
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
        assert_eq!(cut("echo 'a\nb'\necho c"), ["echo 'a\nb'", "echo c"]);
        assert_eq!(cut("echo \"a \\\" b\"\necho c").len(), 2);
        assert_eq!(
            cut("cat <<'EOF' > f\n# in\nx=\"\nEOF\necho c"),
            ["cat <<'EOF' > f\n# in\nx=\"\nEOF", "echo c"]
        );
        assert_eq!(cut("cat <<-E\n\tx\n\tE\necho c").len(), 2);
        assert_eq!(cut("cat <<< word\necho c").len(), 2);
        assert_eq!(cut("docker ps |\n  grep x\necho c").len(), 2);
        assert_eq!(cut("a &&\nb\nc &").len(), 2);
    }

    #[test]
    fn compound_commands_stay_together() {
        assert_eq!(cut("for i in 1 2; do\n  echo $i\ndone\necho c").len(), 2);
        assert_eq!(cut("if true\nthen\n echo a\nelse\n echo b\nfi\necho c").len(), 2);
        assert_eq!(cut("while true; do echo a; done\necho c").len(), 2);
        assert_eq!(cut("until curl -s x\ndo sleep 1\ndone\necho c").len(), 2);
        assert_eq!(cut("(\ncd x\nls\n)\necho c").len(), 2);
        assert_eq!(cut("f() {\n echo a\n}\nf").len(), 2);
        assert_eq!(cut("case $x in\n a) echo a ;;\n *) echo b ;;\nesac\necho c").len(), 2);
        assert_eq!(cut("echo for if do {\necho done").len(), 2);
        assert_eq!(cut("X=$(cat a) docker ps\necho c").len(), 2);
        assert_eq!(cut("echo ${#a} $(( 1 << 2 ))\necho c").len(), 2);
    }

    #[test]
    fn what_never_closes_runs_to_the_end() {
        assert_eq!(cut("echo 'a\nb").len(), 1);
        assert_eq!(cut("cat <<EOF\nb").len(), 1);
    }
}
