//! Recorded screens of real programs, changed by machine: each changed claim must be caught, each
//! volatile token replaced by another of its kind must pass, and by another kind must be caught.
//!
//! `cargo test --test mutation -- --nocapture` prints the counts.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use haechi::matching::Order;
use haechi::matching::{Bindings, Elisions, End, Kind, Rules, Supplied, Token, agrees, tokens};
use rayon::prelude::*;

struct Recording {
    name: String,
    command: String,
    /// What its command supplies.
    supplied: Supplied,
    lines: Vec<String>,
}

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
    let mut all: Vec<Recording> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let (command, screen) = text.split_once('\n').unwrap();
            let lines: Vec<String> = screen.lines().map(str::to_owned).collect();
            let command = command.trim_start_matches("$ ").to_owned();
            let supplied = Supplied::new([command.as_str()]);
            Recording {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                command,
                supplied,
                lines,
            }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

impl Recording {
    /// The volatile tokens of one of its lines.
    fn volatile<'l>(&self, line: &'l str) -> Vec<Token<'l>> {
        tokens(line, None).into_iter().filter(|token| !self.supplied.claims(token)).collect()
    }
}

fn agree(expected: &[String], screen: &[String], supplied: &Supplied, order: Order) -> bool {
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let elisions = Elisions::default();
    let end = End::Closed;
    let rules = Rules { order, end, ..Rules::new(&elisions, supplied) };
    agrees(&expected, screen, rules, &Bindings::default())
}

fn matches(recording: &Recording, expected: &[String], screen: &[String]) -> bool {
    agree(expected, screen, &recording.supplied, Order::Listed)
}

/// What was tried on a recording, and which changes came out wrong.
#[derive(Default)]
struct Tally {
    tried: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn note(&mut self, what: &'static str, right: bool, message: impl FnOnce() -> String) {
        *self.tried.entry(what).or_default() += 1;
        if !right {
            self.wrong.push(format!("{what}: {}", message()));
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

/// A line with its volatile tokens blanked: two lines that are alike cannot be distinguished by order.
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
    let Recording { name, lines, .. } = recording;
    let mut tally = Tally::default();
    for (at, line) in lines.iter().enumerate() {
        let is_layer = blanked(line) == "layer";
        let volatile: Vec<_> = recording
            .volatile(line)
            .iter()
            .map(|token| token.start..token.start + token.text.len())
            .collect();
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
            let reworded: String = claim.iter().map(|&(_, c)| other(c)).collect();
            if claim.len() == line[start..byte].chars().count() && !claim.is_empty() {
                let changed = format!("{}{reworded}{}", &line[..start], &line[byte..]);
                let caught = !matches(recording, &with_line(lines, at, changed.clone()), lines);
                tally.note("words rewritten", caught, || format!("{name}: {line:?} as {changed:?}"));
            }
            // The end state of a layer is not a claim, but the words are: they are changed below, whole.
            let chosen = [claim.first(), claim.last()].into_iter().flatten().collect::<BTreeSet<_>>();
            for &(at_byte, c) in chosen {
                let mut changed = line.clone();
                changed.replace_range(at_byte..at_byte + c.len_utf8(), &other(c).to_string());
                // A changed digit of a layer's ID makes another ID.
                if is_layer && at_byte < 12 {
                    continue;
                }
                let caught = !matches(recording, &with_line(lines, at, changed.clone()), lines);
                tally.note("words changed", caught, || format!("{name}: {line:?} as {changed:?}"));
            }
        }
        let mut dropped = lines.clone();
        dropped.remove(at);
        tally.note("lines dropped", !matches(recording, &dropped, lines), || format!("{name}: {line:?}"));
        // A line that is also an elision stands for others where it is on the page once too often.
        if Elisions::default().is(line) {
            continue;
        }
        let mut doubled = lines.clone();
        doubled.insert(at, line.clone());
        tally.note("lines doubled", !matches(recording, &doubled, lines), || format!("{name}: {line:?}"));
        if let Some(next) = lines.get(at + 1)
            && blanked(line) != blanked(next)
        {
            let mut swapped = lines.clone();
            swapped.swap(at, at + 1);
            tally.note("lines swapped", !matches(recording, &swapped, lines), || {
                format!("{name}: {line:?} and {next:?}")
            });
        }
        if !line.trim().is_empty() {
            let deeper = with_line(lines, at, format!(" {line}"));
            tally.note("indents changed", !matches(recording, &deeper, lines), || {
                format!("{name}: deeper {line:?}")
            });
            if let Some(shallower) = line.strip_prefix(' ') {
                let shallower = with_line(lines, at, shallower.to_owned());
                tally.note("indents changed", !matches(recording, &shallower, lines), || {
                    format!("{name}: shallower {line:?}")
                });
            }
        }
    }
    tally
}

/// A run of blanks between two cells of a line.
struct Blanks {
    /// Which of the line's it is.
    number: usize,
    /// Where the cell before it begins, and where it ends, in bytes.
    cell: usize,
    range: std::ops::Range<usize>,
    after_token: bool,
    before_token: bool,
}

fn blanks(recording: &Recording, line: &str) -> Vec<Blanks> {
    let volatile = recording.volatile(line);
    let mut found = Vec::new();
    let mut cell = line.len() - line.trim_start().len();
    while let Some(start) = line[cell..].find("  ").map(|at| cell + at) {
        let end = start + line[start..].len() - line[start..].trim_start().len();
        let after_token = volatile.iter().any(|token| cell <= token.start && token.start < start);
        let before_token = volatile.iter().any(|token| token.start == end);
        found.push(Blanks { number: found.len(), cell, range: start..end, after_token, before_token });
        cell = end;
    }
    found
}

/// Runs of blanks between words, made wider and narrower. Those of a column with volatile tokens may
/// be: beside one, or in a line that has the column of another line's.
fn gaps(recording: &Recording) -> Tally {
    let Recording { name, lines, .. } = recording;
    let mut tally = Tally::default();
    let all: Vec<(usize, Vec<Blanks>)> =
        lines.iter().enumerate().map(|(at, line)| (at, blanks(recording, line))).collect();
    let near = |a: usize, b: usize| a.abs_diff(b) <= 3;
    for (at, line) in lines.iter().enumerate() {
        for own in &all[at].1 {
            let is_free = all.iter().any(|(row, others)| {
                others.iter().any(|other| {
                    let by_token = other.after_token || other.before_token;
                    let same = *row == at && other.number == own.number;
                    let column = other.number == own.number && near(other.range.end, own.range.end);
                    by_token && (same || column || (other.after_token && near(other.cell, own.cell)))
                })
            });
            if is_free {
                continue;
            }
            let end = own.range.end;
            for changed in [
                format!("{} {}", &line[..end], &line[end..]),
                format!("{}{}", &line[..end - 1], &line[end..]),
            ] {
                let caught = !matches(recording, &with_line(lines, at, changed.clone()), lines);
                tally.note("gaps changed", caught, || format!("{name}: {line:?} as {changed:?}"));
            }
        }
    }
    tally
}

/// Lines in any order, each once.
fn unordered(recording: &Recording) -> Tally {
    let Recording { name, lines, .. } = recording;
    let mut tally = Tally::default();
    let any = |expected: &[String]| agree(expected, lines, &recording.supplied, Order::Any);
    let has_blank_end = lines.iter().any(|line| line.trim().is_empty());
    let reversed: Vec<String> = lines.iter().rev().cloned().collect();
    if !has_blank_end {
        tally.note("unordered, turned round", any(&reversed), || name.clone());
    }
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut dropped = lines.clone();
        dropped.remove(at);
        tally.note("unordered, lines dropped", !any(&dropped), || format!("{name}: {line:?}"));
        let changed = with_line(lines, at, format!("{line} not"));
        tally.note("unordered, words added", !any(&changed), || format!("{name}: {line:?}"));
    }
    tally
}

/// A script of two commands: what both print, in order.
fn scripts(first: &Recording, second: &Recording) -> Tally {
    let mut tally = Tally::default();
    let supplied = Supplied::new([first.command.as_str(), second.command.as_str()]);
    let both: Vec<String> = first.lines.iter().chain(&second.lines).cloned().collect();
    let turned: Vec<String> = second.lines.iter().chain(&first.lines).cloned().collect();
    let name = || format!("{} and {}", first.name, second.name);
    let same = |expected: &[String]| agree(expected, &both, &supplied, Order::Listed);
    tally.note("scripts", same(&both), name);
    // Two commands that print an ID each cannot be distinguished by their order.
    let alike = |lines: &[String]| lines.iter().map(|line| blanked(line)).collect::<Vec<_>>();
    if alike(&both) != alike(&turned) {
        tally.note("scripts, turned round", !same(&turned), name);
    }
    tally.note("scripts, first left out", !same(&second.lines), name);
    tally
}

/// Each volatile value as one that the page supplies, as in a file that is shown: another of the same
/// shape is false, on the page as well as on the screen.
fn supplied_values(recording: &Recording) -> Tally {
    let Recording { name, lines, .. } = recording;
    let mut tally = Tally::default();
    for (at, line) in lines.iter().enumerate() {
        let supplied = Supplied::new([line.as_str(), recording.command.as_str()]);
        for token in recording.volatile(line).into_iter().filter(|_| blanked(line) != "layer") {
            let new = another(token.kind, token.shape, token.text);
            let end = token.start + token.text.len();
            let changed = with_line(lines, at, format!("{}{new}{}", &line[..token.start], &line[end..]));
            let message = || format!("{name}: {new:?} for {:?} in {line:?}", token.text);
            tally.note("supplied values, itself", agree(lines, lines, &supplied, Order::Listed), message);
            let caught = !agree(&changed, lines, &supplied, Order::Listed);
            tally.note("supplied values, page changed", caught, message);
            let caught = !agree(lines, &changed, &supplied, Order::Listed);
            tally.note("supplied values, screen changed", caught, message);
        }
    }
    tally
}

/// Another time of the same shape.
fn another_time(shape: &str, text: &str) -> String {
    let years = |at: usize| {
        let year: u32 = text[at..at + 4].parse().unwrap();
        format!("{}{}{}", &text[..at], year + 4, &text[at + 4..])
    };
    let from = if shape == "apache" { 12 } else { 0 };
    match text[from..].find(':') {
        Some(colon) => {
            let at = from + colon + 1;
            let minute: u32 = text[at..at + 2].parse().unwrap();
            format!("{}{:02}{}", &text[..at], (minute + 7) % 60, &text[at + 2..])
        }
        None if shape == "date" => years(0),
        None => years(text.len() - 4),
    }
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
        Kind::Id if shape.starts_with("uuid") => {
            format!("{}{}{}", hex(&text[..14]), &text[14..15], hex(&text[15..]))
        }
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
        Kind::Time => another_time(shape, text),
        Kind::Counter | Kind::Job => format!("{}7", digits(text)),
        Kind::Duration | Kind::Size | Kind::Version => digits(text),
    }
}

fn volatiles(recording: &Recording) -> Tally {
    let Recording { name, lines, .. } = recording;
    let mut tally = Tally::default();
    for (at, line) in lines.iter().enumerate() {
        if blanked(line) == "layer" {
            let changed = with_line(lines, at, "0123456789ab: Already exists".into());
            tally.note("tokens of the same kind", matches(recording, &changed, lines), || {
                format!("{name}: {line:?}")
            });
            continue;
        }
        for token in recording.volatile(line) {
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
            tally.note("tokens of the same kind", matches(recording, &replaced, lines), || {
                format!("{name}: {:?} for {:?} in {line:?}", new, token.text)
            });
            let foreign = if token.kind == Kind::Relative { "0123456789ab" } else { "7 weeks ago" };
            let mut changed = line.clone();
            changed.replace_range(token.start..token.start + token.text.len(), foreign);
            let caught = !matches(recording, &with_line(lines, at, changed), lines);
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
    let mut message = String::new();
    for recording in recordings() {
        for line in &recording.lines {
            for token in recording.volatile(line) {
                message.push_str(&format!(
                    "{} {:?} {} {}\n",
                    recording.name, token.kind, token.shape, token.text
                ));
            }
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/volatile.txt");
    if std::env::var_os("HAECHI_ACCEPT").is_some() {
        std::fs::write(&file, &message).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap();
    for (new, old) in message.lines().zip(known.lines()) {
        assert_eq!(
            new, old,
            "if this is meant, review the difference after HAECHI_ACCEPT=1 cargo test --test mutation"
        );
    }
    assert_eq!(message.lines().count(), known.lines().count());
}

#[test]
fn every_changed_claim_is_caught_and_every_volatile_token_is_free() {
    let recordings = recordings();
    assert!(recordings.len() >= 300, "only {} recordings", recordings.len());
    let tally = recordings
        .par_iter()
        .map(|recording| {
            let mut own = Tally::default();
            own.note(
                "screens against themselves",
                matches(recording, &recording.lines, &recording.lines),
                || recording.name.clone(),
            );
            let after = recordings.iter().find(|other| other.name > recording.name);
            let scripts = after.map(|after| scripts(recording, after)).unwrap_or_default();
            own.join(claims(recording))
                .join(volatiles(recording))
                .join(gaps(recording))
                .join(unordered(recording))
                .join(supplied_values(recording))
                .join(scripts)
        })
        .reduce(Tally::default, Tally::join);
    println!("{} recordings", recordings.len());
    for (what, tried) in &tally.tried {
        let wrong = tally.wrong.iter().filter(|message| message.starts_with(&format!("{what}:"))).count();
        println!("{what}: {} of {tried} right", tried - wrong);
    }
    for wrong in tally.wrong.iter().take(60) {
        println!("  WRONG {wrong}");
    }
    assert!(tally.wrong.is_empty(), "{} changes came out wrong", tally.wrong.len());
}
