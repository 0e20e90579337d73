//! Where in a command line the ID of a container or an image can stand.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The shortest prefix of an ID that is taken for the ID.
const SHORTEST_PREFIX: usize = 3;

/// The programs whose arguments are IDs.
const ENGINES: &[&str] = &["docker", "podman", "nerdctl", "docker-compose"];

/// The programs that run the command that follows them.
const LEADERS: &[&str] = &[
    "sudo", "doas", "time", "exec", "nohup", "env", "command", "xargs", "watch", "timeout", "nice", "do",
    "then", "else", "if", "while", "until", "!", "{",
];

/// Subcommands of which only the first argument is an ID: what follows is the container's, or a port.
const FIRST_ONLY: &[&str] = &["run", "create", "exec", "port", "top", "debug"];

/// Options whose value, the next word, is not an ID.
const VALUED: &[&str] = &[
    "--tail",
    "--last",
    "--since",
    "--until",
    "--time",
    "--timeout",
    "--memory",
    "--memory-swap",
    "--cpus",
    "--cpu-shares",
    "--name",
    "--hostname",
    "--user",
    "--workdir",
    "--env",
    "--publish",
    "--volume",
    "--label",
    "--interval",
    "--ip",
    "--entrypoint",
    "--tag",
    "--format",
    "--pids-limit",
    "--shm-size",
    "--signal",
    "--message",
    "--author",
    "--platform",
    "--restart",
    "--mount",
    "--limit",
    "-n",
    "-m",
    "-p",
    "-e",
    "-u",
    "-w",
    "-v",
    "-l",
    "-h",
    "-c",
    "-s",
    "-a",
];

/// Where a process can stand: the arguments of `kill` and `wait`, the value of `-p` and `--pid`, `/proc/N`.
static PROCESSES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s;&|(])(?:kill|wait)(?: +[^;&|\n]*)|(?: -p|--pid)[ =]?[0-9]+|/proc/[0-9]+")
        .expect("the expression is constant")
});

/// Words after which `-t` has a value.
const TIMED: &[&str] = &["stop", "restart", "build", "buildx"];

/// The words of a command that may be the process of a job.
pub(super) fn places_of_jobs(command: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for place in PROCESSES.find_iter(command) {
        let mut at = place.start();
        for word in place.as_str().split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let text = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let option = if text.starts_with("-p") { 2 } else { 0 };
            let (text, at_text) = (&text[option..], at + option);
            // `-9` is a signal.
            if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
                found.push(at_text..at_text + text.len());
            }
            at += word.len();
        }
    }
    found
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Word(Range<usize>),
    /// What ends a simple command; a pipe joins it to the next.
    End {
        pipe: bool,
    },
}

/// The words, or parts of words, of a command that may be the beginning of an ID.
pub(super) fn places_of_ids(command: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if ENGINES.iter().any(|engine| command.contains(engine)) {
        let pieces = pieces(command);
        let mut line: Vec<Vec<Range<usize>>> = vec![Vec::new()];
        for piece in pieces.into_iter().chain([Piece::End { pipe: false }]) {
            match piece {
                Piece::Word(word) => line.last_mut().expect("a line has a command").push(word),
                Piece::End { pipe: true } => line.push(Vec::new()),
                Piece::End { pipe: false } => {
                    pipeline(command, &line, &mut found);
                    line = vec![Vec::new()];
                }
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found.dedup();
    found
}

/// Cuts a command into words and the ends of its simple commands; what is inside of `$(…)`, of
/// double quotes and of backquotes is cut, too.
fn pieces(command: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = None;
    let bytes = command.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'\\' => {
                // A line that goes on is a blank; another escape belongs to its word.
                let goes_on = bytes.get(at + 1) == Some(&b'\n');
                if !goes_on {
                    start.get_or_insert(at);
                }
                at += 1;
                if goes_on { Some(None) } else { None }
            }
            b'\'' | b'"' | b' ' | b'\t' => Some(None),
            b'|' if bytes.get(at + 1) != Some(&b'|') => Some(Some(true)),
            b'&' if at > 0 && bytes[at - 1] == b'>' => Some(None),
            b';' | b'&' | b'|' | b'\n' | b'(' | b')' | b'`' => Some(Some(false)),
            _ => {
                start.get_or_insert(at);
                None
            }
        };
        if let Some(end) = end {
            if let Some(start) = start.take() {
                pieces.push(Piece::Word(start..at.min(bytes.len())));
            }
            if let Some(pipe) = end {
                pieces.push(Piece::End { pipe });
                at += usize::from(!pipe && bytes[at] == b'|');
            }
        }
        at += 1;
    }
    if let Some(start) = start {
        pieces.push(Piece::Word(start..bytes.len()));
    }
    pieces
}

/// Finds the places in commands that are joined by pipes.
fn pipeline(command: &str, line: &[Vec<Range<usize>>], found: &mut Vec<Range<usize>>) {
    let hands_on = line.iter().skip(1).any(|words| {
        words.first().is_some_and(|word| &command[word.clone()] == "xargs")
            && program(command, words).is_some()
    });
    for words in line {
        let text = |word: &Range<usize>| &command[word.clone()];
        if let Some(at) = program(command, words) {
            arguments(command, &words[at + 1..], found);
        } else if (hands_on && words.first().is_some_and(|word| matches!(text(word), "echo" | "printf")))
            || (words.first().is_some_and(|word| text(word) == "for"))
        {
            words[1..].iter().for_each(|word| push(command, word.clone(), found));
        }
    }
}

/// The index of the engine's program among the words of a simple command, if that is what it runs.
fn program(command: &str, words: &[Range<usize>]) -> Option<usize> {
    let mut leads = false;
    for (at, word) in words.iter().enumerate() {
        let text = &command[word.clone()];
        let name = text.rsplit('/').next().unwrap_or_default();
        if ENGINES.contains(&name) {
            return Some(at);
        }
        let assigns = text.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        if LEADERS.contains(&name) || (matches!(name, "sh" | "bash") && words.len() > at + 2) {
            leads = true;
        } else if !assigns && !leads && !text.starts_with('$') {
            return None;
        }
    }
    None
}

/// The arguments of an engine's command at which an ID can stand.
fn arguments(command: &str, words: &[Range<usize>], found: &mut Vec<Range<usize>>) {
    let mut subcommand: Option<&str> = None;
    let mut skips = false;
    for word in words {
        let text = &command[word.clone()];
        if std::mem::take(&mut skips) {
            continue;
        }
        if text.starts_with('-') {
            let timed = text == "-t" && subcommand.is_some_and(|name| TIMED.contains(&name));
            skips = timed || VALUED.contains(&text);
            if let Some((name, value)) = text.split_once('=')
                && !VALUED.contains(&name)
            {
                push(command, word.end - value.len()..word.end, found);
            }
            continue;
        }
        match subcommand {
            None | Some("container" | "image" | "network" | "volume" | "compose") => subcommand = Some(text),
            Some(name) => {
                push(command, word.clone(), found);
                if FIRST_ONLY.contains(&name) {
                    return;
                }
            }
        }
    }
}

/// Adds a word if it may be a prefix of an ID, also before `:/path` and after `id=`.
fn push(command: &str, word: Range<usize>, found: &mut Vec<Range<usize>>) {
    let text = &command[word.clone()];
    let value = text.rfind('=').map_or(0, |at| at + 1);
    let end = text[value..].find(':').map_or(text.len(), |at| value + at);
    let part = &text[value..end];
    let hex = part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_path = text[end..].is_empty() || text[end..].starts_with(":/") || text[end..].starts_with(":.");
    if hex && part.len() >= SHORTEST_PREFIX && is_path {
        found.push(word.start + value..word.start + end);
    }
}

#[cfg(test)]
mod tests {
    use super::{places_of_ids, places_of_jobs};

    fn places(command: &str) -> Vec<&str> {
        places_of_ids(command).into_iter().map(|range| &command[range]).collect()
    }

    #[test]
    fn an_id_stands_among_the_arguments_of_an_engine() {
        for command in [
            "docker logs -f 89c",
            "sudo docker rm -f 89c",
            "sudo -u me docker stop 89c",
            "podman stop -t 100 89c",
            "docker logs --tail 100 89c | head -c 100",
            "docker inspect -f '{{.Name}}' 89c",
            "echo $(docker port 89c 8080)",
            "echo \"$(docker top 89c)\"",
            "echo 89c | xargs docker rm",
            "docker ps -q | xargs -n 100 docker rm 89c",
            "X=1 docker exec 89c head -c 100 /etc/passwd",
            "docker run --name abc 89c echo add",
            "docker ps --filter id=89c",
            "docker cp 89c:/etc/add .",
            "docker tag 89c me/hello:1.0 && chmod 755 a",
            "bash -c 'docker logs 89c'",
            "for c in 89c; do docker stop $c; done",
            "docker logs 89c 2>&1",
            "docker container logs \\\n  89c",
        ] {
            assert_eq!(places(command), ["89c"], "{command}");
        }
    }

    #[test]
    fn a_job_stands_where_a_process_can() {
        let places = |command| -> Vec<String> {
            places_of_jobs(command).into_iter().map(|range| command[range].to_owned()).collect()
        };
        for command in [
            "kill 4321",
            "kill -9 4321",
            "sleep 1; kill -s TERM 4321 && echo 5",
            "wait 4321",
            "ps -o pid= -p 4321",
            "ps -p4321",
            "cat /proc/4321/status",
            "(kill 4321)",
        ] {
            assert_eq!(places(command), ["4321"], "{command}");
        }
        for command in ["echo 4321", "skill 4321", "docker run -p 80:80 x", "kill %1", "kill $!"] {
            assert!(!places(command).contains(&"4321".to_owned()), "{command}");
        }
    }

    #[test]
    fn elsewhere_digits_are_what_they_are() {
        for command in [
            "head -c 100 f",
            "chmod 755 f",
            "git add add",
            "docker run -p 899:899 x",
            "docker run -d -m 512 x",
            "docker ps; echo 899",
            "docker ps | grep 899",
            "seq 100 | docker load",
            "docker run x head -c 100",
            "echo docker 899",
        ] {
            assert_eq!(places(command), [""; 0], "{command}");
        }
    }
}
