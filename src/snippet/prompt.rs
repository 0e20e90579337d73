//! Prompts: where in a transcript a person typed, and where a program waits for a line.

use std::sync::LazyLock;

use regex::Regex;

/// A known prompt at the beginning of a line, and what was typed after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The prompt with its trailing blank.
    pub prompt: &'a str,
    /// What follows.
    pub typed: &'a str,
}

/// The prompts of programs that a page opens: shells in containers, database clients, interpreters.
static SESSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:",
        r"[A-Za-z_][\w.-]*@[\w.-]+:[^\s#$]*[#$]", // root@a9f5b0786995:/#
        r"|\[[\w.-]+@[\w.-]+ [^\]]+\][#$]",       // [root@a9f5b0786995 /]#
        r"|(?:ba|da|z|k)?sh-\d[\d.]*[#$]",        // bash-5.2#
        r"|[/~][^\s#$]* [#$]",                    // / #
        r"|mysql>|MariaDB \[[^\]]*\]>|sqlite>|redis>|irb\(main\):\d+:\d+>",
        r"|\d{1,3}(?:\.\d{1,3}){3}:\d+(?:\[\d+\])?>", // 127.0.0.1:6379>
        r"|[A-Za-z_]\w*=[#>]",                        // postgres=#
        r"|>>>|In \[\d+\]:",
        r")(?: |$)"
    ))
    .expect("the expression is constant")
});

/// What a program shows while it wants a further line of the same input.
static CONTINUED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?: {0,8}['"`-]>|\.\.\.|[A-Za-z_]\w*[-'"($][#>])(?: |$)"#)
        .expect("the expression is constant")
});

static PASSWORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:password|passphrase|비밀번호|암호)[^:]*: ?$").expect("the expression is constant")
});

impl<'a> Prompt<'a> {
    /// The prompt of a nested session at the beginning of a line.
    pub fn session(line: &'a str) -> Option<Self> {
        let end = SESSION.find(line)?.end();
        Some(Self { prompt: &line[..end], typed: &line[end..] })
    }

    /// The prompt that continues an input of a nested session.
    pub fn continued(line: &'a str) -> Option<Self> {
        let end = CONTINUED.find(line)?.end();
        Some(Self { prompt: &line[..end], typed: &line[end..] })
    }

    /// The prompt of the reader's own shell: `$ ` or `# `.
    pub fn shell(line: &'a str) -> Option<Self> {
        let typed = line.strip_prefix("$ ").or_else(|| line.strip_prefix("# "))?;
        Some(Self { prompt: &line[..2], typed })
    }
}

/// What opens a session: a container's program on a terminal, or a program that talks line by line.
static OPENS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[\s;&|])(?:",
        r"docker\s.*\s-(?:[a-zA-Z]*i[a-zA-Z]*t|[a-zA-Z]*t[a-zA-Z]*i)[a-zA-Z]*(?:\s|$)",
        r"|docker\s.*\s(?:--tty|-t)(?:\s|$)",
        r"|docker[\s-]compose\s.*\sexec\s|docker\s(?:container\s)?(?:attach|start\s+-a?ia?)\s",
        r"|(?:mysql|mariadb|psql|redis-cli|sqlite3|python3?|node|irb|mongosh|bash|sh|ash|su)(?:\s|$)",
        r")"
    ))
    .expect("the expression is constant")
});

/// Whether a command may leave the reader at the prompt of another program.
pub(crate) fn may_open_session(command: &str) -> bool {
    OPENS.is_match(&command.replace("\\\n", " "))
}

/// Commands that do not end by themselves.
static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:sudo\s+)?(?:",
        r"docker\s+(?:container\s+|compose\s+)?logs\s(?:.*\s)?(?:-[a-zA-Z]*f[a-zA-Z]*|--follow)(?:\s|$)",
        r"|docker\s+(?:system\s+)?events(?:\s|$)",
        r"|docker\s+(?:container\s+)?(?:stats|attach)(?:\s|$)",
        r"|tail\s(?:.*\s)?(?:-[a-zA-Z0-9]*[fF][a-zA-Z0-9]*|--follow)(?:\s|$)",
        r"|watch\s",
        r")"
    ))
    .expect("the expression is constant")
});

/// Whether a command is known to go on until it is interrupted.
pub(crate) fn follows(command: &str) -> bool {
    let command = command.replace("\\\n", " ");
    let bounded = command.contains("--no-stream") || command.contains("--until");
    let piped = command.contains('|') || command.contains("> ");
    FOLLOWS.is_match(command.trim()) && !bounded && !piped
}

/// Whether a line, up to the cursor, is a question that does not echo its answer.
pub(crate) fn asks_for_secret(line: &str) -> bool {
    PASSWORD.is_match(line)
}

/// Whether a line, up to the cursor, is the prompt of a program that waits for input.
pub(crate) fn waits_for_input(line: &str) -> bool {
    let bare = |prompt: Option<Prompt<'_>>| prompt.is_some_and(|prompt| prompt.typed.is_empty());
    bare(Prompt::session(line)) || bare(Prompt::continued(line)) || matches!(line, "# " | "$ " | "> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_prompts_are_told_from_output() {
        for (line, typed) in [
            ("root@a9f5b0786995:/# mysql -u root -p wp", "mysql -u root -p wp"),
            ("root@a9f5b0786995:/usr/local/tomcat# ls", "ls"),
            ("mysql> show databases;", "show databases;"),
            ("/ # ls", "ls"),
            ("~ $ ls", "ls"),
            ("postgres=# \\l", "\\l"),
            ("127.0.0.1:6379> get a", "get a"),
            (">>> 1 + 1", "1 + 1"),
            ("bash-5.2# id", "id"),
            ("mysql>", ""),
        ] {
            assert_eq!(Prompt::session(line).map(|prompt| prompt.typed), Some(typed), "{line}");
        }
        for line in [
            "+----+",
            "| wp |",
            "Welcome to the MySQL monitor.",
            "# comment",
            "a > b",
            "user@example.com",
            "",
            "- item",
        ] {
            assert_eq!(Prompt::session(line), None, "{line}");
        }
    }

    #[test]
    fn commands_that_go_on() {
        for command in [
            "docker logs -f 89c",
            "docker logs --follow x",
            "docker stats",
            "docker events --since 1m",
            "tail -f a",
        ] {
            assert!(follows(command), "{command}");
        }
        for command in
            ["docker logs my-cat", "docker stats --no-stream", "docker logs my-f", "tail a", "docker rm -f x"]
        {
            assert!(!follows(command), "{command}");
        }
    }

    #[test]
    fn questions_that_do_not_echo() {
        assert!(asks_for_secret("Enter password: "));
        assert!(asks_for_secret("Password for user postgres: "));
        assert!(!asks_for_secret("Enter your name: "));
        assert!(!asks_for_secret("the password is: secret"));
    }
}
