//! Volatile tokens: values that may differ from run to run, known by their kind.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex as LineRegex;
use regex_automata::{Input, Span, meta::Regex, util::captures::Captures};

use super::moment::{Moment, zone};
use super::names;

/// What a volatile token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A container, image, network or volume ID: 64 or 12 hexadecimal digits, or a UUID.
    Id,
    /// `sha256:` and 64 hexadecimal digits.
    Digest,
    /// A date, a time of day, or both, in the forms that logs use.
    Time,
    /// `2 minutes ago`, and what follows `Up `.
    Relative,
    /// `0.00 sec`, `1.2s`, `350ms`.
    Duration,
    /// `177MB`, `13.3 kB`, `1.2GiB`.
    Size,
    /// A private IPv4 address, a local IPv6 address, a MAC address.
    Address,
    /// A name that the engine made up.
    Name,
    /// A number after a label that is known to count processes or connections.
    Counter,
    /// The process of a job, as the shell says it in `[1] 4321`.
    Job,
    /// A version number: a difference here alone is drift.
    Version,
}

/// A volatile token of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its form: tokens match when kind and shape are the same.
    pub shape: &'static str,
    /// Its text.
    pub text: &'a str,
    /// Where it begins in the line, in bytes.
    pub start: usize,
}

/// Each shape with its kind and its expression. The first that matches at a place wins.
/// A group named `v` is the token where the expression also needs what stands before it.
const SHAPES: &[(Kind, &str, &str)] = &[
    (Kind::Digest, "sha256", r"\bsha256:[0-9a-f]{64}\b"),
    (Kind::Id, "uuid", r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    (Kind::Id, "id64", r"\b[0-9a-f]{64}\b"),
    (Kind::Id, "id12", r"\b[0-9a-f]{12}\b"),
    (Kind::Address, "mac", r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"),
    (
        Kind::Time,
        "rfc3339",
        r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z\b| ?[+-]\d\d:?\d\d\b(?: [A-Z]{3,4}\b)?)?",
    ),
    (Kind::Time, "slashes", r"\b\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\b"),
    (Kind::Time, "apache", r"\b\d\d/MON/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\b"),
    (Kind::Time, "tomcat", r"\b\d\d-MON-\d{4} \d\d:\d\d:\d\d\.\d{3}\b"),
    (Kind::Time, "ctime", r"\bDAY MON [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Z]{3,4} )?\d{4}\b"),
    (Kind::Time, "http", r"\bDAY, \d\d MON \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})\b"),
    (Kind::Time, "openssl", r"\bMON [ \d]\d \d\d:\d\d:\d\d \d{4}(?: GMT)?\b"),
    (Kind::Time, "syslog", r"\bMON [ \d]\d \d\d:\d\d:\d\d\b"),
    (Kind::Time, "build", r"\bMON [ \d]\d \d{4},? \d\d:\d\d:\d\d\b"),
    (Kind::Time, "listing", r"\bMON [ \d]\d (?:\d\d:\d\d| \d{4})\b"),
    (Kind::Time, "minute", r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d\b"),
    (Kind::Time, "date", r"\b\d{4}-\d\d-\d\d\b"),
    (Kind::Time, "clock", r"\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"),
    (Kind::Relative, "up", r"\bUp (?P<v>(?:(?:About|Less than) )?(?:an?|\d+) UNIT)\b"),
    (Kind::Relative, "ago", r"\b(?:(?:About|Less than) )?(?:an?|\d+) UNIT ago\b"),
    (Kind::Version, "labelled", r"\b[Vv]ersion(?: number)?:? +(?P<v>\d+(?:\.\d+)+(?:[-+~]PART)*)\b"),
    (Kind::Address, "ipv4", r"\b(?:10\.OCTET|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.OCTET\.OCTET\b"),
    (Kind::Address, "ipv6", r"\b(?:fe80|f[cd][0-9a-f]{2})(?::[0-9a-f]{0,4}){2,7}"),
    // Any other IPv4 address is a claim, not a version.
    (Kind::Version, "", r"\bOCTET\.OCTET\.OCTET\.OCTET\b"),
    (Kind::Duration, "seconds", r"\b\d+\.\d+ (?:s|sec|secs|seconds)\b"),
    (Kind::Duration, "milliseconds", r"\[(?P<v>[\d,]+)\] (?:ms|milliseconds)\b"),
    (Kind::Duration, "go", r"\b(?:\d+h)?(?:\d+m)?\d+(?:\.\d+s|\.\d+ms|\.\d+µs|ms|µs)\b"),
    (Kind::Size, "spaced", r"\b\d+(?:\.\d+)? (?:[kKMGTP]i?)B\b"),
    (Kind::Size, "joined", r"\b\d+(?:\.\d+)?(?:[kKMGTP]i?)?B\b"),
    (Kind::Counter, "connection", r"\bconnection id is (?P<v>\d+)\b"),
    (Kind::Counter, "pid", r"\b(?:PID|pid)(?:: ?|=| )(?P<v>\d+)\b"),
    (Kind::Job, "job", r"^\[\d+\] (?P<v>\d+)$"),
    (Kind::Version, "commit", r"\bbuild (?P<v>[0-9a-f]{7,40})\b"),
    (Kind::Version, "dotted", r"\bv?\d+\.\d+\.\d+(?:\.\d+)*(?:[-+~]PART)*\b"),
    (Kind::Name, "generated", r"\b[a-z]+_[a-z]+\d?\b"),
];

/// All shapes in one automaton: it says which of them matches.
static VOLATILE: LazyLock<Regex> = LazyLock::new(|| {
    let each = SHAPES.iter().map(|(_, _, expression)| {
        expression
            .replace("MON", "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")
            .replace("DAY", "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)")
            .replace("UNIT", "(?:second|minute|hour|day|week|month|year)s?")
            .replace("OCTET", r"(?:25[0-5]|2[0-4]\d|1?\d?\d)")
            // A part of a version ends where a file's suffix begins.
            .replace("PART", r"[0-9A-Za-z]+(?:\.\d+)*")
            .replace(r"\b", r"(?-u:\b)")
            .replace(r"\d", "[0-9]")
    });
    Regex::new_many(&each.collect::<Vec<_>>()).expect("the expressions are constant")
});

/// The volatile tokens of a line, in order.
///
/// Digits alone look like an ID by chance: in an expected line (`literals` is `None`) they are a
/// claim; on a screen they are an ID unless the expected lines claim just these digits. So it is
/// with a duration of zero.
pub fn tokens<'a>(line: &'a str, literals: Option<&HashSet<&str>>) -> Vec<Token<'a>> {
    let mut found = Vec::new();
    for matched in VOLATILE.find_iter(line) {
        let (kind, shape, expression) = SHAPES[matched.pattern().as_usize()];
        if shape.is_empty() {
            continue;
        }
        let mut span =
            if expression.contains("(?P<v>") { value_of(line, matched.span()) } else { matched.span() };
        if kind == Kind::Version {
            span.end = span.start + version_length(&line[span.start..span.end]);
        }
        let text = &line[span.start..span.end];
        let chance = match kind {
            Kind::Id => text.bytes().all(|byte| byte.is_ascii_digit()),
            Kind::Duration => is_whole_zero(text),
            _ => false,
        };
        let claimed = is_claim(line, &Token { kind, shape, text, start: span.start })
            || (chance && literals.is_none_or(|literals| literals.contains(text)));
        if !claimed {
            let shape = if shape == "uuid" { uuid_version(text) } else { shape };
            found.push(Token { kind, shape, text, start: span.start });
        }
    }
    found
}

/// Whether what looks like a volatile token says something that a run does not change.
fn is_claim(line: &str, token: &Token<'_>) -> bool {
    let Token { kind, shape, text, start } = *token;
    let (before, after) = (&line[..start], &line[start + text.len()..]);
    match kind {
        Kind::Name => !names::is_generated(text),
        Kind::Time => {
            Moment::parse(shape, text).is_none()
                || (shape == "clock" && is_in_ipv6(before, after))
                || (matches!(shape, "date" | "minute" | "clock" | "listing") && is_scheduled(before))
        }
        Kind::Size | Kind::Duration => {
            (kind == Kind::Size && !text.bytes().any(|byte| matches!(byte, b'1'..=b'9')))
                || before.ends_with(['-', '_', '.', '%', '#', '\\', '@'])
                || (after.starts_with(['-', '_']) && after[1..].starts_with(char::is_alphanumeric))
        }
        Kind::Counter => shape == "pid" && matches!(text, "0" | "1"),
        Kind::Id => match shape {
            // The nil one and the highest; the third and fifth version are hashes of names.
            "uuid" => matches!(text.as_bytes()[14], b'0' | b'f' | b'3' | b'5'),
            "id64" => is_checksum(before, after),
            _ => false,
        },
        Kind::Digest => before.ends_with("--hash="),
        Kind::Relative | Kind::Address | Kind::Job | Kind::Version => false,
    }
}

/// Zero milliseconds: in an expected line a claim, on a screen it may be what a measured value was rounded to.
pub(super) fn is_whole_zero(text: &str) -> bool {
    text == "0ms"
}

/// Whether a clock's digits are groups of an IPv6 address or of another row of pairs.
fn is_in_ipv6(before: &str, after: &str) -> bool {
    let group = |c: char| c.is_ascii_hexdigit() || c == ':';
    let head = before.len() - before.trim_end_matches(group).len();
    let tail = after.len() - after.trim_start_matches(group).len();
    let (head, tail) = (&before[before.len() - head..], &after[..tail]);
    let colons = head.matches(':').count() + tail.trim_end_matches(':').matches(':').count() + 2;
    head.contains("::") || tail.contains("::") || colons > 4
}

/// Whether 64 digits are the checksum of a file, in the forms of coreutils, OpenSSL, BSD and TOML: a
/// claim about the file.
fn is_checksum(before: &str, after: &str) -> bool {
    static LABEL: LazyLock<LineRegex> = LazyLock::new(|| {
        LineRegex::new(r#"(?i:sha(?:2-|-)?256|checksum|hexdigest)"?(?: ?\([^()]*\))?"? ?[:=]? ?["']?$"#)
            .expect("the expression is constant")
    });
    let listed = before.trim().is_empty()
        && (after.starts_with("  ") || after.starts_with(" *"))
        && after[2..].starts_with(|c: char| c != ' ');
    listed || (before.ends_with(['=', ':', ' ', '"', '\'', ')']) && LABEL.is_match(before))
}

/// Whether what stands before a date or a clock says that it names a version or a plan, not a day of
/// this run.
fn is_scheduled(before: &str) -> bool {
    static PLAN: LazyLock<LineRegex> = LazyLock::new(|| {
        LineRegex::new(r#"(?i:calendar=|cron|schedule["']?[:=])|^ *(?:[0-9*/,-]+ +){4}[0-9*/,-]+ "#)
            .expect("the expression is constant")
    });
    let label = before.trim_end_matches([' ', ':', '=', '"', '\'']);
    let ends_with = |word: &str| {
        label.len() >= word.len()
            && label.is_char_boundary(label.len() - word.len())
            && label[label.len() - word.len()..].eq_ignore_ascii_case(word)
    };
    let may_plan = ["alendar", "cron", "CRON", "chedule", "*"].iter().any(|word| before.contains(word));
    ["version", "nightly-", "beta-", "stable-"].into_iter().any(ends_with)
        || (may_plan && PLAN.is_match(before))
}

/// The words after a version that say for which machine or of which flavour something is.
const PLATFORMS: &[&str] = &[
    "aarch64", "all", "alpine", "amd64", "apple", "arm64", "armhf", "armv6l", "armv7", "armv7l", "bin",
    "bookworm", "bullseye", "buster", "darwin", "focal", "freebsd", "gnu", "i386", "i686", "jammy", "linux",
    "macos", "msvc", "musl", "noble", "osx", "pc", "slim", "src", "trixie", "unknown", "win", "win32",
    "win64", "windows", "x64", "x86", "x86_64",
];

/// How much of a version's text is the version: up to the first word of a platform.
fn version_length(text: &str) -> usize {
    text.match_indices('-')
        .find(|(at, _)| {
            let word = text[at + 1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            PLATFORMS.contains(&word)
        })
        .map_or(text.len(), |(at, _)| at)
}

/// UUIDs of another version are made in another way.
fn uuid_version(text: &str) -> &'static str {
    match text.as_bytes()[14] {
        b'1' => "uuid1",
        b'2' => "uuid2",
        b'4' => "uuid4",
        b'6' => "uuid6",
        b'7' => "uuid7",
        b'8' => "uuid8",
        _ => "uuid",
    }
}

impl Token<'_> {
    /// What of its text is a claim nevertheless: the zone of a time, and what stands between its parts.
    pub fn form(&self) -> impl Iterator<Item = &str> {
        let parts = match (self.kind, self.shape) {
            (Kind::Time, "minute") => [self.text.get(10..11), None, None],
            (Kind::Time, "rfc3339") => {
                let comma = self.text.get(19..20).filter(|mark| *mark == ",");
                [self.text.get(10..11), comma, Some(zone(self.shape, self.text))]
            }
            (Kind::Time, shape) => [None, None, Some(zone(shape, self.text))],
            _ => [None, None, None],
        };
        parts.into_iter().flatten()
    }
}

/// The part of a match that its expression names `v`.
fn value_of(line: &str, matched: Span) -> Span {
    let mut captures: Captures = VOLATILE.create_captures();
    VOLATILE.captures(Input::new(line).span(matched), &mut captures);
    captures.get_group_by_name("v").unwrap_or(matched)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<(Kind, &str)> {
        tokens(line, None).into_iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn each_kind_is_known_by_its_form() {
        let id = "89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d";
        for (line, kind, text) in [
            (id, Kind::Id, id),
            ("root@a9f5b0786995:/# ls", Kind::Id, "a9f5b0786995"),
            ("id 3cad1a07-6a41-4ac1-a0a4-8ac7eea537d4", Kind::Id, "3cad1a07-6a41-4ac1-a0a4-8ac7eea537d4"),
            ("2026-11-24T20:43:52.403533391Z x", Kind::Time, "2026-11-24T20:43:52.403533391Z"),
            ("[24/Nov/2026:20:43:52 +0000] x", Kind::Time, "24/Nov/2026:20:43:52 +0000"),
            ("24-Nov-2026 20:43:52.403 INFO", Kind::Time, "24-Nov-2026 20:43:52.403"),
            ("Nov 24 20:43:52 host", Kind::Time, "Nov 24 20:43:52"),
            ("[Tue Nov 24 20:43:52.123456 2026]", Kind::Time, "Tue Nov 24 20:43:52.123456 2026"),
            ("at 20:43:52", Kind::Time, "20:43:52"),
            ("Up About a minute", Kind::Relative, "About a minute"),
            ("Up 3 seconds", Kind::Relative, "3 seconds"),
            ("2 minutes ago", Kind::Relative, "2 minutes ago"),
            ("Less than a second ago", Kind::Relative, "Less than a second ago"),
            ("5 rows in set (0.00 sec)", Kind::Duration, "0.00 sec"),
            ("Server startup in [1234] milliseconds", Kind::Duration, "1234"),
            ("took 1.2s", Kind::Duration, "1.2s"),
            ("copied, 0.00563186 s, x", Kind::Duration, "0.00563186 s"),
            ("177MB", Kind::Size, "177MB"),
            ("13.3 kB", Kind::Size, "13.3 kB"),
            ("172.17.0.2", Kind::Address, "172.17.0.2"),
            ("02:42:ac:11:00:02", Kind::Address, "02:42:ac:11:00:02"),
            ("nostalgic_morse", Kind::Name, "nostalgic_morse"),
            ("Your MySQL connection id is 6", Kind::Counter, "6"),
            ("Server version number:   10.1.55.0", Kind::Version, "10.1.55.0"),
            ("Server version: 5.7.24 MySQL", Kind::Version, "5.7.24"),
            ("version 28.5.2+dfsg4,", Kind::Version, "28.5.2+dfsg4"),
            ("build ecc6949,", Kind::Version, "ecc6949"),
        ] {
            assert_eq!(found(line), [(kind, text)], "{line}");
        }
    }

    #[test]
    fn claims_are_not_volatile() {
        for line in [
            "0.0.0.0:8080->8080/tcp",
            "127.0.0.1",
            "8.8.8.8",
            "Exited (143)",
            "5 rows in set",
            "information_schema",
            "1.25",
            "mysql:5.7",
            "3 weeks",
            "123456789012",
            "my_cat",
            "89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d  a.tar",
            "[::]:8080",
            "abcdef",
        ] {
            assert_eq!(found(line), [], "{line}");
        }
    }

    #[test]
    fn forms_that_only_look_volatile_are_claims() {
        for line in [
            "Model-7B",
            "llama_13-8B-chat",
            "%7B",
            "row 3 B",
            "0B",
            "0 kB",
            "PID 1",
            "::12:34:56",
            "2001:db8::12:34:56:78",
            "99:99:99",
            "2026-13-45",
            "SHA256 (f) = 89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d",
            "SHA2-256(f)= 89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d",
            "  89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d  f",
            "checksum = \"89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d\"",
            "00000000-0000-0000-0000-000000000000",
            "6fa459ea-ee8a-3ca4-894e-db77e160355e",
            "886313e1-3b8a-5372-9b90-0c9aee199e5d",
            "api-version: 2021-04-01",
            "\"Version\": \"2012-10-17\"",
            "toolchain nightly-2026-01-02",
            "OnCalendar=2026-01-02 04:00",
            "0 4 * * 1 run-at 04:00:00",
        ] {
            let none = HashSet::new();
            assert_eq!(found(line), [], "{line}");
            assert_eq!(tokens(line, Some(&none)), [], "{line}");
        }
    }

    #[test]
    fn what_follows_a_version_is_no_part_of_it() {
        for (line, version) in [
            ("app-1.2.3.tar.gz", "1.2.3"),
            ("node-v20.1.0-linux-x64.tar.xz", "v20.1.0"),
            ("nginx:1.25.3-alpine", "1.25.3"),
            ("app 1.2.3-rc.1", "1.2.3-rc.1"),
            ("gcc 12.2.0-14+deb12u1", "12.2.0-14+deb12u1"),
        ] {
            assert_eq!(found(line), [(Kind::Version, version)], "{line}");
        }
    }

    #[test]
    fn digits_alone_are_an_id_only_on_a_screen() {
        let none = HashSet::new();
        assert_eq!(tokens("123456789012", Some(&none)).len(), 1);
        assert_eq!(tokens("123456789012", Some(&HashSet::from(["123456789012"]))).len(), 0);
    }
}
