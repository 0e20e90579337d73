//! What the lines of a screen are, beyond what the page says of them. Pure.

use std::sync::LazyLock;

use regex::Regex;

fn regex(expression: &str) -> Regex {
    Regex::new(expression).expect("the expression is constant")
}

/// What the shell says of its background jobs, when it likes (bash's manual, "Job Control Basics").
static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^\[\d+\][+-]? {2,}(?:Done|Exit \d+|Running|Stopped|Terminated|Killed|Hangup|Interrupt|Quit|Aborted|",
        r"Broken pipe|Segmentation fault|User defined signal \d)(?:\(\d+\))?(?: |$)"
    ))
});

/// Whether a line is such a notice.
pub(super) fn is_notice(line: &str) -> bool {
    NOTICE.is_match(line)
}

/// What the shell says when it is told to wait for a job whose end it has told already.
static TOLD_ALREADY: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:-?bash|sh): wait: %(\d+): no such job$"));

/// Whether a line says so of the job of one of these notices.
pub(super) fn is_reported_job(line: &str, notices: &[&str]) -> bool {
    TOLD_ALREADY.captures(line).is_some_and(|captures| {
        let job = format!("[{}]", &captures[1]);
        notices.iter().any(|notice| notice.starts_with(&job))
    })
}

/// What the engine says of an image that it did not have: from its first line to its last.
static DOWNLOAD_BEGINS: LazyLock<Regex> = LazyLock::new(|| regex(r"^Unable to find image '[^']+' locally$"));
static DOWNLOAD: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^(?:Unable to find image '[^']+' locally|[\w./:@-]+: Pulling from \S+|[0-9a-f]{12}: .+|",
        r"Digest: sha256:[0-9a-f]{64}|Status: Downloaded newer image for \S+|Status: Image is up to date for \S+)$"
    ))
});

/// The screen without the engine's lines about a download; `None` if it has none.
pub(super) fn without_download(screen: &[String]) -> Option<Vec<String>> {
    let begins = screen.iter().position(|line| DOWNLOAD_BEGINS.is_match(line))?;
    let length = screen[begins..].iter().take_while(|line| DOWNLOAD.is_match(line)).count();
    let ended = screen[begins..begins + length].iter().any(|line| line.starts_with("Status: "));
    let mut kept = screen[..begins].to_vec();
    kept.extend_from_slice(&screen[begins + length..]);
    ended.then_some(kept)
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

/// An image that could not be had.
static NO_IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"pull access denied for (?P<a>\S+?),|manifest for (?P<b>\S+) not found|",
        r"failed to resolve (?:source metadata for|reference) \x22?(?P<c>[^\s\x22:]+)|",
        r"docker\.io/(?:library/)?(?P<d>[\w./-]+(?::[\w.-]+)?): (?:failed to resolve|not found|manifest unknown)"
    ))
});
/// An image that the engine looks for, before it says that it cannot be had.
static WANTED_IMAGE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^Unable to find image '(?P<a>[^']+)' locally$"));
/// A registry that the engine asked in vain.
static NO_REGISTRY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\x22https://(?P<a>[\w.:-]+)/v[12]/[^\x22]*\x22: (?:dial tcp|context|net/http)"));
/// A host out of reach.
static NO_HOST: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"[Cc]ould not resolve (?:host|hostname):? (?P<a>[\w.-]+)|bad address '(?P<b>[^']+)'|",
        r"lookup (?P<c>[\w.-]+)(?: on \S+)?: |unable to resolve host address .(?P<d>[\w.-]+)|",
        r"Could not resolve '(?P<e>[^']+)'|getaddrinfo \w+ (?P<f>[\w.-]+)|",
        r"(?P<g>[\w.-]+): Temporary failure in name resolution|(?P<h>[\w.-]+): Name or service not known|",
        r"Failed to establish a new connection|Temporary failure in name resolution|Network is unreachable"
    ))
});
/// A program that the shell does not find.
static NO_PROGRAM: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^(?:-?bash|sh): (?:line \d+: |\d+: )?(?P<a>[\w.+-]*\w[\w.+-]*): (?:command )?not found$|",
        r"^(?P<b>[\w.+-]+): command not found: |",
        r"^\x22?(?P<d>[\w -]+?)\x22? is only supported on a Docker daemon with experimental features enabled|",
        r"^docker: unknown command: (?P<c>docker (?:scout|model|sandbox|mcp|ai|init|offload|desktop|debug|dev|extension))$"
    ))
});

/// The first name that an expression finds in a line; empty where it finds none, but agrees.
pub(super) fn named(regex: &Regex, line: &str) -> Option<String> {
    let captures = regex.captures(line)?;
    let name = captures.iter().skip(1).flatten().next();
    Some(name.map_or_else(String::new, |name| name.as_str().to_owned()))
}

/// Whether the engine says here that it has got an image.
fn is_downloaded(line: &str) -> bool {
    line.starts_with("Status: ")
}

/// The image that the engine looked for and did not get.
pub(super) fn lacked_image(screen: &[String]) -> Option<String> {
    let wanted = screen.iter().find_map(|line| named(&WANTED_IMAGE, line))?;
    (!screen.iter().any(|line| is_downloaded(line))).then_some(wanted)
}

/// What a page needs and the place where it runs does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unavailable {
    /// An image.
    Image(String),
    /// A host.
    Host(String),
    /// A program.
    Program(String),
}

impl Unavailable {
    /// The first thing that a screen says is missing.
    pub(super) fn on(screen: &[String]) -> Option<Self> {
        let mut wanted = None;
        screen.iter().find_map(|line| {
            wanted = named(&WANTED_IMAGE, line).or(wanted.take().filter(|_| !is_downloaded(line)));
            let registry = || {
                let host = named(&NO_REGISTRY, line)?;
                Some(wanted.clone().map_or(Self::Host(host), Self::Image))
            };
            registry()
                .or_else(|| named(&NO_IMAGE, line).map(Self::Image))
                .or_else(|| named(&NO_HOST, line).map(Self::Host))
                .or_else(|| named(&NO_PROGRAM, line).map(Self::Program))
        })
    }

    /// Why nothing could be found out, and what to do.
    pub(super) fn sentence(&self, local: bool) -> String {
        let place = if local { "this machine" } else { "the sandbox" };
        match self {
            Self::Image(name) if local => format!("the image `{name}` cannot be had here"),
            Self::Image(name) => format!(
                "the mirror does not have the image `{name}`; verify where Docker Hub can be reached, or add it to the mirror"
            ),
            Self::Host(name) if name.starts_with("registry") && name.ends_with(".docker.io") => format!(
                "the mirror does not have the image, and {place} does not reach Docker Hub; verify where it can be reached, or add the image to the mirror"
            ),
            Self::Host(name) if name.is_empty() => {
                format!("{place} does not reach the network; mark the block {{skip=\"needs the network\"}}")
            }
            Self::Host(name) => {
                format!("{place} does not reach `{name}`; mark the block {{skip=\"needs the network\"}}")
            }
            Self::Program(name) if name.contains(' ') || name.starts_with('-') => {
                format!("{place} has no `{name}`; mark the block {{skip=\"needs {name}\"}}")
            }
            Self::Program(name) => format!(
                "{place} has no program `{name}`; let the page install it, or mark the block {{skip=\"needs {name}\"}}"
            ),
        }
    }
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
    fn a_job_whose_end_was_told_is_no_longer_there() {
        let notices = ["[1]+  Terminated              sleep 50"];
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
            assert!(is_notice(line), "{line}");
        }
        for line in ["[1] 4242", "[1]", "[x]+  Done", "Done", "[1]+ Done"] {
            assert!(!is_notice(line), "{line}");
        }
    }

    #[test]
    fn a_download_is_taken_off_whole() {
        let screen = lines(concat!(
            "Unable to find image 'hello-world:latest' locally\nlatest: Pulling from library/hello-world\n",
            "17eec7bbc9d7: Pull complete\n",
            "Digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
            "Status: Downloaded newer image for hello-world:latest\n\nHello from Docker!"
        ));
        assert_eq!(without_download(&screen), Some(lines("\nHello from Docker!")));
        assert_eq!(without_download(&screen[..3]), None);
        assert_eq!(without_download(&lines("Hello")), None);
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

    #[test]
    fn what_cannot_be_had_is_named() {
        use Unavailable::{Host, Image, Program};
        for (line, wanted) in [
            ("bash: jq: command not found", Program("jq".into())),
            ("curl: (6) Could not resolve host: example.com", Host("example.com".into())),
            (
                "docker: Error response from daemon: pull access denied for acme/app, repository does not exist",
                Image("acme/app".into()),
            ),
            ("manifest for redis:99 not found: manifest unknown", Image("redis:99".into())),
            ("wget: bad address 'example.com'", Host("example.com".into())),
            (
                "Unable to find image 'acme/app:1' locally\ndocker: Error response from daemon: Get \"https://registry.example/v2/\": dial tcp: lookup registry.example on 192.0.2.1:53: connection refused",
                Image("acme/app:1".into()),
            ),
            (
                "ERROR: failed to build: Error response from daemon: Get \"https://registry.example/v2/\": dial tcp: lookup registry.example on 192.0.2.1:53: connection refused",
                Host("registry.example".into()),
            ),
            ("ERROR: docker.io/library/acme:2: not found", Image("acme:2".into())),
            ("service: command not found: nothing is managed here", Program("service".into())),
            ("docker: unknown command: docker scout", Program("docker scout".into())),
            (
                "docker checkpoint create is only supported on a Docker daemon with experimental features enabled",
                Program("docker checkpoint create".into()),
            ),
        ] {
            assert_eq!(Unavailable::on(&lines(line)), Some(wanted), "{line}");
        }
        for line in [
            "Hello",
            "no configuration file provided: not found",
            "docker: unknown command: docker rnu",
            "bash: -: command not found",
        ] {
            assert_eq!(Unavailable::on(&lines(line)), None, "{line}");
        }
    }
}
