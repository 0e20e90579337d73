//! `haechi check`

use std::path::Path;

use super::arguments::{Check, ReportKind};
use super::bless::{print_difference, write};
use super::output::on_github;
use super::targets::load_with;
use super::{Exit, print_problems};
use crate::book::{Book, Untrusted};
use crate::check::{self, Checked, Finding, LinkPlace};
use crate::text::{Problem, printable};

/// So many links that are not judged are named where they are only counted.
const NAMED: usize = 3;

/// Looks for what a reader would stumble on, without running anything.
pub(super) fn check(options: &Check) -> Exit {
    match checked(options) {
        Ok(exit) => exit,
        Err(problem) => {
            print_problems(&[problem]);
            Exit::Usage
        }
    }
}

fn checked(options: &Check) -> Result<Exit, Problem> {
    let book = match load_with(&options.book, options.trust, Untrusted::LeaveOut) {
        Ok(book) => book,
        Err(exit) => return Ok(exit),
    };
    let Checked { mut findings, outside, external, uncertain } = check::check(&book);
    let mut notes = notes(&book, options);
    notes.extend(links_note(&outside, "outside of this book", options.outside));
    notes.extend(links_note(&uncertain, "not checked, since a preprocessor did not run", options.outside));
    if options.external {
        let cache = crate::files::cache_folder().map(|folder| folder.join("links.json"));
        let asked = check::ask(&external, cache)?;
        notes.extend(external_notes(&asked));
        findings.extend(asked.findings);
    }
    let fixed = if options.fix { fix(&book, &mut findings, options.dry_run)? } else { 0 };
    for (kind, file) in &options.report {
        let text = match kind {
            ReportKind::Sarif => check::sarif(&findings),
            ReportKind::Github => check::annotations(&findings),
            _ => check::json(&findings),
        };
        std::fs::write(file, text).map_err(|error| Problem::file("write", file, &error))?;
    }
    if options.json {
        tell!("{}", check::json(&findings));
    } else {
        show(&book, &findings, &notes, fixed, options);
    }
    Ok(if findings.is_empty() { Exit::Good } else { Exit::Findings })
}

fn show(book: &Book, findings: &[Finding], notes: &[String], fixed: usize, options: &Check) {
    let problems: Vec<Problem> = findings.iter().map(|finding| finding.problem.clone()).collect();
    print_problems(&problems);
    if on_github() {
        tell!("{}", check::annotations(findings));
    }
    for note in notes {
        say!("{}", printable(note));
    }
    let fixable = findings.iter().filter(|finding| finding.fix.is_some()).count();
    let fix = match (options.fix, fixable) {
        (true, _) if options.dry_run => format!(", {fixed} would be fixed"),
        (true, _) => format!(", {fixed} fixed"),
        (false, 0) => String::new(),
        (false, _) => format!(", {fixable} of them can be fixed with --fix"),
    };
    say!("{} checked, {}{fix}", counted(book.pages.len(), "page"), counted(findings.len(), "finding"));
}

/// A number of things, in words.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What is to be known of a book besides its findings.
fn notes(book: &Book, options: &Check) -> Vec<String> {
    let mut notes = Vec::new();
    if !book.left_out.is_empty() {
        notes.push(format!(
            "pages are checked as they are written: `{}` did not run; --trust runs it",
            book.left_out.join("`, `")
        ));
    }
    if options.unsupported {
        print_problems(&book.unsupported);
    } else if !book.unsupported.is_empty() {
        let count = book.unsupported.len();
        let them = if count == 1 { "setting or theme file has" } else { "settings and theme files have" };
        notes.push(format!("{count} {them} no effect in haechi: --unsupported lists them"));
    }
    notes
}

/// Links that are not judged, each or counted.
fn links_note(links: &[LinkPlace], state: &str, listed: bool) -> Vec<String> {
    if listed {
        let line = |link: &LinkPlace| {
            let at = link.source.position(link.range.start);
            format!("{state}: {}:{}:{}  {}", link.source.path.display(), at.line, at.column, link.url)
        };
        return links.iter().map(line).collect();
    }
    let Some(first) = links.first() else { return Vec::new() };
    let mut names = vec![first.url.as_str()];
    for link in links {
        if names.len() < NAMED && !names.contains(&link.url.as_str()) {
            names.push(&link.url);
        }
    }
    let more = if links.len() > names.len() { ", …" } else { "" };
    let (count, names) = (counted(links.len(), "link"), names.join(", "));
    vec![format!("{count} {state} ({names}{more}): --outside lists them")]
}

fn external_notes(asked: &check::External) -> Vec<String> {
    let mut notes = vec![format!(
        "{} to other sites: {} known from the last seven days, {} not asked, since they are examples",
        counted(asked.asked, "link"),
        asked.cached,
        asked.examples
    )];
    notes.extend(asked.unknown.iter().map(|(url, why)| format!("not known: {url} ({why})")));
    notes
}

/// Writes what has one possible fix, or shows it; what is fixed is not a finding any more.
fn fix(book: &Book, findings: &mut Vec<Finding>, dry_run: bool) -> Result<usize, Problem> {
    let pages = check::fixed_pages(book, findings);
    for fixed in &pages {
        let source = &book.pages[fixed.page].source;
        if dry_run {
            print_difference(&source.path, source.written(), &fixed.text);
        } else {
            write(&source.path, source.written(), &fixed.text)?;
            say!("{}: {} fixed", shown(&source.path), counted(fixed.count, "link"));
        }
    }
    if !dry_run {
        findings.retain(|finding| finding.fix.is_none());
    }
    Ok(pages.iter().map(|fixed| fixed.count).sum())
}

fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}
