//! Prompts: where in a transcript a person typed, and where a program waits for a line.

use std::sync::LazyLock;

use regex::Regex;

/// A known prompt at the beginning of a line, and what was typed after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The prompt with its trailing blank.
    pub prompt: &'a str,
    /// What follows.
    pub typed: &'a str,
    /// Which prompt it is: prompts of one form may differ in folder or number.
    pub form: Form,
}

/// What stays of a prompt when the folder, or the number of the line, is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A lone mark: `$ ` or `% `, or `# ` of root.
    Mark(char),
    /// User and host: `kim@mac:~/work$ `, `[kim@mac work]$ `.
    Host(String),
    /// A folder before the mark: `~/work $ `.
    Folder(char),
    /// A shell's own name: `bash-5.2# `.
    Shell(char),
    /// Another program: a database client, an interpreter.
    Program(&'static str),
}

/// The prompts of shells, with a Python environment's name before them or without.
static SHELL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:\([\w.-]+\) )?(?:",
        r"(?P<host>[A-Za-z_][\w.-]*@[\w.-]+)(?::[^#$%]*| [^#$%\s]+ ?)(?P<hm>[#$%])", // root@a9f5b0786995:/#
        r"|\[(?P<bracket>[\w.-]+@[\w.-]+) [^\]]+\](?P<bm>[#$%])",                    // [root@a9f5b0786995 /]#
        r"|(?:ba|da|z|k)?sh-\d[\d.]*(?P<sm>[#$])",                                   // bash-5.2#
        r"|[/~][^\s#$%]* (?P<fm>[#$%])",                                             // / #
        r"|(?P<mark>[$%#])",
        r")(?: |$)"
    ))
    .expect("the expression is constant")
});

/// The prompts of other programs that a page opens, each with its name.
static PROGRAM: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"mysql>", "mysql"),
        (r"MariaDB \[[^\]]*\]>", "mariadb"),
        (r"sqlite>", "sqlite"),
        (r"redis>|\d{1,3}(?:\.\d{1,3}){3}:\d+(?:\[\d+\])?>", "redis"),
        (r"irb\(main\):\d+(?::\d+)?[>*]", "irb"),
        (r"[A-Za-z_]\w*=[#>]", "psql"),
        (r">>>", "python"),
        (r"In \[\d+\]:", "ipython"),
    ]
    .into_iter()
    .map(|(form, name)| {
        (Regex::new(&format!("^(?:{form})(?: |$)")).expect("the expressions are constant"), name)
    })
    .collect()
});

/// What a program shows while it wants a further line of the same input.
static CONTINUED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?: {0,8}(?:['"`-]|\.\.\.)>|\.\.\.|[A-Za-z_]\w*[-'"($][#>])(?: |$)"#)
        .expect("the expression is constant")
});

static PASSWORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:password|passphrase|비밀번호|암호)[^:]*: ?$").expect("the expression is constant")
});

impl<'a> Prompt<'a> {
    /// A shell's prompt at the beginning of a line, a lone mark included.
    pub fn shell(line: &'a str) -> Option<Self> {
        let found = SHELL.captures(line)?;
        let mark = |name| found.name(name).and_then(|mark: regex::Match<'_>| mark.as_str().chars().next());
        let form = if let Some(host) = found.name("host").or_else(|| found.name("bracket")) {
            Form::Host(host.as_str().to_owned())
        } else if let Some(mark) = mark("sm") {
            Form::Shell(mark)
        } else if let Some(mark) = mark("fm") {
            Form::Folder(mark)
        } else {
            Form::Mark(mark("mark")?)
        };
        let end = found.get(0)?.end();
        Some(Self { prompt: &line[..end], typed: &line[end..], form })
    }

    /// The prompt of a nested session at the beginning of a line: of a shell that says where it is,
    /// or of another program.
    pub fn session(line: &'a str) -> Option<Self> {
        if let Some(shell) = Self::shell(line).filter(|shell| !matches!(shell.form, Form::Mark(_))) {
            return Some(shell);
        }
        let (end, name) = PROGRAM.iter().find_map(|(form, name)| Some((form.find(line)?.end(), *name)))?;
        Some(Self { prompt: &line[..end], typed: &line[end..], form: Form::Program(name) })
    }

    /// Any prompt at the beginning of a line.
    pub fn any(line: &'a str) -> Option<Self> {
        Self::session(line).or_else(|| Self::shell(line))
    }

    /// The prompt that continues an input of a nested session.
    pub fn continued(line: &'a str) -> Option<Self> {
        let end = CONTINUED.find(line)?.end();
        Some(Self { prompt: &line[..end], typed: &line[end..], form: Form::Program("") })
    }

    /// Whether a shell waits behind it.
    pub fn is_shell(&self) -> bool {
        !matches!(self.form, Form::Program(_))
    }
}

impl Form {
    /// Whether the two are the same prompt, for a transcript that goes on: `$` and `#` of one user and
    /// host are, since `%` and `$` depend on the shell only.
    pub fn continues(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Mark(a), Self::Mark(b)) | (Self::Folder(a), Self::Folder(b)) => a == b,
            (Self::Shell(_), Self::Shell(_)) => true,
            _ => self == other,
        }
    }

    /// Whether this names a container by its ID, which is not a machine of the reader's.
    pub fn is_container(&self) -> bool {
        let Self::Host(name) = self else { return false };
        let host = name.split('@').nth(1).unwrap_or_default();
        host.len() == 12 && host.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// A container's program on a terminal, or a shell of another user.
macro_rules! shells_elsewhere {
    () => {
        concat!(
            r"(?:docker|podman|nerdctl|kubectl)\s.*\s-(?:[a-zA-Z]*i[a-zA-Z]*t|[a-zA-Z]*t[a-zA-Z]*i)[a-zA-Z]*(?:\s|$)",
            r"|(?:docker|podman|nerdctl|kubectl)\s.*\s(?:--tty|-t)(?:\s|$)",
            r"|docker[\s-]compose\s.*\s(?:exec|run)\s|docker\s(?:container\s)?(?:attach|start\s+-a?ia?)\s",
            r"|sudo\s+(?:-\w+\s+)*(?:-i|-s|su)(?:\s|$)",
        )
    };
}

/// What opens a session: a container's program on a terminal, or a program that talks line by line.
static OPENS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?:^|[\s;&|"'(])(?:"#,
        shells_elsewhere!(),
        r"|(?:mysql|mariadb|psql|redis-cli|sqlite3|python3?|ipython3?|node|irb|mongosh)(?:\s|$)",
        r#"|(?:/\S*/)?(?:bash|sh|ash|dash|zsh|ksh|su|newgrp|script|ssh|login|"?\$\{?SHELL\}?"?)(?:\s|$)"#,
        r")"
    ))
    .expect("the expression is constant")
});

/// Whether a command may leave the reader at the prompt of another program.
pub(crate) fn may_open_session(command: &str) -> bool {
    OPENS.is_match(&command.replace("\\\n", " "))
}

/// What opens a shell whose prompt may be a lone mark: one that is given no script and no command.
static OPENS_SHELL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?:^|[\s;&|"'(])(?:"#,
        shells_elsewhere!(),
        r#"|(?:/\S*/)?(?:bash|sh|ash|dash|zsh|ksh|"?\$\{?SHELL\}?"?)(?:\s+-[^c\s]+|\s+[<>]\S*)*\s*(?:$|[;&|"')#])"#,
        r"|(?:su|newgrp|script|ssh|login)(?:\s+[^\s-]\S*|\s+-[^c\s]*)*\s*(?:$|[;&|)#])",
        r")"
    ))
    .expect("the expression is constant")
});

/// Whether a command may leave the reader at another shell's prompt that is nothing but a mark.
pub(super) fn may_open_shell(command: &str) -> bool {
    OPENS_SHELL.is_match(&command.replace("\\\n", " "))
}

/// Whether a session that a command opens is on another machine than the reader's, or in a container.
pub(crate) fn opens_elsewhere(command: &str) -> bool {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s;&|/])(?:docker|docker-compose|podman|nerdctl|kubectl|ssh|lxc|nsenter|chroot)\s")
            .expect("the expression is constant")
    });
    ELSEWHERE.is_match(command)
}

/// Commands that do not end by themselves.
static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:sudo\s+)?(?:",
        r"docker\s+(?:container\s+|compose\s+)?logs\s(?:.*\s)?(?:-[a-zA-Z]*f[a-zA-Z]*|--follow)(?:\s|$)",
        r"|docker\s+(?:system\s+)?events(?:\s|$)",
        r"|docker\s+(?:container\s+)?(?:stats|attach)(?:\s|$)",
        r"|tail\s(?:.*\s)?(?:-[a-zA-Z0-9]*[fF][a-zA-Z0-9]*|--follow)(?:\s|$)",
        r"|watch\s|top(?:\s|$)",
        r")"
    ))
    .expect("the expression is constant")
});

/// Whether a command is known to go on until it is interrupted.
pub(crate) fn follows(command: &str) -> bool {
    let command = command.replace("\\\n", " ");
    let bounded = command.contains("--no-stream")
        || command.contains("--until")
        || (command.trim_start().starts_with("top") && command.contains(" -b"));
    let piped = command.contains('|') || command.contains("> ");
    let listed = command.contains("; ") || command.contains("&& ");
    FOLLOWS.is_match(command.trim()) && !bounded && !piped && !listed
}

/// Whether a line, up to the cursor, is a question that does not echo its answer.
pub(crate) fn asks_for_secret(line: &str) -> bool {
    PASSWORD.is_match(line)
}

/// Whether a line, up to the cursor, is the prompt of a program that waits for input.
pub(crate) fn waits_for_input(line: &str) -> bool {
    let bare = |prompt: Option<Prompt<'_>>| prompt.is_some_and(|prompt| prompt.typed.is_empty());
    bare(Prompt::session(line)) || bare(Prompt::continued(line)) || matches!(line, "# " | "$ " | "> " | "% ")
}

/// Whether a line, up to the cursor, is the prompt of a shell.
pub(crate) fn is_shell_prompt(line: &str) -> bool {
    line.ends_with(' ')
        && Prompt::any(line).is_some_and(|prompt| prompt.typed.is_empty() && prompt.is_shell())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_prompts_differ_from_output() {
        for (line, typed) in [
            ("root@a9f5b0786995:/# mysql -u root -p wp", "mysql -u root -p wp"),
            ("root@a9f5b0786995:/usr/local/tomcat# ls", "ls"),
            ("kim@mac:~/my work$ ls", "ls"),
            ("kim@mac ~ % ls", "ls"),
            ("[kim@mac work]$ ls", "ls"),
            ("(venv) kim@mac:~$ ls", "ls"),
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
            "100 % done",
            "$HOME",
        ] {
            assert_eq!(Prompt::session(line), None, "{line}");
        }
    }

    #[test]
    fn forms_tell_one_prompt_from_another() {
        let form = |line| Prompt::any(line).map(|prompt| prompt.form);
        assert_eq!(form("kim@mac:~/work$ cd /"), form("kim@mac:/$ pwd"));
        assert_eq!(form("(venv) $ a"), form("$ a"));
        assert_eq!(form("$"), form("$ a"));
        assert_ne!(form("$ a"), form("# a"));
        assert_ne!(form("kim@mac:~$ a"), form("root@web:~# a"));
        assert!(form("root@a9f5b0786995:/# ").is_some_and(|form| form.is_container()));
        assert!(!form("root@web:/# ").is_some_and(|form| form.is_container()));
    }

    #[test]
    fn an_input_goes_on_behind_a_prompt_of_its_own() {
        for line in ["   ...>   a", "    ->   a", "    '>   a", "...   a", "postgres-#   a"] {
            assert_eq!(Prompt::continued(line).map(|prompt| prompt.typed), Some("  a"), "{line}");
        }
        for line in ["....", "....> a", "a ...> b"] {
            assert_eq!(Prompt::continued(line), None, "{line}");
        }
    }

    #[test]
    fn sessions_are_opened_by_shells_and_clients() {
        for command in [
            "docker exec -it web bash",
            "docker run --rm -ti alpine",
            "exec bash",
            "exec \"$SHELL\" -l",
            "su - kim",
            "sudo -i",
            "newgrp docker",
            "script -q log",
            "mysql -p",
            "/bin/sh",
        ] {
            assert!(may_open_session(command), "{command}");
        }
        for command in ["docker ps", "ls", "cat install.sh", "echo hello", "docker exec web ls"] {
            assert!(!may_open_session(command), "{command}");
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
