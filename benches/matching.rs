//! How long comparing takes: a screen of 10 MB with 10,000 elisions, and the recorded corpus.

use std::path::Path;

use haechi::matching::{Bindings, Comparison, Elisions, Rules, Supplied, compare};

fn main() {
    divan::main();
}

/// A screen of about 10 MB, and a page that leaves out nine lines of ten.
fn large() -> (Vec<String>, Vec<String>) {
    let line = |at: usize| {
        format!("{at:06} 89c9a39c74e4 web-{at} Up 3 seconds 0.0.0.0:{at}->80/tcp {}", "word ".repeat(8))
    };
    let screen: Vec<String> = (0..100_000).map(line).collect();
    let expected = (0..10_000).flat_map(|at| [line(at * 10), "...".to_owned()]).collect();
    (expected, screen)
}

fn run(expected: &[String], screen: &[String]) -> bool {
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let elisions = Elisions::default();
    let supplied = Supplied::default();
    let rules = Rules::new(&elisions, &supplied);
    matches!(compare(&expected, 1, screen, rules, &mut Bindings::default()), Comparison::Match(_))
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn ten_megabytes_with_ten_thousand_elisions(bencher: divan::Bencher<'_, '_>) {
    let (expected, screen) = large();
    bencher.bench_local(|| assert!(run(&expected, &screen)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn ten_megabytes_that_differ_at_the_end(bencher: divan::Bencher<'_, '_>) {
    let (mut expected, screen) = large();
    expected.push("never".into());
    bencher.bench_local(|| assert!(!run(&expected, &screen)));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn the_recorded_corpus(bencher: divan::Bencher<'_, '_>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
    let screens: Vec<Vec<String>> = std::fs::read_dir(folder)
        .expect("the corpus is in the tree")
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok())
        .map(|text| text.lines().skip(1).map(str::to_owned).collect())
        .collect();
    bencher.bench_local(|| screens.iter().all(|screen| run(screen, screen)));
}
