//! What the lines of a screen are, beyond what the page says of them. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::snippet::{FenceParser, is_command};

/// An expression that is constant.
pub(super) fn regex(expression: &str) -> Regex {
    Regex::new(expression).expect("the expression is constant")
}

/// The first name that an expression finds in a line; empty where it finds none, but agrees.
pub(super) fn named(regex: &Regex, line: &str) -> Option<String> {
    let captures = regex.captures(line)?;
    let name = captures.iter().skip(1).flatten().next();
    Some(name.map_or_else(String::new, |name| name.as_str().to_owned()))
}

/// What the shell says of its background jobs, when it likes (bash's manual, "Job Control Basics").
static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^\[\d+\][+-]? {2,}(?:Done|Exit \d+|Running|Stopped|Terminated|Killed|Hangup|Interrupt|Quit|Aborted|",
        r"Broken pipe|Segmentation fault|User defined signal \d)(?:\(\d+\))?(?: +(?:\(core dumped\) +)?(.*)|$)"
    ))
});

/// A notice ends in the job's command, which has no more lines than these.
const LONGEST_NOTICE: usize = 100;

/// The notices of jobs among some lines, and the other lines.
pub(super) fn notices<'l>(lines: &[&'l str]) -> (Vec<String>, Vec<&'l str>) {
    let parser = FenceParser::new();
    let (mut notices, mut rest) = (Vec::new(), Vec::new());
    let mut lines = lines;
    while let Some((first, further)) = lines.split_first() {
        let length = match NOTICE.captures(first) {
            Some(captures) => {
                let command = captures.get(1).map_or("", |command| command.as_str());
                let further = further.iter().copied().take(LONGEST_NOTICE - 1);
                let whole: Vec<&str> = std::iter::once(command).chain(further).collect();
                let is_whole = |length: &usize| is_command(without_folder(&whole[..*length].join("\n")));
                let length = parser.lines_of_command(&whole).filter(is_whole).unwrap_or(1);
                notices.push(lines[..length].join("\n"));
                length
            }
            None => {
                rest.push(*first);
                1
            }
        };
        lines = &lines[length..];
    }
    (notices, rest)
}

/// Whether a notice says that a job has failed by itself.
pub(super) fn is_failed_job(notice: &str) -> bool {
    let state = notice.split_once(']').map_or("", |(_, rest)| rest.trim_start_matches(['+', '-', ' ']));
    // Beyond 128 a signal has ended it, perhaps the page's own.
    let exit =
        state.strip_prefix("Exit ").and_then(|rest| rest.split_whitespace().next()?.parse::<u32>().ok());
    exit.is_some_and(|code| code <= 128 || code > 192)
        || ["Aborted", "Segmentation fault", "Broken pipe"].iter().any(|word| state.starts_with(word))
}

/// The command of a job, without the folder that the shell adds where the job is in another one.
fn without_folder(command: &str) -> &str {
    match command.rsplit_once("  (wd: ") {
        Some((command, folder)) if folder.ends_with(')') => command,
        _ => command,
    }
}

/// The lines of a screen but the notices of jobs.
pub(super) fn without_notices(screen: &[String]) -> Vec<String> {
    notices(&texts(screen)).1.into_iter().map(str::to_owned).collect()
}

/// The lines of a screen, borrowed.
pub(super) fn texts(screen: &[String]) -> Vec<&str> {
    screen.iter().map(String::as_str).collect()
}

/// Whether two notices are the same one: their blanks depend on the shell's columns.
pub(super) fn is_same_notice(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// What the shell says when it is asked to wait for a job whose end it has reported already.
static TOLD_ALREADY: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:-?bash|sh): wait: %(\d+): no such job$"));

/// Whether a line says so of the job of one of these notices.
pub(super) fn is_reported_job(line: &str, notices: &[String]) -> bool {
    TOLD_ALREADY.captures(line).is_some_and(|captures| {
        let job = format!("[{}]", &captures[1]);
        notices.iter().any(|notice| notice.starts_with(&job))
    })
}

/// What reads as an error or a warning.
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^(?:",
        r"[EW]: |Traceback \(most recent call last\)|npm (?:ERR!|(?:WARN|error|warn)\b)|ERROR\b|WARNING\b|WARN\b|",
        r"(?:[\w./-]+: ){0,2}(?:\w*[Ee]rror|fatal|FATAL|[Ww]arning|[A-Z]\w*(?:Error|Exception))(?:\[\w+\])?: |",
        r"Error\b.*\bnear\b|[Pp]arse error|[Ss]yntax error|Segmentation fault|thread '.*' panicked at|",
        r"[\w./ -]+: (?:line \d+: )?.*(?:command not found|No such file or directory|Permission denied)$",
        r")"
    ))
});

/// The first line that reads as an error or a warning.
pub(super) fn error_line(screen: &[String]) -> Option<&str> {
    screen.iter().map(String::as_str).find(|line| ERROR.is_match(line.trim_start()))
}

/// A question that wants yes or no, or a word.
static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)[\[(]y(?:es)?/n(?:o)?(?:/[^\])]*)?[\])]\s*[:?]?\s*$|^[[:alpha:]][[:alpha:] ]{1,40}[:?]$")
});

/// The last line of a screen, if it is such a question.
pub(super) fn question(screen: &[String]) -> Option<&str> {
    let last = screen.iter().map(|line| line.trim()).rfind(|line| !line.is_empty())?;
    QUESTION.is_match(last).then_some(last)
}

/// What leaves more behind each time that it runs.
static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r">>|\btee\s+-a|\bdocker\s+(?:container\s+)?(?:run|create)\b|\bdocker\s+(?:volume|network)\s+create\b|",
        r"\bgit\s+commit\b|\bmktemp\b|\+\+|\+=|=\$\(\(|\blet\s|\b(?:INSERT|UPDATE)\b|\bsed\s+-i|\btouch\s.*\$|",
        r"\bcurl\s.*(?:\s-d\b|--data|\s-F\b|-X\s*(?:POST|PATCH)\b)"
    ))
});

/// Whether another attempt leaves more than one attempt did.
pub(super) fn has_side_effects(command: &str) -> bool {
    CHANGES.is_match(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_job_whose_end_was_reported_is_no_longer_there() {
        let notices = ["[1]+  Terminated              sleep 50".to_owned()];
        assert!(is_reported_job("bash: wait: %1: no such job", &notices));
        for line in
            ["bash: wait: %2: no such job", "bash: kill: %1: no such job", "x bash: wait: %1: no such job"]
        {
            assert!(!is_reported_job(line, &notices), "{line}");
        }
        assert!(!is_reported_job("bash: wait: %1: no such job", &[]));
    }

    #[test]
    fn notices_of_jobs() {
        for line in [
            "[1]+  Done                    sleep 1",
            "[2]-  Terminated              sleep 100",
            "[1]   Exit 3                  (exit 3)",
            "[1]+  Segmentation fault      (core dumped) ./a",
        ] {
            assert_eq!(notices(&[line, "next"]), (vec![line.to_owned()], vec!["next"]));
        }
        for line in ["[1] 4242", "[1]", "[x]+  Done", "Done", "[1]+ Done"] {
            assert_eq!(notices(&[line]), (Vec::new(), vec![line]));
        }
    }

    #[test]
    fn a_notice_has_as_many_lines_as_the_command_of_its_job() {
        let lines = [
            "before",
            "[1]+  Done                    ( for i in 1 2 3 4;",
            "do",
            "    sleep 0.1; echo tick > /dev/tty;",
            "done )",
            "after",
            "[2]-  Exit 1                  for i in 1;",
            "do",
            "    false;",
            "done  (wd: /tmp)",
            "end",
        ];
        let (notices, rest) = notices(&lines);
        assert_eq!(notices, [lines[1..5].join("\n"), lines[6..10].join("\n")]);
        assert_eq!(rest, ["before", "after", "end"]);
        // One that is not whole hides nothing.
        let cut = ["[1]+  Done                    ( for i in 1 2;", "what a program printed"];
        assert_eq!(super::notices(&cut).1, ["what a program printed"]);
    }

    #[test]
    fn what_reads_as_an_error() {
        for line in [
            "E: Unable to locate package x",
            "error: no such command",
            "WARNING: apt does not have a stable CLI interface",
            "Traceback (most recent call last):",
            "SyntaxError: invalid syntax",
            "ERROR 1064 (42000): You have an error in your SQL syntax",
            "Parse error: near \"tabel\": syntax error",
            "cat: nosuch: No such file or directory",
            "npm ERR! missing script",
            "fatal: not a git repository",
            "bash: line 1: x: command not found",
        ] {
            assert!(error_line(&lines(line)).is_some(), "{line}");
        }
        for line in ["0 errors", "errors.log", "no warnings", "Hello", "error_log /dev/stderr;"] {
            assert!(error_line(&lines(line)).is_none(), "{line}");
        }
    }

    #[test]
    fn another_attempt_may_leave_more() {
        for command in [
            "echo x >> f",
            "n=$((n+1)); echo $n",
            "curl -s -d a=1 localhost",
            "curl -X POST localhost",
            "sed -i s/a/aa/ f",
            "touch $(date +%N)",
        ] {
            assert!(has_side_effects(command), "{command}");
        }
        for command in ["curl -s localhost", "docker ps", "touch f", "echo $((1+1))", "cat f > g"] {
            assert!(!has_side_effects(command), "{command}");
        }
    }
}
