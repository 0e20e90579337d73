//! Recorded screens of real programs, changed by machine: each changed claim must be caught, each
//! volatile token replaced by another of its kind must pass, and by another kind must be caught.
//!
//! `cargo test --test mutation -- --nocapture` prints the counts.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use haechi::matching::{Bindings, Elisions, End, Kind, Rules, Supplied, agrees, tokens};
use haechi::snippet::Order;
use rayon::prelude::*;

struct Recording {
    name: String,
    lines: Vec<String>,
}

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
    let mut all: Vec<Recording> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let (_command, screen) = text.split_once('\n').unwrap();
            let lines: Vec<String> = screen.lines().map(str::to_owned).collect();
            Recording { name: path.file_stem().unwrap().to_string_lossy().into_owned(), lines }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn matches(expected: &[String], screen: &[String]) -> bool {
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let elisions = Elisions::default();
    let supplied = Supplied::default();
    let rules = Rules {
        elisions: &elisions,
        order: Order::Listed,
        end: End::Closed,
        words: &[],
        supplied: &supplied,
        failed: false,
    };
    agrees(&expected, screen, rules, &Bindings::default())
}

/// What was tried on a recording, and which changes came out wrong.
#[derive(Default)]
struct Tally {
    tried: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn note(&mut self, what: &'static str, right: bool, told: impl FnOnce() -> String) {
        *self.tried.entry(what).or_default() += 1;
        if !right {
            self.wrong.push(format!("{what}: {}", told()));
        }
    }

    fn join(mut self, other: Self) -> Self {
        for (what, count) in other.tried {
            *self.tried.entry(what).or_default() += count;
        }
        self.wrong.extend(other.wrong);
        self
    }
}

/// Another character of the same class.
fn other(c: char) -> char {
    match c {
        '9' => '1',
        '0'..='8' => char::from(c as u8 + 1),
        'z' => 'a',
        'Z' => 'A',
        'a'..='y' | 'A'..='Y' => char::from(c as u8 + 1),
        '가' => '나',
        c if c.is_alphanumeric() => '가',
        '!' => '?',
        _ => '!',
    }
}

fn with_line(lines: &[String], at: usize, line: String) -> Vec<String> {
    let mut new = lines.to_vec();
    new[at] = line;
    new
}

/// A line with its volatile tokens blanked: two lines that are alike cannot be told apart by order.
fn blanked(line: &str) -> String {
    let layer = line.len() > 14 && (line.ends_with(": Pull complete") || line.ends_with(": Already exists"));
    if layer && line[..12].bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return "layer".into();
    }
    let mut text = String::new();
    let mut at = 0;
    for token in tokens(line, None) {
        text.push_str(&line[at..token.start]);
        text.push_str(token.shape);
        at = token.start + token.text.len();
    }
    text.push_str(&line[at..]);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn claims(recording: &Recording) -> Tally {
    let Recording { name, lines } = recording;
    let mut tally = Tally::default();
    for (at, line) in lines.iter().enumerate() {
        let is_layer = blanked(line) == "layer";
        let volatile: Vec<_> =
            tokens(line, None).iter().map(|token| token.start..token.start + token.text.len()).collect();
        let mut word_start = None;
        let ends = line.char_indices().map(|(at, c)| (at, c.is_whitespace())).chain([(line.len(), true)]);
        for (byte, blank) in ends {
            if !blank {
                word_start.get_or_insert(byte);
                continue;
            }
            let Some(start) = word_start.take() else { continue };
            let claim: Vec<(usize, char)> = line[start..byte]
                .char_indices()
                .map(|(offset, c)| (start + offset, c))
                .filter(|(at, _)| !volatile.iter().any(|range| range.contains(at)))
                .collect();
            // The end state of a layer is no claim, but the words are: they are changed below, whole.
            let chosen = [claim.first(), claim.last()].into_iter().flatten().collect::<BTreeSet<_>>();
            for &(at_byte, c) in chosen {
                let mut changed = line.clone();
                changed.replace_range(at_byte..at_byte + c.len_utf8(), &other(c).to_string());
                // A changed digit of a layer's ID makes another ID.
                if is_layer && at_byte < 12 {
                    continue;
                }
                let caught = !matches(&with_line(lines, at, changed.clone()), lines);
                tally.note("words changed", caught, || format!("{name}: {line:?} as {changed:?}"));
            }
        }
        let mut dropped = lines.clone();
        dropped.remove(at);
        tally.note("lines dropped", !matches(&dropped, lines), || format!("{name}: {line:?}"));
        let mut doubled = lines.clone();
        doubled.insert(at, line.clone());
        tally.note("lines doubled", !matches(&doubled, lines), || format!("{name}: {line:?}"));
        if let Some(next) = lines.get(at + 1)
            && blanked(line) != blanked(next)
        {
            let mut swapped = lines.clone();
            swapped.swap(at, at + 1);
            tally.note("lines swapped", !matches(&swapped, lines), || {
                format!("{name}: {line:?} and {next:?}")
            });
        }
        if !line.trim().is_empty() {
            let deeper = with_line(lines, at, format!(" {line}"));
            tally.note("indents changed", !matches(&deeper, lines), || format!("{name}: deeper {line:?}"));
            if let Some(shallower) = line.strip_prefix(' ') {
                let shallower = with_line(lines, at, shallower.to_owned());
                tally.note("indents changed", !matches(&shallower, lines), || {
                    format!("{name}: shallower {line:?}")
                });
            }
        }
    }
    tally
}

/// Another value of the same kind and shape.
fn another(kind: Kind, shape: &str, text: &str) -> String {
    let digits =
        |text: &str| text.chars().map(|c| if c.is_ascii_digit() { other(c) } else { c }).collect::<String>();
    // Hexadecimal digits become others, and at least one of twelve becomes a letter.
    let hex = |text: &str| -> String {
        let turned = text
            .chars()
            .map(|c| c.to_digit(16).and_then(|d| char::from_digit((d + 5) % 16, 16)).unwrap_or(c));
        turned.collect()
    };
    match kind {
        Kind::Digest => format!("sha256:{}", hex(&text[7..])),
        Kind::Id => hex(text),
        Kind::Address if shape == "mac" => hex(text),
        Kind::Address if shape == "ipv6" => format!("{}1", text.trim_end_matches(':')),
        Kind::Address => {
            let (network, host) = text.rsplit_once('.').unwrap();
            format!("{network}.{}", (host.parse::<u32>().unwrap() + 7) % 250)
        }
        Kind::Relative if shape == "up" => "7 weeks".into(),
        Kind::Relative => "7 weeks ago".into(),
        Kind::Name => "zen_wozniak".into(),
        Kind::Version if shape == "commit" => hex(text),
        Kind::Time | Kind::Duration | Kind::Size | Kind::Counter | Kind::Version => digits(text),
    }
}

fn volatiles(recording: &Recording) -> Tally {
    let Recording { name, lines } = recording;
    let mut tally = Tally::default();
    for (at, line) in lines.iter().enumerate() {
        if blanked(line) == "layer" {
            let changed = with_line(lines, at, "0123456789ab: Already exists".into());
            tally.note("tokens of the same kind", matches(&changed, lines), || format!("{name}: {line:?}"));
            continue;
        }
        for token in tokens(line, None) {
            let new = another(token.kind, token.shape, token.text);
            if new == token.text {
                continue;
            }
            // An example means one thing: it is replaced wherever it stands, in its long and short form.
            let same = |text: &str| match token.kind {
                Kind::Id | Kind::Digest => {
                    let digits =
                        |text: &str| text.trim_start_matches("sha256:").chars().take(12).collect::<String>();
                    digits(text) == digits(token.text)
                }
                _ => text == token.text,
            };
            let replaced: Vec<String> = lines
                .iter()
                .map(|line| {
                    let mut text = String::new();
                    let mut from = 0;
                    for other in tokens(line, None).into_iter().filter(|other| {
                        other.kind == token.kind
                            || matches!(
                                (other.kind, token.kind),
                                (Kind::Id, Kind::Digest) | (Kind::Digest, Kind::Id)
                            )
                    }) {
                        if same(other.text) {
                            text.push_str(&line[from..other.start]);
                            text.push_str(&another(other.kind, other.shape, other.text));
                            from = other.start + other.text.len();
                        }
                    }
                    text.push_str(&line[from..]);
                    text
                })
                .collect();
            tally.note("tokens of the same kind", matches(&replaced, lines), || {
                format!("{name}: {:?} for {:?} in {line:?}", new, token.text)
            });
            let foreign = if token.kind == Kind::Relative { "0123456789ab" } else { "7 weeks ago" };
            let mut changed = line.clone();
            changed.replace_range(token.start..token.start + token.text.len(), foreign);
            let caught = !matches(&with_line(lines, at, changed), lines);
            tally.note("tokens of another kind", caught, || {
                format!("{name}: {foreign:?} for {:?} in {line:?}", token.text)
            });
        }
    }
    tally
}

/// What is volatile in the recordings, written down: a kind that grew too wide shows here.
#[test]
fn the_volatile_tokens_of_the_recordings_are_these() {
    let mut told = String::new();
    for recording in recordings() {
        for line in &recording.lines {
            for token in tokens(line, None) {
                told.push_str(&format!(
                    "{} {:?} {} {}\n",
                    recording.name, token.kind, token.shape, token.text
                ));
            }
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/volatile.txt");
    if std::env::var_os("HAECHI_ACCEPT").is_some() {
        std::fs::write(&file, &told).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap();
    for (new, old) in told.lines().zip(known.lines()) {
        assert_eq!(
            new, old,
            "if this is meant, review the difference after HAECHI_ACCEPT=1 cargo test --test mutation"
        );
    }
    assert_eq!(told.lines().count(), known.lines().count());
}

#[test]
fn every_changed_claim_is_caught_and_every_volatile_token_is_free() {
    let recordings = recordings();
    assert!(recordings.len() >= 120, "only {} recordings", recordings.len());
    let tally = recordings
        .par_iter()
        .map(|recording| {
            let mut own = Tally::default();
            own.note("screens against themselves", matches(&recording.lines, &recording.lines), || {
                recording.name.clone()
            });
            own.join(claims(recording)).join(volatiles(recording))
        })
        .reduce(Tally::default, Tally::join);
    println!("{} recordings", recordings.len());
    for (what, tried) in &tally.tried {
        let wrong = tally.wrong.iter().filter(|told| told.starts_with(what)).count();
        println!("{what}: {} of {tried} right", tried - wrong);
    }
    for wrong in tally.wrong.iter().take(60) {
        println!("  WRONG {wrong}");
    }
    assert!(tally.wrong.is_empty(), "{} changes came out wrong", tally.wrong.len());
}
