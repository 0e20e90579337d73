//! What a page itself supplies: values in its commands and files are claims where they are printed.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::moment::Moment;
use super::token::{Kind, Token, tokens};
use super::value::digits_of;

/// A text of a page that supplies values: a command, a heredoc, a file.
#[derive(Debug, Clone, Copy)]
pub struct Supply<'a> {
    /// The text.
    pub text: &'a str,
    /// The number of its block, if it is one of the plain commands of a block.
    pub block: Option<usize>,
}

/// The values that stand literally in what a page supplies.
#[derive(Debug, Clone, Default)]
pub struct Supplied {
    values: HashSet<(Kind, String)>,
    moments: Vec<Moment>,
    /// Sizes such as `512m`, in bytes, by both readings of the unit.
    bytes: HashSet<u64>,
    /// The block of the command that is judged.
    block: Option<usize>,
    /// Whether it, or a plain command before it in its block, runs something in the background.
    has_background: bool,
    /// Whether any command so far does.
    has_jobs: bool,
    /// Whether it makes a checksum, and whether 64 digits are one that an earlier command has made.
    is_checksum: bool,
    knows_checksum: bool,
    /// Whether it reckons with a date that it is given.
    reckons: bool,
}

/// A size as commands and settings write it; a count of seconds since 1970.
static SIZE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)([0-9]+(?:\.[0-9]+)?)([kKmMgGtT])(?:i?[bB])?(?-u:\b)")
        .expect("the expression is constant")
});
static COUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[0-9]{4,18}(?-u:\b)").expect("the expression is constant"));
static EPOCH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:@|SOURCE_DATE_EPOCH=)(-?[0-9]{1,12})(?-u:\b)").expect("the expression is constant")
});
/// What gives a file its time or reckons with one.
static MAKES_TIME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:touch|date)(?-u:\b)").expect("the expression is constant"));
/// A checksum's program, and words that name one where no engine is asked for its digests.
static CHECKSUM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)hexdigest|(?:md5|sha[0-9]+)sum|sha[0-9]+\(|shasum|cksum|openssl (?:dgst|sha[0-9]+|md5)|b2sum|b3sum|get-filehash",
    )
    .expect("the expression is constant")
});
static NAMES_CHECKSUM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)sha-?256|blake|xxd|hexdump|(?-u:\b)od -").expect("the expression is constant")
});
/// What prints digits that differ from run to run.
static RANDOM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)docker|podman|nerdctl|hostname|rand|uuid|secrets").expect("the expression is constant")
});
/// `date` with a date of its own to reckon from, and what is one.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[0-9]{4}[-/]|@[0-9]|(?-u:\b)(?:[0-9]{4}|[0-9]{8})(?-u:\b)")
        .expect("the expression is constant")
});
static RECKONS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)date(?: [^;|&\n]*)? (?:-[a-zA-Z]*d|--date)[ =]?(?P<from>[^;|&\n]*)")
        .expect("the expression is constant")
});

impl Supplied {
    /// What these texts supply: the page's commands, heredocs and files in the order of the page, the
    /// last of them the command whose screen is compared.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of(texts.into_iter().map(|text| Supply { text, block: None }))
    }

    /// What a page supplies up to the command that is judged, which is the last.
    pub fn of<'a>(supplies: impl IntoIterator<Item = Supply<'a>>) -> Self {
        let mut supplied = Self::default();
        supplies.into_iter().for_each(|supply| supplied.add(supply));
        supplied
    }

    /// Goes on to the next text of the page: it is the command that is judged now.
    pub fn add(&mut self, Supply { text, block }: Supply<'_>) {
        let is_random = RANDOM.is_match(text);
        self.is_checksum = CHECKSUM.is_match(text) || (!is_random && NAMES_CHECKSUM.is_match(text));
        self.knows_checksum = self.is_checksum || (self.knows_checksum && !is_random);
        // The output shown may be that of all plain commands of a block.
        let goes_on = block.is_some() && block == self.block;
        let begins = text.lines().any(begins_a_job);
        self.has_background = begins || (goes_on && self.has_background);
        self.has_jobs |= begins;
        self.block = block;
        self.reckons = RECKONS.captures(text).is_some_and(|found| YEAR.is_match(&found["from"]));
        self.add_values(text);
    }

    /// Adds the text of a file that the page shows.
    pub fn add_file(&mut self, text: &str) {
        self.add_values(text);
    }

    fn add_values(&mut self, text: &str) {
        for line in text.lines() {
            let line = line.trim_end();
            for token in tokens(line, None) {
                if token.kind == Kind::Time
                    && let Some(moment) = Moment::parse(token.shape, token.text)
                {
                    self.moments.push(moment);
                }
                self.values.insert(key(&token));
            }
            if MAKES_TIME.is_match(line) {
                self.moments.extend(Moment::written(line));
            }
            for found in EPOCH.captures_iter(line) {
                self.moments.extend(found[1].parse().ok().and_then(Moment::of_epoch));
            }
            self.bytes.extend(COUNT.find_iter(line).filter_map(|found| found.as_str().parse::<u64>().ok()));
            for found in SIZE.captures_iter(line) {
                let power = match found[2].to_ascii_lowercase().as_str() {
                    "k" => 1,
                    "m" => 2,
                    "g" => 3,
                    _ => 4,
                };
                self.bytes.extend([1000, 1024].into_iter().filter_map(|base| whole(&found[1], base, power)));
            }
        }
    }

    /// Whether the shell may have something to say of jobs.
    pub fn has_jobs(&self) -> bool {
        self.has_jobs
    }

    /// Whether a token is a claim, since the page supplies its value.
    pub fn claims(&self, token: &Token<'_>) -> bool {
        if token.shape == "job" && !self.has_background {
            return true;
        }
        let is_checksum = match token.shape {
            "id64" | "sha256" => self.knows_checksum,
            "id12" => self.is_checksum,
            _ => false,
        };
        if is_checksum || (token.kind == Kind::Time && self.reckons) {
            return true;
        }
        if self.values.is_empty() && self.moments.is_empty() && self.bytes.is_empty() {
            return false;
        }
        self.values.contains(&key(token))
            || match token.kind {
                Kind::Time if !self.moments.is_empty() => Moment::parse(token.shape, token.text)
                    .is_some_and(|shown| self.moments.iter().any(|moment| moment.covers(&shown))),
                Kind::Size if !self.bytes.is_empty() => {
                    // `numfmt --to=iec` says `M` of 1024 times 1024, too.
                    [1000, 1024].into_iter().any(|base| {
                        bytes_by(token.text, base).is_some_and(|bytes| self.bytes.contains(&bytes))
                    })
                }
                _ => false,
            }
    }
}

/// Whether a line of a command runs something in the background.
fn begins_a_job(line: &str) -> bool {
    line.match_indices('&').any(|(at, _)| {
        let joined = line[..at].ends_with(['&', '>', '<', '|', '\\']);
        let after = line[at + 1..].chars().next();
        !joined && after.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ';' | '}'))
    })
}

/// A value whatever its form: an ID long or short, a version with `v` or without.
fn key(token: &Token<'_>) -> (Kind, String) {
    match token.kind {
        Kind::Id | Kind::Digest => {
            let digits = digits_of(token.text);
            let length = if digits.contains('-') { digits.len() } else { digits.len().min(12) };
            (Kind::Id, digits[..length].to_owned())
        }
        Kind::Version => (Kind::Version, token.text.trim_start_matches('v').to_owned()),
        kind => (kind, token.text.to_owned()),
    }
}

/// A size as tools print it, in bytes: `kB` is 1000, `KiB` is 1024.
pub(super) fn bytes_of(text: &str) -> Option<u64> {
    bytes_by(text, if text.contains('i') { 1024 } else { 1000 })
}

/// The same, where a unit is so many of the one below it.
fn bytes_by(text: &str, base: u32) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let unit = text[end..].trim_start();
    let power = match unit.bytes().next()?.to_ascii_lowercase() {
        b'b' => 0,
        b'k' => 1,
        b'm' => 2,
        b'g' => 3,
        b't' => 4,
        _ => 5,
    };
    whole(&text[..end], base, power)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size is positive, and a cast of a float that is too large gives the largest number"
)]
fn whole(number: &str, base: u32, power: i32) -> Option<u64> {
    Some((number.parse::<f64>().ok()? * f64::from(base).powi(power)).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed(supplied: &[&str], line: &str) -> bool {
        let supplied = Supplied::new(supplied.iter().copied());
        let found = tokens(line, None);
        assert_eq!(found.len(), 1, "{line}");
        supplied.claims(&found[0])
    }

    #[test]
    fn what_the_page_configures_is_a_claim() {
        for (supplied, line) in [
            ("docker run -m 512MB x", "limit 512MB"),
            ("docker run -m 512m x", "limit 512MiB"),
            ("numfmt --to=iec-i --suffix=B 1048576", "1.0MiB"),
            ("date -d @0", "Thu Jan  1 00:00:00 UTC 1970"),
            ("touch -d 2020-01-02 f", "-rw-r--r-- 1 a a 0 Jan  2  2020 f"),
            ("touch -t 202001020304 f", "2020-01-02"),
            ("touch -t 2001020304.05 f", "2020-01-02 03:04:05"),
            ("touch -d '2 Jan 2020' f", "-rw-r--r-- 1 a a 0 Jan  2  2020 f"),
            ("touch --date='January 2, 2020 3:04' f", "2020-01-02 03:04:00"),
            ("touch -d 20200102 f", "2020-01-02"),
            ("touch -d 2020/1/2 f", "2020-01-02"),
            ("docker run --ip 172.18.0.10 x", "addr 172.18.0.10"),
            ("printf 'v1.2.3'", "is 1.2.3"),
            ("echo zen_wozniak", "zen_wozniak"),
            ("echo 89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d", "89c9a39c74e4"),
        ] {
            assert!(claimed(&[supplied], line), "{supplied}: {line}");
            assert!(!claimed(&["ls"], line), "{line}");
        }
    }

    #[test]
    fn jobs_and_checksums_are_known_by_their_command() {
        assert!(claimed(&["Rscript x"], "[1] 42"));
        for command in ["sleep 9 &", "sleep 9 & disown", "(sleep 9; echo)& wait", "a && sleep 9 &"] {
            assert!(!claimed(&[command], "[1] 42"), "{command}");
        }
        assert!(claimed(&["sleep 9 &", "Rscript x"], "[1] 42"), "the job is another command's");
        for command in ["a && b", "curl 'x?a=1&b=2'", "a 2>&1", "a &>f", "a |& cat"] {
            assert!(claimed(&[command], "[1] 42"), "{command}");
        }
        let id = "89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d";
        assert!(claimed(&["print(hashlib.sha256(b'a').hexdigest())"], id));
        let digest = format!("sha256:{id}");
        for (commands, line) in [
            (["S=$(sha256sum a)", "echo $S"], id),
            (["S=$(sha256sum a)", "echo sha256:$S"], &digest),
            (["true", "sha256sum a | cut -c1-12"], &id[..12]),
            (["true", "docker exec web sha256sum a | cut -c1-64"], id),
        ] {
            assert!(claimed(&commands, line), "{commands:?}");
        }
        for (commands, line) in [
            (["sha256sum a", "docker run -d x"], id),
            (["true", "docker images -q --no-trunc | grep sha256"], &digest),
            (["true", "docker run -d $(docker images -q --no-trunc | grep sha256)"], id),
            (["sha256sum a", "openssl rand -hex 32"], id),
            (["sha256sum a", "cat /proc/self/cgroup"], &id[..12]),
        ] {
            assert!(!claimed(&commands, line), "{commands:?}");
        }
    }

    #[test]
    fn a_date_that_is_reckoned_from_one_is_a_claim() {
        for command in
            ["date -u -d '2024-02-28 +1 day' +%F", "TZ=UTC date --date=@0 +%F", "date -ud 2024-02-28"]
        {
            assert!(claimed(&[command], "2024-03-01"), "{command}");
        }
        for commands in [
            ["true", "date -d yesterday +%F"],
            ["date -d 2024-02-28", "date +%F"],
            ["true", "date -d yesterday +%F; curl localhost:8080"],
        ] {
            assert!(!claimed(&commands, "2024-03-01"), "{commands:?}");
        }
    }
}
