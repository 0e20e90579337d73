//! What must be true for every input, however it came to be: in go bytes, and a promise that is broken
//! panics. The programs in `fuzz/` look for bytes that break one; `cargo test` replays those that
//! they have found.
//!
//! Compiled for these two alone.

mod bless;
mod config;
mod matching;
mod report;
mod scenario;

use crate::messages::Language;
use crate::text::{Problem, Source};

/// What a target does with the bytes of an input.
pub type Check = fn(&[u8]);

/// All targets: the names of the programs and of the folders of their inputs, and what is checked.
pub const TARGETS: [(&str, Check); 9] = [
    ("attributes", crate::markdown::fuzzing::attributes),
    ("bless", bless::check),
    ("config", config::check),
    ("evidence", crate::verify::fuzzing::check),
    ("matching", matching::check),
    ("report", report::check),
    ("scenario", scenario::check),
    ("summary", crate::book::fuzzing::check),
    ("terminal", crate::sandbox::fuzzing::check),
];

/// Checks an input of the target of this name.
///
/// # Panics
/// When a promise is broken, and when no target has this name.
pub fn check(target: &str, input: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, check) = found.unwrap_or_else(|| panic!("no target is called {target}"));
    check(input);
}

/// The parts of an input that has several texts: they stand between lines of `%%`.
fn parts(input: &[u8]) -> Option<Vec<&str>> {
    let text = std::str::from_utf8(input).ok()?;
    Some(text.split("\n%%\n").collect())
}

/// The lines that a screen can have, of a text that may have others.
fn screen_of(text: &str) -> Vec<String> {
    let shown = |line: &str| {
        let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        line.trim_end().to_owned()
    };
    text.lines().map(shown).collect()
}

/// A problem is shown whole, and its place is one of its text.
pub(crate) fn assert_shown(problem: &Problem, source: &Source) {
    if let Some((_, range)) = &problem.place {
        assert!(source.text.get(range.clone()).is_some(), "{range:?} is not a place in {:?}", source.text);
    }
    if let Some((_, at)) = problem.position() {
        assert!(at.line <= source.text.lines().count() + 1, "{at:?} is behind the end");
    }
    let shown = problem.render(Language::Korean);
    let shown = console::strip_ansi_codes(&shown);
    assert_printable("a problem", &shown);
}

/// Whether nothing in a text speaks to a terminal.
pub(crate) fn assert_printable(what: &str, text: &str) {
    let speaks = |c: &char| *c != '\n' && !crate::text::is_printable(*c);
    assert_eq!(text.chars().find(speaks), None, "{what} speaks to the terminal: {text:?}");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The most files and bytes of all inputs that are kept.
    const MOST_FILES: usize = 200;
    const MOST_BYTES: u64 = 300_000;

    fn folder(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries =
            std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn stems(folder: &Path) -> BTreeSet<String> {
        files(folder).iter().map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn each_target_has_a_program_and_inputs() {
        let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(stems(&folder("fuzz_targets")), targets);
        assert_eq!(stems(&folder("corpus")), targets);
        let programs = std::fs::read_to_string(folder("Cargo.toml")).unwrap();
        for target in &targets {
            assert!(programs.contains(&format!("name = \"{target}\"")), "fuzz/Cargo.toml lacks {target}");
            let program = folder("fuzz_targets").join(format!("{target}.rs"));
            let program = std::fs::read_to_string(program).unwrap();
            assert!(
                program.contains(&format!("check(\"{target}\", input)")),
                "{target} checks something else"
            );
        }
    }

    #[test]
    fn the_inputs_that_were_found_break_nothing() {
        for (target, check) in TARGETS {
            let inputs = files(&folder("corpus").join(target));
            assert!(!inputs.is_empty(), "{target} has no inputs");
            for file in inputs {
                let input = std::fs::read(&file).unwrap();
                let checked = std::panic::catch_unwind(|| check(&input));
                assert!(checked.is_ok(), "{} breaks a promise", file.display());
            }
        }
    }

    #[test]
    fn the_inputs_are_few_and_small() {
        let all: Vec<PathBuf> =
            TARGETS.iter().flat_map(|(target, _)| files(&folder("corpus").join(target))).collect();
        let bytes: u64 = all.iter().map(|file| file.metadata().unwrap().len()).sum();
        assert!(all.len() <= MOST_FILES && bytes <= MOST_BYTES, "{} files, {bytes} bytes", all.len());
    }
}
