//! haechi's own documentation: what is made from the code, that both languages name the same things, and
//! that both books are without findings. `UPDATE_DOCS=1 cargo test --test docs` writes what is made.
//! `tests/docs_run.rs` runs the commands that need an engine.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

#[path = "support/docs.rs"]
mod docs;
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use docs::NEEDS_ENGINE;
use haechi::config::Verify;
use rayon::prelude::*;
use support::said;

const LANGUAGES: [&str; 2] = ["en", "ko"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Sees that the part of an English page is what is made from the code, or writes it.
fn check_generated(page: &str, part: &str, made: &str) {
    let path = format!("docs/en/{page}.md");
    let text = read(&path);
    let start = format!("<!-- generated: {part} -->\n");
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("{path} has no part `{part}`"));
    let (old, after) = rest.split_once("<!-- end -->").unwrap();
    let new = format!("\n{made}\n");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join(&path), format!("{before}{start}{new}<!-- end -->{after}")).unwrap();
    } else {
        assert_eq!(old, new, "{path} differs from the code: UPDATE_DOCS=1 cargo test --test docs");
    }
}

/// The text of a doc comment, its lines joined.
fn documentation(attributes: &[syn::Attribute]) -> String {
    let line = |attribute: &syn::Attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    let lines: Vec<String> = attributes.iter().filter_map(line).map(|line| line.trim().to_owned()).collect();
    assert!(!lines.is_empty(), "something without a description would be in the reference");
    let text = lines.join(" ");
    if text.ends_with('.') { text } else { format!("{text}.") }
}

fn items(file: &str) -> Vec<syn::Item> {
    syn::parse_file(&read(file)).unwrap().items
}

/// The variants of an enum, each with its description and its number.
fn variants(file: &str, name: &str) -> Vec<(String, String, Option<String>)> {
    let found = items(file).into_iter().find_map(|item| match item {
        syn::Item::Enum(found) if found.ident == name => Some(found),
        _ => None,
    });
    let number = |variant: &syn::Variant| match &variant.discriminant {
        Some((_, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }))) => {
            Some(number.base10_digits().to_owned())
        }
        _ => None,
    };
    let all = found.unwrap_or_else(|| panic!("{file} has no {name}")).variants;
    all.iter().map(|each| (each.ident.to_string(), documentation(&each.attrs), number(each))).collect()
}

/// The fields of a struct as `book.toml` writes them, each with its description.
fn fields(file: &str, name: &str) -> Vec<(String, String)> {
    let found = items(file).into_iter().find_map(|item| match item {
        syn::Item::Struct(found) if found.ident == name => Some(found),
        _ => None,
    });
    let field = |field: &syn::Field| {
        let name = field.ident.as_ref().unwrap().to_string().replace('_', "-");
        (name, documentation(&field.attrs))
    };
    found.unwrap_or_else(|| panic!("{file} has no {name}")).fields.iter().map(field).collect()
}

/// The texts of a constant list, in order; of a list of tuples the first `take` of each.
fn texts(file: &str, name: &str) -> Vec<Vec<String>> {
    let text = |expression: &syn::Expr| match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value(),
        syn::Expr::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
        _ => String::new(),
    };
    let found = items(file).into_iter().find_map(|item| match item {
        syn::Item::Const(found) if found.ident == name => Some(*found.expr),
        _ => None,
    });
    let array = match found.unwrap_or_else(|| panic!("{file} has no {name}")) {
        syn::Expr::Reference(reference) => *reference.expr,
        other => other,
    };
    let syn::Expr::Array(array) = array else { panic!("{file}: {name} is not a list") };
    let entry = |entry: &syn::Expr| match entry {
        syn::Expr::Tuple(tuple) => tuple.elems.iter().map(text).collect(),
        other => vec![text(other)],
    };
    array.elems.iter().map(entry).collect()
}

fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | ")).replace("|  |", "| |");
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let mut text = line(&head);
    text.push_str(&line(&vec!["---".to_owned(); head.len()]));
    rows.iter().for_each(|row| text.push_str(&line(row)));
    text
}

/// The English text of a message of the catalogue.
fn message(room: &str, name: &str) -> String {
    let file = format!("src/messages/{room}.rs");
    let text = read(&file);
    let entry = text.split_once(&format!("\n    {name}()\n"));
    let (_, entry) = entry.unwrap_or_else(|| panic!("{file} has no `{name}`"));
    entry.split('"').nth(1).unwrap().to_owned()
}

/// A description as a cell of a table.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// A command and those below it.
fn commands(command: &clap::Command, path: &str, text: &mut String) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    // What only leads to others (`haechi engine`) is no command.
    if !command.has_subcommands() {
        let _ = write!(text, "## {path}\n\n{about}.\n\n");
        let rows: Vec<Vec<String>> =
            command.get_arguments().filter(|argument| argument.get_id() != "help").map(row).collect();
        if !rows.is_empty() {
            let _ = writeln!(text, "{}", table(&["argument", "default", "what it does"], &rows));
        }
    }
    for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help")
    {
        commands(below, &format!("{path} {}", below.get_name()), text);
    }
}

/// An argument as a row: how it is written, its default and variable, what it does.
fn row(argument: &clap::Arg) -> Vec<String> {
    let names =
        [argument.get_short().map(|c| format!("-{c}")), argument.get_long().map(|l| format!("--{l}"))];
    let takes_value = argument.get_num_args().is_none_or(|count| count.takes_values())
        && argument.get_action().takes_values();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    let value = match argument.get_value_names() {
        _ if !takes_value => String::new(),
        _ if !values.is_empty() => values.join("\\|"),
        Some(names) => names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(" "),
        None => argument.get_id().to_string().to_uppercase(),
    };
    let mut written = names.into_iter().flatten().collect::<Vec<_>>().join("`, `");
    if !value.is_empty() {
        written = if written.is_empty() { value } else { format!("{written} {value}") };
    }
    let mut defaults: Vec<String> = Vec::new();
    if takes_value && !argument.is_hide_default_value_set() {
        defaults.extend(argument.get_default_values().iter().map(|value| format!("`{}`", value.display())));
    }
    defaults.extend(argument.get_env().map(|variable| format!("`${}`", variable.display())));
    let help = argument.get_long_help().or_else(|| argument.get_help()).unwrap().to_string();
    vec![
        format!("`{written}`"),
        defaults.join(", "),
        format!("{}.", cell(&help.replace("\n\n", ". ")).trim_end_matches('.')),
    ]
}

#[test]
fn commands_are_as_the_program_has_them() {
    let mut command = haechi::cli::command();
    command.build();
    let mut text = String::new();
    commands(&command, "haechi", &mut text);
    assert!(text.contains("## haechi verify\n") && text.contains("`--shard I/N`"), "{text}");
    check_generated("commands", "commands", text.trim_end());
}

/// The default of a key of `[verify]`, as it is written.
fn default(key: &str, verify: &Verify) -> String {
    let minutes = |time: std::time::Duration| time.as_secs() / 60;
    match key {
        "bare" => format!("{:?}", verify.bare),
        "drift" => format!("{:?}", verify.drift).to_lowercase(),
        "elisions" => format!("{:?}", verify.elisions),
        "files" => format!("{:?}", verify.files).to_lowercase(),
        "fresh" => format!("{:?}", verify.fresh).to_lowercase(),
        "jobs" => verify.jobs.to_string(),
        "max-age" => format!("{}d", minutes(verify.max_age) / 60 / 24),
        "timeout" => format!("{}m", minutes(verify.timeout)),
        "workdir" => format!("{:?}", verify.workdir).to_lowercase(),
        other => panic!("say here what the default of `{other}` is"),
    }
}

/// The words that a key takes, where it takes words.
fn words(key: &str) -> String {
    let (file, name) = match key {
        "drift" => ("src/config/verify.rs", "Drift"),
        "fresh" => ("src/config/verify.rs", "Fresh"),
        "files" => ("src/repository/snapshot.rs", "Files"),
        "workdir" => ("src/repository/workspace.rs", "Workdir"),
        "register" => ("src/config/check.rs", "Register"),
        _ => return String::new(),
    };
    let each = variants(file, name);
    let shown: Vec<String> = each
        .iter()
        .map(|(word, about, _)| {
            format!("`\"{}\"`: {}", word.to_lowercase(), lower(about.trim_end_matches('.')))
        })
        .collect();
    format!(" {}.", shown.join("; "))
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

#[test]
fn keys_are_as_the_program_has_them() {
    let verify = Verify::default();
    let row = |(key, about): (String, String)| {
        vec![
            format!("`{key}`"),
            format!("`{}`", default(&key, &verify)),
            cell(&format!("{about}{}", words(&key))),
        ]
    };
    let rows: Vec<Vec<String>> = fields("src/config/verify.rs", "Verify").into_iter().map(row).collect();
    check_generated("book-toml", "verify", &table(&["key", "default", "what it says"], &rows));
    let row =
        |(key, about): (String, String)| vec![format!("`{key}`"), cell(&format!("{about}{}", words(&key)))];
    let rows: Vec<Vec<String>> = fields("src/config/check.rs", "Check").into_iter().map(row).collect();
    check_generated("book-toml", "check", &table(&["key", "what it says"], &rows));
    let rows: Vec<Vec<String>> = texts("src/config/unsupported.rs", "SETTINGS")
        .into_iter()
        .map(|entry| vec![format!("`{}`", entry[0]), cell(&message("config", &entry[1]))])
        .collect();
    check_generated(
        "book-toml",
        "unsupported",
        &table(&["key of output.html", "what happens instead"], &rows),
    );
}

#[test]
fn kinds_of_values_are_as_the_program_has_them() {
    let shapes = texts("src/matching/token.rs", "SHAPES");
    let row = |(kind, about, _): (String, String, Option<String>)| {
        let forms: Vec<String> = shapes
            .iter()
            .filter(|shape| shape[0] == kind && !shape[1].is_empty())
            .map(|shape| format!("`{}`", shape[1]))
            .collect();
        assert!(!forms.is_empty(), "{kind} has no form");
        vec![lower(&kind), cell(&about), forms.join(", ")]
    };
    let rows: Vec<Vec<String>> = variants("src/matching/token.rs", "Kind").into_iter().map(row).collect();
    check_generated(
        "tokens",
        "kinds",
        &table(&["kind", "what it is", "forms, as the source names them"], &rows),
    );
}

#[test]
fn exit_codes_and_reports_are_as_the_program_has_them() {
    let row = |(_, about, number): (String, String, Option<String>)| vec![number.unwrap(), cell(&about)];
    let rows: Vec<Vec<String>> = variants("src/cli/exit.rs", "Exit").into_iter().map(row).collect();
    check_generated("exit-codes", "exit", &table(&["code", "means"], &rows));
    let row = |(name, about, _): (String, String, Option<String>)| {
        vec![format!("`{}`", name.to_lowercase()), about]
    };
    let rows: Vec<Vec<String>> =
        variants("src/cli/arguments.rs", "ReportKind").into_iter().map(row).collect();
    check_generated("exit-codes", "reports", &table(&["kind", "is"], &rows));
}

/// The rows of a page's tables, each with the level-2 or level-3 heading above it; the cells of the header
/// are left out.
fn rows(page: &str) -> Vec<(usize, Vec<String>)> {
    let (mut section, mut found) = (0, Vec::new());
    let text = read(page);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("##") {
            section += 1;
        }
        let is_head = lines.peek().is_some_and(|next| next.starts_with("| ---"));
        if line.starts_with("| ") && !is_head && !line.starts_with("| ---") {
            let cells = line.trim_matches('|').replace("\\|", "\0");
            let cells = cells.split('|').map(|cell| cell.trim().replace('\0', "|")).collect();
            found.push((section, cells));
        }
    }
    found
}

/// What the first cells of a page's rows name in code.
fn named(page: &str, part: std::ops::Range<&str>) -> BTreeSet<String> {
    let text = read(page);
    let from = text.find(part.start).unwrap_or_else(|| panic!("{page} has no {:?}", part.start));
    let to = text[from..].find(part.end).map_or(text.len(), |to| from + to);
    let lines = text[from..to].lines().filter(|line| line.starts_with("| `"));
    lines.map(|line| line.split('`').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn attributes_and_directives_are_those_that_the_program_knows() {
    let page = "docs/en/attributes.md";
    let mut attributes: BTreeSet<String> =
        texts("src/markdown/attributes.rs", "NAMES").into_iter().flatten().collect();
    // These two are known beside `unverified` alone.
    attributes.extend(["source".to_owned(), "date".to_owned()]);
    assert_eq!(named(page, "## Attributes".."## Directives"), attributes);
    let verbs: BTreeSet<String> = texts("src/markdown/directive.rs", "VERBS").into_iter().flatten().collect();
    let first = |name: String| name.split(' ').next().unwrap().to_owned();
    let shown: BTreeSet<String> = named(page, "## Directives".."### Claims").into_iter().map(first).collect();
    assert_eq!(shown, verbs);
    let source = read("src/markdown/directive.rs");
    for part in named(page, "### Claims".."\n# ") {
        let known = format!("(\"{}\", ", part.trim_end_matches('='));
        assert!(source.contains(&known), "no claim knows `{part}`");
    }
}

/// In both languages each table of the reference names the same things in the same order.
#[test]
fn the_korean_reference_names_the_same() {
    for (page, kept) in [
        ("commands", 2),
        ("book-toml", 1),
        ("attributes", 1),
        ("tokens", 3),
        ("exit-codes", 1),
        ("sandbox", 0),
        ("pull-requests", 2),
        ("ci", 1),
    ] {
        let of = |language: &str| -> Vec<(usize, Vec<String>)> {
            let rows = rows(&format!("docs/{language}/{page}.md"));
            rows.into_iter()
                .map(|(section, cells)| {
                    // What is code in a cell, or its only word.
                    let codes = |cell: &String| match cell.split('`').skip(1).step_by(2).collect::<Vec<_>>() {
                        codes if codes.is_empty() && kept > 0 && !cell.contains(' ') => cell.clone(),
                        codes => codes.join(" "),
                    };
                    let kept = if kept == 0 { cells.len() } else { kept };
                    (section, cells.iter().take(kept).map(codes).collect())
                })
                .collect()
        };
        let (english, korean) = (of("en"), of("ko"));
        for (one, other) in english.iter().zip(&korean) {
            assert_eq!(one, other, "docs/en/{page}.md and docs/ko/{page}.md part here");
        }
        assert_eq!(english.len(), korean.len(), "rows of {page}.md");
        assert!(!english.is_empty(), "{page}.md has no table");
    }
}

/// The files that a book's SUMMARY.md names.
fn listed(language: &str) -> BTreeSet<String> {
    let summary = read(&format!("docs/{language}/SUMMARY.md"));
    let names = summary.lines().filter_map(|line| line.split_once("](")?.1.strip_suffix(')'));
    names.map(str::to_owned).collect()
}

#[test]
fn both_languages_have_the_same_pages() {
    // How haechi is measured is for contributors, how Korean is written is for who writes it.
    let english_alone = ["fuzzing.md", "images.md", "search.md", "speed.md", "strangers.md", "vm.md"];
    let mut english = listed("en");
    for page in english_alone {
        assert!(english.remove(page), "{page}");
    }
    let mut korean = listed("ko");
    assert!(korean.remove("style.md"));
    assert_eq!(english, korean);
    for page in english {
        for (language, other) in [("en", "ko"), ("ko", "en")] {
            let text = read(&format!("docs/{language}/{page}"));
            assert!(
                text.contains(&format!("](../{other}/{page})")),
                "docs/{language}/{page} has no link to {other}"
            );
        }
    }
}

fn haechi(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

#[test]
fn the_books_have_no_findings_and_are_built() {
    let copy = docs::copy();
    for language in LANGUAGES {
        let checked = haechi(&["check", language, "--outside"], copy.path());
        let found = said(&checked);
        assert!(checked.status.success() && found.contains(" 0 findings"), "{found}");
        for link in found.lines().filter_map(|line| line.strip_prefix("outside of this book: ")) {
            let (_, address) = link.split_once("  ").unwrap();
            let file = root().join("docs").join(language).join(address.split('#').next().unwrap());
            assert!(file.exists(), "{link}: there is no {}", file.display());
            // Anything else is there on GitHub and not beside the sites.
            assert!(LANGUAGES.iter().any(|other| address.starts_with(&format!("../{other}/"))), "{link}");
        }
        let built = haechi(&["build", language, "-d", &format!("site/{language}")], copy.path());
        assert!(built.status.success(), "{}", said(&built));
        assert!(!said(&built).contains('⚠'), "{}", said(&built));
        for page in listed(language) {
            let html = page.replace("README.md", "index.md").replace(".md", ".html");
            assert!(copy.path().join("site").join(language).join(&html).is_file(), "{language}: {html}");
        }
    }
    // From page to page in the other language, as on GitHub.
    let english = std::fs::read_to_string(copy.path().join("site/en/tutorial.html")).unwrap();
    assert!(english.contains("href=\"../ko/tutorial.html\""));
}

/// All pages but those that need an engine; `tests/docs_run.rs` runs these.
#[test]
fn the_commands_are_true() {
    let copy = docs::copy();
    LANGUAGES.par_iter().for_each(|language| {
        let mut pages: Vec<String> = listed(language).into_iter().collect();
        pages.retain(|page| !NEEDS_ENGINE.contains(&&**page));
        let pages: Vec<PathBuf> = pages.iter().map(|page| Path::new(language).join(page)).collect();
        let output = docs::verify(copy.path(), &pages);
        assert!(output.status.success(), "{}", said(&output));
    });
}

/// The picture in the README is of the run that the tutorial shows.
#[test]
fn the_picture_is_the_run_of_the_tutorial() {
    let shown = docs::lines_of_picture(&read("docs/failing-run.svg"));
    let tutorial = read("docs/en/tutorial.md");
    let run = tutorial.split("```console\n").find(|block| block.contains("\nfail  README.md")).unwrap();
    let run: Vec<&str> = run.split("```").next().unwrap().lines().collect();
    assert_eq!(shown, run);
    assert!(read("README.md").contains("docs/failing-run.svg"));
}
